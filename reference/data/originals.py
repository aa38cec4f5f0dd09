"""The original files: their names, where they are downloaded from, and what they must contain.

A checksum is of the unpacked content: the same text packed by another gzip is as good.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
)
MULTI30K_MIRRORS = ("https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw/",)


@dataclass(frozen=True, slots=True)
class Original:
    """One file. `checksum` is "sha256:…" or "md5:…" of the unpacked content."""

    name: str  # inside the data folder, packed
    mirrors: tuple[str, ...]
    checksum: str

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(mirror + Path(self.name).name for mirror in self.mirrors)

    def path(self, folder: Path) -> Path:
        return folder / self.name

    def plain_path(self, folder: Path) -> Path:
        return folder / self.name.removesuffix(".gz")

    def open(self, folder: Path) -> BinaryIO:
        """The unpacked content, as a stream."""
        if self.path(folder).is_file():
            return cast(BinaryIO, gzip.open(self.path(folder), "rb"))
        return self.plain_path(folder).open("rb")


TRAIN_IMAGES = Original(
    "mnist/train-images-idx3-ubyte.gz", MNIST_MIRRORS, "sha256:ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
)
TRAIN_LABELS = Original(
    "mnist/train-labels-idx1-ubyte.gz", MNIST_MIRRORS, "sha256:65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
)
TEST_IMAGES = Original(
    "mnist/t10k-images-idx3-ubyte.gz", MNIST_MIRRORS, "sha256:0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
)
TEST_LABELS = Original(
    "mnist/t10k-labels-idx1-ubyte.gz", MNIST_MIRRORS, "sha256:ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
)

TEXTS = {
    ("train", "de"): Original(
        "multi30k/train.de.gz", MULTI30K_MIRRORS, "sha256:2c2b73fd2b548fbcde3a875e0a78d6ee94d498bfdee6bd3eae3945779e9ddf72"
    ),
    ("train", "en"): Original(
        "multi30k/train.en.gz", MULTI30K_MIRRORS, "sha256:460a15fbd157e34a7a9957ee388c1ca247fe47af3ef25fb50442af6c274e0fc6"
    ),
    ("val", "de"): Original(
        "multi30k/val.de.gz", MULTI30K_MIRRORS, "sha256:660e09eb7e1da2f856ea13ee5ad3cf6d36b3d5b0b733c857e94c5747a3dfc660"
    ),
    ("val", "en"): Original(
        "multi30k/val.en.gz", MULTI30K_MIRRORS, "sha256:1f2a23d992769b5b3d209b0a10dd0b77c08cceb1f20dfb97ed0aafa49d107227"
    ),
    ("test2016", "de"): Original(
        "multi30k/test_2016_flickr.de.gz", MULTI30K_MIRRORS, "sha256:4be6b5b3236b79c25475c6bb829800a7ce559e9ba7a1f6c2394fe4d40be46d16"
    ),
    ("test2016", "en"): Original(
        "multi30k/test_2016_flickr.en.gz", MULTI30K_MIRRORS, "sha256:399a4382932c1aadd3ceb9bef1008d388a64c76d4ae4e9d4728c6f4301cac182"
    ),
}
FILES = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS, *TEXTS.values())
