"""Draws the record: `python -m reference.drawing` writes docs/reference.md and the pictures in it, whatever is recorded by then.

A picture is an SVG file that follows the reader's choice of light or dark, also where a page shows it as an image.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from statistics import fmean

from markupsafe import Markup

from autograder.model.grading import Curve, Exhibit
from autograder.reports.charts import HEIGHT, MOST_CURVES, WIDTH, chart
from reference import recorded
from reference.recording import COMMAND, SEEDS
from reference.runs import FIGURES, FULL_EPOCHS, LENGTHS, TRANSLATORS, TWO_DIGITS, Run

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = "reference.md"
FULL_DATA = ("multi30k+mnist", "drawn")
MARGIN, LINE = 16, 20  # around a picture, and of a line of its legend, in pixels
# The colours and dashes of the reports' charts (autograder/reports/templates/style.css).
STYLE = """
svg { --paper: #fff; --ink: #20242c; --soft: #596170; --line: #e2dfd8; --band: #2457a633;
  --s0: #2457a6; --s1: #c2571a; --s2: #1b7345; --s3: #8b3a91; --s4: #5d6470; --s5: #96750c; }
@media (prefers-color-scheme: dark) { svg { --paper: #14171b; --ink: #e7e9ec; --soft: #a6aebb; --line: #333941; --band: #8cb6ff40;
  --s0: #8cb6ff; --s1: #ffab73; --s2: #74cf98; --s3: #e0a3e6; --s4: #b3bac5; --s5: #e3c75b; } }
text { fill: var(--soft); font: 12px system-ui, sans-serif; } .name { fill: var(--ink); } .paper { fill: var(--paper); }
.grid { stroke: var(--line); } .axis { stroke: var(--soft); } .band { fill: var(--band); }
.series { fill: none; stroke: var(--c); stroke-width: 2.2; stroke-linejoin: round; } .series.dot { fill: var(--c); stroke-dasharray: none; }
.series.sparse { stroke-width: 1; opacity: .55; }
.s0 { --c: var(--s0); } .s1 { --c: var(--s1); stroke-dasharray: 7 4; } .s2 { --c: var(--s2); stroke-dasharray: 2 4; }
.s3 { --c: var(--s3); stroke-dasharray: 10 4 2 4; } .s4 { --c: var(--s4); stroke-dasharray: 4 3; }
.s5 { --c: var(--s5); stroke-dasharray: 12 3; }
"""


def documents(runs: Sequence[Run]) -> dict[str, str]:
    """The page and its pictures by file name, drawn from the runs on full data."""
    runs = [run for run in runs if run.data in FULL_DATA]
    pictures = {f"reference-{name}.svg": (exhibit.title, picture(exhibit)) for name, exhibit in exhibits(runs)}
    images = "\n\n".join(f"![{title}]({name})" for name, (title, _) in pictures.items())
    return {PAGE: _page(runs, images), **{name: drawn for name, (_, drawn) in pictures.items()}}


def exhibits(runs: Sequence[Run]) -> Iterator[tuple[str, Exhibit]]:
    """What is drawn of each figure that has runs; with the band that the checks hold a notebook's losses against."""
    for figure in ("autoencoder", *TRANSLATORS):
        curves = tuple(_losses([run for run in runs if run.figure == figure]))
        if curves:
            unit = "mean squared error" if figure == "autoencoder" else "cross entropy a word"
            title = f"Losses of the {recorded.NAMES[figure]}"
            yield figure, Exhibit(title, curves=curves[:MOST_CURVES], band=recorded.band(figure), x_label="epoch", y_label=unit)
    experiment = tuple(_accuracies([run for run in runs if run.figure in TWO_DIGITS]))
    if experiment:
        title = "Validation accuracy on the digit task, by network and length"
        yield "two-digits", Exhibit(title, curves=experiment, x_label="hundreds of training steps", y_label="share of right answers")


def _losses(runs: Sequence[Run]) -> Iterator[Curve]:
    measured = [run for run in runs if run.provenance == "measured"]
    for run in (*measured, *(run for run in runs if run.provenance != "measured")):
        name = f"training, seed {run.seed}" if run.provenance == "measured" else f"training, {run.provenance}"
        yield Curve(name, tuple(map(float, run.epochs)), run.training)
    if validation := _mean([run.validation for run in measured if run.validation]):
        yield Curve("validation, mean", tuple(map(float, range(1, len(validation) + 1))), validation)


def _accuracies(runs: Sequence[Run]) -> Iterator[Curve]:
    for kind in ("RNN", "LSTM"):
        for length in LENGTHS:
            accuracies = [run.validation_accuracy for run in runs if TWO_DIGITS[run.figure] == (kind, length)]
            if mean := _mean(accuracies):
                seeds = f"{len(accuracies)} seed{'s' if len(accuracies) > 1 else ''}"
                yield Curve(f"{kind}, length {length} ({seeds})", tuple(map(float, range(1, len(mean) + 1))), mean)


def _mean(curves: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Of several runs, as far as all of them go."""
    return tuple(map(fmean, zip(*curves, strict=False)))


def picture(exhibit: Exhibit) -> str:
    """The reports' chart as a file of its own, with its legend below."""
    drawn, _, _ = chart(exhibit).partition('<ul class="legend">')
    place = Markup('<svg x="{}" y="{}" width="{}" height="{}" ').format(MARGIN, MARGIN, WIDTH, HEIGHT)
    placed = drawn.replace('<svg class="chart" ', place, 1)
    line = Markup('<line class="series s{}" x1="0" x2="26" y1="-4" y2="-4"/>')
    entries = [(line.format(number), curve.label) for number, curve in enumerate(exhibit.curves)]
    if exhibit.band is not None:
        entries.append((Markup('<rect class="band" x="0" y="-9" width="26" height="10" rx="2"/>'), exhibit.band.label))
    legend = [
        Markup('<g transform="translate({},{})">{}<text class="name" x="34" y="0">{}</text></g>').format(
            MARGIN, HEIGHT + 3 * MARGIN + LINE * position, swatch, label
        )
        for position, (swatch, label) in enumerate(entries)
    ]
    size = (WIDTH + 2 * MARGIN, HEIGHT + 3 * MARGIN + LINE * len(entries))
    head = Markup('<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}">').format(*size, *size)
    paper = Markup('<rect class="paper" width="{}" height="{}" rx="8"/>').format(*size)
    return "\n".join([head, f"<style>{STYLE}</style>", paper, placed, *legend, "</svg>"]) + "\n"


def _page(runs: Sequence[Run], images: str) -> str:
    measured = [run for run in runs if run.provenance == "measured"]
    lines = [
        "# The reference's record",
        "",
        "<!-- written by `python -m reference.drawing` -->",
        "",
        "What the homework's networks reach when they are trained in full, from [`recorded.json`](../reference/recorded.json).",
        f"`{COMMAND}` adds what is missing and goes on where it stopped; `make figures` writes this page",
        "and its pictures. The bands are those that the checks lay under a notebook's own losses.",
        "",
        images,
        "",
        "| figure | seed | epochs | training loss | validation | test | accuracy | parameters | seconds | device |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |",
        *(_row(run) for run in measured),
        "",
        "A translator's test loss is that of the epoch with the lowest validation loss, as in the homework. Seconds are of a machine that",
        "had other work to do. The plain RNN's epochs differ between runs more than the LSTM's: with the homework's settings, single steps",
        "throw it back, and the mean of an epoch has them in it.",
        "",
        "## Not yet recorded in full",
        "",
        *_missing(measured),
        "",
        "## From elsewhere",
        "",
        *(f"- {recorded.NAMES[run.figure]}: {run.source}" for run in runs if run.provenance != "measured"),
        "",
    ]
    return "\n".join(lines)


def _row(run: Run) -> str:
    partial = "" if run.is_full else f" of {FULL_EPOCHS[run.figure]}"
    validation = f"{run.validation[-1]:.4g}" if run.validation else ""
    accuracy = "" if run.accuracy is None else f"{run.accuracy:.1%}"
    return (
        f"| {run.figure} | {run.seed} | {len(run.epochs)}{partial} | {run.training[0]:.4g} → {run.training[-1]:.4g} | {validation} "
        f"| {run.test:.4g} | {accuracy} | {run.parameters:,} | {run.seconds:.0f} | {run.device} |"
    )


def _missing(measured: Sequence[Run]) -> Iterator[str]:
    """A line for each figure that lacks a seed, or epochs."""
    full: Mapping[str, set[int | None]] = {
        figure: {run.seed for run in group if run.is_full} for figure, group in groupby(measured, key=lambda run: run.figure)
    }
    lacking = {figure: [seed for seed in SEEDS if seed not in full.get(figure, set())] for figure in FIGURES}
    lines = [f"- {figure}: seed {', '.join(map(str, seeds))}" for figure, seeds in lacking.items() if seeds]
    yield from lines or ["Nothing."]


def main() -> None:
    """Write the page and the pictures, and remove pictures that are no longer drawn."""
    drawn = documents(recorded.runs())
    for stale in {path.name for path in DOCS.glob("reference-*.svg")} - set(drawn):
        (DOCS / stale).unlink()
    for name, content in drawn.items():
        (DOCS / name).write_text(content, encoding="utf-8")
    print(f"Drawn: {', '.join(drawn)} in {DOCS}")


if __name__ == "__main__":
    main()
