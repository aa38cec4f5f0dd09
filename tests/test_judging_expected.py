"""Expected values that are computed once for all submissions."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograder.checks import Evidence
from autograder.model.execution import Ending, Execution
from autograder.model.submission import Notebook, Submission
from reference import masked_autoencoder
from reference.judging import expected


def test_the_reference_is_trained_once_for_all_judges(staged: Path, tmp_path: Path) -> None:
    """The second judge reads the first one's weights, which lie beside the staged data and give the same picture."""
    folder = tmp_path / "staged"
    folder.symlink_to(staged)
    submission = Submission("ann", "Ann", "hw4.ipynb", "", (), Notebook((), ()), b"")
    given = expected.Expected(Evidence(submission, Execution(Ending.FINISHED), "replay", "sample", folder, 0))
    image = np.asarray(masked_autoencoder.given_image())[0]
    expected._trained_autoencoder.cache_clear()
    first = given.reconstruct(image)
    (kept,) = tmp_path.glob("staged-*.npz")
    written = kept.stat().st_mtime_ns
    expected._trained_autoencoder.cache_clear()
    assert np.array_equal(given.reconstruct(image), first)
    assert kept.stat().st_mtime_ns == written
    expected._trained_autoencoder.cache_clear()
