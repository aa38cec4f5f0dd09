"""What a person should know about a submission and what costs no points."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.checks import Evidence, Flag, Student, flags
from autograder.model.execution import CellStatus
from autograder.reported import order, printed, rules
from reference.handing_in import ANSWERS, IN_WORDS
from reference.judging.counts import counts
from reference.judging.given import template, written
from reference.judging.sizes import fully_connected, recurrent

CHANCE = 0.10  # accuracy of always answering 9
HIGHEST_LOSS = 6.5  # of validation and test at the end of 3.2 to 3.4
VOCABULARIES = (
    {"German": 7855, "English": 5893},  # of Multi30k
    {"German": 453, "English": 373},  # of the embedded sample, on which the examples were run
)
PERCENT = re.compile(r"(?P<percent>\d{1,3}(?:\.\d+)?)\s*\\?%|(?<![\d.])(?P<share>0\.\d{2,})")


@flags
def flag_no_pdf(evidence: Evidence) -> Iterator[Flag]:
    """A PDF of the notebook was to be handed in beside it."""
    return rules.pdf_beside(evidence.submission, template())


@flags
def flag_extra_cells(evidence: Evidence) -> Iterator[Flag]:
    """Nothing was to be added that no question asks for."""
    return rules.nothing_added(evidence.submission.notebook, IN_WORDS)


@flags
def flag_runs_from_top_to_bottom(evidence: Evidence) -> Iterator[Flag]:
    """The notebook should run from top to bottom."""
    yield from rules.names_in_order(evidence.submission.notebook)
    known = {one.cell for one in order.later_names(evidence.submission.notebook)}
    retried = [run for run in evidence.execution.cells if run.attempts > 1 and run.status is CellStatus.OK and run.index not in known]
    for run in retried[: rules.SHOWN_AT_MOST]:
        yield Flag("needs_later_cell", f"Cell {run.index} ran only after later cells had run.", run.index)
    failed = [run for run in evidence.execution.cells if run.status is CellStatus.ERROR]
    for run in failed[: rules.SHOWN_AT_MOST]:
        yield Flag(
            "cell_fails", f"Cell {run.index} stops with an error when the notebook is run from top to bottom: {run.error}", run.index
        )


@flags
def flag_executed_out_of_order(evidence: Evidence) -> Iterator[Flag]:
    """Cells should have been run in their order."""
    return rules.run_in_order(evidence.submission.notebook)


@flags
def flag_empty_answers(evidence: Evidence) -> Iterator[Flag]:
    """Every answer in words should be there."""
    return rules.all_answered(evidence.submission.notebook, template(), ANSWERS, IN_WORDS)


@flags
def flag_given_cells_changed(evidence: Evidence) -> Iterator[Flag]:
    """Given cells should stay as they are."""
    return rules.given_unchanged(evidence.submission.notebook, template())


@flags
def flag_accuracy_at_chance(evidence: Evidence) -> Iterator[Flag]:
    """2.2 should do better than always answering 9."""
    notebook = evidence.submission.notebook
    experiment, analysis = notebook.section("2.2"), notebook.section("2.3")
    texts = [line for line in (experiment.printed if experiment else "").splitlines() if re.search(r"acc", line, re.I)]
    if analysis is not None:
        texts += [part for part in re.split(r"(?<=[.!?])\s+|\n", written(evidence, "2.3", "ANALYSIS")) if re.search(r"accura", part, re.I)]
    found = [
        float(match["percent"]) / 100 if match["percent"] else float(match["share"])
        for text in texts
        for match in PERCENT.finditer(text[text.lower().find("acc") :] if match_after(text) else text)
    ]
    if found and max(found) <= CHANCE:
        yield Flag(
            "accuracy_at_chance",
            f"The highest accuracy that 2.2 and 2.3 name is {max(found):.0%}; always answering 9 gives 10 %.",
            experiment.cells[0].index if experiment and experiment.cells else None,
        )


def match_after(text: str) -> bool:
    """Whether a number follows the word accuracy, so that a loss before it is not taken for one."""
    return PERCENT.search(text, max(0, text.lower().find("acc"))) is not None


@flags
def flag_vocabulary_sizes(evidence: Evidence) -> Iterator[Flag]:
    """3.1 should print the sizes of the two vocabularies."""
    section = evidence.submission.notebook.section("3.1")
    if section is None or not section.printed.strip():
        return
    lines = [line for line in section.printed.splitlines() if re.search(r"vocab|unique|token", line, re.I)]
    sizes = [
        int(text.replace(",", ""))
        for line in lines
        for text in re.findall(r"(?<![\d.,])\d{1,3},\d{3}(?![\d.])|(?<![\d.,])\d{3,5}(?!\d)", line)
    ]
    if sizes and not any(all(any(abs(seen - size) <= 0.01 * size for seen in sizes) for size in known.values()) for known in VOCABULARIES):
        expected = " and ".join(f"{size:,} ({name})" for name, size in VOCABULARIES[0].items())
        seen = ", ".join(f"{size:,}" for size in sizes[:4])
        yield Flag(
            "vocabulary_sizes", f"3.1 prints vocabulary sizes of {seen}; on Multi30k they are about {expected}.", section.cells[0].index
        )


@flags
def flag_high_losses(evidence: Evidence) -> Iterator[Flag]:
    """Validation and test losses should not end far above those of training."""
    for question in ("3.2", "3.3", "3.4"):
        section = evidence.submission.notebook.section(question)
        found = printed.losses(section) if section else ()
        for kind in (printed.LossKind.VALIDATION, printed.LossKind.TEST):
            last = printed.last(found, (kind,))
            if last is not None and last.value > HIGHEST_LOSS:
                yield Flag("high_loss", f"The last {kind.value} loss that {question} prints is {last.value:.3f}.", last.cell)


@flags
def flag_mixed_conventions(evidence: Evidence) -> Iterator[Flag]:
    """4.2's numbers should all count biases, or all leave them out."""
    section = evidence.submission.notebook.section("4.2")
    if section is None:
        return
    values = {count.value for text in (written(evidence, "4.2"), section.printed) for count in counts(text)}
    pairs = (fully_connected(10), recurrent(), fully_connected(20))
    given = [pair for pair in pairs if values & set(pair)]
    conventions = [all(pair[index] in values for pair in given) for index in (0, 1)]
    if len(given) > 1 and not any(conventions):
        yield Flag("mixed_conventions", "4.2 counts biases for one network and not for the other.", section.cells[0].index)


@flags
def flag_target_reversed(evidence: Evidence, student: Student) -> Iterator[Flag]:
    """3.4: the target should stay in English order."""
    from autograder.checks.verdicts import Verdict
    from reference.judging.reversal import reversed_sets
    from reference.judging.sentences import Order, cut_as, orders

    section = evidence.submission.notebook.section("3.4")
    try:
        sets = reversed_sets(evidence, student)
    except Verdict:
        return  # there is nothing to look at, which the checks of 3.4 say
    cell = section.cells[0].index if section and section.cells else None
    for one in sets.values():
        counted = orders(one.examples, "target", evidence.data_folder)
        if counted.total() and counted[Order.REVERSED] > 0.5 * counted.total():
            yield Flag("target_reversed", "The English target sentences of 3.4 are reversed too.", cell)
            break
    if any(cut_as(one, "target") == "de" for one in sets.values()):
        yield Flag("target_tokenised_as_german", "The English target sentences of 3.4 are cut by the German tokenizer.", cell)
