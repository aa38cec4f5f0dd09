"""Line charts as inline SVG: curves over a band of values to hold them against, with ticks and a legend.

Colours are CSS classes, so that a chart reads in light and in dark; each curve also has its own dashes, so that it reads in grey.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.model.grading import Band, Curve, Exhibit
from autograder.reports.cleaning import one_line

WIDTH, HEIGHT = 560, 250
LEFT, RIGHT, TOP, BOTTOM = 54, 14, 24, 42
MOST_CURVES = 6  # in one drawing: as many as there are colours and dashes
FEW_CURVES = 4  # in each of several drawings
MOST_IN_ALL = 24
MOST_POINTS = 300
FEW_POINTS = 15  # so few are marked one by one
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values from `low` to `high` onto pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve with its finite points."""

    curve: Curve
    points: tuple[Point, ...]


def chart(exhibit: Exhibit) -> Markup:
    """The exhibit's curves and band as a figure's content: the drawing and its legend; several on the same scales when there are many."""
    drawn = [Drawn(curve, tuple(_finite(curve.x, curve.y))) for curve in exhibit.curves]
    drawn = [one for one in drawn if one.points]
    band = _band_edges(exhibit.band)
    everything = [point for one in drawn[:MOST_IN_ALL] for point in one.points] + band
    if not everything:
        return Markup('<p class="quiet">There was nothing to draw: no finite value.</p>')
    across = _scale([x for x, _ in everything], LEFT, WIDTH - RIGHT, padding=0.0)
    upward = _scale([y for _, y in everything], HEIGHT - BOTTOM, TOP, padding=0.06)
    shown = drawn[:MOST_IN_ALL]
    if len(shown) <= MOST_CURVES:
        return _drawing(exhibit, shown, band, across, upward)
    several = Markup("").join(Markup("<figure>{}</figure>").format(_drawing(exhibit, part, band, across, upward)) for part in _parts(shown))
    left_out = len(drawn) - len(shown)
    rest = Markup('<p class="quiet">{} more curves are not drawn.</p>').format(left_out) if left_out else Markup("")
    return Markup('<div class="several">{}</div>{}').format(several, rest)


def _parts(drawn: Sequence[Drawn]) -> Iterator[Sequence[Drawn]]:
    """Many curves in groups for a drawing each: those whose labels begin alike ("name · …") together, else in the order given."""
    groups: dict[str, list[Drawn]] = {}
    for one in drawn:
        groups.setdefault(one.curve.label.split(" · ")[0], []).append(one)
    alike = len(groups) <= len(drawn) / 2
    for group in groups.values() if alike else [list(drawn)]:
        size = MOST_CURVES if alike else FEW_CURVES
        yield from (group[start : start + size] for start in range(0, len(group), size))


def _drawing(exhibit: Exhibit, drawn: Sequence[Drawn], band: Sequence[Point], across: Scale, upward: Scale) -> Markup:
    content = Markup("").join(
        [
            *_grid(across, upward),
            *_labels(exhibit),
            *([Markup('<polygon class="band" points="{}"/>').format(_path(band, across, upward))] if band else []),
            *(
                _line(number, _thinned(one.points), across, upward, sparse=4 * len(one.points) < len(band))
                for number, one in enumerate(drawn)
            ),
        ]
    )
    figure = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, _described(exhibit, drawn), content
    )
    return figure + _legend([one.curve for one in drawn], exhibit.band if band else None)


def ticks(low: float, high: float, *, about: int = 5) -> list[float]:
    """Round values between `low` and `high`, a step of 1, 2 or 5 times a power of ten apart."""
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [0.0 if number == 0 else float(f"{number * step:.12g}") for number in range(first, last + 1)]


def _finite(x: Sequence[float], y: Sequence[float]) -> Iterator[Point]:
    largest = 1e30  # beyond this a difference of two values may overflow
    return ((a, b) for a, b in zip(x, y, strict=False) if abs(a) < largest and abs(b) < largest)


def _band_edges(band: Band | None) -> list[Point]:
    if band is None:
        return []
    return [*_finite(band.x, band.low), *reversed(list(_finite(band.x, band.high)))]


def _scale(values: Iterable[float], start: float, end: float, *, padding: float) -> Scale:
    values = list(values)
    low, high = min(values), max(values)
    if high - low < 1e-12 * max(abs(high), abs(low), 1e-12):
        margin = abs(high) * 0.1 or 1.0
        return Scale(low - margin, high + margin, start, end)
    margin = (high - low) * padding
    return Scale(low - margin, high + margin, start, end)


def _grid(across: Scale, upward: Scale) -> Iterator[Markup]:
    for value in ticks(upward.low, upward.high, about=4):
        y = upward(value)
        yield Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(LEFT, WIDTH - RIGHT, y, y)
        yield Markup('<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>').format(LEFT - 8, y + 4, f"{value:g}")
    for value in ticks(across.low, across.high, about=7):
        x = across(value)
        yield Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(x, x, HEIGHT - BOTTOM, HEIGHT - BOTTOM + 4)
        yield Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>').format(x, HEIGHT - BOTTOM + 17, f"{value:g}")
    yield Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, HEIGHT - BOTTOM)


def _labels(exhibit: Exhibit) -> Iterator[Markup]:
    if exhibit.y_label:
        yield Markup('<text class="label" x="4" y="12">{}</text>').format(one_line(exhibit.y_label, longest=60))
    if exhibit.x_label:
        middle = (LEFT + WIDTH - RIGHT) / 2
        text = one_line(exhibit.x_label, longest=60)
        yield Markup('<text class="label" x="{}" y="{}" text-anchor="middle">{}</text>').format(middle, HEIGHT - 5, text)


def _line(number: int, points: Sequence[Point], across: Scale, upward: Scale, *, sparse: bool) -> Markup:
    if len(points) == 1:
        ((x, y),) = points
        return Markup('<circle class="series dot s{}" cx="{}" cy="{}" r="4"/>').format(number, across(x), upward(y))
    line = Markup('<polyline class="series s{}{}" points="{}"/>').format(number, " sparse" if sparse else "", _path(points, across, upward))
    if len(points) > FEW_POINTS:
        return line
    dot = Markup('<circle class="series dot s{}" cx="{}" cy="{}" r="3"/>')
    return line + Markup("").join(dot.format(number, across(x), upward(y)) for x, y in points)


def _path(points: Iterable[Point], across: Scale, upward: Scale) -> str:
    return " ".join(f"{across(x):g},{upward(y):g}" for x, y in points)


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    if len(points) <= MOST_POINTS:
        return points
    step = (len(points) - 1) / (MOST_POINTS - 1)
    return [points[round(number * step)] for number in range(MOST_POINTS)]


def _described(exhibit: Exhibit, drawn: Sequence[Drawn]) -> str:
    """What a reader who cannot see the drawing is told: where each curve begins and ends."""
    told = (f"{one_line(one.curve.label, longest=80)} goes from {one.points[0][1]:.4g} to {one.points[-1][1]:.4g}" for one in drawn)
    band = f"; shaded: {one_line(exhibit.band.label, longest=80)}" if exhibit.band else ""
    return f"{one_line(exhibit.title)}. {'; '.join(told)}{band}."


def _legend(curves: Sequence[Curve], band: Band | None) -> Markup:
    swatch = Markup('<li><svg class="swatch" viewBox="0 0 28 10" aria-hidden="true">{}</svg>{}</li>')
    line = '<line class="series s{}" x1="1" x2="27" y1="5" y2="5"/>'
    entries = [swatch.format(Markup(line).format(number), one_line(curve.label, longest=80)) for number, curve in enumerate(curves)]
    if band is not None:
        box = Markup('<rect class="band" width="28" height="10" rx="2"/>')
        entries.append(swatch.format(box, one_line(band.label, longest=80)))
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(entries))
