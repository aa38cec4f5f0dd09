"""What a measured figure depends on besides its seed: code, data, versions, machine."""

from __future__ import annotations

import ast
import hashlib
import io
import platform
import tokenize
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from reference.runs import TRANSLATORS, TWO_DIGITS

ROOT = Path(__file__).resolve().parents[2]
_SHARED = "reference/training/lesson.py"
PRODUCERS = {
    "autoencoder": ("reference/masked_autoencoder.py", "reference/training/autoencoder.py", _SHARED),
    "two_digits": ("reference/add_two_digits.py", "reference/training/two_digits.py", _SHARED),
    "translator": (
        "reference/text.py",
        "reference/translation.py",
        "reference/training/translator.py",
        "reference/training/stretches.py",
        _SHARED,
    ),
}


def kind_of(figure: str) -> str:
    """ "autoencoder", "two_digits" or "translator": which code and data a figure comes from."""
    return "two_digits" if figure in TWO_DIGITS else "translator" if figure in TRANSLATORS else figure


def code_of(figure: str) -> dict[str, str]:
    """A checksum of each file whose code decides what the figure's losses are."""
    kind = kind_of(figure)
    return {name: digest_of_code((ROOT / name).read_text(encoding="utf-8")) for name in PRODUCERS[kind]}


def digest_of_code(source: str) -> str:
    """The same for sources that differ in comments, docstrings and empty lines only."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            said = node.body[0]
            lines[said.lineno - 1 : said.end_lineno] = [""] * ((said.end_lineno or said.lineno) - said.lineno + 1)
    kept = [line.rstrip() for line in lines if line.strip()]
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()[:16]


def data_of(figure: str, folder: Path) -> dict[str, str]:
    """A checksum of each part of the staged data that the figure's network is trained and tested with."""
    kind = kind_of(figure)
    if kind == "autoencoder":
        with np.load(folder / "mnist.npz") as arrays:
            return {f"mnist/{name}": _short(arrays[name].tobytes()) for name in ("train_images", "test_images")}
    if kind == "translator":
        return {f"multi30k/{path.name}": _short(path.read_bytes()) for path in sorted((folder / "multi30k").iterdir())}
    return {}


def versions() -> Mapping[str, str]:
    """Of Python and of the packages that the figures depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in ("torch", "numpy", "spacy")}}


@cache
def processor() -> str:
    """The name that the system gives to the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
