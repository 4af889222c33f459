"""A store that takes nothing, or not all that others take: what is safe goes on, the rest is known to /readyz."""

from __future__ import annotations

from pathlib import Path

import obstore
import pytest
from fastapi.testclient import TestClient

from tests.parts.factories import make_parts, make_settings
from tests.parts.s3_servers import s3_server, settings_of
from tts_service.errors import DiskFull, StoreUnavailable
from tts_service.storage import watch
from tts_service.storage.segments import SegmentStore
from tts_service.storage.store import open_store
from tts_service.storage.watch import PROBE_NAME, StoreWatch
from tts_service.values import Segment
from tts_service.web.app import create_app

SEGMENT = Segment(key="ab" * 32, pcm=b"\1\0" * 4000, sample_rate_hz=16000, words=())


class TestConditionalWrites:
    @pytest.mark.parametrize("status", [501, 400])
    def test_a_server_without_them_is_looked_at_before_it_is_written(self, status: int, tmp_path: Path) -> None:
        with s3_server(conditional=status) as bucket:
            store = open_store(make_settings(tmp_path, **settings_of(bucket)))
            assert store.put_new("a", b"first")
            tries = len(bucket.puts)
            assert not store.put_new("a", b"second")
            assert store.put_new("b", b"third")
            assert len(bucket.puts) == tries + 1  # the condition is tried once, not at each write
            assert store.get("a") == b"first"

    def test_segments_are_kept_on_such_a_server(self, tmp_path: Path) -> None:
        with s3_server(conditional=501) as bucket:
            segments = SegmentStore(open_store(make_settings(tmp_path, **settings_of(bucket))))
            assert segments.put(SEGMENT) == SEGMENT == segments.get(SEGMENT.key)

    def test_a_server_with_them_is_asked_each_time(self, tmp_path: Path) -> None:
        with s3_server(conditional=0) as bucket:
            store = open_store(make_settings(tmp_path, **settings_of(bucket)))
            assert [store.put_new("a", b"first"), store.put_new("a", b"second")] == [True, False]
            assert bucket.puts == ["a", "a"]

    def test_a_server_that_refuses_every_write_is_not_taken_for_one(self, tmp_path: Path) -> None:
        with s3_server(refuses_puts=403) as bucket:
            store = open_store(make_settings(tmp_path, **settings_of(bucket)))
            with pytest.raises(StoreUnavailable, match="privileges"):
                store.put_new("a", b"first")

    def test_a_full_server_has_its_own_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError("Server returned non-2xx status code: 507 Insufficient Storage")

        monkeypatch.setattr(obstore, "put", full)
        with pytest.raises(DiskFull):
            open_store(make_settings(tmp_path)).put("a", b"first")


class TestReady:
    def test_a_store_that_takes_nothing_is_known(self, tmp_path: Path) -> None:
        with s3_server(refuses_puts=403) as bucket:
            parts = make_parts(tmp_path, **settings_of(bucket))
            with TestClient(create_app(parts)) as client:
                answers = [client.get("/readyz") for _ in range(5)]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "store_unavailable")] * 5
        assert bucket.puts == [PROBE_NAME]

    def test_a_store_that_gives_back_other_bytes_is_known(self, tmp_path: Path) -> None:
        with s3_server(spoils=True) as bucket:
            parts = make_parts(tmp_path, **settings_of(bucket))
            with TestClient(create_app(parts)) as client:
                assert client.get("/readyz").json()["code"] == "store_unavailable"

    def test_a_full_disk_is_known(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        parts = make_parts(tmp_path, min_free_mb=200)
        with TestClient(create_app(parts)) as client:
            monkeypatch.setattr(watch, "free_mb", lambda _: 199)
            full = client.get("/readyz")
            monkeypatch.setattr(watch, "free_mb", lambda _: 200)
            roomy = client.get("/readyz")
        assert (full.status_code, full.json()["code"], roomy.status_code) == (507, "disk_full", 200)

    def test_one_write_a_minute_however_many_ask(self, tmp_path: Path) -> None:
        now = [1000.0]
        with s3_server() as bucket:
            settings = make_settings(tmp_path, **settings_of(bucket))
            watching = StoreWatch(open_store(settings), settings, lambda: now[0])
            for now[0] in (1000, 1001, 1030, 1059, 1061, 1100, 1122):
                watching.require()
            assert bucket.puts == [PROBE_NAME] * 3
            assert list(bucket.objects) == [PROBE_NAME]

    def test_a_store_that_takes_things_again_is_ready_within_seconds(self, tmp_path: Path) -> None:
        now = [1000.0]
        with s3_server(refuses_puts=403) as bucket:
            settings = make_settings(tmp_path, **settings_of(bucket))
            watching = StoreWatch(open_store(settings), settings, lambda: now[0])
            with pytest.raises(StoreUnavailable):
                watching.require()
            bucket.refuses_puts = 0
            now[0] += 11
            watching.require()
