"""Speaks Jupyter's protocol with one kernel over its sockets, without an event loop, so that any thread can.

Receives code and a deadline, hands each message to a listener, returns how the execution ended. Refuses to wait past the deadline and to
hold messages over the size limit. Signatures are not verified: whoever could forge a message runs in the kernel already.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from jupyter_client.session import Session

from autograder.kernel import claims
from autograder.kernel.frames import Peer, Received
from autograder.kernel.isolation.pinned import PinnedSockets

MESSAGE_LIMIT_MB = 32  # an honest notebook's largest is 12 MB
_EVERYTHING = b"\1"  # what is subscribed to: every topic
_REPLY_SECONDS = 10.0  # a kernel that says it is idle has sent its reply before
_DYING_SECONDS = 2.0
_CALMING_SECONDS = 3.0
_DELIMITER = b"<IDS|MSG>"


class How(Enum):
    REPLIED = "replied"
    TIMED_OUT = "timed out"
    STOPPED = "stopped"  # the listener asked for it
    UNRESPONSIVE = "unresponsive"  # it went on after the interrupt: only killing helps
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Message:
    """What a kernel published. `content` is parsed on demand; it is empty, and no `buffers` are there, where the message was too large.

    `size` is in bytes as it came.
    """

    kind: str
    parent: str
    raw: bytes = field(repr=False)
    size: int = 0
    buffers: tuple[bytes, ...] = field(default=(), repr=False)

    def content(self) -> dict[str, Any]:
        """The message's content; an empty one where it is not an object."""
        with suppress(ValueError, RecursionError):
            content = claims.parsed(self.raw)
            if isinstance(content, dict):
                return content
        return {}


@dataclass(frozen=True, slots=True)
class Ran:
    """How an execution ended: `error` has name, value and traceback lines when the code raised; `lost` when output did not come through."""

    how: How
    seconds: float
    error: tuple[str, str, tuple[str, ...]] | None = None
    lost: bool = False


Listener = Callable[[Message], bool]  # False: stop the execution


class Conversation:
    """The sockets to one kernel. Use from one thread only. OSError where nothing listens at one of them."""

    def __init__(self, connection: Mapping[str, Any], alive: Callable[[], bool], sockets: PinnedSockets) -> None:
        self._alive, self._sockets = alive, sockets
        self._session = Session(key=str(connection["key"]).encode(), signature_scheme=connection["signature_scheme"])
        with ExitStack() as opened:

            def connected(port: str, kind: bytes) -> Peer:
                peer = Peer(sockets.address(socket_path(connection, port)), kind, MESSAGE_LIMIT_MB << 20, self._session.bsession)
                opened.callback(peer.close)
                return peer

            self._shell = connected("shell_port", b"DEALER")
            self._control = connected("control_port", b"DEALER")
            self._published = connected("iopub_port", b"SUB")
            self._open = opened.pop_all()
        self._published.send([_EVERYTHING])

    def close(self) -> None:
        self._open.close()
        self._sockets.close()

    def wait_until_ready(self, deadline: float) -> bool:
        """Whether the kernel answered on both sockets before `deadline` (monotonic seconds)."""
        heard: set[Peer] = set()
        asked = 0.0
        while time.monotonic() < deadline and self._alive() and not self._shell.broken:
            if time.monotonic() - asked > 0.1:
                self._request(self._shell, "kernel_info_request", {})
                asked = time.monotonic()
            for peer in self._ready(100):
                if peer.receive():
                    heard.add(peer)
            if {self._shell, self._published} <= heard:
                self._drain(deadline)
                return True
        return False

    def execute(self, code: str, deadline: float, listen: Listener, *, silent: bool = False, grace_seconds: float = 5.0) -> Ran:
        """Run `code`; at the deadline, or when `listen` returns False, interrupt it, and give it some seconds to end.

        `silent`: as the harness' own doing, which is neither counted nor kept in the notebook's history.
        """
        start = time.monotonic()
        identity = self._request(self._shell, "execute_request", _execution(code, silent))
        error: tuple[str, str, tuple[str, ...]] | None = None
        replied = idle = interrupted = False
        cause: How | None = None
        patience = deadline
        while not (replied and idle):
            now = time.monotonic()
            if now >= patience:
                if replied or interrupted:
                    break  # after a reply, the idle message may have been dropped
                cause = cause or How.TIMED_OUT
                self.interrupt()
                interrupted, patience = True, now + grace_seconds
            ready = self._ready(int(min(200.0, max(1.0, (patience - now) * 1000))))
            if not ready and not self._alive():
                return Ran(How.DIED, time.monotonic() - start, error)
            if self._shell.broken and not replied:  # it has closed the socket on which it would reply, or is about to be gone
                return Ran(How.UNRESPONSIVE if self._goes_on() else How.DIED, time.monotonic() - start, error)
            for message in self._heard(self._published) if self._published in ready else ():
                if message.parent != identity:
                    continue
                if message.kind == "status":
                    idle = idle or message.content().get("execution_state") == "idle"
                    if idle and not replied:
                        patience = min(patience, now + _REPLY_SECONDS)
                elif not listen(message) and cause is None and not replied:
                    cause, patience = How.STOPPED, now
            for message in self._heard(self._shell) if self._shell in ready else ():
                if message.parent == identity and message.kind == "execute_reply" and not replied:
                    replied, error, patience = True, _error(message.content()), time.monotonic() + 1.0
        seconds = time.monotonic() - start
        if not replied:
            return Ran(How.UNRESPONSIVE, seconds, error)
        if cause is How.STOPPED and not self._is_calm():  # a thread of the cell's goes on, and would slow all that follows
            return Ran(How.UNRESPONSIVE, seconds, error)
        return Ran(cause if cause is not None and error is not None else How.REPLIED, seconds, error, lost=not idle)

    def interrupt(self) -> None:
        """Ask the kernel by message to interrupt what it runs."""
        self._request(self._control, "interrupt_request", {})

    def _request(self, peer: Peer, kind: str, content: dict[str, Any]) -> str:
        """Send a request; its identity, which what it causes names as its parent."""
        request = self._session.msg(kind, content)
        peer.send(self._session.serialize(request))
        return str(request["header"]["msg_id"])

    def _ready(self, milliseconds: int) -> list[Peer]:
        """The sockets on which something has arrived, once there is one or the time is over. What waits to be sent is sent meanwhile."""
        poller = select.poll()
        peers = {peer.fileno(): peer for peer in (self._shell, self._control, self._published) if not peer.broken}
        for number, peer in peers.items():
            poller.register(number, select.POLLIN | (select.POLLOUT if peer.has_more_to_send else 0))
        ready = []
        for number, event in poller.poll(milliseconds):
            if event & select.POLLOUT:
                peers[number].flush()
            if event & ~select.POLLOUT:
                ready.append(peers[number])
        return ready

    def _goes_on(self) -> bool:
        """Whether the kernel is still there after some time in which it may end."""
        until = time.monotonic() + _DYING_SECONDS
        while self._alive() and time.monotonic() < until:
            time.sleep(0.02)
        return self._alive()

    def _is_calm(self) -> bool:
        """Whether the kernel, asked something small, publishes soon that it is idle again."""
        identity = self._request(self._shell, "kernel_info_request", {})
        until = time.monotonic() + _CALMING_SECONDS
        while time.monotonic() < until and self._alive() and not self._published.broken:
            ready = self._ready(50)
            if self._shell in ready:
                self._shell.receive()
            for message in self._heard(self._published) if self._published in ready else ():
                if message.parent == identity and message.kind == "status" and message.content().get("execution_state") == "idle":
                    return True
        return False

    def _drain(self, deadline: float) -> None:
        while time.monotonic() < deadline and (ready := self._ready(20)):
            for peer in ready:
                peer.receive()

    def _heard(self, peer: Peer) -> Iterator[Message]:
        return (_message(received) for received in peer.receive())


def _message(received: Received) -> Message:
    """What was received, as far as it is a message of Jupyter's; of one over the limit, its kind and parent at most."""
    parts = received.parts
    try:
        at = parts.index(_DELIMITER)
        header, parent = claims.parsed(parts[at + 2]), claims.parsed(parts[at + 3])
        content, buffers = (parts[at + 5], parts[at + 6 :]) if received.whole else (b"", ())
        if not isinstance(header, dict) or not isinstance(parent, dict):
            raise ValueError("not a message")
        return Message(str(header["msg_type"]), str(parent.get("msg_id", "")), content, received.size, buffers)
    except (ValueError, LookupError, RecursionError):
        return Message("unreadable", "", b"", received.size)


def socket_path(connection: Mapping[str, Any], port: str) -> Path:
    """Where a kernel makes one of its sockets, as it knows the place."""
    return Path(f"{connection['ip']}-{connection[port]}")


def _execution(code: str, silent: bool) -> dict[str, Any]:
    return {
        "code": code,
        "silent": silent,
        "store_history": not silent,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": False,
    }


def _error(reply: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]] | None:
    if reply.get("status") == "ok":
        return None
    lines = reply.get("traceback")
    return (
        str(reply.get("ename", "Error"))[:200],
        str(reply.get("evalue", ""))[:2000],
        tuple(str(line)[:4000] for line in lines[:400]) if isinstance(lines, list) else (),
    )
