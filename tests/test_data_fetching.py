"""Downloads from a server on this machine that understands ranges, breaks off, lies and is slow to answer rightly."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from autograder.errors import HarnessError
from reference.data.fetching import fetch, verify
from reference.data.originals import FILES, Original

CONTENT = b"Ein Hund spielt im Park.\n" * 20_000
PACKED = gzip.compress(CONTENT, compresslevel=0)  # large enough for several reads
CHECKSUM = "sha256:" + hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """`asked` lists the path and range of each request; `break_after` bytes the connection ends, once for each in the list."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None]] = []
        self.break_after: list[int] = []
        self.files = {"/good/file.gz": PACKED, "/wrong/file.gz": gzip.compress(b"something else")}
        self.ranges = True

    def mirror(self, folder: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{folder}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path, wanted))
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.server.ranges else 0
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if wanted and self.server.ranges else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = len(content)
        if self.server.break_after:
            end = min(end, start + self.server.break_after.pop(0))
        self.wfile.write(content[start:end])
        self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def silent(name: str, done: int, total: int) -> None:
    pass


def original(server: Server, *folders: str) -> Original:
    return Original("multi30k/file.gz", tuple(server.mirror(folder) for folder in folders), CHECKSUM)


def test_a_file_is_downloaded_and_checked(server: Server, tmp_path: Path) -> None:
    """It lies in its place, progress counted up to its size, and nothing else is left."""
    steps: list[tuple[str, int, int]] = []
    file = original(server, "good")
    assert fetch(tmp_path, lambda *step: steps.append(step), files=[file]) == tmp_path
    assert file.path(tmp_path).read_bytes() == PACKED
    assert [path.name for path in tmp_path.rglob("*.*")] == ["file.gz"]
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert steps[-1] == ("multi30k/file.gz", len(PACKED), len(PACKED))
    assert len(steps) > 1
    assert verify(tmp_path, files=[file]) == []


def test_what_is_there_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    """A second fetch makes no request, nor is one made for an unpacked file."""
    file = original(server, "good")
    file.plain_path(tmp_path).parent.mkdir()
    file.plain_path(tmp_path).write_bytes(CONTENT)
    fetch(tmp_path, silent, files=[file])
    assert server.asked == []


def test_a_broken_connection_is_resumed(server: Server, tmp_path: Path) -> None:
    """The second request asks for the rest only, and the file is whole."""
    server.break_after = [100_000]
    file = original(server, "good")
    fetch(tmp_path, silent, files=[file])
    assert server.asked == [("/good/file.gz", None), ("/good/file.gz", "bytes=100000-")]
    assert file.path(tmp_path).read_bytes() == PACKED


def test_a_later_run_goes_on_where_the_first_stopped(server: Server, tmp_path: Path) -> None:
    """What a given-up download has left is kept for the next one."""
    server.break_after = [1000]
    file = original(server, "good")
    with pytest.raises(HarnessError):
        fetch(tmp_path, silent, files=[file], attempts=1)
    fetch(tmp_path, silent, files=[file])
    assert server.asked[1:] == [("/good/file.gz", "bytes=1000-")]
    assert verify(tmp_path, files=[file]) == []


def test_a_complete_part_is_only_checked(server: Server, tmp_path: Path) -> None:
    """A run that ended between the last byte and the check costs no second download."""
    file = original(server, "good")
    part = tmp_path / "multi30k" / "file.gz.part"
    part.parent.mkdir()
    part.write_bytes(PACKED)
    fetch(tmp_path, silent, files=[file])
    assert file.path(tmp_path).read_bytes() == PACKED
    assert not part.exists()


def test_a_server_without_ranges_sends_all_again(server: Server, tmp_path: Path) -> None:
    """Its answer replaces what was there instead of being appended."""
    server.ranges, server.break_after = False, [5000]
    file = original(server, "good")
    fetch(tmp_path, silent, files=[file])
    assert file.path(tmp_path).read_bytes() == PACKED


def test_a_wrong_content_is_thrown_away_and_the_next_mirror_asked(server: Server, tmp_path: Path) -> None:
    """Neither it nor a part of it is kept."""
    file = original(server, "wrong", "good")
    fetch(tmp_path, silent, files=[file])
    assert [path for path, _ in server.asked] == ["/wrong/file.gz", "/good/file.gz"]
    assert verify(tmp_path, files=[file]) == []


def test_when_no_mirror_has_it_the_message_names_them(server: Server, tmp_path: Path) -> None:
    """Each address with its cause, and what to do; a 404 is not asked for again."""
    file = original(server, "absent", "wrong")
    with pytest.raises(HarnessError) as caught:
        fetch(tmp_path, silent, files=[file])
    message = str(caught.value)
    assert "multi30k/file.gz could not be downloaded" in message
    assert "absent/file.gz: Not Found" in message
    assert "wrong/file.gz: the content is not the expected one" in message
    assert len(server.asked) == 2
    assert list((tmp_path / "multi30k").iterdir()) == []


def test_verify_says_what_is_missing_or_damaged(server: Server, tmp_path: Path) -> None:
    """One sentence a file."""
    file = original(server, "good")
    assert "is missing" in verify(tmp_path, files=[file])[0]
    file.path(tmp_path).parent.mkdir()
    file.path(tmp_path).write_bytes(PACKED[:5000])
    assert "is not the original (unreadable" in verify(tmp_path, files=[file])[0]
    file.path(tmp_path).write_bytes(gzip.compress(b"other"))
    assert "is not the original (sha256:" in verify(tmp_path, files=[file])[0]


def test_the_real_files_are_the_originals() -> None:
    """The checksums are those of the files that the homework uses."""
    shared = Path(__file__).parents[1].parent / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("the original data is not on this machine")
    assert verify(shared) == []


def test_every_file_has_addresses_and_a_checksum() -> None:
    """Ten files, each with a mirror that is reached over the network's usual protocols."""
    assert len(FILES) == 10
    for file in FILES:
        assert file.urls
        assert all(url.startswith(("https://", "http://")) and url.endswith(".gz") for url in file.urls)
        assert len(file.checksum) == len("sha256:") + 64
