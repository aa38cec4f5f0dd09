"""Changes of where things stand in a notebook, and of how it is saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import nbformat
from submissions.case import Case, Cells, Change, find, replace

MASK, TRAINING, PLOT = "def apply_mask", "for epoch in range(epochs)", "plt.plot(range(1, epochs + 1), losses)"
HEADING = "### __1.1__ A bigger mask (one point)"
RECONSTRUCTION, AUGMENTATION = "### __1.2__ Reconstruction (one point)", "### __1.3__ Augmentation (one point)"
MARKER = '<div style="color:firebrick; background:#e8e8e8; text-align:center">(YOUR LOSS PLOT HERE)</div>'
PROGRESS = "".join(f"\r{share:3}%|{'#' * (share // 10):10}| {share}/100 [00:0{share // 20}<00:01]" for share in range(0, 101, 5))


def heading(name: str, about: str, form: str) -> Case:
    """A case of headings in another form; `form` has places for the number and the title."""
    titles = ((HEADING, "1.1", "A bigger mask"), (RECONSTRUCTION, "1.2", "Reconstruction"), (AUGMENTATION, "1.3", "Augmentation"))
    return Case(name, about, 1, tuple(replace(old, form.format(number, title), kind="markdown") for old, number, title in titles))


def each_code_cell(change: Callable[[Any, int], None]) -> Change:
    def changed(cells: Cells) -> None:
        for place, cell in enumerate(cell for cell in cells if cell.cell_type == "code"):
            change(cell, place)

    return changed


def counted(*counts: int | None) -> Change:
    """Execution counts in turn, from the first again after the last."""
    return each_code_cell(lambda cell, place: cell.update(execution_count=counts[place % len(counts)]))


def sources(change: Callable[[str], str]) -> Change:
    def changed(cells: Cells) -> None:
        for cell in cells:
            cell.source = change(cell.source)

    return changed


def code(change: Callable[[str], str]) -> Change:
    return each_code_cell(lambda cell, place: cell.update(source=change(cell.source)))


def add_output(containing: str, **output: Any) -> Change:
    """Put another output before those of the code cell that contains a text."""

    def changed(cells: Cells) -> None:
        find(cells, containing).outputs.insert(0, nbformat.v4.new_output(**output))

    return changed


def figure_to_marker(how: str) -> Change:
    """Take the loss plot out of the outputs, and put it into the marker's cell: as an attachment or as a data URI."""

    def changed(cells: Cells) -> None:
        plot = find(cells, PLOT)
        picture = next(output.data["image/png"] for output in plot.outputs if "image/png" in output.get("data", {}))
        plot.outputs = []
        cell = find(cells, "(YOUR LOSS PLOT HERE)", kind="markdown")
        if how == "attachment":
            cell.attachments = {"image.png": {"image/png": picture}}
            cell.source = f"{MARKER}\n\n![image.png](attachment:image.png)"
        else:
            cell.source = f'{MARKER}\n\n<img src="data:image/png;base64,{picture}"/>'.replace("\n;", ";")

    return changed


def moved_before(containing: str, marker: str, *, kind: str = "code") -> Change:
    """Move the cell that contains a text before the markdown cell that contains another."""

    def changed(cells: Cells) -> None:
        cell = find(cells, containing, kind=kind)
        cells.remove(cell)
        cells.insert(cells.index(find(cells, marker, kind="markdown")), cell)

    return changed


def merged(*containing: str) -> Change:
    """Write several code cells as one, with all their outputs."""

    def changed(cells: Cells) -> None:
        first, *others = (find(cells, text) for text in containing)
        for other in others:
            first.source += f"\n\n{other.source}"
            first.outputs += other.outputs
            cells.remove(other)

    return changed


def heading_in_a_cell_of_its_own(cells: Cells) -> None:
    for text in (HEADING, RECONSTRUCTION, AUGMENTATION):
        cell = find(cells, text, kind="markdown")
        before, _, after = cell.source.partition(text)
        place = cells.index(cell)
        cells[place : place + 1] = [nbformat.v4.new_markdown_cell(part) for part in (before, text, after) if part.strip()]


def last_section_first(cells: Cells) -> None:
    """Sections 1.3 and 1.2 exchange their places."""
    second = next(place for place, cell in enumerate(cells) if cell.source.startswith(RECONSTRUCTION))
    third = next(place for place, cell in enumerate(cells) if cell.source.startswith(AUGMENTATION))
    end = next((place for place in range(third, len(cells)) if cells[place].source.startswith("## ")), len(cells))
    cells[second:end] = [*cells[third:end], *cells[second:third]]


def without_metadata(text: str) -> bytes:
    stored = json.loads(text)
    stored.pop("metadata")
    for cell in stored["cells"]:
        for field in ("metadata", "id", "execution_count"):
            cell.pop(field, None)
        for output in cell.get("outputs", []):
            output.pop("metadata", None)
    return json.dumps(stored).encode()


def as_version(version: int) -> Callable[[str], bytes]:
    def written(text: str) -> bytes:
        notebook = nbformat.reads(text, as_version=4)
        if version == 3:
            for cell in notebook.cells:
                cell.pop("attachments", None)
            return nbformat.v3.writes_json(nbformat.convert(notebook, 3)).encode()
        stored = json.loads(text)
        stored["nbformat_minor"] = 0
        for cell in stored["cells"]:
            cell.pop("id", None)
        return json.dumps(stored).encode()

    return written


def colab(text: str) -> bytes:
    stored = json.loads(text)
    stored["metadata"] = {
        "colab": {"provenance": [{"file_id": "1a", "timestamp": 1}], "toc_visible": True, "name": "hw4.ipynb", "gpuType": "T4"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
        "widgets": {"application/vnd.jupyter.widget-state+json": {"0a": {"model_name": "HTMLModel", "state": {}}}},
    }
    for place, cell in enumerate(stored["cells"]):
        cell["metadata"] = {"id": f"x{place}", "colab": {"base_uri": "https://localhost:8080/"}, "outputId": f"o{place}"}
    return json.dumps(stored).encode()


def one_string_for_each_line(text: str) -> bytes:
    """Sources and texts as single strings."""
    stored = json.loads(text)
    for cell in stored["cells"]:
        cell["source"] = "".join(cell["source"])
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = "".join(output["text"])
    return json.dumps(stored, ensure_ascii=False).encode()


def in_pieces(cell: Any) -> None:
    text = "".join(output.text for output in cell.outputs)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text[at : at + 37]) for at in range(0, len(text), 37)]


def rename_streams(cell: Any) -> None:
    for output in cell.outputs:
        output.name = "stderr"


def two_types(cell: Any) -> None:
    for output in cell.outputs:
        output.data["text/html"] = "<div>a figure</div>"
