"""Makes what is handed in of a notebook: its PDF, and a zip of both."""

from __future__ import annotations

from pathlib import Path

from autograder.intake import read
from autograder.packaging.archive import write_zip
from autograder.student.checklist import linked
from autograder.student.printing import pdf


def export(path: Path, zip_path: Path | None = None) -> Path:
    """Write the PDF beside the notebook, and the zip that holds both and the picture files which the notebook shows; returns the zip."""
    content = path.read_bytes()
    pictures = linked(path, read.cells(content, {}, name=path.name))
    printed = path.with_suffix(".pdf")
    printed.write_bytes(pdf(content, path.name, pictures))
    made = zip_path or path.with_name(f"{path.stem}_to_hand_in.zip")
    shown = {name: file.read_bytes() for name, file in pictures.items()}
    write_zip(made, {**shown, path.name: content, printed.name: printed.read_bytes()})
    return made
