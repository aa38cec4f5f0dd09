"""The homework notebook as students get it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from student_template.build import SOURCE, cells, notebook

TEMPLATE = SOURCE.with_suffix(".ipynb")
HEADING = re.compile(r"^### __(\d\.\d)__ .+ \([a-z0-9.]+ points?\)$", re.MULTILINE)
MARKER = re.compile(r"\(YOUR [A-Z ]+ HERE\)")
NAMES = [
    "load_mnist",
    "make_grid",
    "MLPEncoder",
    "MLPDecoder",
    "MLPAutoencoder",
    "apply_mask",
    "MakeItHot",
    "KeepItCool",
    "Add2DigitsDataset",
    "MyRNN",
    "tokenize_de",
    "tokenize_de_reverse",
    "tokenize_en",
    "tokenize_en_reverse",
    "RNNEncoder",
    "RNNDecoder",
    "RNNTranslator",
    "LSTMEncoder",
    "LSTMDecoder",
    "LSTMTranslator",
    "init_weights",
    "count_parameters",
    "train",
    "evaluate",
    "str_to_tensor",
    "tensor_to_str",
]
SETTINGS = {
    "ENC_EMB_DIM": 256,
    "DEC_EMB_DIM": 256,
    "HID_DIM": 512,
    "N_LAYERS": 2,
    "N_EPOCHS": 10,
    "CLIP": 1,
    "epochs": 30,
    "image_size": 28,
}
# Sizes asked for in 4.2, whole networks of question 2, and the vocabularies of Multi30k.
HIDDEN = ["71168", "71442", "77268", "77542", "77330", "137728", "138002", "53523", "206739", "8381701", "13899013", "7855", "5893"]


def sources(kind: str) -> str:
    """All cells of one kind as one text."""
    return "\n\n".join(cell.source for cell in cells(SOURCE.read_text("utf-8")) if cell.kind == kind)


def module() -> ast.Module:
    """The notebook's code as one program, without magics."""
    return ast.parse(re.sub(r"^%.*$", "", sources("code"), flags=re.MULTILINE))


def test_the_notebook_is_what_its_source_builds() -> None:
    """Building again gives the committed file byte for byte."""
    assert TEMPLATE.read_text("utf-8") == notebook(cells(SOURCE.read_text("utf-8")))


def test_the_notebook_is_valid_and_has_no_outputs() -> None:
    """It is nbformat 4.5 with an id for each cell, and nothing was stored in it."""
    read = nbformat.read(TEMPLATE, as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    nbformat.validate(read)
    assert (read.nbformat, read.nbformat_minor) == (4, 5)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in read.cells if cell.cell_type == "code")


def test_every_question_has_its_heading_in_order() -> None:
    """The twelve headings are those of the assignment file."""
    assert HEADING.findall(sources("markdown")) == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2"]


def test_the_points_add_up_to_eleven() -> None:
    """What the headings promise is what there is."""
    worth = {"zero": "0", "one": "1"}
    points = re.findall(r"^### __\d\.\d__ .+ \(([a-z0-9.]+) points?\)$", sources("markdown"), re.MULTILINE)
    assert sum(float(worth.get(word, word)) for word in points) == 11.0


def test_the_api_that_is_graded_is_there() -> None:
    """Functions and classes have the names that the checks ask for."""
    defined = {node.name for node in ast.walk(module()) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert set(NAMES) <= defined


@pytest.mark.parametrize(("name", "value"), SETTINGS.items())
def test_the_given_settings_are_set_at_top_level(name: str, value: int) -> None:
    """The replay overrides constants only where they are assigned at the top level of a cell."""
    assigned = {
        node.targets[0].id: node.value for node in module().body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert ast.literal_eval(assigned[name]) == value


@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_each_translator_has_five_blanks(kind: str) -> None:
    """Each blank starts, says kindly that it is empty, and ends."""
    cell = next(cell for cell in cells(SOURCE.read_text("utf-8")) if cell.name == f"q3-{2 if kind == 'RNN' else 3}-model")
    assert re.findall(r"# YOUR CODE STARTS HERE \((\d)/5\)", cell.source) == list("12345")
    assert re.findall(r"raise NotImplementedError\(.*\)\n +# YOUR CODE ENDS HERE \((\d)/5\)", cell.source) == list("12345")


def test_every_answer_has_a_marker() -> None:
    """Eighteen places for plots, images and answers, each in a cell of its own."""
    assert len(MARKER.findall(sources("markdown"))) == len(
        [cell for cell in cells(SOURCE.read_text("utf-8")) if MARKER.search(cell.source)]
    )
    assert len(MARKER.findall(sources("markdown").split("## Setup")[1])) == 18


@pytest.mark.parametrize("number", HIDDEN)
def test_no_answer_is_given_away(number: str) -> None:
    """None of the numbers that are asked for stands in the notebook, however its digits are grouped."""
    text = re.sub(r"(?<=\d)[ .,_](?=\d{3})", "", sources("markdown") + sources("code"))
    assert number not in text


def test_nothing_of_the_solution_is_given_away() -> None:
    """No recurrent layer of question 3, no mask and no transform is written in the code."""
    code = sources("code")
    assert len(re.findall(r"nn\.(RNN|LSTM)\b", code)) == 2  # in the given MyRNN only
    assert "RandomAffine(" not in code
    assert "image_size // 2" not in code


def test_given_cells_can_be_told_apart() -> None:
    """Each begins with a line of its own, by which it is found again in what is handed in."""
    first = [cell.source.partition("\n")[0] for cell in cells(SOURCE.read_text("utf-8")) if cell.source.startswith("# given")]
    assert len(first) == len(set(first)) >= 10


def test_the_picture_is_the_references() -> None:
    """The hard-coded 3 is the one that the reference reconstructs, in tenths of brightness."""
    from reference.data.sample.digits import right_part_of_three

    cell = next(cell for cell in cells(SOURCE.read_text("utf-8")) if cell.name == "q1-2-image")
    rows = re.search(r'"""\n(.*?)"""', cell.source, re.DOTALL)
    assert rows is not None
    drawn = np.array([[int(pixel) for pixel in row] for row in rows[1].replace(".", "0").split()])
    np.testing.assert_array_equal(drawn, np.rint(right_part_of_three() * 9))


@pytest.mark.parametrize(
    ("text", "message"),
    [("<!-- cell: a -->\nx\n<!-- cell: a -->\ny\n", "two cells of one name"), ("x\n<!-- cell: a -->\ny\n", "before the first cell")],
)
def test_a_wrong_source_is_refused(text: str, message: str) -> None:
    """Nothing in the source is silently lost."""
    with pytest.raises(ValueError, match=message):
        cells(text)


def test_the_readme_names_what_is_there() -> None:
    """Files that the README mentions exist."""
    folder = Path(SOURCE).parent
    named = re.findall(r"`([\w/]+\.(?:md|py|txt|ipynb))`", (folder / "README.md").read_text("utf-8"))
    assert named
    assert [name for name in named if not (folder / name).exists() and not (folder.parent / name).exists()] == []
