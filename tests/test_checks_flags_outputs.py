"""Stored outputs that the code cannot have produced are flagged, with what the cell shows and what its code does."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from fabricated import Seen, checks, code, evidence, markdown
from submissions.case import STORED_OUTPUT_FLAGS

from autograder.checks import Evidence, Flag, Student
from autograder.model.execution import CellRun, CellStatus, Execution, Finding
from autograder.model.observations import Axes, DrawnFigure, Line, Network, Observations, RecurrentLayer
from autograder.model.submission import Figure, FigureOrigin, Output

flags = checks("flags_outputs")
Leaves = list[tuple[str, tuple[tuple[int, ...], ...]]]
HEADING = markdown(0, "### 1.1")
LOOP = """
for epoch in range(epochs):
    train()
    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {value:.4f}")
"""


def log(form: str, epochs: int = 30, first: int = 1) -> str:
    return "".join(form.format(n=n, x=0.02 + 0.04 / n) + "\n" for n in range(first, first + epochs))


GIVEN = log("Epoch: {n:2}\tMSE loss: {x:.4f}")


def raised(flag: Callable[..., tuple[Flag, ...]], given: Evidence) -> list[str]:
    wants_student = flag is flags.flag_counts_of_other_networks
    return [one.id for one in (flag(given, student=Student(given)) if wants_student else flag(given))]


def all_raised(given: Evidence) -> list[str]:
    return [one for name, flag in vars(flags).items() if name.startswith("flag_") for one in raised(flag, given)]


def trained(
    source: str,
    stored: str,
    printed: str,
    *,
    steps: int = 4,
    outputs: Sequence[Output] = (),
) -> Evidence:
    """A training cell (number 1) with what is stored below it and what it printed when it was executed."""
    seen = Seen()
    network = seen.network()
    for _ in range(30):
        seen.data_pass()
        for _ in range(steps):
            seen.step(network)
    cell = code(1, dedent(source).strip(), stored)
    run = CellRun(1, "1.1", CellStatus.OK, 0.1, outputs=(Output("stream", "stdout", printed),))
    return evidence({"1.1": (HEADING, dataclasses.replace(cell, outputs=(*cell.outputs, *outputs)))}, seen, runs=[run])


def test_every_flag_of_this_file_is_known_to_the_corpus() -> None:
    """Cases can name each of them, and no others."""
    source = Path(flags.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'Flag\(\s*"(\w+)"', source)) == STORED_OUTPUT_FLAGS


def test_a_log_that_the_loop_printed() -> None:
    """Other numbers than in the replay are what a log is expected to have."""
    assert all_raised(trained(LOOP, GIVEN, log("Epoch: {n:2}\tMSE loss: {x:.4f}").replace("0.0", "0.2"))) == []


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (log("Epoch [{n}/30], Loss: {x:.4f}"), ["format_not_printed"]),
        (GIVEN + "Final loss: 0.0101\n", ["format_not_printed"]),
        (log("{x:.4f}"), ["format_not_printed"]),
        (log("Epoch: {n:2}\tMSE loss: {x:.7f}"), ["digits_not_printed"]),
        (log("Epoch: {n:2}\tMSE loss: {x:.4f}", epochs=10), ["epochs_not_trained"]),
        (log("Epoch: {n:2}\tMSE loss: {x:.4f}", epochs=31), ["epochs_not_trained"]),
        ("".join(f"Epoch: {n:2}\tMSE loss: 0.0157\n" for n in range(1, 31)), ["loss_constant"]),
        ("".join(f"Epoch: {n:2}\tMSE loss: {0.01 / n**3:.4f}\n" for n in range(1, 31)), ["loss_too_low"]),
        ("Streaming output truncated to the last 5000 lines.\n" + GIVEN[-300:], []),
        ("warning: loss 3 is deprecated\n" + GIVEN, []),
        ("", []),
    ],
)
def test_logs_that_it_did_not_print(stored: str, expected: list[str]) -> None:
    """Another form, other digits, another number of epochs, numbers that cannot be; cut logs and warnings say nothing."""
    assert all_raised(trained(LOOP, stored, GIVEN.replace("0.0", "0.2"))) == expected


@pytest.mark.parametrize(
    "loop",
    [
        LOOP + "    if value < best:\n        break",
        "n = 60 if torch.cuda.is_available() else 30" + LOOP,
        "state = torch.load('checkpoint.pt')\nstart_epoch = state['epoch']" + LOOP,
        "while value > 0.01:\n    train()\n    print(f'Epoch: {epoch + 1:2}\\tMSE loss: {value:.4f}')",
        "def train_all():\n    for epoch in range(99):\n        print(f'Epoch: {epoch + 1:2}\\tMSE loss: {value:.4f}')\n"
        "        if value < 0.01:\n            return\ntrain_all()",
    ],
)
def test_loops_that_may_end_elsewhere(loop: str) -> None:
    """Early stopping, other machines and resumed training explain another number of epochs."""
    assert raised(flags.flag_epochs_that_were_not_trained, trained(loop, GIVEN, log("Epoch: {n:2}\tMSE loss: {x:.4f}", epochs=12))) == []


def test_an_interrupted_log_is_shorter() -> None:
    """Below a KeyboardInterrupt, fewer epochs are no wonder; more are."""
    stopped = Output("error", "KeyboardInterrupt", "KeyboardInterrupt")
    shorter = trained(LOOP, GIVEN[:300], GIVEN, outputs=(stopped,))
    assert raised(flags.flag_epochs_that_were_not_trained, shorter) == []
    longer = trained(LOOP, log("Epoch: {n:2}\tMSE loss: {x:.4f}", epochs=99), GIVEN, outputs=(stopped,))
    assert raised(flags.flag_epochs_that_were_not_trained, longer) == ["epochs_not_trained"]


def test_lines_without_numbers_are_counted_where_they_come_once_a_pass() -> None:
    """Thirty stored lines below two passes are too many; where a line comes once a step, data decides how many."""
    source = "for _ in range(n):\n    train()\n    print(f'mean loss {value:.4f}')"
    assert raised(flags.flag_epochs_that_were_not_trained, trained(source, log("mean loss {x:.4f}", 40), log("mean loss {x:.4f}", 30))) == [
        "epochs_not_trained"
    ]
    by_step = trained(source, log("mean loss {x:.4f}", 400), log("mean loss {x:.4f}", 30), steps=1)
    assert raised(flags.flag_epochs_that_were_not_trained, by_step) == []


def test_a_branch_that_the_replay_did_not_take() -> None:
    """What a print on a condition makes is explained by its source."""
    source = LOOP + "    if value < 0.02:\n        print('good enough: loss', round(value, 3))"
    assert all_raised(trained(source, GIVEN + "good enough: loss 0.015\n", GIVEN)) == []


def test_results_below_a_cell_that_prints_none() -> None:
    """The sentence quotes the line."""
    given = trained("train()", "Epoch 1 loss: 0.0634\n", "")
    (flag,) = flags.flag_results_that_nothing_prints(given)
    assert (flag.id, flag.cell) == ("result_not_printed", 1)
    assert '"Epoch 1 loss: 0.0634"' in flag.sentence
    assert raised(flags.flag_results_that_nothing_prints, trained("!python train.py", "Epoch 1 loss: 0.0634\n", "")) == []


def test_without_a_replay_only_prints_with_words_are_believed() -> None:
    """In static mode, a print that may print anything explains everything."""

    def static(source: str) -> Evidence:
        run = CellRun(1, "1.1", CellStatus.NOT_RUN, 0.0)
        return dataclasses.replace(evidence({"1.1": (HEADING, code(1, source, GIVEN))}, runs=[run]), mode="static")

    assert raised(flags.flag_results_that_nothing_prints, static("print('loss of the epoch', value)")) == ["result_not_printed"]
    assert raised(flags.flag_results_that_nothing_prints, static("print('loss of the epoch', value)\nprint(history)")) == []
    assert raised(flags.flag_results_that_nothing_prints, static(LOOP)) == []


def test_numbers_written_into_the_code() -> None:
    """A print of nothing but text is no result."""
    source = "train()\nprint('Epoch 30 loss: 0.0148')"
    assert raised(flags.flag_results_written_by_hand, trained(source, "Epoch 30 loss: 0.0148\n", "Epoch 30 loss: 0.0148\n")) == [
        "result_written_by_hand"
    ]
    assert (
        raised(flags.flag_results_written_by_hand, trained(LOOP + "print('wanted: loss 0.03')", GIVEN + "wanted: loss 0.03\n", GIVEN)) == []
    )


def test_outputs_below_no_code() -> None:
    """Comments only, and code that is no Python; magics and later f-strings are no errors."""

    def below(source: str) -> list[str]:
        return raised(flags.flag_outputs_without_code, evidence({"1.1": (HEADING, code(1, source, "done"))}))

    assert below("# nothing\n\n# at all") == ["output_without_code"]
    assert below("for epoch in range(3)\n    print(epoch)") == ["output_without_code"]
    assert below("%matplotlib inline\n!pip list\nawait train()") == []
    assert below("%%bash\nfor i in 1 2; do echo $i; done") == []
    assert below("print(f'{losses['train']}')") == []


def test_a_value_below_an_assignment() -> None:
    """Values of expressions are shown, those of statements are not, unless the shell was told so."""

    def below(source: str, other: str = "x = 1") -> list[str]:
        shown = dataclasses.replace(code(1, source), outputs=(Output("execute_result", "", "0.0148"),))
        return raised(flags.flag_results_without_expression, evidence({"1.1": (HEADING, shown, code(2, other))}))

    assert below("last = losses[-1]") == ["result_without_expression"]
    assert below("losses[-1]") == []
    assert below("last = losses[-1]", "InteractiveShell.ast_node_interactivity = 'last_expr_or_assign'") == []


def figure(axes: int, picture: bytes = b"one") -> Output:
    text = f"<Figure size 640x480 with {axes} Axes>"
    return Output("display_data", "", text, (Figure(1, FigureOrigin.OUTPUT, "image/png", picture),))


def pictured(source: str, stored: Sequence[Output], drawn: Sequence[Output]) -> Evidence:
    cell = dataclasses.replace(code(1, source), outputs=tuple(stored), figures=tuple(one.figures[0] for one in stored))
    return evidence({"1.1": (HEADING, cell)}, runs=[CellRun(1, "1.1", CellStatus.OK, 0.1, outputs=tuple(drawn))])


@pytest.mark.parametrize(
    ("source", "drawn", "expected"),
    [
        ("plt.plot(losses)", [figure(1)], []),
        ("last = losses[-1]", [], ["figure_not_drawn"]),
        ("plt.plot(losses)", [], ["figure_not_drawn"]),
        ("if epoch % 100 == 99:\n    plt.plot(losses)", [], []),
        ("fig, ax = plt.subplots(2, 3)", [figure(6)], []),
    ],
)
def test_figures_that_nothing_draws(source: str, drawn: list[Output], expected: list[str]) -> None:
    """A figure of one axes is stored: drawn, drawn with other axes, which a later change of the layout explains, or not drawn."""
    assert raised(flags.flag_figures_that_nothing_draws, pictured(source, [figure(1)], drawn)) == expected


def test_accuracies_above_one() -> None:
    """As a share or in per cent; numbers of steps and sequences are no accuracies."""

    def shown(text: str) -> list[str]:
        return raised(flags.flag_accuracies_that_cannot_be, evidence({"2.2": (markdown(0, "### 2.2"), code(1, "run()", text))}))

    assert shown("val accuracy: 1.038\nval accuracy: 0.99") == ["accuracy_above_one"]
    assert shown("val accuracy: 103.8%") == ["accuracy_above_one"]
    assert shown("val accuracy: 87.5\nval accuracy: 1.5") == []
    assert shown("accuracy (300): 0.99, accuracy 1.000, accumulated 123.4") == []


def two_trainings(first: str, second: str, executed: tuple[str, str]) -> Evidence:
    seen = Seen().at("3.2", 1)
    network = seen.network()
    seen.step(network)
    seen.at("3.3", 3).step(network)
    sections = {"3.2": (markdown(0, "### 3.2"), code(1, "fit(rnn)", first)), "3.3": (markdown(2, "### 3.3"), code(3, "fit(lstm)", second))}
    runs = [
        CellRun(index, question, CellStatus.OK, 0.1, outputs=(Output("stream", "stdout", text),))
        for index, question, text in ((1, "3.2", executed[0]), (3, "3.3", executed[1]))
    ]
    return evidence(sections, seen, runs=runs)


def test_a_log_in_two_places() -> None:
    """The same losses below two trainings, unless the trainings print the same when they are executed."""
    one, other = log("Train Loss: {x:.3f}", 5), log("Train Loss: {x:.3f}", 5).replace("0.0", "0.1")
    assert raised(flags.flag_copied_outputs, two_trainings(one, one, (one, other))) == ["log_copied"]
    assert raised(flags.flag_copied_outputs, two_trainings(one, one, (one, one))) == []
    assert raised(flags.flag_copied_outputs, two_trainings(one, other, (one, other))) == []


def test_a_picture_in_two_places() -> None:
    """The same picture below two cells that draw different things."""
    picture = (Path(flags.__file__).parents[2] / "docs" / "report.png").read_bytes()

    def drawn(cell: int, values: tuple[float, ...]) -> DrawnFigure:
        return DrawnFigure(cell, cell, "1.1", (Axes("", "", "", (Line("", values, values),), (), ()),))

    def given(first: tuple[float, ...], second: tuple[float, ...]) -> Evidence:
        cells = [dataclasses.replace(code(index, "plt.plot(x)"), outputs=(figure(1, picture),)) for index in (1, 2)]
        found = evidence({"1.1": (HEADING, *cells)})
        execution = dataclasses.replace(found.execution, observations=Observations(figures=(drawn(1, first), drawn(2, second))))
        return dataclasses.replace(found, execution=execution)

    assert raised(flags.flag_copied_outputs, given((1.0, 2.0), (3.0, 4.0))) == ["figure_copied"]
    assert raised(flags.flag_copied_outputs, given((1.0, 2.0), (1.0, 2.0))) == []


def counted(
    stored: str, *, question: str = "3.2", vocabularies: str = "vocabularies: 7855 and 5893", cells: Leaves | None = None
) -> Evidence:
    """A replay at HID_DIM 48 of a tiny translator: embeddings of 20 and 30 words, one RNN each, or `cells`, and a linear layer."""
    layers: Leaves = [("Embedding", ((20, 32),)), ("RNN", ((48, 32), (48, 48), (48,), (48,)))]
    layers += [("Embedding", ((30, 32),)), ("RNN", ((48, 32), (48, 48), (48,), (48,))), ("Linear", ((30, 48), (30,)))]
    if cells is not None:
        layers = [layer for layer in layers if layer[0] != "RNN"] + cells
    count = sum(int(np.prod(shape)) for _, shapes in layers for shape in shapes)
    layer = RecurrentLayer("RNN", 32, 48, 1, False, False, 48 * (32 + 48 + 2))
    recurrent = (layer, layer) if cells is None else ()
    network = Network(1, "Translator", count, recurrent, tuple(layers))
    sections = {
        "3.1": (markdown(0, "### 3.1"), code(1, "print(n)", vocabularies)),
        question: (markdown(2, f"### {question}"), code(3, "count(model)", f"The model has {stored} trainable parameters")),
    }
    printed = Output("stream", "stdout", f"The model has {count:,} trainable parameters")
    found = evidence(sections, runs=[CellRun(3, question, CellStatus.OK, 0.1, outputs=(printed,))])
    answers = {"q3_1.data": Finding("q3_1.data", {"sets": [{"vocabulary": {"source": 20, "target": 30}}]})}
    execution = Execution(
        found.execution.ending,
        found.execution.cells,
        Observations(networks=(network,)),
        answers,
        constants={"HID_DIM": (512.0, 48.0), "ENC_EMB_DIM": (256.0, 32.0)},
    )
    return dataclasses.replace(found, execution=execution)


def full_size(source: int, target: int, recurrent: int = 2 * 512 * (256 + 512 + 2)) -> int:
    return source * 256 + target * 256 + recurrent + target * 513


def test_a_count_at_full_size() -> None:
    """Scaled sizes are put back and the printed vocabularies taken; 3.4 may have one of nearly the same size."""
    flag = flags.flag_counts_of_other_networks
    assert raised(flag, counted(f"{full_size(7855, 5893):,}")) == []
    assert raised(flag, counted(f"{full_size(7855, 5893) + 1:,}")) == ["count_of_another_network"]
    assert raised(flag, counted(f"{full_size(7855, 5923):,}")) == ["count_of_another_network"]
    assert raised(flag, counted(f"{full_size(7855, 5923):,}", question="3.4")) == []
    assert raised(flag, counted("8,000,000", vocabularies="")) == []


@pytest.mark.parametrize(
    ("cells", "at_full_size"),
    [
        ([("LSTMCell", ((192, 32), (192, 48), (192,), (192,)))], 4 * 512 * (256 + 512 + 2)),
        ([("Linear", ((48, 80), (48,)))], 512 * (256 + 512 + 1)),
        ([("Linear", ((192, 80), (192,)))], 4 * 512 * (256 + 512 + 1)),
    ],
)
def test_a_count_of_cells_at_full_size(cells: Leaves, at_full_size: int) -> None:
    """Rows for several gates and columns for input and state joined are put back too."""
    right = full_size(7855, 5893, at_full_size)
    assert raised(flags.flag_counts_of_other_networks, counted(f"{right:,}", cells=cells)) == []
    assert raised(flags.flag_counts_of_other_networks, counted(f"{right + 1:,}", cells=cells)) == ["count_of_another_network"]


def test_a_count_of_a_network_that_is_not_scaled() -> None:
    """4.2's numbers come out the same in every run."""

    def given(stored: str) -> Evidence:
        cells = (markdown(0, "### 4.2"), code(1, "print('B =', size(cell))", stored))
        return evidence({"4.2": cells}, runs=[CellRun(1, "4.2", CellStatus.OK, 0.1, outputs=(Output("stream", "stdout", "B = 77,542\n"),))])

    assert raised(flags.flag_counts_of_other_networks, given("B = 77,330\n")) == ["count_of_another_network"]
    assert raised(flags.flag_counts_of_other_networks, given("B = 77,542\n")) == []
