"""Writes the replayed notebook: the student's cells with the outputs of this run only.

Receives the submission and the transcripts; returns the bytes of a valid notebook file. Stored outputs, tags, widgets and the kernel's
name are not carried over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.kernel.transcript import Transcript
from autograder.model.execution import CellRun, CellStatus
from autograder.model.submission import Cell, CellKind, Submission


def notebook_file(submission: Submission, runs: Mapping[int, CellRun], transcripts: Mapping[int, Transcript]) -> bytes:
    """The replayed notebook as nbformat 4.5."""
    attachments = _attachments(submission)
    cells = []
    count = 0
    for cell in submission.notebook.cells:
        run = runs.get(cell.index)
        ran = run is not None and run.status is not CellStatus.NOT_RUN
        count += ran
        cells.append(_node(cell, count if ran else None, transcripts.get(cell.index), attachments.get(cell.index)))
    metadata = {"language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def merged(submission: Submission, notebooks: Sequence[bytes]) -> bytes:
    """One notebook of several of the same submission, in each of which other cells were executed."""
    whole = json.loads(notebook_file(submission, {}, {}))
    executed = [json.loads(notebook)["cells"] for notebook in notebooks]
    count = 0
    for number, node in enumerate(whole["cells"]):
        if node["cell_type"] != CellKind.CODE.value:
            continue
        ran = next((cells[number] for cells in executed if cells[number]["execution_count"] is not None), None)
        if ran is not None:
            count += 1
            for output in ran["outputs"]:
                if output["output_type"] == "execute_result":
                    output["execution_count"] = count
            node.update(outputs=ran["outputs"], execution_count=count)
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _node(cell: Cell, count: int | None, transcript: Transcript | None, attachments: dict[str, dict[str, str]] | None) -> dict[str, Any]:
    node: dict[str, Any] = {"cell_type": cell.kind.value, "id": f"cell-{cell.index}", "metadata": {}, "source": cell.source}
    if cell.kind is CellKind.CODE:
        outputs = transcript.nodes() if transcript else []
        for output in outputs:
            if output["output_type"] == "execute_result":
                output["execution_count"] = count
        return {**node, "execution_count": count, "outputs": outputs}
    return {**node, "attachments": attachments} if attachments else node


def _attachments(submission: Submission) -> dict[int, dict[str, dict[str, str]]]:
    """The pictures pasted into the stored notebook's cells, by cell, where they have the form that the format asks for."""
    try:
        stored: Any = json.loads(submission.content)
        cells = stored["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    if not isinstance(cells, list) or len(cells) != len(submission.notebook.cells):
        return {}
    found: dict[int, dict[str, dict[str, str]]] = {}
    for index, cell in enumerate(cells):
        pasted = cell.get("attachments") if isinstance(cell, dict) else None
        if isinstance(pasted, dict):
            found[index] = {
                str(name): {str(kind): data for kind, data in bundle.items() if isinstance(data, str)}
                for name, bundle in pasted.items()
                if isinstance(bundle, dict)
            }
    return found
