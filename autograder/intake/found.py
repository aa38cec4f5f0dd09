"""One thing handed in, before anything of it was read, and the sentences for what holds no notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.intake.folder import read_bytes
from autograder.model.submission import NOT_RECORDED, Received, Remark

NO_NOTEBOOK = "holds no notebook (a file that ends in .ipynb). Hand in the notebook itself."
# Files that a student may have handed in instead of a notebook.
_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_DOCUMENTS = (".pdf", ".py", ".html", ".htm", ".doc", ".docx", ".odt", ".pages", ".rtf", ".json", ".txt", ".md", ".tex", ".r", ".url")
HANDED_IN = frozenset({*_DOCUMENTS, *_ARCHIVES, ".zip"})
# Pictures and data, which belong to all notebooks around them.
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".mp4")
_TABLES = (".csv", ".tsv", ".npy", ".npz", ".pkl", ".pickle", ".h5", ".hdf5", ".parquet", ".mat", ".bin", ".dat", ".jsonl", ".xlsx")
_WEIGHTS = (".pt", ".pth", ".ckpt", ".onnx", ".safetensors", ".weights")
_SETTINGS = (".yml", ".yaml", ".toml", ".cfg", ".ini", ".log")
_CORPORA = (".en", ".de", "ubyte")  # of translations and of digits
_DATA = (*_TABLES, *_WEIGHTS, *_SETTINGS, *_CORPORA)
# How browsers, Canvas and people number a file that they save again: hw4-1, hw4 (1), hw4_v2.
VERSION = re.compile(r"^(?P<base>.*?)(?:\s?\((?P<copy>\d{1,3})\)|[-_ ]v?(?P<number>\d{1,2}))$")
_LOOKED_AT = 100_000  # bytes
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{1,300}")


@dataclass(frozen=True, slots=True)
class Found:
    """`files` are those that can be read, by relative name; `odd` the names of links, pipes and what was left packed.

    `problem` says why it cannot be graded. `uploads` numbers the files in the order in which they were handed in, where that is known.
    """

    label: str
    student: str
    files: Mapping[str, Path] = field(default_factory=dict)
    odd: tuple[str, ...] = ()
    problem: str = ""
    received: Received = NOT_RECORDED
    uploads: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def file(path: Path, files: Mapping[str, Path]) -> Found:
    return Found(path.stem, path.stem, files)


def odd(path: Path, kind: str) -> Found:
    return Found(
        path.stem, path.stem, odd=(path.name,), problem=f"{path.name} is a {kind or 'thing'}, not a file. Hand in the file itself."
    )


def is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


def is_for_all(name: str) -> bool:
    """Whether a file among notebooks is a picture or data, or hidden, and nobody's work."""
    return name.startswith(".") or is_data(name) or name.lower().endswith(_PICTURES)


def is_data(name: str) -> bool:
    """Whether a file is such as a notebook reads, and more than one of them may."""
    return name.lower().endswith(_DATA)


def reads_like_notebook(path: Path) -> bool:
    """Whether a file begins as notebooks do, whatever its name: browsers and mail programs add endings and take them away."""
    start = (read_bytes(path, limit=_LOOKED_AT) or b"").removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"{") and any(key in start for key in (b'"cells"', b'"nbformat"', b'"worksheets"'))


def notebooks_in(files: Mapping[str, Path]) -> list[str]:
    """The names of the notebooks among some files; where none has a notebook's name, of those that read like one."""
    return [name for name in files if is_notebook(name)] or [name for name, path in files.items() if reads_like_notebook(path)]


def without_version(name: str) -> str:
    """The name without its ending and the number of its version."""
    stem = Path(name).stem
    version = VERSION.match(stem)
    return version["base"] if version else stem


def without_notebook(what: str, files: Mapping[str, Path], links: Sequence[str]) -> str:
    """Why something without a notebook cannot be graded, with what was handed in instead."""
    linked = [name for name in links if is_notebook(name)]
    if linked:
        return f"{linked[0]} in {what} is a link, not a file, and links are not followed. Hand in the notebook itself."
    if not files:
        return f"{what} is empty. Hand in the notebook itself."
    archives = [name for name in files if name.lower().endswith(_ARCHIVES)]
    if archives:
        return f"{what} {NO_NOTEBOOK[:-1]}: {archives[0]} is an archive of a kind that is not opened, a zip would be."
    return f"{what} {NO_NOTEBOOK}"


def written_on_canvas(files: Mapping[str, Path]) -> str:
    """Why the text or the link that a student gave Canvas instead of files cannot be graded; empty where there is neither."""
    if "link.html" in files:
        content = (read_bytes(files["link.html"], limit=20_000) or b"").decode("utf-8", "replace")
        address = _ADDRESS.search(content)
        where = f" ({address[0]})" if address else ""
        return f"A link was handed in instead of a notebook{where}, and links are not followed. Hand in the .ipynb file itself."
    if "text.html" in files:
        return "A text was written into Canvas instead of handing in a notebook. Hand in the .ipynb file itself."
    return ""
