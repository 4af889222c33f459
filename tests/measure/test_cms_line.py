"""The line between a CMS and the service: what is forwarded is what came, in the way that was asked for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.measure.cms.line import Line, Mode, line_to

HEAD = b"POST /v1/webhooks/ghost/h HTTP/1.1\r\nHost: audio.example\r\nX-Odd:  two  blanks\r\nContent-Length: "
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nX-Served: yes\r\n\r\n{}"


@pytest.fixture
def came() -> list[bytes]:
    return []


@pytest.fixture
def line(came: list[bytes]) -> Iterator[Line]:
    """A line to a server that keeps every byte it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                came.append(connection.recv(65536))
                connection.sendall(TAKEN)

    threading.Thread(target=serve, daemon=True).start()
    with line_to(f"http://127.0.0.1:{listener.getsockname()[1]}") as made:
        yield made
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def sent(line: Line, body: bytes, head: bytes = HEAD) -> bytes:
    target = urlsplit(line.url)
    with socket.create_connection((target.hostname or "", target.port or 0), timeout=10) as connection:
        connection.sendall(head + str(len(body)).encode() + b"\r\n\r\n" + body)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def whole(body: bytes) -> bytes:
    return HEAD + str(len(body)).encode() + b"\r\n\r\n" + body


def test_what_passes_is_what_came_byte_for_byte(line: Line, came: list[bytes]) -> None:
    answer = sent(line, b"one")
    assert came == [whole(b"one")]
    assert answer.startswith(b"HTTP/1.1 202 Accepted")
    assert b"X-Served: yes" in answer
    assert answer.endswith(b"{}")


def test_a_doubled_webhook_comes_twice(line: Line, came: list[bytes]) -> None:
    line.mode = Mode.TWICE
    sent(line, b"one")
    assert came == [whole(b"one")] * 2


def test_held_webhooks_come_when_they_are_released_also_backwards(line: Line, came: list[bytes]) -> None:
    line.mode = Mode.HOLD
    for body in (b"one", b"two", b"three"):
        assert sent(line, body).startswith(b"HTTP/1.1 202")
    assert came == []
    assert line.release(backwards=True) == 3
    assert came == [whole(b"three"), whole(b"two"), whole(b"one")]
    assert line.release() == 0


def test_dropped_and_refused_webhooks_never_come(line: Line, came: list[bytes]) -> None:
    line.mode = Mode.DROP
    assert sent(line, b"one").startswith(b"HTTP/1.1 202")
    line.mode = Mode.REFUSE
    assert sent(line, b"two").startswith(b"HTTP/1.1 503")
    assert came == []
    assert len(line.seen) == 2


def test_only_webhooks_are_tampered_with(line: Line, came: list[bytes]) -> None:
    line.mode = Mode.DROP
    head = b"POST /v1/articles/gazette/7/grants HTTP/1.1\r\nContent-Length: "
    sent(line, b"{}", head)
    assert came == [head + b"2\r\n\r\n{}"]
    assert line.seen == []


def test_quiet_is_seen_once_nothing_comes_any_more(line: Line) -> None:
    sent(line, b"one")
    assert line.quiet(idle_s=0.05, at_most_s=5)
    assert not line.quiet(idle_s=5, at_most_s=0.1)
