"""Builds small stored notebooks for the tests of intake and of what a notebook reports."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from autograder.intake import read
from autograder.model.grading import Question
from autograder.model.submission import Notebook, Section

NUMBERS = ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2")
QUESTIONS = tuple(Question(number, f"Title of {number}") for number in NUMBERS)
SEED = Path(__file__).resolve().parents[2] / "shared" / "submissions" / "seed"


def markdown(source: str, attachments: Mapping[str, Any] | None = None) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": "markdown", "metadata": {}, "source": source}
    return {**cell, "attachments": attachments} if attachments else cell


def code(source: str = "pass", *outputs: dict[str, Any], count: int | None = None) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs), "execution_count": count}


def stdout(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(data: Mapping[str, Any], kind: str = "display_data") -> dict[str, Any]:
    return {"output_type": kind, "data": dict(data), "metadata": {}}


def stored(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": list(cells)}).encode()


def loaded(*cells: dict[str, Any], companions: Mapping[str, Path] | None = None, questions: Sequence[Question] = QUESTIONS) -> Notebook:
    return read.notebook(stored(*cells), questions, companions or {}, name="made.ipynb")


def section(*cells: dict[str, Any], heading: str = "### 1.1 Heading") -> Section:
    found = loaded(markdown(heading), *cells).section("1.1")
    assert found is not None
    return found


def png(side: int = 32, *, plain: bool = False) -> bytes:
    """A picture with a dark corner, or of one colour."""
    picture = Image.new("L", (side, side), 200)
    if not plain:
        picture.paste(10, (0, 0, side // 2, side // 2))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()
