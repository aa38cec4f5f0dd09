"""Which data is used: the named folder, the environment's, the cache, the sample, in this order."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from autograder.errors import AssignmentError
from reference.data import Source, find, where
from reference.data.originals import FILES


def filled(folder: Path, *, packed: bool = True) -> Path:
    for file in FILES:
        path = file.path(folder) if packed else file.plain_path(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(b"") if packed else b"")
    return folder


def test_the_named_folder_comes_first(tmp_path: Path) -> None:
    """--data wins over $HW4_DATA and the cache."""
    named, other = filled(tmp_path / "named"), filled(tmp_path / "other")
    environment = {"HW4_DATA": str(other), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    filled(where(environment))
    assert find(named, environment) == Source("multi30k+mnist", named.resolve())
    assert find(None, environment) == Source("multi30k+mnist", other.resolve())
    del environment["HW4_DATA"]
    assert find(None, environment) == Source("multi30k+mnist", where(environment))


def test_without_anything_the_sample_is_used(tmp_path: Path) -> None:
    """An empty or half-filled cache is passed over: nobody named it."""
    environment = {"XDG_CACHE_HOME": str(tmp_path)}
    assert find(None, environment) == Source("embedded sample")
    folder = filled(where(environment))
    FILES[0].path(folder).unlink()
    assert find(None, environment) == Source("embedded sample")


def test_plain_files_will_do(tmp_path: Path) -> None:
    """Unpacked files are as good as packed ones."""
    assert find(filled(tmp_path, packed=False), {}).folder == tmp_path.resolve()


@pytest.mark.parametrize("by_option", [True, False])
def test_a_wrong_folder_is_refused_in_a_sentence(tmp_path: Path, by_option: bool) -> None:
    """The message names the folder, who named it, what is missing and what to do."""

    def refused(folder: Path) -> str:
        with pytest.raises(AssignmentError) as caught:
            find(folder if by_option else None, {} if by_option else {"HW4_DATA": str(folder)})
        return str(caught.value)

    name = "--data" if by_option else "$HW4_DATA"
    absent = refused(tmp_path / "absent")
    assert str(tmp_path / "absent") in absent
    assert name in absent
    assert "does not exist" in absent
    folder = filled(tmp_path / "folder")
    FILES[4].path(folder).unlink()
    lacking = refused(folder)
    assert "multi30k/train.de.gz" in lacking
    assert "data fetch" in lacking
    assert name in lacking


def test_the_cache_folder_is_in_the_home_folder_unless_the_environment_says_otherwise() -> None:
    """XDG_CACHE_HOME moves it."""
    assert where({}) == where() == Path.home() / ".cache" / "autograder" / "data"
    assert where({"XDG_CACHE_HOME": "/elsewhere"}) == Path("/elsewhere/autograder/data")
