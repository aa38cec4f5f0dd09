"""Downloads the original files and checks them. What was interrupted goes on where it stopped."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from autograder.errors import HarnessError
from reference.data.originals import FILES, Original

CHUNK = 1 << 16
TIMEOUT_SECONDS = 30
ATTEMPTS = 3  # of each mirror; each goes on where the last one stopped
AGENT = "homework-4-data/1"  # the default one of urllib is turned away by some servers

Progress = Callable[[str, int, int], None]  # file name, bytes there, bytes in all (as many as there are when the server does not say)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def verify(folder: Path, *, files: Sequence[Original] = FILES) -> list[str]:
    """What is wrong with the original files in `folder`: one sentence a file; none when all are complete and unchanged."""
    return [problem for file in files if (problem := _problem(file, folder))]


def fetch(folder: Path, progress: Progress, *, files: Sequence[Original] = FILES, attempts: int = ATTEMPTS) -> Path:
    """Download into `folder` what is missing or damaged, and return it; HarnessError when a file cannot be had from any mirror."""
    for file in files:
        if _problem(file, folder):
            _fetch(file, folder, progress, attempts)
    return folder


def _fetch(file: Original, folder: Path, progress: Progress, attempts: int) -> None:
    path = file.path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    causes: list[str] = []
    for url in file.urls:
        for _ in range(attempts):
            try:
                _download(url, part, lambda done, total: progress(file.name, done, total))
            except (OSError, http.client.HTTPException) as error:  # URLError is an OSError; the connection may also break while reading
                causes.append(f"{url}: {getattr(error, 'reason', error)}")
                if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                    break  # not there, or not for us: asking again does not help
                continue
            found = _checksum(file, part)
            if found == file.checksum:
                part.replace(path)
                return
            part.unlink()
            causes.append(f"{url}: the content is not the expected one ({found})")
            break
    raise HarnessError(f"{file.name} could not be downloaded. " + "; ".join(causes) + ". Try again later, or copy the file there by hand.")


def _download(url: str, part: Path, progress: Callable[[int, int], None]) -> None:
    """Append what `part` lacks. A server that ignores the range sends all of it again."""
    done = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": AGENT} | ({"Range": f"bytes={done}-"} if done else {})
    try:
        response = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        error.close()
        return  # nothing is left to send: the checksum tells whether what is there is right
    with response:
        if response.status != http.HTTPStatus.PARTIAL_CONTENT:
            done = 0
        length = response.headers.get("Content-Length")
        total = done + int(length) if length else None
        with part.open("ab" if done else "wb") as stream:
            for chunk in _chunks(response):
                stream.write(chunk)
                done += len(chunk)
                progress(done, done if total is None else total)
    if total is not None and done < total:
        raise ConnectionError(f"the connection ended after {done} of {total} bytes")


def _problem(file: Original, folder: Path) -> str:
    present = next((path for path in (file.path(folder), file.plain_path(folder)) if path.is_file()), None)
    if present is None:
        return f"{file.path(folder)} is missing."
    found = _checksum(file, present)
    return "" if found == file.checksum else f"{present} is not the original ({found}, not {file.checksum})."


def _checksum(file: Original, path: Path) -> str:
    """Of the unpacked content; "unreadable" when it cannot be unpacked."""
    digest = hashlib.new(file.checksum.partition(":")[0])
    try:
        with path.open("rb") as packed:
            is_packed = packed.read(2) == b"\x1f\x8b"
            packed.seek(0)
            for chunk in _chunks(gzip.GzipFile(fileobj=packed) if is_packed else packed):
                digest.update(chunk)
    except (OSError, EOFError) as error:
        return f"unreadable: {error}"
    return f"{digest.name}:{digest.hexdigest()}"


def _chunks(stream: _Readable) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
