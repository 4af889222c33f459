"""What every store keeps to: folder and S3 (a server in this process, marked slow)."""

from __future__ import annotations

import os
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.exceptions import GenericError

from tests.parts.factories import make_settings
from tts_service.errors import DiskFull, NotFound, StoreUnavailable
from tts_service.storage.base import ClipStore
from tts_service.storage.store import PIECE_BYTES, free_mb, open_store

S3 = {"s3_access_key_id": "key", "s3_secret_access_key": "secret", "store_url": "s3://clips/all"}


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/clips", method="PUT"), timeout=5).close()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClipStore]:
    extra: dict[str, Any] = {}
    if request.param == "s3":
        extra = S3 | {"s3_endpoint": request.getfixturevalue("s3_endpoint")}
    built = open_store(make_settings(tmp_path, **extra))
    yield built
    for name in list(built.names("")):
        built.delete(name)


def test_what_rows_promise_is_on_disk_before_put_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    sync = os.fsync

    def noted(file: int) -> None:
        synced.append(Path(f"/proc/self/fd/{file}").readlink())
        sync(file)

    monkeypatch.setattr(os, "fsync", noted)
    store = open_store(make_settings(tmp_path, store_url=f"file://{tmp_path}/a store"))
    folder = tmp_path / "a store"

    store.put("segments/ab/abc.seg", b"again")
    store.put("clips/clip_1/2/audio.mp3", b"sound")

    clip = folder / "clips/clip_1/2"
    assert synced == [clip / "audio.mp3", clip, clip.parent, clip.parent.parent, folder]


class TestEveryStore:
    def test_gives_back_what_was_put(self, store: ClipStore) -> None:
        store.put("a/b.bin", b"\x00\xff" * 1000)

        assert store.get("a/b.bin") == b"\x00\xff" * 1000
        assert store.size("a/b.bin") == 2000

    def test_keeps_nothing_as_nothing(self, store: ClipStore) -> None:
        store.put("empty", b"")

        assert (store.get("empty"), store.size("empty")) == (b"", 0)

    def test_takes_a_file(self, store: ClipStore, tmp_path: Path) -> None:
        path = tmp_path / "big"
        path.write_bytes(bytes(range(256)) * 25_000)
        store.put("big", path)

        assert store.size("big") == 6_400_000
        assert store.get("big") == path.read_bytes()

    def test_replaces(self, store: ClipStore) -> None:
        store.put("a", b"first, and longer")
        store.put("a", b"second")

        assert store.get("a") == b"second"

    def test_puts_new_things_only_once(self, store: ClipStore) -> None:
        assert store.put_new("a", b"first")
        assert not store.put_new("a", b"second")
        assert store.get("a") == b"first"

    def test_reads_ranges_in_pieces(self, store: ClipStore) -> None:
        data = bytes(range(256)) * 3000
        store.put("a", data)
        pieces = list(store.read_range("a", 5, 700_000))

        assert b"".join(pieces) == data[5:700_000]
        assert max(map(len, pieces)) <= PIECE_BYTES
        assert list(store.read_range("a", 7, 7)) == []

    def test_says_what_is_not_there(self, store: ClipStore) -> None:
        assert store.size("none") is None
        with pytest.raises(NotFound):
            store.get("none")
        with pytest.raises(NotFound):
            list(store.read_range("none", 0, 10))
        store.delete("none")

    def test_deletes(self, store: ClipStore) -> None:
        store.put("a", b"1")
        store.delete("a")

        assert store.size("a") is None

    def test_lists_names_below_a_prefix(self, store: ClipStore) -> None:
        for name in ("segments/ab/abc", "segments/cd/cde", "clips/1/2/audio.mp3"):
            store.put(name, b"1")

        assert sorted(store.names("segments")) == ["segments/ab/abc", "segments/cd/cde"]
        assert sorted(store.names("")) == ["clips/1/2/audio.mp3", "segments/ab/abc", "segments/cd/cde"]
        assert list(store.names("other")) == []


@pytest.mark.slow
def test_a_signed_address_of_a_bucket_can_be_fetched(tmp_path: Path, s3_endpoint: str) -> None:
    store = open_store(make_settings(tmp_path, **S3, s3_endpoint=s3_endpoint))
    store.put("clips/1/1/audio.mp3", b"sound")
    address = store.signed_url("clips/1/1/audio.mp3", 60)

    assert address is not None
    with urllib.request.urlopen(address, timeout=5) as answer:
        assert answer.read() == b"sound"
        assert answer.headers["Content-Type"] == "audio/mpeg"


def test_a_folder_has_no_signed_addresses(tmp_path: Path) -> None:
    assert open_store(make_settings(tmp_path)).signed_url("a", 60) is None


def test_a_half_written_file_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(make_settings(tmp_path))
    source = tmp_path / "gone"
    with pytest.raises((NotFound, StoreUnavailable)):
        store.put("a", source)

    assert store.size("a") is None
    assert list(store.names("")) == []


@pytest.mark.slow
def test_a_dead_server_is_noticed_within_seconds(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"  # bound, not listening: refused
        store = open_store(make_settings(tmp_path, **S3, s3_endpoint=endpoint))
        begun = time.monotonic()
        with pytest.raises(StoreUnavailable):
            store.get("a")

    assert time.monotonic() - begun < 6


@pytest.mark.parametrize("text", ["Generic error: No space left on device (os error 28)", "XMinioStorageFull"])
def test_a_full_disk_has_its_own_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(text)

    monkeypatch.setattr(obstore, "put", full)
    with pytest.raises(DiskFull):
        open_store(make_settings(tmp_path)).put("a", b"1")


def test_another_failure_is_worth_another_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError("Input/output error (os error 5)")

    monkeypatch.setattr(obstore, "put", broken)
    with pytest.raises(StoreUnavailable) as error:
        open_store(make_settings(tmp_path)).put("a", b"1")
    assert not isinstance(error.value, DiskFull)
    assert not error.value.permanent


def test_a_folder_may_have_an_odd_name(tmp_path: Path) -> None:
    folder = tmp_path / "a b#c?d%20e"
    open_store(make_settings(folder)).put("x", b"1")

    assert (folder / "data" / "audio" / "x").read_bytes() == b"1"
    assert free_mb(make_settings(folder)) is not None


def test_names_cant_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises((StoreUnavailable, ValueError)):
        open_store(make_settings(tmp_path)).put("../outside", b"1")
    assert not list(tmp_path.rglob("outside"))


def test_free_space_is_known_for_a_folder_only(tmp_path: Path) -> None:
    free = free_mb(make_settings(tmp_path))

    assert free is not None
    assert free > 0
    assert free_mb(make_settings(tmp_path, **S3)) is None


def test_an_unknown_kind_of_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="TTS_STORE_URL"):
        open_store(make_settings(tmp_path, store_url="ftp://somewhere"))


def test_folders_go_with_their_last_object(tmp_path: Path) -> None:
    store = open_store(make_settings(tmp_path, store_url=f"file://{tmp_path}/a store"))
    for name in ("live/clip_1/1/head", "live/clip_1/1/0-1", "clips/clip_1/2/audio.mp3"):
        store.put(name, b"sound")
    for name in list(store.names("live/")):
        store.delete(name)

    assert [path.name for path in (tmp_path / "a store").iterdir()] == ["clips"]


@pytest.mark.parametrize("write", ["put", "put_new"])
def test_a_write_survives_that_its_folder_goes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    store = open_store(make_settings(tmp_path, store_url=f"file://{tmp_path}/a store"))
    put, failed = obstore.put, []

    def gone_once(*args: Any, **options: Any) -> Any:
        if not failed:
            failed.append(args)
            raise GenericError("Generic LocalFileSystem error: Unable to create dir: No such file or directory")
        return put(*args, **options)

    monkeypatch.setattr(obstore, "put", gone_once)
    getattr(store, write)("live/clip_1/1/head", b"sound")

    assert store.get("live/clip_1/1/head") == b"sound"
