"""What another server may cost us: bytes on the wire, bytes unpacked, seconds."""

from __future__ import annotations

import gzip
import itertools
import os
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from tests.parts.small_internet import QUICK, net, reply
from tts_service.errors import RemoteTooLarge, RemoteTooSlow, RemoteUnavailable, ServiceError
from tts_service.http.connect import look_up
from tts_service.http.terms import CALLBACK, Terms
from tts_service.http.unpack import unpacked

HASTY = replace(QUICK, total_s=0.4)
WORDS = CALLBACK.wire_bytes
BRIEF = replace(CALLBACK, total_s=0.4, https_only=False)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def outcome(answering: Iterable[bytes], terms: Terms = QUICK) -> tuple[type[BaseException] | None, float]:
    """What a call to this answer ends with, and after how many seconds."""
    with net(lambda _: answering) as there:
        began = time.monotonic()
        try:
            there.client().get("http://news.example/", terms)
        except ServiceError as error:
            return type(error), time.monotonic() - began
        return None, time.monotonic() - began


def dripping(start: bytes, drop: bytes) -> Iterator[bytes]:
    """A server that is never silent for long and never done."""
    if start:
        yield start
    while True:
        threading.Event().wait(0.02)
        yield drop


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (CHUNKED, b"1\r\nx\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["no status", "header", "body", "chunks", "interim answers"],
)
def test_a_dripping_server_is_left_in_time(start: bytes, drop: bytes) -> None:
    ended, took_s = outcome(dripping(start, drop), HASTY)
    assert ended is RemoteTooSlow
    assert took_s < HASTY.total_s + 5  # it drips for ever


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"x" * 4096),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 500),
        (b"HTTP/1.1 ", b"2" * 4096),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 100),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096),
        (CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        (CHUNKED, b"1" * 4096),
        (CHUNKED + b"0\r\n", b"X: y\r\n" * 500),
        (CHUNKED, b"1;" + b"x" * 4096 + b"\r\nx\r\n"),
    ],
    ids=[
        "long header",
        "many headers",
        "status",
        "interim answers",
        "body",
        "chunks",
        "chunk size",
        "trailers",
        "chunk extensions",
    ],
)
def test_an_endless_answer_is_left(start: bytes, more: bytes) -> None:
    ended, took_s = outcome(itertools.chain([start] if start else [], itertools.repeat(more)))
    assert ended in (RemoteTooLarge, RemoteUnavailable)
    assert took_s < 10


def test_an_announced_length_is_believed_before_the_body_comes() -> None:
    ended, took_s = outcome([b"HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n", b""], QUICK)
    assert ended is RemoteTooLarge
    assert took_s < 5


def test_a_body_of_just_the_allowed_size_comes_through() -> None:
    for answer in (reply(b"x" * QUICK.wire_bytes), [b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * QUICK.wire_bytes]):
        assert outcome(answer)[0] is None
    assert outcome(reply(b"x" * (QUICK.wire_bytes + 1)))[0] is RemoteTooLarge


def test_a_gzip_bomb_is_stopped_while_it_unpacks() -> None:
    bomb = gzip.compress(bytes(60_000_000))
    assert len(bomb) < QUICK.wire_bytes
    tracemalloc.start()
    ended, _ = outcome(reply(bomb, "Content-Encoding: gzip"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ended is RemoteTooLarge
    assert peak < 2_000_000


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip", "compress", "x" * 10_000])
def test_a_coding_nobody_asked_for_is_not_unpacked(coding: str) -> None:
    assert outcome(reply(b"xxxx", f"Content-Encoding: {coding}"))[0] is RemoteUnavailable


def test_gzip_is_unpacked_however_it_is_cut() -> None:
    text = os.urandom(3_000) + bytes(200_000)
    packed = gzip.compress(text) + gzip.compress(b"") + gzip.compress(b"end")
    for cut in (1, 7, 1_000, len(packed)):
        pieces = [packed[start : start + cut] for start in range(0, len(packed), cut)]
        assert b"".join(unpacked(pieces, "GZip", 300_000)) == text + b"end"
    assert b"".join(unpacked([gzip.compress(b"a") + bytes(9)], "gzip", 10)) == b"a"


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"hello" * 99)[:-9], b"<html>", b"", zlib.compress(b"hello")],
    ids=["cut off", "HTML", "nothing", "zlib"],
)
def test_broken_gzip_is_told(packed: bytes) -> None:
    assert outcome(reply(packed, "Content-Encoding: gzip"))[0] is RemoteUnavailable


def test_a_heap_of_gzip_members_is_refused() -> None:
    assert outcome(reply(gzip.compress(b"") * 1_000, "Content-Encoding: gzip"))[0] is RemoteTooLarge


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [b"HTTP/1.1 200 OK\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"],
        [b"SSH-2.0-OpenSSH_9.2\r\n\r\n"],
        [CHUNKED + b"zz\r\n"],
        [b"\x00" * 100],
        [b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"],
    ],
)
def test_what_is_not_http_is_worth_another_try(answer: list[bytes]) -> None:
    ended, _ = outcome(answer)
    assert ended is RemoteUnavailable
    assert not ended.permanent


def test_a_receiver_s_long_answer_is_cut_and_its_status_kept() -> None:
    with net(lambda _: [b"HTTP/1.1 201 Made\r\nContent-Length: 1073741824\r\n\r\n" + b"x" * 2 * WORDS]) as there:
        answer = there.client().get("http://news.example/", BRIEF)
    assert (answer.status, answer.body, answer.whole) == (201, b"x" * WORDS, False)


def test_a_receiver_s_slow_answer_is_cut_and_its_status_kept() -> None:
    with net(lambda _: [b"HTTP/1.1 500 No\r\n\r\nsorry", b""]) as there:
        answer = there.client().get("http://news.example/", BRIEF)
    assert (answer.status, answer.body, answer.whole) == (500, b"sorry", False)


def test_a_receiver_that_reads_too_slowly_is_left_in_time() -> None:
    with net(lambda _: [b""]) as there, pytest.raises(RemoteTooSlow):
        there.client().post("http://news.example/", bytes(50_000_000), replace(BRIEF, total_s=0.3))


def test_a_lookup_without_an_answer_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: done.wait(5) and [])
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        look_up("slow.example", 80, 0.1)
    assert time.monotonic() - began < 4
    done.set()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_the_system_s_lookup_gives_addresses(name: str) -> None:
    assert {address.is_loopback for address in look_up(name, 80, 5)} == {True}


def test_a_name_the_system_can_t_encode_is_an_error_of_its_own() -> None:
    with pytest.raises(OSError, match="label"):
        look_up("a" * 64 + ".example", 80, 5)
