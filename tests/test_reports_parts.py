"""What the pages are made of: cleaning, the safe markdown, charts and pictures."""

from __future__ import annotations

import base64
import io
import math
import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib

import pytest
import sample_reports as samples
from linear import is_linear
from PIL import Image

from autograder.model.grading import Band, Curve, Exhibit, Panel
from autograder.model.submission import Figure, FigureOrigin
from autograder.reports.charts import chart, ticks
from autograder.reports.cleaning import clean, one_line
from autograder.reports.markdown import render as markdown
from autograder.reports.pictures import MOST_PICTURES, MOST_TRIED, panel, pictures


def decoded(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.split(",", 1)[1])))


def stored(data: bytes, media_type: str = "image/png", cell: int = 7) -> Figure:
    return Figure(cell, FigureOrigin.OUTPUT, media_type, data)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\r\nc\rd", "a\tb\nc\nd"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07bell\x07", "red bell"),
        ("x\u202ey\u2066z\u200bw\ufeff", "xyzw"),
        ("half \ud800 pair", "half \ufffd pair"),
        ("a \x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\ and \x1b[2J\x1b[1;1Hmore", "a link and more"),
        ("\x1b]0;never ended\nTraceback", "0;never ended\nTraceback"),
        ("\x9b31mred\x9c \x1b_app\x1b\\ \x07\x08\x7f\x00", "31mred app "),
        ("a\U000e0041\U000e007fb\u2063c\u180ed\ufff9e", "abcde"),
        ("می\u200cخواهم ด้่ ộ́ ❤\ufe0f", "می\u200cخواهم ด้่ ộ́ ❤\ufe0f"),
        ("Z" + "\u0301" * 400 + "a", "Z" + "\u0301" * 8 + "a"),
        ("Grüße, 東京 – 𝄞 👩‍🔬", "Grüße, 東京 – 𝄞 👩‍🔬"),
        ("abcdef" * 4_000, "abcdef" * 3_333 + "ab … (4,000 more characters)"),
    ],
    ids=[
        "line ends",
        "terminal",
        "direction",
        "surrogate",
        "links and cursor",
        "a title without end",
        "8-bit",
        "tags",
        "joins and marks stay",
        "tower",
        "other scripts stay",
        "long",
    ],
)
def test_cleaning(text: str, shown: str) -> None:
    """What cannot be seen goes, what can be read stays."""
    assert clean(text) == shown


def test_one_line_is_one_line() -> None:
    """White space of any kind becomes one space."""
    assert one_line(" a\n\n b\t\u2028c ") == "a b c"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p>\n<p>three</p>"),
        (
            "**bold** and *soft* and __both__ and `co*d*e`",
            "<p><strong>bold</strong> and <em>soft</em> and <strong>both</strong> and <code>co*d*e</code></p>",
        ),
        ("a_name_with_underscores 2*3*4 ** **", "<p>a_name_with_underscores 2*3*4 ** **</p>"),
        ("- a\n- b\n  more\n\n3. c\n4. d", '<ul><li>a</li><li>b more</li></ul>\n<ol start="3"><li>c</li><li>d</li></ol>'),
        ("intro:\n* a\n1) b", '<p>intro:</p>\n<ul><li>a</li></ul>\n<ol start="1"><li>b</li></ol>'),
        ("## Why <b>?", '<p class="heading">Why &lt;b&gt;?</p>'),
        ("```python\nx = 1 < 2\n```\nafter", "<pre><code>x = 1 &lt; 2</code></pre>\n<p>after</p>"),
        ("```\nnever closed", "<pre><code>never closed</code></pre>"),
        ("![alt](javascript:1) [here](https://x.example)", "<p>(picture: alt) here (https://x.example)</p>"),
        ("<img src=x onerror=alert(1)> **<i>**", "<p>&lt;img src=x onerror=alert(1)&gt; <strong>&lt;i&gt;</strong></p>"),
        ("**a `b** c`", "<p>**a <code>b** c</code></p>"),
        ("$h_{t}_{i} = *W*_{h}$ _is_", '<p><span class="math">$h_{t}_{i} = *W*_{h}$</span> <em>is</em></p>'),
        ("$$\nx_1\n$$", "<pre><code>x_1</code></pre>"),
        ("{} {0} %s", "<p>{} {0} %s</p>"),
        ("", ""),
    ],
)
def test_the_little_markdown(text: str, html: str) -> None:
    """Answers keep their paragraphs, lists and emphasis, and everything in them is escaped."""
    assert str(markdown(text)) == html


def test_markdown_nests_properly_whatever_is_written() -> None:
    """Overlapping emphasis never gives overlapping tags that a browser would have to guess at, and text is never lost."""
    for text in ("**a *b** c*", "*a **b* c**", "__a _b__ c_", "***x***", "**" * 50, "*a*" * 50, "_**_**_"):
        html = str(markdown(text))
        letters = re.sub(r"[^abcx]", "", re.sub(r"<[^>]*>", "", html))
        assert letters == re.sub(r"[^abcx]", "", text)
        ElementTree.fromstring(f"<div>{html}</div>")


def test_markdown_takes_no_time_to_blow_up() -> None:
    """Text made to make patterns slow is rendered at once."""
    for text in ("**" * 20_000, "*a " * 10_000, "`" * 20_000, "[" * 20_000, "_a*" * 7_000, "**a **" * 4_000):
        assert is_linear(markdown, text)


def test_a_chart_is_well_formed_and_says_what_it_shows() -> None:
    """The drawing is XML, has a text for those who cannot see it, and a legend entry for each curve and the band."""
    html = str(chart(samples.plots()))
    root = ElementTree.fromstring(f"<div>{html}</div>")
    svg = root.find("svg")
    assert svg is not None
    assert "printed in your notebook goes from" in svg.attrib["aria-label"]
    assert len(svg.findall("polyline")) == 2
    assert len(svg.findall("polygon")) == 1
    assert [entry.text or "".join(entry.itertext()) for entry in root.iter("li")] == [
        "printed in your notebook",
        "replayed at a small scale",
        "the reference's five runs",
    ]


def test_a_chart_draws_points_where_they_belong() -> None:
    """The largest value is at the top, the first at the left, all inside the frame."""
    html = str(chart(Exhibit("x", curves=(Curve("y", (0.0, 5.0, 10.0), (1.0, 3.0, 2.0)),))))
    (line,) = re.findall(r'<polyline[^>]* points="([^"]*)"', html)
    points = [tuple(map(float, point.split(","))) for point in line.split()]
    assert [x for x, _ in points] == [54.0, 300.0, 546.0]
    assert points[1][1] < points[2][1] < points[0][1]
    assert all(24 <= y <= 208 for _, y in points)


@pytest.mark.parametrize(
    "curve",
    [
        Curve("empty", (), ()),
        Curve("not a number", (math.nan, 1.0), (1.0, math.inf)),
        Curve("huge", (0.0,), (1e300,)),
    ],
)
def test_a_chart_of_nothing_says_so(curve: Curve) -> None:
    """Values that cannot be drawn are no reason to fail."""
    assert "nothing to draw" in chart(Exhibit("x", curves=(curve,)))


@pytest.mark.parametrize("y", [(0.0, 0.0), (5.0, 5.0), (1e-300, 2e-300), (1e29, -1e29), (1e-9, 1.0)])
def test_a_chart_survives_any_range(y: tuple[float, float]) -> None:
    """Flat, tiny and huge curves have finite coordinates."""
    html = str(chart(Exhibit("x", curves=(Curve("y", (1.0, 2.0), y),), band=Band("band", (1.0, 2.0), y, y))))
    assert "nan" not in html
    assert "inf" not in html


def test_many_curves_are_drawn_in_several_charts_on_the_same_scales() -> None:
    """Curves whose labels begin alike stand together; beyond a limit the rest is counted."""
    named = [f"length {length} · {name}" for length in (5, 10, 30) for name in ("RNN", "LSTM", "RNN again")]
    html = str(chart(Exhibit("x", curves=tuple(Curve(name, (1.0, 2.0), (1.0, float(n))) for n, name in enumerate(named)))))
    root = ElementTree.fromstring(f"<div>{html}</div>")
    assert [len(figure.findall("svg[@class='chart']/polyline")) for figure in root.iter("figure")] == [3, 3, 3]
    ticks_shown = [[tick.text for tick in figure.iter("text")] for figure in root.iter("figure")]
    assert ticks_shown[0] == ticks_shown[1] == ticks_shown[2]
    crowd = str(chart(Exhibit("x", curves=tuple(Curve(str(n), (1.0, 2.0), (1.0, float(n))) for n in range(30)))))
    assert crowd.count("<polyline") == 24
    assert "6 more curves are not drawn." in crowd


def test_ticks_are_round() -> None:
    """Steps of 1, 2 or 5 inside the range."""
    assert ticks(0.0, 1.0) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert ticks(0.013, 0.07, about=4) == [0.02, 0.04, 0.06]
    assert ticks(-3.0, 4.0, about=7) == [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_panel_is_a_picture_of_its_values() -> None:
    """A pixel a value, black at 0, white at 1; what is missing or not finite is black."""
    image = decoded(panel(Panel("x", ((0.0, 0.5, 1.0), (math.nan, 7.0)))))
    assert (image.mode, image.size) == ("L", (3, 2))
    assert list(image.tobytes()) == [0, 128, 255, 0, 255, 0]


def test_a_stored_figure_is_written_anew() -> None:
    """Nothing but the pixels of a figure reaches the page, on white, no larger than a page needs."""
    buffer = io.BytesIO()
    Image.new("RGBA", (3_000, 1_500), (255, 0, 0, 0)).save(buffer, "PNG", exif=b"Exif\0\0SECRET")
    (shown,) = pictures([stored(buffer.getvalue() + b"SECRET trailing")]).shown
    image = decoded(shown.uri)
    assert image.size == (shown.width, shown.height) == (1_000, 500)
    assert image.convert("RGB").getpixel((10, 10)) == (255, 255, 255)
    assert b"SECRET" not in base64.b64decode(shown.uri.split(",", 1)[1])
    assert shown.caption == "drawn by cell 7"


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        (stored(b"not a picture"), "its file cannot be read as a picture"),
        (stored(b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"), "its file cannot be read as a picture"),
        (stored(samples.picture()[:200]), "its file cannot be read as a picture"),
        (stored(samples.picture((60, 60), "TIFF")), "its file cannot be read as a picture"),
        (stored(b"\x00" * 13_000_000), "its file is too large"),
        (stored(b"<svg onload='alert(1)'/>", "image/svg+xml"), "it is an SVG drawing, which could hold more than a picture"),
    ],
    ids=["text", "script", "cut off", "another format", "large", "svg"],
)
def test_a_figure_that_cannot_be_shown_is_named(figure: Figure, why: str) -> None:
    """The page says which figure is missing and why."""
    found = pictures([figure])
    assert not found.shown
    assert found.left_out == (f"A figure drawn by cell 7 is not shown: {why}.",)


def test_a_bomb_of_pixels_is_not_decoded() -> None:
    """A small file that would unfold into a huge picture is left out before it is unfolded."""
    buffer = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 100_000
    larger = bytearray(buffer.getvalue())
    larger[16:24] = struct.pack(">2I", 30_000, 30_000)
    larger[29:33] = struct.pack(">I", zlib.crc32(larger[12:29]))
    for data in (buffer.getvalue(), bytes(larger)):
        assert pictures([stored(data)]).left_out == ("A figure drawn by cell 7 is not shown: it has too many pixels.",)


@pytest.mark.parametrize("size", [(30_000, 1), (1, 30_000), (30_000, 90), (4_000, 4_000)])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1"])
def test_a_large_figure_is_made_small(size: tuple[int, int], mode: str) -> None:
    """A figure of 30,000 pixels in a row, or of millions, is shown no larger than a page."""
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, "PNG")
    (shown,) = pictures([stored(buffer.getvalue())]).shown
    assert max(shown.width, shown.height) <= 1_000
    assert min(shown.width, shown.height) >= 1


def test_only_so_many_broken_figures_are_tried() -> None:
    """A question with thousands of broken figures costs the time of a few, and the rest are counted."""
    broken = samples.picture()[:200]
    found = pictures([stored(broken + bytes(str(number), "ascii")) for number in range(5_000)])
    assert len(found.left_out) == MOST_TRIED + 1
    assert found.left_out[-1] == f"{5_000 - MOST_TRIED:,} more of these figures are not shown.".replace(",", "")


def test_many_figures_are_counted_and_the_same_one_is_shown_once() -> None:
    """A question shows its first figures and says how many more there are."""
    figures = [stored(samples.picture((60, 60), seed=seed)) for seed in (*range(20), 0, 1)]
    found = pictures(figures)
    assert len(found.shown) == MOST_PICTURES
    assert found.left_out == ("8 more of these figures are not shown.",)
