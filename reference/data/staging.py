"""Writes as much of the data as asked for into one folder, in the shape that the kernel's course environment reads.

What was staged before is used again: the folder's name is a checksum of all that its content depends on.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import tempfile
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import numpy as np

from autograder.errors import AssignmentError
from reference.data import sample
from reference.data.originals import FILES, TEST_IMAGES, TEST_LABELS, TEXTS, TRAIN_IMAGES, TRAIN_LABELS, Original
from reference.data.sample import captions, digits
from reference.data.sources import Source

LAYOUT = 1  # of a staged folder; another number makes the staged ones stale
SIZES = ("images", "test_images", "pairs", "validation_pairs", "test_pairs")
# how much the embedded sample has of each
SAMPLE_SIZES = {"images": 16_000, "test_images": 2_000, "pairs": 6_000, "validation_pairs": 300, "test_pairs": 300}
PAIRS_OF_SPLIT = {"train": "pairs", "val": "validation_pairs", "test2016": "test_pairs"}
SEED = 2026


def stage(source: Source, sizes: Mapping[str, int] | None, cache_folder: Path) -> Path:
    """The folder with the first so many images and pairs of `source` (all of them where `sizes` says nothing), made when not yet there."""
    unknown = set(sizes or ()) - set(SIZES)
    if unknown:
        raise AssignmentError(f"replay.data: {', '.join(sorted(unknown))}: no such size. There are {', '.join(SIZES)}.")
    wanted = {name: (sizes or {}).get(name) for name in SIZES}
    folder = cache_folder / _key(source, wanted)
    if folder.is_dir():
        return folder
    cache_folder.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=cache_folder))
    try:
        if source.folder is None:
            _stage_sample({name: min(SAMPLE_SIZES[name], size or SAMPLE_SIZES[name]) for name, size in wanted.items()}, unfinished)
        else:
            _stage_originals(source.folder, wanted, unfinished)
        unfinished.chmod(0o755)  # student code may run as another user
        try:
            unfinished.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster, with the same content
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _key(source: Source, wanted: Mapping[str, int | None]) -> str:
    if source.folder is None:
        content: list[object] = [path.read_text(encoding="utf-8") for path in sorted(Path(sample.__file__).parent.glob("*.py"))]
        content += [SEED, SAMPLE_SIZES]
    else:
        content = [str(source.folder)]
        for original in FILES:
            path = original.path(source.folder) if original.path(source.folder).is_file() else original.plain_path(source.folder)
            state = path.stat()
            content += [path.name, state.st_size, state.st_mtime_ns]
    return hashlib.sha256(json.dumps([LAYOUT, wanted, content]).encode()).hexdigest()[:20]


def _stage_sample(sizes: Mapping[str, int], folder: Path) -> None:
    train_images, train_labels = digits.draw(sizes["images"], SEED)
    test_images, test_labels = digits.draw(sizes["test_images"], SEED + 1)
    _write_images(folder, train_images, train_labels, test_images, test_labels)
    # The splits are drawn from one sequence of distinct pairs, the small ones first, so that no sentence is in two of them.
    pairs = iter(captions.pairs(SAMPLE_SIZES["validation_pairs"] + SAMPLE_SIZES["test_pairs"] + sizes["pairs"], SEED))
    for split in ("val", "test2016", "train"):
        name = PAIRS_OF_SPLIT[split]
        available = sizes[name] if split == "train" else SAMPLE_SIZES[name]
        _write_pairs(folder, split, list(islice(pairs, available))[: sizes[name]])


def _stage_originals(originals: Path, wanted: Mapping[str, int | None], folder: Path) -> None:
    _write_images(
        folder,
        _read_idx(TRAIN_IMAGES, originals, wanted["images"]),
        _read_idx(TRAIN_LABELS, originals, wanted["images"]),
        _read_idx(TEST_IMAGES, originals, wanted["test_images"]),
        _read_idx(TEST_LABELS, originals, wanted["test_images"]),
    )
    for split, size in PAIRS_OF_SPLIT.items():
        german, english = (_read_lines(TEXTS[split, language], originals, wanted[size]) for language in ("de", "en"))
        if len(german) != len(english):
            raise AssignmentError(
                f"{originals}: multi30k/{split}: {len(german)} German and {len(english)} English sentences. Fetch them again."
            )
        _write_pairs(folder, split, list(zip(german, english, strict=True)))


def _read_idx(original: Original, folder: Path, count: int | None) -> np.ndarray:
    """The first `count` entries of an idx file (big-endian: 0, 0, 8 for bytes, number of dimensions, each dimension, the bytes)."""
    try:
        with original.open(folder) as stream:
            zero, kind, dimensions = struct.unpack(">HBB", stream.read(4))
            if (zero, kind) != (0, 8) or dimensions not in (1, 3):
                raise AssignmentError(f"{folder / original.name}: not an MNIST file. Fetch it again.")
            length, *shape = struct.unpack(f">{dimensions}I", stream.read(4 * dimensions))
            length = length if count is None else min(count, length)
            content = stream.read(length * int(np.prod(shape, dtype=np.int64)))
            return np.frombuffer(content, dtype=np.uint8).reshape(length, *shape)
    except (OSError, EOFError, struct.error, ValueError) as error:
        raise AssignmentError(f"{folder / original.name}: cannot be read ({error}). Fetch it again.") from error


def _read_lines(original: Original, folder: Path, count: int | None) -> list[str]:
    try:
        with original.open(folder) as stream:
            return [line.decode("utf-8").strip() for line in islice(stream, count)]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{folder / original.name}: cannot be read ({error}). Fetch it again.") from error


def _write_images(
    folder: Path, train_images: np.ndarray, train_labels: np.ndarray, test_images: np.ndarray, test_labels: np.ndarray
) -> None:
    np.savez(
        folder / "mnist.npz",
        train_images=train_images,
        train_labels=train_labels.astype(np.int64),
        test_images=test_images,
        test_labels=test_labels.astype(np.int64),
    )


def _write_pairs(folder: Path, split: str, pairs: list[tuple[str, str]]) -> None:
    (folder / "multi30k").mkdir(exist_ok=True)
    for position, language in enumerate(("de", "en")):
        text = "".join(pair[position] + "\n" for pair in pairs)
        (folder / "multi30k" / f"{split}.{language}").write_bytes(text.encode("utf-8"))
