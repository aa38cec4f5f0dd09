"""The tiny assignment needs only its numbers."""

from pathlib import Path


def prepare(data_folder, settings, namespace):
    namespace["NUMBERS"] = [int(line) for line in Path(data_folder, "numbers.txt").read_text().splitlines()]
