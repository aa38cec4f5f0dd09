"""The PDF of a notebook that needs neither LaTeX nor a browser: all letters can be read again, and all pictures are in it."""

from __future__ import annotations

import base64
import io
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import pytest
from PIL import Image

from autograder.intake import read
from autograder.model.submission import CellKind
from autograder.reported import pdf, pdf_text
from autograder.student.pages import TEXT_WIDTH, Style, wrapped
from autograder.student.printing import pdf as printed

ROOT = Path(__file__).resolve().parents[1]
CORRECT = ROOT / "examples" / "correct" / "hw4.ipynb"
SEED = ROOT.parent / "shared" / "submissions" / "seed" / "hw4.ipynb"


def notebook(*cells: Any) -> bytes:
    made = nbformat.v4.new_notebook(cells=list(cells))  # type: ignore[no-untyped-call]
    return nbformat.writes(made).encode()  # type: ignore[no-untyped-call, no-any-return]


def markdown(source: str) -> Any:
    return nbformat.v4.new_markdown_cell(source)  # type: ignore[no-untyped-call]


def code(source: str, *outputs: Any) -> Any:
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), execution_count=1)  # type: ignore[no-untyped-call]


def stream(text: str, name: str = "stdout") -> Any:
    return nbformat.v4.new_output("stream", text=text, name=name)  # type: ignore[no-untyped-call]


def figure(data: str, kind: str = "image/png") -> Any:
    return nbformat.v4.new_output("display_data", {kind: data, "text/plain": "<Figure size 640x480>"})  # type: ignore[no-untyped-call]


def png(width: int, height: int) -> str:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "seagreen").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def letters(made: bytes) -> str:
    return pdf_text.text(made)


def pictures(made: bytes) -> list[tuple[int, int]]:
    """Widths and heights in pixels of the pictures in a PDF."""
    found = re.findall(rb"<<(?:(?!>>).)*?/Subtype /Image.*?>>", made, re.DOTALL)
    return [tuple(int(re.search(rb"/%s (\d+)" % side, one)[1]) for side in (b"Width", b"Height")) for one in found]  # type: ignore[index, misc]


@pytest.mark.parametrize("path", [CORRECT, SEED], ids=["the solution", "a student's"])
def test_a_print_is_known_as_that_of_its_notebook_and_of_no_other(path: Path, tmp_path: Path) -> None:
    """Nearly all lines are found again by the rule that judges what is handed in; it takes seconds, and every picture is there."""
    if not path.exists():
        pytest.skip("the seed submission is not there")
    content = path.read_bytes()
    began = time.process_time()
    made = printed(content, "hw4.ipynb", {})
    assert time.process_time() - began < 60
    cells = read.cells(content, {}, name="hw4.ipynb")
    lines = [line for cell in cells for line in cell.source.splitlines() if not re.search(r"https?://|data:|attachment:|<[a-z/]", line)]
    (tmp_path / "hw4.pdf").write_bytes(made)
    share = pdf.share_found(tmp_path / "hw4.pdf", lines)
    assert share is not None
    assert share > 0.9
    assert len(pictures(made)) == sum(len(cell.figures) for cell in cells)
    other = [f"self.layer_{number} = SomethingElse(size_of_it={number}, and_more=True)" for number in range(40)]
    assert pdf.share_found(tmp_path / "hw4.pdf", other) == 0


def test_the_same_notebook_gives_the_same_bytes() -> None:
    """No time and no chance is in it, and the student's own settings of matplotlib are not."""
    content = notebook(markdown("# Title\n\nText."), code("print(1)", stream("1\n"), figure(png(30, 20))))
    first = printed(content, "hw4.ipynb", {})
    with matplotlib.rc_context({"text.usetex": True, "font.size": 40, "pdf.fonttype": 3, "figure.dpi": 30}):
        assert printed(content, "hw4.ipynb", {}) == first
        assert matplotlib.rcParams["figure.dpi"] == 30


@pytest.mark.parametrize(
    "text",
    [
        "Die Größe übersteigt äußerst häufig die Maße – „schön“, 5 € ≤ α·β → ∞",
        "Цена ошибки, Ελληνικά, naïve façade",
        "loss: 0.1 <b>not</b> $5 and $6 \\frac{1}{2} % & # _ ^ {braces}",
        "한국어 손실, 汉字, 日本語",
        "an emoji 😀 at the end",
    ],
)
def test_letters_of_all_kinds_can_be_read_again(text: str) -> None:
    """In code, in what was printed and in texts; also those for which this computer has no font."""
    made = letters(printed(notebook(code(f"# {text}", stream(text))), "hw4.ipynb", {}))
    assert made.replace("\n", "").count(text) == 2


def test_markdown_is_read_as_such() -> None:
    """Headings, bold text and links stand there without their signs, code within stays as it is, tags are gone."""
    source = (
        "### __1.1__ A title\n\nSome **bold words** and `__init__` over\ntwo lines, [a link](http://x.y/z).\n\n* first\n* second\n\n"
        "```python\na = '**kept**'\n```\n\n<div style='color:red'>(YOUR ANSWER HERE)</div>\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    made = letters(printed(notebook(markdown(source)), "hw4.ipynb", {}))
    for text in ("1.1 A title", "Some bold words and `__init__` over two lines, a link.", "• second", "'**kept**'", "| 1 | 2 |"):
        assert text in made
    assert "div" not in made
    assert "http" not in made


def test_formulas_are_set_and_what_cannot_be_set_is_shown_as_written() -> None:
    """A grader reads the formula, or at least its source; prices are none."""
    sources = (
        "The size is $256 \\cdot 260 + 256$.",
        "$$\\frac{\nd}{2}$$",
        "Never mind $\\begin{array}x\\end{array}$.",
        "It costs $5 and $6.",
    )
    made = letters(printed(notebook(*map(markdown, sources)), "hw4.ipynb", {}))
    assert "\\cdot" not in made
    assert "frac" not in made
    assert "\\begin{array}" in made
    assert "It costs $5 and $6." in made


@pytest.mark.parametrize("style", [Style(8, mono=True), Style(9.5), Style(16, bold=True)])
@pytest.mark.parametrize("line", ["word " * 400, "x" * 3_000, "한" * 500, "    indented = " + "a, " * 300, ""])
def test_long_lines_are_wrapped_within_the_page(line: str, style: Style) -> None:
    """Nothing is lost but the spaces at breaks, and no part is too wide."""
    from autograder.student.pages import _width

    parts = list(wrapped(line, style))
    assert "".join("".join(parts).split()) == "".join(line.split())
    assert max(_width(part, style) for part in parts) <= TEXT_WIDTH


def test_a_long_output_loses_its_middle_only() -> None:
    """First and last lines stay, with how many are left out; of a line that was overwritten the last state counts."""
    made = letters(printed(notebook(code("train()", stream("".join(f"\rstep {n}" for n in range(900)) + "\n"))), "hw4.ipynb", {}))
    assert "train()step 899hw4" in made
    text = "".join(f"epoch {number} loss\n" for number in range(5_000))
    made = letters(printed(notebook(code("train()", stream(text))), "hw4.ipynb", {}))
    assert "epoch 0 loss" in made
    assert "epoch 4999 loss" in made
    assert "4,700 lines are left out" in made


def test_pictures_of_any_size_fit_and_broken_ones_are_named(tmp_path: Path) -> None:
    """Large ones are made smaller; those that cannot be drawn say so; a file that the markdown shows is drawn too."""
    (tmp_path / "plot.png").write_bytes(base64.b64decode(png(50, 40)))
    content = notebook(
        code("a", figure(png(40, 4_000))),
        code("b", figure(png(9_000, 30))),
        code("c", figure(base64.b64encode(b"\x89PNG\r\n\x1a\nbroken").decode())),
        code("d", figure("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")),
        markdown("![a plot](plot.png)"),
    )
    made = printed(content, "hw4.ipynb", {"plot.png": tmp_path / "plot.png"})
    assert sorted(pictures(made)) == [(16, 1600), (50, 40), (1600, 5)]
    assert "image/png that cannot be printed here" in letters(made)
    assert "image/svg+xml that cannot be printed here" in letters(made)


def test_a_large_notebook_is_printed_whole() -> None:
    """Hundreds of cells over many pages."""
    cells = [code(f"value_{number} = compute({number})\n" * 4, stream(f"result {number}\n")) for number in range(300)]
    made = printed(notebook(*cells), "hw4.ipynb", {})
    text = letters(made)
    assert all(f"result {number}" in text for number in range(300))
    assert len(re.findall(rb"/Type /Page\b", made)) > 20


def test_texts_that_try_to_break_the_print_do_not() -> None:
    """Control characters, directions of writing, towers of accents, unfinished markup and endless formulas."""
    texts: Sequence[str] = (
        "\x00\x1b[31mred\x1b[0m\u202eesrever",
        "a" + "\u0301" * 5_000,
        "**" * 3_000,
        "$" * 4_001,
        "```\nopen",
        "<div " * 500,
    )
    made = printed(notebook(*map(markdown, texts), *(code("#", stream(text)) for text in texts)), "hw4.ipynb", {})
    assert "red" in letters(made)
    assert read.cells(notebook(*map(markdown, texts)), {}, name="x")[0].kind is CellKind.MARKDOWN
