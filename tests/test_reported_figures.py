"""Telling real pictures from none."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from stored_notebooks import code, coded, loaded, markdown, png, section, shown

from autograder.model.submission import Figure, FigureOrigin, Submission
from autograder.reported.figures import drawn, pasted, real, shows_something
from autograder.reported.pdf import pdfs


def figure(data: bytes, media_type: str = "image/png") -> Figure:
    return Figure(0, FigureOrigin.OUTPUT, media_type, data)


def attached(content: bytes, name: str = "a.png") -> dict[str, Any]:
    return markdown(f"![x](attachment:{name})", {name: {"image/png": coded(content)}})


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        (png(), "image/png", True),
        (png(28), "image/png", True),
        (png(1), "image/png", False),
        (png(4), "image/png", False),
        (png(plain=True), "image/png", False),
        (png()[:-40], "image/png", False),
        (b"\x89PNG\r\n\x1a\n" + b"rubbish" * 20, "image/png", False),
        (b"GIF89a", "image/gif", False),
        (b"\xff\xd8\xff\xe0", "image/jpeg", False),
        (b"<svg><path d='M0 0'/></svg>", "image/svg+xml", True),
        (b"<svg></svg>", "image/svg+xml", False),
    ],
)
def test_pictures_show_something(content: bytes, media_type: str, expected: bool) -> None:
    """Icons, blank pictures and broken files are no pictures."""
    assert shows_something(figure(content, media_type)) is expected


def test_a_picture_too_large_to_open_is_none() -> None:
    """A header that promises billions of pixels is not believed."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    assert not shows_something(figure(bomb))


def test_pictures_of_the_assignment_do_not_count() -> None:
    """What came with the template is not the student's; drawn and pasted pictures are told apart."""
    given, own, plot = png(20), png(24), png(30)
    template = section(attached(given))
    student = section(attached(given), attached(own, "b.png"), code("plot()", shown({"image/png": coded(plot)})))
    assert [one.data for one in real(student)] == [given, own, plot]
    assert [one.data for one in real(student, template=template)] == [own, plot]
    assert [one.data for one in drawn(student)] == [plot]
    assert [one.data for one in pasted(student, template=template)] == [own]


def test_a_pdf_is_known_by_name_and_content(tmp_path: Path) -> None:
    """A text file called .pdf is none."""
    companions = {}
    for name, content in {"hw.pdf": b"%PDF-1.7 ...", "fake.PDF": b"hello", "other.txt": b"%PDF-"}.items():
        (tmp_path / name).write_bytes(content)
        companions[name] = tmp_path / name
    companions["gone.pdf"] = tmp_path / "gone.pdf"
    submission = Submission("a", "a", "hw.ipynb", "", (), loaded(), b"", companions)
    assert pdfs(submission) == ("hw.pdf",)
