"""Reading notebook files into cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from stored_notebooks import code, coded, loaded, markdown, png, shown, stdout, stored

from autograder.errors import SubmissionError
from autograder.intake import read
from autograder.model.submission import CellKind, FigureOrigin


def cells(content: bytes | dict[str, Any]) -> tuple[Any, ...]:
    return read.cells(content if isinstance(content, bytes) else json.dumps(content).encode(), {}, name="hw.ipynb")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty file"),
        (b" \n\t ", "empty file"),
        (b"not json", "not valid JSON (line 1"),
        (b'{"cells": [', "not valid JSON"),
        (b"\x00\x01\x02\xff", "not valid JSON"),
        (b"[]", "not a notebook"),
        (b"3", "not a notebook"),
        (b'{"a": 1}', "not a notebook"),
        (b'{"cells": {}}', "not a notebook"),
        (b"[" * 100_000, "deeply"),
        (b'{"nbformat": 3, "worksheets": []}', "no cells"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    """The sentence names the file, says what is wrong and what to do."""
    with pytest.raises(SubmissionError) as caught:
        cells(content)
    assert said in str(caught.value)
    assert str(caught.value).startswith("hw.ipynb")
    assert "\n" not in str(caught.value)


def test_too_many_cells_are_refused() -> None:
    """A notebook beyond any homework is not read."""
    with pytest.raises(SubmissionError, match="5,001 cells"):
        cells({"cells": [{"cell_type": "raw"}] * 5001})


def test_odd_notebooks_are_read_all_the_same() -> None:
    """Missing and wrong fields lose nothing that can be used, and every cell keeps its place."""
    odd = [
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "id": "same"},
        {"cell_type": "code", "source": "c", "id": "same", "outputs": None, "execution_count": "3"},
        {"cell_type": "code", "source": None, "outputs": [None, 3, {"output_type": "stream"}, {}], "execution_count": -1},
        "what?",
        {"cell_type": "heading", "level": 2, "source": "1.1"},
        {"cell_type": "code", "source": "d", "execution_count": 10**30, "outputs": [{"output_type": "stream", "text": ["x", "y"]}]},
        {"cell_type": "markdown", "source": ["*", 3, "*"], "attachments": ["no"]},
        {"cell_type": "code", "source": "e", "execution_count": True},
        {"cell_type": "code", "source": "f", "execution_count": 4},
        {"cell_type": "code", "source": "half a \ud83d", "outputs": [{"output_type": "error", "ename": "E", "evalue": "v"}]},
    ]
    read_cells = cells({"cells": odd, "metadata": None})
    assert [cell.index for cell in read_cells] == list(range(10))
    assert read_cells[0].source == "a = 1\nb = 2"
    assert [cell.execution_count for cell in read_cells] == [None] * 8 + [4, None]
    assert read_cells[3].kind is CellKind.RAW
    assert read_cells[5].outputs[0].text == "xy"
    assert read_cells[6].source == "**"
    assert read_cells[9].outputs[0].text == "E: v"
    assert read_cells[9].source.encode()


def test_byte_order_marks_are_no_obstacle() -> None:
    """UTF-8 with a mark and UTF-16 are read."""
    text = stored(markdown("grüß")).decode()
    assert cells(b"\xef\xbb\xbf" + text.encode())[0].source == "grüß"
    assert cells(text.encode("utf-16"))[0].source == "grüß"


def test_old_notebooks_are_upgraded() -> None:
    """Format 3 keeps its sources, counts, outputs and pictures."""
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "heading", "level": 3, "metadata": {}, "source": "1.1 Old"},
                    {
                        "cell_type": "code", "language": "python", "metadata": {}, "collapsed": False, "input": "x", "prompt_number": 7,
                        "outputs": [
                            {"output_type": "stream", "stream": "stdout", "text": "Loss: 1.5\n"},
                            {"output_type": "pyout", "prompt_number": 7, "metadata": {}, "text": "42"},
                            {"output_type": "display_data", "metadata": {}, "png": coded(png())},
                        ],
                    },
                ],
            }
        ],
    }  # fmt: skip
    notebook = read.notebook(json.dumps(old).encode(), [], {}, name="old.ipynb")
    heading, ran = notebook.cells
    assert heading.kind is CellKind.MARKDOWN
    assert "1.1 Old" in heading.source
    assert (ran.source, ran.execution_count) == ("x", 7)
    assert [output.text for output in ran.outputs] == ["Loss: 1.5\n", "42", ""]
    assert [figure.media_type for figure in ran.figures] == ["image/png"]


def test_old_notebooks_that_cannot_be_upgraded_are_read_as_they_are() -> None:
    """A broken format 3 file still gives its cells and what they printed."""
    odd = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["y"], "outputs": [{"output_type": "pyout", "text": "8"}, 1]}]}]}
    (cell,) = cells(odd)
    assert (cell.source, cell.outputs[0].text) == ("y", "8")


def test_colours_are_taken_out_of_texts() -> None:
    """Terminal colours vanish from streams and tracebacks."""
    error = {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": ["\x1b[0;31mNameError\x1b[0m: x", "end"]}
    (cell,) = loaded(code("x", stdout("\x1b[1mbold\x1b[0m"), error)).cells
    assert [output.text for output in cell.outputs] == ["bold", "NameError: x\nend"]
    assert cell.outputs[1].name == "NameError"


def test_a_long_output_keeps_both_ends() -> None:
    """What was printed first and last stays within the cap; the rest is left out with a note."""
    lines = [stdout(f"line {number:07d} of the output\n") for number in range(4000)]
    (cell,) = loaded(code("x", stdout("first\n"), *lines, stdout("z" * 900_000), stdout("last\n"))).cells
    text = "".join(output.text for output in cell.outputs)
    assert text.startswith("first\n")
    assert text.endswith("zz" + "last\n")
    assert text.count("characters left out") == 1
    assert len(text) < read.TEXT_PER_CELL + 100


def test_text_comes_from_html_where_there_is_no_other() -> None:
    """An output that has only HTML is read without its tags."""
    (cell,) = loaded(code("x", shown({"text/html": "<b>Loss</b>: 3 &lt; 4"}))).cells
    assert cell.outputs[0].text.split() == ["Loss", ":", "3", "<", "4"]


def test_pictures_are_found_wherever_they_stand(tmp_path: Path) -> None:
    """Outputs, attachments, data URIs in markdown and HTML, and linked files, in the order in which they are shown."""
    (tmp_path / "plot.png").write_bytes(png(20))
    source = (
        f"![b](data:image/png;base64,{coded(png(21))})\n<img width=3 src='data:image/png;base64,{coded(png(22))}'/>\n"
        '![a](attachment:a%20b.png)\n![c](images/Plot.png)\n<img src="images/plot.png">![](https://example.org/x.png) ![](missing.png)'
    )
    notebook = loaded(
        markdown(source, {"a b.png": {"image/png": coded(png(23))}}),
        code(
            "x",
            shown({"image/png": coded(png(24)) + "\n", "image/svg+xml": "<svg/>"}),
            shown({"image/svg+xml": ["<svg>", "<path/></svg>"]}),
        ),
        companions={"images/plot.png": tmp_path / "plot.png"},
    )
    first, second = notebook.cells
    origins = [figure.origin for figure in first.figures]
    assert origins == [FigureOrigin.DATA_URI, FigureOrigin.DATA_URI, FigureOrigin.ATTACHMENT, FigureOrigin.FILE, FigureOrigin.FILE]
    assert [figure.data for figure in first.figures[:4]] == [png(21), png(22), png(23), png(20)]
    assert [(figure.origin, figure.media_type) for figure in second.figures] == [
        (FigureOrigin.OUTPUT, "image/png"),
        (FigureOrigin.OUTPUT, "image/svg+xml"),
    ]


@pytest.mark.parametrize(
    "broken",
    ["", "!!!", coded(b"MZ no picture"), coded(png())[:-7] + "*", "a" * 30_000_000],
    ids=["empty", "no base64", "other bytes", "bad end", "huge"],
)
def test_broken_pictures_are_left_out(broken: str) -> None:
    """What cannot be decoded, or is no picture, is no figure; the output stays."""
    (cell,) = loaded(code("x", shown({"image/png": broken, "text/plain": "<Figure>"}))).cells
    assert cell.figures == ()
    assert cell.outputs[0].text == "<Figure>"


def test_a_cell_keeps_only_so_many_pictures() -> None:
    """A cell that draws in a loop does not fill the memory."""
    (cell,) = loaded(code("x", *[shown({"image/png": coded(png())})] * 60)).cells
    assert len(cell.figures) == 40


def test_a_linked_file_outside_is_never_read(tmp_path: Path) -> None:
    """A link is looked up among the files handed in and nowhere else."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(png())
    (cell,) = loaded(markdown(f"![x]({secret}) ![y](../secret.png) ![z](file://{secret})")).cells
    assert cell.figures == ()
