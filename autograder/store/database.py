"""Opens grades.db: SQLite with a write-ahead log, so that what was committed survives the end of the process at any moment.

Raises `AssignmentError` when the file is no database of ours, was made by a later version, or cannot be written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import AssignmentError

FILE = "grades.db"
SCHEMA = Path(__file__).with_name("schema.sql")
SCHEMA_VERSION = 1
_APPLICATION = 0x41475244  # tells our files from other programs' databases
_BUSY_SECONDS = 30.0


def connect(folder: Path) -> sqlite3.Connection:
    """The database of a results folder, made where there is none."""
    path = folder / FILE
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        is_new = _is_new(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # enough against the end of a process; a power cut may cost the last grades
        connection.execute("PRAGMA foreign_keys = ON")
        if is_new:
            with transaction(connection):
                _make(connection)
    except sqlite3.Error as error:
        raise AssignmentError(f"{path}: cannot be used ({error}). Move it away, or name another folder with --out.") from error
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing of what is written through it."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def _is_new(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether there is nothing in it yet; AssignmentError where there is what we have not made."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and (application, version) != (_APPLICATION, SCHEMA_VERSION):
        raise AssignmentError(f"{path}: not made by this version of the program. Move it away, or name another folder with --out.")
    return not tables


def _make(connection: sqlite3.Connection) -> None:
    for statement in SCHEMA.read_text(encoding="utf-8").split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
