"""Files of voices from a mirror or a folder: resumed, verified, put in place whole or not at all."""

from __future__ import annotations

import errno
import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.voice_mirror import VoiceMirror, voice_file, voice_mirror
from tts_service.engines.voices import download
from tts_service.engines.voices.catalogue import catalogue_voice
from tts_service.engines.voices.download import FileSource, fetch_file, folder_source, web_source
from tts_service.errors import DiskFull, NotFound, RemoteUnavailable, VoiceRefused

CONTENT = bytes(range(256)) * 40
FILE = voice_file("tiny.onnx", CONTENT)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "PIECE", 4_000)


@pytest.fixture
def mirror() -> Iterator[VoiceMirror]:
    with voice_mirror(tiny_dot_onnx=CONTENT) as mirror:
        yield mirror


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "voices" / "tiny" / "tiny.onnx"


def source(mirror: VoiceMirror) -> FileSource:
    return web_source(mirror.outbound, mirror.url, catalogue_voice("hibari:emma"))


def fetched(mirror: VoiceMirror, target: Path) -> list[int]:
    """What was told of the progress."""
    told: list[int] = []
    fetch_file(FILE, target, source(mirror), told.append)
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    return told


def test_a_file_comes_in_pieces_and_says_how_far_it_is(mirror: VoiceMirror, target: Path) -> None:
    assert fetched(mirror, target) == [0, 4_000, 8_000, 10_240]
    assert mirror.asked == ["bytes=0-3999", "bytes=4000-7999", "bytes=8000-10239"]
    assert fetched(mirror, target) == [10_240]
    assert len(mirror.asked) == 3


def test_a_mirror_that_sends_whole_files_only_will_do(mirror: VoiceMirror, target: Path) -> None:
    mirror.ranges = False
    assert fetched(mirror, target) == [0, 10_240]


@pytest.mark.parametrize("ranges", [True, False])
def test_half_a_download_is_resumed(mirror: VoiceMirror, target: Path, ranges: bool) -> None:
    mirror.ranges, mirror.breaks_after = ranges, [3_000, 0, 0, 0]
    with pytest.raises(RemoteUnavailable, match="broke off at 3000 of 10240 bytes"):
        fetch_file(FILE, target, source(mirror), lambda done: None)
    assert not target.exists()
    assert fetched(mirror, target)[0] == 3_000
    assert mirror.asked[-1].startswith("bytes=7000-" if ranges else "bytes=3000-")


def test_a_connection_that_breaks_now_and_then_is_no_error(mirror: VoiceMirror, target: Path) -> None:
    mirror.breaks_after = [100, 0, 0, 2_000, 0]
    assert fetched(mirror, target)[:3] == [0, 100, 2_100]


def test_another_file_of_the_same_size_is_refused_and_deleted(mirror: VoiceMirror, target: Path) -> None:
    mirror.files["tiny.onnx"] = CONTENT[:-1] + b"!"
    with pytest.raises(VoiceRefused, match="SHA-256"):
        fetch_file(FILE, target, source(mirror), lambda done: None)
    assert list(target.parent.iterdir()) == []


def test_what_lies_there_already_is_verified_too(mirror: VoiceMirror, target: Path) -> None:
    target.parent.mkdir(parents=True)
    target.write_bytes(CONTENT[:-1] + b"!")
    fetched(mirror, target)


def test_a_part_that_is_too_long_is_begun_again(mirror: VoiceMirror, target: Path) -> None:
    target.parent.mkdir(parents=True)
    target.with_name("tiny.onnx.part").write_bytes(CONTENT * 2)
    fetched(mirror, target)


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("claims", [9_000, 20_000, 10**15])
def test_a_mirror_that_lies_about_the_size_is_refused(
    mirror: VoiceMirror, target: Path, ranges: bool, claims: int
) -> None:
    mirror.ranges, mirror.claims = ranges, claims
    with pytest.raises((VoiceRefused, RemoteUnavailable), match=r"10240"):
        fetch_file(FILE, target, source(mirror), lambda done: None)
    assert not target.exists()


@pytest.mark.parametrize("ranges", [True, False])
def test_a_file_that_grew_is_refused(mirror: VoiceMirror, target: Path, ranges: bool) -> None:
    mirror.ranges, mirror.files["tiny.onnx"] = ranges, CONTENT * 3
    with pytest.raises(VoiceRefused, match="30720 bytes; the catalogue's file has 10240"):
        fetch_file(FILE, target, source(mirror), lambda done: None)


def test_a_mirror_without_the_file_is_named(mirror: VoiceMirror, target: Path) -> None:
    mirror.files.clear()
    with pytest.raises(NotFound, match=r"127\.0\.0\.1 has no tiny\.onnx"):
        fetch_file(FILE, target, source(mirror), lambda done: None)


class TestDisk:
    def test_without_room_nothing_is_asked_for(
        self, mirror: VoiceMirror, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = namedtuple("usage", "free")
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(free=5_000))
        with pytest.raises(DiskFull, match=r"no room for tiny\.onnx"):
            fetch_file(FILE, target, source(mirror), lambda done: None)
        assert mirror.asked == []

    @pytest.mark.parametrize(
        ("number", "error"), [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EROFS, VoiceRefused)]
    )
    def test_a_write_that_fails_is_told_and_resumed(
        self, mirror: VoiceMirror, target: Path, number: int, error: type[Exception]
    ) -> None:
        def full(done: int) -> None:
            if done == 4_000:
                raise OSError(number, "on purpose")

        with pytest.raises(error, match=r"tiny\.onnx"):
            fetch_file(FILE, target, source(mirror), full)
        assert fetched(mirror, target)[0] == 4_000


class TestFolder:
    def test_a_file_is_copied_and_verified(self, tmp_path: Path, target: Path) -> None:
        (tmp_path / FILE.name).write_bytes(CONTENT)
        fetch_file(FILE, target, folder_source(tmp_path), lambda done: None)
        assert target.read_bytes() == CONTENT

    @pytest.mark.parametrize(
        ("content", "error"), [(None, NotFound), (CONTENT[:-1], VoiceRefused), (CONTENT[:-1] + b"!", VoiceRefused)]
    )
    def test_another_one_is_not(
        self, tmp_path: Path, target: Path, content: bytes | None, error: type[Exception]
    ) -> None:
        if content is not None:
            (tmp_path / FILE.name).write_bytes(content)
        with pytest.raises(error, match=FILE.name):
            fetch_file(FILE, target, folder_source(tmp_path), lambda done: None)
        assert not target.exists()


def test_a_redirect_to_another_host_keeps_the_range(mirror: VoiceMirror) -> None:
    from tests.parts.small_internet import QUICK, net, redirect, reply

    with net(lambda asked: redirect("http://cdn.example/f") if "news" in asked else reply()) as there:
        there.client().get("http://news.example/f", QUICK, {"Range": "bytes=5-9", "Authorization": "Bearer x"})
    assert "range: bytes=5-9" in there.requests[-1].lower()
    assert "authorization" not in there.requests[-1].lower()
