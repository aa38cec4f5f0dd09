"""Speaks Jupyter's protocol with one kernel over its sockets, without an event loop, so that any thread can.

Receives code and a deadline, hands each message to a listener, returns how the execution ended. Refuses to wait past the deadline and to
read single messages over the size limit. Signatures are not verified: whoever could forge a message runs in the kernel already.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.session import Session

from autograder.kernel.isolation.pinned import PinnedSockets

USED = ("shell_port", "control_port", "iopub_port")
MESSAGE_LIMIT_MB = 96
_AT_ONCE, _AT_ONCE_MB = 200, 128
_REPLY_SECONDS = 10.0  # a kernel that says it is idle has sent its reply before
_DELIMITER = b"<IDS|MSG>"


class How(Enum):
    REPLIED = "replied"
    TIMED_OUT = "timed out"
    STOPPED = "stopped"  # the listener asked for it
    UNRESPONSIVE = "unresponsive"  # it went on after the interrupt: only killing helps
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Message:
    """What a kernel published. `content` is parsed on demand; `size` is in bytes as it came."""

    kind: str
    parent: str
    raw: bytes = field(repr=False)
    size: int = 0

    def content(self) -> dict[str, Any]:
        """The message's content; an empty one where it is not an object."""
        with suppress(ValueError, RecursionError):
            content = json.loads(self.raw)
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
    """The sockets to one kernel. Use from one thread only."""

    def __init__(self, connection: Mapping[str, Any], alive: Callable[[], bool], sockets: PinnedSockets) -> None:
        self._alive, self._sockets = alive, sockets
        self._context = zmq.Context()
        self._session = Session(key=str(connection["key"]).encode(), signature_scheme=connection["signature_scheme"])
        self._shell = self._socket(zmq.DEALER, connection, "shell_port")
        self._control = self._socket(zmq.DEALER, connection, "control_port")
        self._connection = connection
        self._poller = zmq.Poller()
        self._poller.register(self._shell, zmq.POLLIN)
        self._published = self._subscribed()

    def close(self) -> None:
        self._context.destroy(linger=0)
        self._sockets.close()

    def wait_until_ready(self, deadline: float) -> bool:
        """Whether the kernel answered on both sockets before `deadline` (monotonic seconds)."""
        heard: set[zmq.Socket[bytes]] = set()
        while time.monotonic() < deadline and self._alive():
            self._session.send(self._shell, "kernel_info_request", {})
            ready = dict(self._poller.poll(100))
            for socket in ready:
                if self._several(socket):
                    heard.add(socket)
            if len(heard) == 2:
                self._drain(deadline)
                return True
        return False

    def execute(self, code: str, deadline: float, listen: Listener, *, history: bool, grace_seconds: float = 5.0) -> Ran:
        """Run `code`; at the deadline, or when `listen` returns False, interrupt it, and give it some seconds to end."""
        start = time.monotonic()
        request = self._session.msg("execute_request", _request(code, history))
        self._session.send(self._shell, request)
        identity = request["header"]["msg_id"]
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
            ready = dict(self._poller.poll(int(min(200.0, max(1.0, (patience - now) * 1000)))))
            if not ready and not self._alive():
                return Ran(How.DIED, time.monotonic() - start, error)
            if self._published in ready:
                for message in self._several(self._published):
                    if message.parent != identity:
                        continue
                    if message.kind == "status":
                        idle = idle or message.content().get("execution_state") == "idle"
                        if idle and not replied:
                            patience = min(patience, now + _REPLY_SECONDS)
                    elif not listen(message) and cause is None and not replied:
                        cause, patience = How.STOPPED, now
            if self._shell in ready:
                for message in self._several(self._shell):
                    if message.parent == identity and message.kind == "execute_reply" and not replied:
                        replied, error, patience = True, _error(message.content()), time.monotonic() + 1.0
        seconds = time.monotonic() - start
        if not replied:
            return Ran(How.UNRESPONSIVE, seconds, error)
        if not idle:
            self._subscribe_anew()
        return Ran(cause if cause is not None and error is not None else How.REPLIED, seconds, error, lost=not idle)

    def interrupt(self) -> None:
        """Ask the kernel by message to interrupt what it runs."""
        self._session.send(self._control, "interrupt_request", {})

    def _socket(self, kind: int, connection: Mapping[str, Any], port: str) -> zmq.Socket[bytes]:
        socket = self._context.socket(kind)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVHWM, 2000)
        socket.setsockopt(zmq.MAXMSGSIZE, MESSAGE_LIMIT_MB << 20)
        if kind == zmq.DEALER:
            socket.setsockopt(zmq.IDENTITY, self._session.bsession)
        socket.connect(f"ipc://{self._sockets.address(socket_path(connection, port))}")
        return socket

    def _subscribed(self) -> zmq.Socket[bytes]:
        socket = self._socket(zmq.SUB, self._connection, "iopub_port")
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        self._poller.register(socket, zmq.POLLIN)
        return socket

    def _subscribe_anew(self) -> None:
        """A message over the size limit makes zmq close a socket for good: nothing that is published later would be heard."""
        self._poller.unregister(self._published)
        self._published.close(linger=0)
        self._published = self._subscribed()
        self.wait_until_ready(time.monotonic() + _REPLY_SECONDS)

    def _drain(self, deadline: float) -> None:
        while time.monotonic() < deadline and (ready := dict(self._poller.poll(20))):
            for socket in ready:
                self._several(socket)

    def _several(self, socket: zmq.Socket[bytes]) -> list[Message]:
        """What lies ready, but not so much that a deadline could be missed or memory filled."""
        messages: list[Message] = []
        while len(messages) < _AT_ONCE and sum(message.size for message in messages) < _AT_ONCE_MB << 20:
            message = self._receive(socket)
            if message is None:
                break
            messages.append(message)
        return messages

    def _receive(self, socket: zmq.Socket[bytes]) -> Message | None:
        try:
            frames = socket.recv_multipart(flags=zmq.NOBLOCK)
        except zmq.Again:
            return None
        try:
            at = frames.index(_DELIMITER)
            header, parent, _, content = json.loads(frames[at + 2]), json.loads(frames[at + 3]), frames[at + 4], frames[at + 5]
            return Message(str(header["msg_type"]), str(parent.get("msg_id", "")), content, len(content))
        except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
            return Message("unreadable", "", b"", 0)


def socket_path(connection: Mapping[str, Any], port: str) -> Path:
    """Where a kernel makes one of its sockets, as it knows the place."""
    return Path(f"{connection['ip']}-{connection[port]}")


def _request(code: str, history: bool) -> dict[str, Any]:
    return {
        "code": code,
        "silent": False,
        "store_history": history,
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
