"""Speaks ZeroMQ's protocol over one local socket, and never holds more of what arrives than it is allowed to.

libzmq puts a whole message together before anybody can count it, so that parts without an end fill the memory of who receives them. Here
a message over a limit is passed over as it arrives. Sends and receives messages of several parts; nothing blocks, and what a peer does
wrong ends the connection. ZMTP 3.0 without security (rfc.zeromq.org/spec/23), which every libzmq since version 4 speaks.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

_GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
_OLDEST = 3
_MORE, _LONG, _COMMAND = 1, 2, 4
_AT_ONCE = 256 << 10
_MOST_PARTS = 64
_LONGEST_COMMAND = 64 << 10


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came. Of one over the limit only the parts before the limit are there; `size` counts all bytes."""

    parts: tuple[bytes, ...]
    size: int
    whole: bool = True


class Peer:
    """A connection to a socket of libzmq's, as one of the type `kind`. OSError when nothing listens at `address`."""

    def __init__(self, address: str, kind: bytes, limit_bytes: int, identity: bytes = b"") -> None:
        self.broken = False
        self._limit = limit_bytes
        self._introduction = _frame(_COMMAND, b"\x05READY" + _property(b"Socket-Type", kind) + _property(b"Identity", identity))
        self._greeted = self._ready = False
        self._waiting: list[bytes] = []
        self._unsent = bytearray(_GREETING)
        self._heard = bytearray()
        self._flags = 0
        self._left: int | None = None  # bytes of the part that has begun
        self._part = bytearray()
        self._parts: list[bytes] = []
        self._size, self._passed_over = 0, False
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.setblocking(False)
            self._socket.connect(address)
        except OSError:
            self._socket.close()
            raise
        self.flush()

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def has_more_to_send(self) -> bool:
        return bool(self._unsent) and not self.broken

    def close(self) -> None:
        self._socket.close()

    def send(self, parts: list[bytes]) -> None:
        """Send a message, or keep it until the peer takes it."""
        self._waiting += [_frame(_MORE if number < len(parts) else 0, part) for number, part in enumerate(parts, 1)]
        self.flush()

    def flush(self) -> None:
        """Send as much of what was kept as the peer takes now."""
        if self._ready:
            self._unsent += b"".join(self._waiting)
            self._waiting.clear()
        try:
            while self._unsent and not self.broken:
                del self._unsent[: self._socket.send(memoryview(self._unsent)[:_AT_ONCE])]
        except BlockingIOError:
            pass
        except OSError:
            self.broken = True

    def receive(self) -> list[Received]:
        """The messages that the next bytes complete."""
        try:
            heard = self._socket.recv(_AT_ONCE)
        except BlockingIOError:
            return []
        except OSError:
            heard = b""
        if not heard:
            self.broken = True
            return []
        self._heard += heard
        if not self._greeted and not self._greeting():
            return []
        messages: list[Received] = []
        while self._heard and not self.broken and (self._left is not None or self._beginning()):
            assert self._left is not None
            taken = self._heard[: self._left]
            del self._heard[: len(taken)]
            self._left -= len(taken)
            if not self._passed_over:
                self._part += taken
            if self._left == 0 and (message := self._ending()) is not None:
                messages.append(message)
        return messages

    def _greeting(self) -> bool:
        """Whether the peer has introduced itself; it is told in turn as what this one speaks."""
        if len(self._heard) < len(_GREETING):
            return False
        said = bytes(self._heard[: len(_GREETING)])
        del self._heard[: len(_GREETING)]
        self._greeted = True
        self.broken = (said[0], said[9], said[12:32]) != (_GREETING[0], _GREETING[9], _GREETING[12:32]) or said[10] < _OLDEST
        self._unsent += self._introduction
        self.flush()
        return True

    def _beginning(self) -> bool:
        """Whether what precedes a part is there; decides whether the part is kept."""
        head = struct.Struct("!BQ" if self._heard[0] & _LONG else "!BB")
        if len(self._heard) < head.size:
            return False
        self._flags, self._left = head.unpack_from(self._heard)
        del self._heard[: head.size]
        if self._flags & _COMMAND:
            self.broken = self._left > _LONGEST_COMMAND
            return True
        self._size += self._left
        self._passed_over = self._size > self._limit or len(self._parts) >= _MOST_PARTS
        return True

    def _ending(self) -> Received | None:
        """The message that ends with this part, if one does."""
        part, self._part, self._left = bytes(self._part), bytearray(), None
        if self._flags & _COMMAND:
            if part.startswith(b"\x05READY"):
                self._ready = True
                self.flush()
            return None
        if not self._passed_over:
            self._parts.append(part)
        if self._flags & _MORE:
            return None
        message = Received(tuple(self._parts), self._size, not self._passed_over)
        self._parts.clear()
        self._size, self._passed_over = 0, False
        return message


def _frame(flags: int, content: bytes) -> bytes:
    if len(content) > 255:
        return struct.pack("!BQ", flags | _LONG, len(content)) + content
    return struct.pack("!BB", flags, len(content)) + content


def _property(name: bytes, value: bytes) -> bytes:
    return bytes([len(name)]) + name + struct.pack("!I", len(value)) + value
