"""What is staged: the shape, the cut, the reuse, the refusals."""

from __future__ import annotations

import gzip
import os
import struct
import threading
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import AssignmentError
from reference.data import Source, find, stage
from reference.data.originals import TEST_IMAGES, TEST_LABELS, TEXTS, TRAIN_IMAGES, TRAIN_LABELS
from reference.data.staging import SAMPLE_SIZES

SAMPLE = Source("embedded sample")
REPLAY = {"images": 40, "test_images": 8, "pairs": 30, "validation_pairs": 6, "test_pairs": 5}
SPLITS = {"train": "pairs", "val": "validation_pairs", "test2016": "test_pairs"}


def idx(array: np.ndarray) -> bytes:
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


@pytest.fixture
def originals(tmp_path: Path) -> Path:
    """A folder with tiny files in the originals' formats; their content is counted up so that a cut can be recognised."""
    folder = tmp_path / "originals"
    (folder / "mnist").mkdir(parents=True)
    (folder / "multi30k").mkdir()
    for images, labels, count in ((TRAIN_IMAGES, TRAIN_LABELS, 60), (TEST_IMAGES, TEST_LABELS, 10)):
        pixels = np.arange(count)[:, None, None] * np.ones((1, 28, 28))
        images.path(folder).write_bytes(gzip.compress(idx(pixels)))
        labels.path(folder).write_bytes(gzip.compress(idx(np.arange(count) % 10)))
    for (split, language), text in TEXTS.items():
        lines = "".join(f"{split} {language} {number} ü\n" for number in range(50))
        text.path(folder).write_bytes(gzip.compress(lines.encode("utf-8")))
    return folder


def lines(folder: Path, split: str, language: str) -> list[str]:
    return (folder / "multi30k" / f"{split}.{language}").read_text(encoding="utf-8").splitlines()


def test_the_sample_is_staged_in_the_kernels_shape(tmp_path: Path) -> None:
    """Images with their types, and as many sentences a language as asked for."""
    folder = stage(SAMPLE, REPLAY, tmp_path)
    with np.load(folder / "mnist.npz", allow_pickle=False) as arrays:
        shapes = {name: (array.shape, array.dtype.name) for name, array in arrays.items()}
    assert shapes == {
        "train_images": ((40, 28, 28), "uint8"),
        "train_labels": ((40,), "int64"),
        "test_images": ((8, 28, 28), "uint8"),
        "test_labels": ((8,), "int64"),
    }
    for split, size in SPLITS.items():
        assert len(lines(folder, split, "de")) == len(lines(folder, split, "en")) == REPLAY[size]


def test_a_cut_is_the_beginning_of_the_whole(tmp_path: Path) -> None:
    """The replay sees the first images and sentences of what a full run sees."""
    few = stage(SAMPLE, REPLAY, tmp_path)
    more = stage(SAMPLE, REPLAY | {"images": 90, "pairs": 70, "validation_pairs": 9}, tmp_path)
    with np.load(few / "mnist.npz") as a, np.load(more / "mnist.npz") as b:
        np.testing.assert_array_equal(a["train_images"], b["train_images"][:40])
        np.testing.assert_array_equal(a["train_labels"], b["train_labels"][:40])
    for split, size in SPLITS.items():
        for language in ("de", "en"):
            assert lines(few, split, language) == lines(more, split, language)[: REPLAY[size]]


def test_the_whole_sample_has_no_sentence_in_two_splits(tmp_path: Path) -> None:
    """At least 3,000 distinct training pairs, none of them in validation or test, and all images that are promised."""
    folder = stage(SAMPLE, None, tmp_path)
    german = {split: lines(folder, split, "de") for split in SPLITS}
    assert {split: len(found) for split, found in german.items()} == {split: SAMPLE_SIZES[size] for split, size in SPLITS.items()}
    assert SAMPLE_SIZES["pairs"] >= 3000
    everything = [line for found in german.values() for line in found]
    assert len(set(everything)) == len(everything)
    with np.load(folder / "mnist.npz") as arrays:
        assert len(arrays["train_images"]) == SAMPLE_SIZES["images"]


def test_what_was_staged_is_used_again(tmp_path: Path) -> None:
    """The second time nothing is written."""
    folder = stage(SAMPLE, REPLAY, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert stage(SAMPLE, dict(REPLAY), tmp_path) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_originals_are_cut(originals: Path, tmp_path: Path) -> None:
    """The first images and lines of the original files, text and labels intact."""
    folder = stage(find(originals, {}), REPLAY, tmp_path / "cache")
    with np.load(folder / "mnist.npz") as arrays:
        assert arrays["train_images"].shape == (40, 28, 28)
        assert (arrays["train_images"][:, 3, 5] == np.arange(40)).all()
        assert (arrays["test_labels"] == np.arange(8)).all()
    assert lines(folder, "train", "de") == [f"train de {number} ü" for number in range(30)]
    assert lines(folder, "test2016", "en") == [f"test2016 en {number} ü" for number in range(5)]


def test_without_sizes_all_of_the_originals_is_staged(originals: Path, tmp_path: Path) -> None:
    """None and larger sizes than there are both mean everything."""
    source = find(originals, {})
    for sizes in (None, dict.fromkeys(REPLAY, 1000)):
        folder = stage(source, sizes, tmp_path / "cache")
        with np.load(folder / "mnist.npz") as arrays:
            assert len(arrays["train_images"]) == 60
        assert len(lines(folder, "val", "de")) == 50


def test_changed_originals_are_staged_anew(originals: Path, tmp_path: Path) -> None:
    """The cache's key holds the files' sizes and times."""
    source = find(originals, {})
    first = stage(source, REPLAY, tmp_path / "cache")
    path = TEXTS["train", "de"].path(originals)
    path.write_bytes(gzip.compress(("Neu.\n" * 50).encode()))
    os.utime(path, ns=(1, 1))
    second = stage(source, REPLAY, tmp_path / "cache")
    assert second != first
    assert lines(second, "train", "de")[0] == "Neu."


def test_many_at_once_stage_one_folder(originals: Path, tmp_path: Path) -> None:
    """Whoever comes second finds the first one's folder, and nothing half-made is left."""
    source, found = find(originals, {}), []
    threads = [threading.Thread(target=lambda: found.append(stage(source, REPLAY, tmp_path / "cache"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [found[0].name]


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("mnist/train-images-idx3-ubyte.gz", b"not packed at all", "cannot be read"),
        ("mnist/train-images-idx3-ubyte.gz", gzip.compress(b"\0\0\x09\x03" + bytes(12), mtime=0), "not an MNIST file"),
        ("mnist/t10k-labels-idx1-ubyte.gz", gzip.compress(idx(np.arange(10)), mtime=0)[:-12], "cannot be read"),
        ("multi30k/val.en.gz", gzip.compress(b"\xff\xfe broken", mtime=0), "cannot be read"),
        ("multi30k/val.en.gz", gzip.compress(b"only one\n", mtime=0), "50 German and 1 English"),
    ],
)
def test_damaged_originals_are_refused_in_a_sentence(originals: Path, tmp_path: Path, name: str, content: bytes, part: str) -> None:
    """The message says what is wrong and to fetch again; nothing half-made is left in the cache."""
    (originals / name).write_bytes(content)
    with pytest.raises(AssignmentError, match=part) as caught:
        stage(find(originals, {}), None, tmp_path / "cache")
    assert str(originals) in str(caught.value)
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_unknown_size_is_an_error_of_the_assignment(tmp_path: Path) -> None:
    """A misspelt key in [replay.data] is named, with the ones there are."""
    with pytest.raises(AssignmentError, match="image: no such size"):
        stage(SAMPLE, {"image": 3}, tmp_path)


def test_the_light_process_stays_light() -> None:
    """Finding and staging import no torch, no matplotlib and no spaCy."""
    import subprocess
    import sys

    code = "import sys, reference.data; print([name for name in ('torch', 'matplotlib', 'spacy') if name in sys.modules])"
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_real_data_is_staged(tmp_path: Path) -> None:
    """On the original files: the known sizes."""
    shared = Path(__file__).parents[1].parent / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("the original data is not on this machine")
    folder = stage(find(shared, {}), None, tmp_path)
    with np.load(folder / "mnist.npz") as arrays:
        assert (len(arrays["train_images"]), len(arrays["test_images"])) == (60_000, 10_000)
        assert arrays["train_labels"][:5].tolist() == [5, 0, 4, 1, 9]
    assert [len(lines(folder, split, "de")) for split in SPLITS] == [29_000, 1_014, 1_000]
