"""Things that no student may reach, each with a value drawn for this run, and a look for those values in everything that came back."""

from __future__ import annotations

import base64
import codecs
import os
import secrets
import selectors
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from submissions.case import ROOT

# Lines of hidden files that stand nowhere in what a student or a report is given.
HIDDEN = {
    "the hidden checks": ("tests/checks/q1_1.py", "def check_zeroes_left_half(student: Student"),
    "the reference": ("reference/judging/masking.py", "def from_the_test_set("),
}
SECRET_NAME = "AUTOGRADER_CANARY"  # the grader's own environment


@dataclass(frozen=True)
class Canaries:
    """`values` by what they stand in; `places` is what an attack is told."""

    values: Mapping[str, str]
    places: Mapping[str, object]
    kept: Mapping[Path, bytes]  # files that must stay as they are
    listeners: Listeners

    def problems(self, returned: Mapping[str, bytes]) -> list[str]:
        """What was reached: read, connected to, or changed."""
        found = []
        for name, value in self.values.items():
            looks = forms(value)
            for place, content in returned.items():
                if any(look in content for look in looks):
                    found.append(f"{name} was read: it stands in {place}")
                    break
        found += [f"{said} arrived at a listener of the grader's" for said in self.listeners.heard()]
        for path, content in self.kept.items():
            if not path.exists():
                found.append(f"{path.name} of another submission is gone")
            elif path.read_bytes() != content:
                found.append(f"{path.name} of another submission was changed")
        for folder in {path.parent for path in self.kept}:
            known = {path.name for path in self.kept if path.parent == folder}
            found += [f"{name} was put beside files of another submission" for name in sorted(set(os.listdir(folder)) - known)]
        self._restore()
        return found

    def _restore(self) -> None:
        """So that what one attack did is not told of the next."""
        for path, content in self.kept.items():
            for other in path.parent.iterdir():
                if other not in self.kept:
                    shutil.rmtree(other) if other.is_dir() and not other.is_symlink() else other.unlink()
            path.unlink(missing_ok=True)
            path.write_bytes(content)
            path.chmod(0o600)


def forms(value: str) -> list[bytes]:
    """A value as it is, and as somebody would write it who hides it."""
    plain = value.encode()
    shifted = [base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4] for shift in range(3)]
    written = [plain, plain[::-1], plain.hex().encode(), codecs.encode(value, "rot13").encode(), plain.upper(), " ".join(value).encode()]
    return [*written, *shifted, ", ".join(str(number) for number in plain).encode()]


class Listeners:
    """Sockets of the grader's that nobody should reach: TCP, UDP, an abstract name and a file."""

    def __init__(self, folder: Path) -> None:
        self._selector = selectors.DefaultSelector()
        self._heard: list[str] = []
        self._lock = threading.Lock()
        abstract = f"\0autograder-canary-{secrets.token_hex(6)}"
        self.path = folder / "listener"
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        named, hidden = (socket.socket(socket.AF_UNIX) for _ in range(2))
        named.bind(str(self.path))
        hidden.bind(abstract)
        self.places = {"tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1], "abstract": abstract, "socket": str(self.path)}
        for each, name in ((tcp, "a TCP connection"), (udp, "a UDP packet"), (named, "a connection by path"), (hidden, "an abstract one")):
            if each is not udp:
                each.listen()
            each.setblocking(False)
            self._selector.register(each, selectors.EVENT_READ, name)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="canary-listeners", daemon=True)
        self._thread.start()

    def heard(self) -> list[str]:
        """What arrived since this was asked last."""
        with self._lock:
            heard, self._heard = self._heard, []
        return heard

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()

    def _listen(self) -> None:
        while not self._ended.is_set():
            for key, _ in self._selector.select(0.2):
                each = key.fileobj
                assert isinstance(each, socket.socket)
                if each.type == socket.SOCK_DGRAM:
                    each.recv(1000)
                else:
                    each.accept()[0].close()
                with self._lock:
                    self._heard.append(str(key.data))


@contextmanager
def planted(out: Path) -> Iterator[Canaries]:
    """Canaries in every place, and nothing of them afterwards. The environment of this process must hold `SECRET_NAME` already."""
    drawn = {name: f"canary{secrets.token_hex(10)}" for name in ("a result", "another run", "a file of the grader's user")}
    home = Path(tempfile.mkdtemp(prefix=".autograder-canary-", dir=Path.home()))
    another = Path(tempfile.mkdtemp(prefix="ag-", dir=tempfile.gettempdir()))
    files = {
        "a result": out / "another-student" / "report.json",
        "another run": another / "work" / "answer.txt",
        "a file of the grader's user": home / "private" / "notes.txt",
    }
    for name, path in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(drawn[name], encoding="utf-8")
        path.chmod(0o600)
    hidden = {name: str(ROOT / path) for name, (path, _) in HIDDEN.items()}
    listeners = Listeners(home)
    values = {**drawn, "the grader's environment": os.environ[SECRET_NAME], **{name: line for name, (_, line) in HIDDEN.items()}}
    places = {"files": [*map(str, files.values()), *hidden.values()], "out": str(out), "root": str(ROOT), "grader": os.getpid()}
    try:
        yield Canaries(values, {**places, **listeners.places}, {path: path.read_bytes() for path in files.values()}, listeners)
    finally:
        listeners.close()
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(another, ignore_errors=True)
