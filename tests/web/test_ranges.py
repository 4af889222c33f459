"""Finished audio: RFC 9110's ranges and preconditions."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.parts.factories import make_parts
from tests.parts.web_rows import Made, ready_clip
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.sound.ranges import MAX_RANGES, parse_range

FILE = "/v1/clips/clip_1/r/1/audio.mp3"


@pytest.fixture
def made(parts: Parts) -> Made:
    return ready_clip(parts)


@pytest.fixture
def client(parts: Parts, made: Made) -> Iterator[TestClient]:
    with TestClient(create_app(parts), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    ("header", "want"),
    [
        (None, None),
        ("", None),
        ("bytes=0-0", [(0, 1)]),
        ("bytes=0-99", [(0, 100)]),
        ("bytes=99-", [(99, 100)]),
        ("bytes=98-200", [(98, 100)]),
        ("bytes=-1", [(99, 100)]),
        ("bytes=-500", [(0, 100)]),
        ("Bytes = 0-1", [(0, 2)]),
        ("bytes=0-1, ,5-6,", [(0, 2), (5, 7)]),
        ("bytes=5-6,0-1", [(5, 7), (0, 2)]),
        ("bytes=100-", []),
        ("bytes=100-200,-0", []),
        ("bytes=100-,0-0", [(0, 1)]),
        ("bytes=5-4", None),
        ("bytes=5-4,0-1", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes", None),
        ("bytes=a-b", None),
        ("bytes=1-2x", None),
        ("bytes=1 - 2", None),
        ("bytes=٣-٤", None),
        ("bytes=+1-2", None),
        ("bytes=--1", None),
        ("seconds=0-1", None),
        ("bytes=0-,0-", None),
        ("bytes=" + "9" * 5000 + "-", None),
        ("bytes=" + ",".join(f"{i}-{i}" for i in range(MAX_RANGES)), [(i, i + 1) for i in range(MAX_RANGES)]),
        ("bytes=" + ",".join(f"{i}-{i}" for i in range(MAX_RANGES + 1)), None),
        ("bytes=" + "0-0," * 100_000, None),
    ],
)
def test_ranges_are_read_as_rfc_9110_says(header: str | None, want: list[tuple[int, int]] | None) -> None:
    got = parse_range(header, 100)
    assert got == want


def test_nothing_of_an_empty_file_can_be_had() -> None:
    assert parse_range("bytes=0-", 0) == []
    assert parse_range("bytes=-1", 0) == []


def test_the_whole_file_says_how_it_may_be_asked_for(client: TestClient, made: Made) -> None:
    got = client.get(FILE)
    assert (got.status_code, got.content) == (200, made.audio)
    assert got.headers["content-type"] == "audio/mpeg"
    assert got.headers["content-length"] == "5000"
    assert got.headers["accept-ranges"] == "bytes"
    assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert got.headers["last-modified"] == formatdate(1_766_500_000, usegmt=True)


def test_the_etag_is_the_files_sha256_on_every_replica(client: TestClient, parts: Parts) -> None:
    kept = client.get("/v1/clips/clip_1").json()["renditions"][0]
    with TestClient(create_app(parts)) as other:
        assert client.head(FILE).headers["etag"] == other.head(FILE).headers["etag"] == f'"{kept["sha256"]}"'


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=4990-", 4990, 4999),
        ("bytes=-1", 4999, 4999),
        ("bytes=4999-9999", 4999, 4999),
    ],
)
def test_one_range_is_answered_with_exactly_its_bytes(
    client: TestClient, made: Made, header: str, first: int, last: int
) -> None:
    got = client.get(FILE, headers={"Range": header})
    assert got.status_code == 206
    assert got.headers["content-range"] == f"bytes {first}-{last}/5000"
    assert got.headers["content-length"] == str(last - first + 1)
    assert got.content == made.audio[first : last + 1]


def test_several_ranges_are_answered_in_parts(client: TestClient, made: Made) -> None:
    got = client.get(FILE, headers={"Range": "bytes=100-109,0-4,-3"})
    assert got.status_code == 206
    kind, _, boundary = got.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    assert len(got.content) == int(got.headers["content-length"])
    pieces = got.content.split(f"\r\n--{boundary}".encode())
    assert pieces[0] == b""
    assert pieces[-1] == b"--\r\n"
    found = []
    for piece in pieces[1:-1]:
        head, _, body = piece.partition(b"\r\n\r\n")
        assert b"Content-Type: audio/mpeg" in head
        found.append((head.split(b"Content-Range: ")[1], body))
    assert found == [
        (b"bytes 100-109/5000", made.audio[100:110]),
        (b"bytes 0-4/5000", made.audio[:5]),
        (b"bytes 4997-4999/5000", made.audio[-3:]),
    ]


def test_a_range_beyond_the_end_is_a_416_with_the_length(client: TestClient) -> None:
    got = client.get(FILE, headers={"Range": "bytes=5000-"})
    assert (got.status_code, got.headers["content-range"], got.content) == (416, "bytes */5000", b"")


@pytest.mark.parametrize("header", ["bytes=5-4", "lines=1-2", "bytes=x", "nonsense"])
def test_a_malformed_range_is_ignored(client: TestClient, made: Made, header: str) -> None:
    got = client.get(FILE, headers={"Range": header})
    assert (got.status_code, got.content) == (200, made.audio)


def test_head_has_the_headers_and_no_body(client: TestClient) -> None:
    got = client.head(FILE, headers={"Range": "bytes=0-9"})
    assert (got.status_code, got.headers["content-length"], got.content) == (200, "5000", b"")


def test_if_range_follows_only_this_very_file(client: TestClient) -> None:
    etag = client.head(FILE).headers["etag"]
    modified = formatdate(1_766_500_000, usegmt=True)
    for condition, status in [
        (etag, 206),
        ('"other"', 200),
        (f"W/{etag}", 200),
        (modified, 206),
        (formatdate(1_766_500_001, usegmt=True), 200),
        ("yesterday", 200),
    ]:
        got = client.get(FILE, headers={"Range": "bytes=0-9", "If-Range": condition})
        assert got.status_code == status, condition


def test_what_the_client_has_is_not_sent_again(client: TestClient) -> None:
    etag = client.head(FILE).headers["etag"]
    later, earlier = formatdate(1_766_500_001, usegmt=True), formatdate(1_766_499_999, usegmt=True)
    for headers, status in [
        ({"If-None-Match": etag}, 304),
        ({"If-None-Match": f'"a", W/{etag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": later}, 304),
        ({"If-Modified-Since": earlier}, 200),
        ({"If-Modified-Since": "soon"}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": later}, 200),
        ({"If-Match": '"other"'}, 412),
        ({"If-Unmodified-Since": earlier}, 412),
    ]:
        got = client.get(FILE, headers=headers)
        assert got.status_code == status, headers
        assert got.headers["etag"] == etag
        assert got.content == b"" or status == 200


def test_a_file_is_read_in_pieces_never_as_a_whole(
    client: TestClient, parts: Parts, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = bytes(1_000_000)
    made.finish(big)
    monkeypatch.setattr(parts.store, "get", lambda name: pytest.fail("read as a whole"))
    sizes: list[int] = []
    real = parts.store.read_range

    def counted(name: str, start: int, end: int) -> Iterator[bytes]:
        for piece in real(name, start, end):
            sizes.append(len(piece))
            yield piece

    monkeypatch.setattr(parts.store, "read_range", counted)
    assert client.get(FILE).content == big
    assert max(sizes) <= 256 * 1024


def test_unknown_formats_and_revisions_are_404_with_what_there_is(client: TestClient) -> None:
    got = client.get("/v1/clips/clip_1/r/1/audio.opus")
    assert (got.status_code, got.json()["formats"]) == (404, ["mp3"])
    assert client.get("/v1/clips/clip_1/r/2/audio.mp3").status_code == 404
    assert client.get("/v1/clips/clip_1/r/1/audio.flac").status_code == 422


@pytest.mark.parametrize(
    ("settings", "status", "header", "value"),
    [
        ({"accel_redirect": "/audio/"}, 200, "x-accel-redirect", "/audio/clips/clip_1/1/audio.mp3"),
        (
            {"audio_base_url": "https://cdn.example/a"},
            302,
            "location",
            "https://cdn.example/a/clips/clip_1/1/audio.mp3",
        ),
    ],
)
def test_finished_audio_can_be_left_to_a_faster_server(
    tmp_path: Path, settings: dict[str, Any], status: int, header: str, value: str
) -> None:
    parts = make_parts(tmp_path, **settings)
    ready_clip(parts)
    with TestClient(create_app(parts), follow_redirects=False) as client:
        got = client.get(FILE)
        assert (got.status_code, got.headers[header], got.content) == (status, value, b"")
        assert got.headers.get("content-type") == ("audio/mpeg" if status == 200 else None)
        policy = client.get("/listen/clip_1").headers["content-security-policy"]
        assert ("media-src 'self' blob: https://cdn.example;" in policy) == (status == 302)


def test_a_signed_store_address_is_used_when_the_store_has_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = make_parts(tmp_path, signed_store_urls=True)
    made = ready_clip(parts)
    with TestClient(create_app(parts), follow_redirects=False) as client:
        assert client.get(FILE).content == made.audio  # a folder has none
        monkeypatch.setattr(parts.store, "signed_url", lambda name, seconds: f"https://s3/{name}?for={seconds}")
        assert client.get(FILE).headers["location"] == "https://s3/clips/clip_1/1/audio.mp3?for=900"
