"""What a kernel sends is taken apart as libzmq would, and held no further than it may be."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import zmq
from processes import eventually

from autograder.kernel.frames import Peer, Received

LIMIT = 1 << 20
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
READY = b"\x04\x06\x05READY"
PART = b"\x01\xff" + bytes(255)  # another one follows


def heard(peer: Peer, count: int, seconds: float = 60) -> list[Received]:
    messages: list[Received] = []
    until = time.monotonic() + seconds
    while len(messages) < count and time.monotonic() < until and not peer.broken:
        peer.flush()
        messages += peer.receive()
        time.sleep(0.001)
    return messages


def arrived(place: zmq.Socket[bytes], peer: Peer) -> list[bytes]:
    """What comes to one of libzmq's sockets, while the peer is given time to introduce itself."""

    def there() -> bool:
        peer.flush()
        peer.receive()
        return bool(place.poll(1))

    assert eventually(there)
    return place.recv_multipart()


@contextmanager
def raw(place: Path, *pieces: bytes) -> Iterator[Peer]:
    """A peer of somebody who says these bytes and nothing else; the last one again and again."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen()
        peer = Peer(str(place), b"DEALER", LIMIT)
        other, _ = listener.accept()

        def say() -> None:
            try:
                for piece in pieces:
                    other.sendall(piece)
                while pieces[-1] is PART:
                    other.sendall(PART * 1000)
            except OSError:
                pass  # the peer has gone

        speaker = threading.Thread(target=say)
        speaker.start()
        try:
            yield peer
        finally:
            peer.close()
            other.shutdown(socket.SHUT_RDWR)
            speaker.join()
            other.close()


@pytest.mark.parametrize("size", [0, 1, 255, 256, 300_000])
def test_libzmq_is_understood_and_understands(tmp_path: Path, size: int) -> None:
    """Messages of several parts, short and long, arrive as they were sent, in both directions."""
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.bind(f"ipc://{tmp_path}/s")
        peer = Peer(f"{tmp_path}/s", b"DEALER", LIMIT, b"me")
        parts = [b"x" * size, b"", b"end"]
        peer.send(parts)
        assert arrived(router, peer) == [b"me", *parts]
        router.send_multipart([b"me", *parts])
        assert heard(peer, 1) == [Received(tuple(parts), size + 3)]
        peer.close()


def test_a_subscription_hears_everything(tmp_path: Path) -> None:
    """As one to a kernel's publishing socket does."""
    with zmq.Context() as context, context.socket(zmq.XPUB) as publisher:
        publisher.bind(f"ipc://{tmp_path}/s")
        peer = Peer(f"{tmp_path}/s", b"SUB", LIMIT)
        peer.send([b"\1"])
        assert arrived(publisher, peer) == [b"\1"]
        publisher.send_multipart([b"topic", b"said"])
        assert heard(peer, 1) == [Received((b"topic", b"said"), 9)]
        peer.close()


def test_what_comes_after_a_message_over_the_limit_is_heard(tmp_path: Path) -> None:
    """Of the message itself, what came before the limit is there, and how large it was."""
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.bind(f"ipc://{tmp_path}/s")
        peer = Peer(f"{tmp_path}/s", b"DEALER", LIMIT, b"me")
        peer.send([b"here"])
        assert arrived(router, peer) == [b"me", b"here"]  # what is sent to somebody unknown would be lost
        router.send_multipart([b"me", b"head", bytes(2 * LIMIT), b"tail"])
        router.send_multipart([b"me", b"next"])
        too_large, following = heard(peer, 2)
        assert (too_large.parts, too_large.size, too_large.whole) == ((b"head",), 2 * LIMIT + 8, False)
        assert following == Received((b"next",), 4)
        peer.close()


@pytest.mark.parametrize("begun", [PART, b"\x02" + struct.pack("!Q", 1 << 62) + PART], ids=["parts", "one part"])
def test_a_message_without_end_takes_no_memory(tmp_path: Path, begun: bytes) -> None:
    """Neither many parts nor one that is announced to be endless are kept."""
    with raw(tmp_path / "s", GREETING, READY, begun, PART) as peer:
        heard(peer, 1, 0.5)
        before = psutil.Process().memory_info().rss
        assert heard(peer, 1, 2) == []
        assert psutil.Process().memory_info().rss - before < 8 * LIMIT
        assert not peer.broken


@pytest.mark.parametrize(
    "said",
    [
        (b"x" * 64,),
        (GREETING.replace(b"NULL", b"PLAI"),),
        (GREETING, b"\x06" + struct.pack("!Q", 1 << 40)),
    ],
    ids=["no greeting", "another mechanism", "a command without end"],
)
def test_who_speaks_otherwise_is_not_listened_to(tmp_path: Path, said: tuple[bytes, ...]) -> None:
    """The connection is at an end, and nothing is waited for."""
    with raw(tmp_path / "s", *said) as peer:
        heard(peer, 1)
        assert peer.broken


def test_who_hears_nothing_does_not_keep_the_sender(tmp_path: Path) -> None:
    """What a peer does not take waits here, and sending returns."""
    with raw(tmp_path / "s", GREETING, READY) as peer:
        assert eventually(lambda: peer.receive() == [] and peer._ready)
        began = time.monotonic()
        peer.send([bytes(8 * LIMIT)])  # which would not return at all if it waited
        assert time.monotonic() - began < 30
        assert peer.has_more_to_send


def test_nobody_there_is_an_error(tmp_path: Path) -> None:
    """A socket that was left by a process that ended is none."""
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(f"{tmp_path}/s")
    with pytest.raises(ConnectionRefusedError):
        Peer(f"{tmp_path}/s", b"SUB", LIMIT)
