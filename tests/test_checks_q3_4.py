# ruff: noqa: E501 - student code stands in one line
"""The checks of 3.4, on data sets that were really made and measured: reversed rightly, wrongly, and not at all."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from autograder.checks import CheckFailed, Evidence, NotRun, Student, Undecided
from autograder.model.execution import Ending, Execution, Finding
from autograder.model.observations import DataPass, Network, Observations, RecurrentLayer, Step
from autograder.model.submission import Notebook, Section, Submission
from reference import probes

ROOT = Path(__file__).resolve().parents[1]


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tested_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


code = loaded(ROOT / "tests" / "probed" / "corpus.py")
PARTS = ("source_reversed", "target_in_english_order", "lstm_trained_on_it")


def training(question: str, kind: str, data_set: int) -> Observations:
    """One epoch of one step of a network with layers of `kind`, over a data set."""
    layer = RecurrentLayer(kind, 256, 512, 2, False, False, 10)
    network = Network(1, "Translator", 10, (layer, layer))
    step = Step(5, 70, question, 1, "Adam", 10, (1,), 5.0, 7, 4, "a", "b", 0, 1.0, False)
    return Observations(networks=(network,), steps=(step,), passes=(DataPass(4, 9, 70, question, 1, data_set, "Multi30k", 40, 4),))


def outcomes(
    source: str, measure: Callable[..., dict], staged: Path, *, question: str = "3.4", kind: str = "LSTM", old_data: bool = False
) -> dict[str, tuple[str, str]]:
    """Outcome and sentence of each check, with a training over the last (or the first) training data."""
    asked = {probe.name: probe for probe in probes.plan(3, staged) if probe.measurement == "data"}
    library = f"FOLDER = {str(staged)!r}\n{code.LIBRARY}"
    first, again = source.split("# 3.4\n") if "# 3.4\n" in source else (source, "")
    answers = measure(f"{library}\n{first}", [asked["q3_1.data"]])
    answers |= measure(again, [asked["q3_4.data"]], goes_on=True)
    found = answers["q3_4.data"]
    assert isinstance(found, Finding)
    training_sets = [one["identity"] for one in found.facts["sets"] if one["role"] == "train"]
    seen = training(question, kind, training_sets[0 if old_data else -1])
    notebook = Notebook((), (Section("3.4", "", ()), Section("3.3", "", ())))
    submission = Submission("one", "", "hw4.ipynb", "", (), notebook, b"")
    evidence = Evidence(submission, Execution(Ending.FINISHED, answers=answers, observations=seen), "replay", "sample", staged, 3)
    return {part: judged(part, evidence) for part in PARTS}


def judged(part: str, evidence: Evidence) -> tuple[str, str]:
    checks = loaded(ROOT / "tests" / "checks" / "q3_4.py")
    try:
        getattr(checks, f"check_{part}")(evidence, Student(evidence))
    except CheckFailed as verdict:
        return "failed", verdict.sentence
    except Undecided as verdict:
        return "review", verdict.sentence
    except NotRun as verdict:
        return "not run", verdict.sentence
    return "passed", ""


RIGHT = f"{code.FIRST}\n# 3.4\n{code.AGAIN}"
PASSED = dict.fromkeys(PARTS, ("passed", ""))


def test_a_second_set_of_fields_is_right(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """New fields and data beside the old ones, the LSTM trained on them."""
    assert outcomes(RIGHT, measure, staged) == PASSED


def test_the_first_cells_edited_in_place_are_right(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """3.1 with the reversed tokenizer and nothing new in 3.4: what 3.3 trained counts."""
    source = code.FIRST.replace("Field(tokenize_de)", "Field(tokenize_de_reverse)")
    assert outcomes(source, measure, staged, question="3.3") == PASSED


def test_the_same_names_used_again_are_right(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """The cells of 3.1 copied with one word changed; the old data are gone."""
    again = code.AGAIN.replace("_re,", ",").replace("_re ", " ").replace("_re)", ")").replace("_re]", "]")
    assert outcomes(f"{code.FIRST}\n# 3.4\n{again}", measure, staged) == PASSED


CAUGHT = {
    "target with the reversed German tokenizer": (
        "Field(tokenize_en)\ntrain_data_re",
        "Field(tokenize_de_reverse)\ntrain_data_re",
        {"target_in_english_order": "reversed German tokenizer"},
    ),
    "target reversed": (
        "Field(tokenize_en)\ntrain_data_re",
        "Field(tokenize_en_reverse)\ntrain_data_re",
        {"target_in_english_order": "reversed English tokenizer"},
    ),
    "target cut as German": (
        "Field(tokenize_en)\ntrain_data_re",
        "Field(tokenize_de)\ntrain_data_re",
        {"target_in_english_order": "with the German tokenizer"},
    ),
    "nothing reversed": ("Field(tokenize_de_reverse)", "Field(tokenize_de)", {"source_reversed": "not reversed"}),
    "first word lost": (
        "Field(tokenize_de_reverse)",
        "Field(lambda text: tokenize_de(text)[:0:-1])",
        {"source_reversed": "have lost words"},
    ),
    "last target word lost": (
        "Field(tokenize_en)\ntrain_data_re",
        "Field(lambda text: tokenize_en(text)[:-1])\ntrain_data_re",
        {"target_in_english_order": "have lost words"},
    ),
    "characters": (
        "Field(tokenize_de_reverse)",
        "Field(lambda text: list(reversed(text)))",
        {"source_reversed": "single characters"},
    ),
    "letters reversed": (
        "Field(tokenize_de_reverse)",
        "Field(lambda text: tokenize_de(text[::-1]))",
        {"source_reversed": "not their words in reversed order"},
    ),
    "only the test split reversed": (
        "train_data_re, valid_data_re, test_data_re = splits(source_field_re, target_field_re)",
        "train_data_re, valid_data_re, _ = splits(Field(tokenize_de), target_field_re)\ntest_data_re = splits(source_field_re, target_field_re)[2]",
        {"source_reversed": "Only the test sentences"},
    ),
}


@pytest.mark.parametrize("name", CAUGHT)
def test_mistakes_are_caught_once(name: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Each mistake fails one check, with a sentence in the student's terms."""
    text, replacement, expected = CAUGHT[name]
    assert text in RIGHT
    first, again = RIGHT.split("# 3.4\n")
    found = outcomes(f"{first}# 3.4\n{again.replace(text, replacement)}", measure, staged)
    assert {part for part, (outcome, _) in found.items() if outcome != "passed"} == set(expected), found
    for part, words in expected.items():
        assert found[part][0] == "failed"
        assert words in found[part][1]


def test_an_rnn_in_place_of_the_lstm_is_caught(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """The layers that were trained are named."""
    found = outcomes(RIGHT, measure, staged, kind="RNN")
    assert found["lstm_trained_on_it"][0] == "failed"
    assert "nn.RNN" in found["lstm_trained_on_it"][1]


def test_the_old_data_in_training_are_caught(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Reversed data were made, but the passes of the training went over those of 3.1."""
    found = outcomes(RIGHT, measure, staged, old_data=True)
    assert found["lstm_trained_on_it"][0] == "failed"
    assert found["source_reversed"][0] == "passed"


def test_an_untouched_section_earns_nothing(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """No new data and no training: every check fails, none is an error."""
    found = outcomes(code.FIRST, measure, staged, question="3.2")
    assert {outcome for outcome, _ in found.values()} == {"failed"}


BOTH = """
plain_field, english_field = Field(tokenize_de), Field(tokenize_en)
plain = splits(plain_field, english_field)
source_field_re, target_field_re = Field(tokenize_de_reverse), Field(tokenize_en)
turned = splits(source_field_re, target_field_re)
train_data_re = turned[0]
observed["datasets"]["3.4"] = [*plain, *turned]
"""


def test_both_orders_made_for_a_comparison_are_right(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Data in order and reversed beside each other: those that are reversed count."""
    assert outcomes(f"{code.FIRST}\n# 3.4\n{BOTH}", measure, staged) == PASSED


@pytest.mark.parametrize(
    "kept",
    [
        "data = {'train': train_data_re, 'valid': valid_data_re, 'test': test_data_re}",
        "class Data:\n    pass\ndata = Data()\ndata.train, data.valid, data.test = train_data_re, valid_data_re, test_data_re",
    ],
    ids=["dictionary", "object"],
)
def test_data_sets_are_found_where_they_are_kept(kept: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """In a dictionary, or as attributes of an object, and nowhere else."""
    again = f"{code.AGAIN}\n{kept}\ndel train_data_re, valid_data_re, test_data_re, train_iterator_re\n"
    assert outcomes(f"{code.FIRST}\n# 3.4\n{again}", measure, staged) == PASSED
