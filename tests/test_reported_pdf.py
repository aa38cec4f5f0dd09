"""The text of a PDF, and how much of a notebook stands in it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.reported import pdf, pdf_text

SEED = Path(__file__).resolve().parents[2] / "shared" / "submissions" / "seed" / "hw4.pdf"


def a_pdf(lines: Sequence[str], *, coded: bool = False, packed: bool = True) -> bytes:
    """A PDF of one page; `coded` writes letters as numbers of a font with a table of its own, as browsers do."""
    if coded:
        shown = b"\n".join(b"<" + "".join(f"{ord(letter) + 3:04x}" for letter in line).encode() + b"> Tj" for line in lines)
    else:
        shown = b"\n".join(
            b"(" + line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("latin-1") + b") Tj" for line in lines
        )
    page = b"BT /F7 12 Tf\n" + shown + b"\nET"
    table = b"1 beginbfrange\n<0023> <00ff> <0020>\nendbfrange"
    font = b"<< /Type /Font /ToUnicode 6 0 R >>" if coded else b"<< /Type /Font >>"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Contents 4 0 R /Resources << /Font << /F7 5 0 R >> >> >>",
        _stream(page, packed),
        font,
        _stream(table, packed),
    ]
    return b"%PDF-1.4\n" + b"\n".join(b"%d 0 obj\n%s\nendobj" % (number, body) for number, body in enumerate(bodies, 1)) + b"\n%%EOF"


def _stream(content: bytes, packed: bool) -> bytes:
    data = zlib.compress(content) if packed else content
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), b" /Filter /FlateDecode" if packed else b"", data)


@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_text_of_a_page(coded: bool, packed: bool) -> None:
    """Plain and coded letters, packed and not."""
    assert "loss (30) = 0.0148" in pdf_text.text(a_pdf(["loss (30) = 0.0148", "the end"], coded=coded, packed=packed))


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4 1 0 obj stream", b"%PDF-1.4\n1 0 obj\n<< /Filter /FlateDecode >>\nstream\nxx\nendstream\nendobj"]
)
def test_a_broken_file_has_no_text(content: bytes) -> None:
    """Nothing is raised for it."""
    assert pdf_text.text(content) == ""


def test_share_of_lines(tmp_path: Path) -> None:
    """From none to all; None where too little is known."""
    lines = [f"the number of this line of the notebook is {number}" for number in range(80)]
    path = tmp_path / "hw4.pdf"
    path.write_bytes(a_pdf(lines[:60], coded=True))
    assert pdf.share_found(path, lines) == 0.75
    assert pdf.share_found(path, lines[:5]) is None
    path.write_bytes(a_pdf([]))
    assert pdf.share_found(path, lines) is None


def test_the_seed_is_found_in_its_print() -> None:
    """A print by a browser, with fonts of its own."""
    if not SEED.exists():
        pytest.skip("the seed submission is not there")
    text = pdf_text.text(SEED.read_bytes())
    assert "Masked Autoencoder, Revisited" in text
    assert "self.num_layers" in text


@pytest.mark.parametrize("value", [b"00 41", b"0 041", b"0 0 4 1 0", b"D800", b""])
def test_a_font_written_oddly_is_no_obstacle(value: bytes) -> None:
    """Codes with spaces in them or halves of characters are read as far as they go."""
    table = b"1 0 obj <</ToUnicode 2 0 R>> endobj 2 0 obj <<>>\nstream\nbeginbfchar <41> <" + value + b"> endbfchar\nendstream endobj\n"
    assert "B" in pdf_text.text(table + b"3 0 obj <<>>\nstream\nBT (B) Tj ET\nendstream endobj\n")
