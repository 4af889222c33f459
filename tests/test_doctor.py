"""`tts-service doctor` sends one sentence its whole way, and would have found each fault that was planted here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.requests import Request
from typer.testing import CliRunner

from tests.doctor_setting import installation, proxy
from tests.factories import make_parts, make_settings
from tests.s3_servers import s3_server, settings_of
from tests.settings_faults import environment
from tts_service import commands, sound_file
from tts_service.app import create_app
from tts_service.audio import id3
from tts_service.commands.doctor import journey
from tts_service.commands.doctor.found import Found, checked
from tts_service.commands.doctor.journey import ADDRESS, sentence_checks
from tts_service.commands.doctor.parts import _store
from tts_service.commands.doctor.passing import SITE, passing_clip
from tts_service.db.tables import ArticleRow
from tts_service.embedded.run import noted_address
from tts_service.parts import Parts
from tts_service.provenance.record import record_from
from tts_service.provenance.told import told_by
from tts_service.settings import Settings
from tts_service.web.doors.proxy import contradictions

STEPS = ["sentence", "mark", "read back", "served"]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with installation(tmp_path_factory.mktemp("installation"), trusted_proxies="127.0.0.1") as parts:
        yield parts


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The doctor's sentence, spoken and signed once."""
    folder = tmp_path_factory.mktemp("spoken")
    way = journey._Way(make_settings(folder, default_voice_en="tone:beep"), folder)
    journey._speak(way)
    return way.file


@pytest.fixture
def quickly(spoken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "speak_to_file", lambda _, files, *__, **___: shutil.copy(spoken, files[0]))


def walk(settings: Settings) -> tuple[list[str], str]:
    """(the steps that were fine, what the first that wasn't says)."""
    found = list(sentence_checks(settings))
    assert [one.name for one in found] == STEPS
    fine = [one.name for one in found if one.fine]
    assert fine == STEPS[: len(fine)]
    return fine, next((one.found for one in found if not one.fine), "")


def test_the_sentence_goes_its_whole_way_and_leaves_nothing(here: Parts) -> None:
    assert walk(here.settings) == (STEPS, "")
    assert not list(here.store.names("clips"))
    assert not list(here.store.names("doctor"))
    with here.database.reading() as session:
        assert not list(session.scalars(select(ArticleRow)))


class TestSection1:
    def test_an_argument_of_another_version_is_found(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sound_file, "_tags_as_they_are", lambda _: {"of_another_version": True})
        fine, said = walk(make_settings(tmp_path, default_voice_en="tone:beep"))
        assert fine == []
        assert "TypeError" in said
        assert "of_another_version" in said

    def test_whatever_is_raised_is_a_finding(self) -> None:
        def fails() -> str:
            raise ImportError("libssl.so.1: no such file\nand more")

        assert checked("it", fails, "Do this.") == Found(
            name="it", fine=False, found="ImportError: libssl.so.1: no such file", advice="Do this."
        )


def test_section_2_an_address_with_umlauts_that_isnt_marked_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = id3._frame

    def raw(name: str, body: bytes) -> bytes:
        return frame(name, ADDRESS.encode("latin-1") if name == "WOAS" else body)

    monkeypatch.setattr(id3, "_frame", raw)
    fine, said = walk(make_settings(tmp_path, default_voice_en="tone:beep"))
    assert fine in ([], ["sentence"])  # it isn't spoken, or what is spoken isn't marked
    assert "don't say" in said or "trainedAlgorithmicMedia" in said or "algorithmicMedia" in said


@pytest.mark.usefixtures("quickly")
class TestServing:
    def test_nobody_at_the_public_address_is_found(self, here: Parts) -> None:
        away = here.settings.model_copy(update={"public_url": "http://127.0.0.1:9"})
        fine, said = walk(away)
        assert (fine, "http://127.0.0.1:9/healthz doesn't answer" in said) == (STEPS[:3], True)

    def test_another_server_at_the_public_address_is_found(self, here: Parts) -> None:
        with proxy(here.settings.port, {}, answers={"healthz": b"<h1>It works!</h1>"}) as address:
            _, said = walk(here.settings.model_copy(update={"public_url": address}))
        assert "is answered by something else" in said

    def test_an_api_with_another_database_or_store_is_found(self, here: Parts, tmp_path: Path) -> None:
        other = make_settings(tmp_path, default_voice_en="tone:beep", port=here.settings.port)
        make_parts(tmp_path).close()
        _, said = walk(other)
        assert "answers 404" in said

    def test_a_prefix_that_the_proxy_doesnt_know_is_found(self, here: Parts) -> None:
        with proxy(here.settings.port, {}) as address:
            _, said = walk(here.settings.model_copy(update={"public_url": f"{address}/audio"}))
        assert "/audio/healthz answers 404" in said

    def test_bytes_that_a_cache_has_spoilt_are_found(self, here: Parts) -> None:
        with proxy(here.settings.port, {}, answers={".mp3": b"half a fi"}) as address:
            _, said = walk(here.settings.model_copy(update={"public_url": address}))
        assert "gives other bytes than were written: 9 instead of" in said

    def test_headers_that_contradict_the_settings_are_found(self, tmp_path: Path) -> None:
        with installation(tmp_path, public_url="https://news.example/audio", trusted_proxies="127.0.0.1") as parts:
            headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/tts"}
            with proxy(parts.settings.port, headers, strip="/audio") as address:
                _, said = walk(parts.settings.model_copy(update={"public_url": f"{address}/audio"}))
        assert "X-Forwarded-Prefix says /tts, the path of TTS_PUBLIC_URL is /audio" in said

    def test_pages_that_link_elsewhere_are_found(self, here: Parts) -> None:
        with proxy(here.settings.port, {}, answers={"healthz": b'{"status": "ok"}'}) as address:
            _, said = walk(here.settings.model_copy(update={"public_url": address}))
        assert "links to other addresses than" in said  # the API itself knows nothing of this address


@pytest.mark.parametrize(
    ("manner", "says"),
    [({"conditional": 501}, ""), ({"conditional": 0}, ""), ({"refuses_puts": 403}, "privileges"),
     ({"spoils": True}, "can't be read back")],
)  # fmt: skip
def test_what_a_bucket_cant_do_is_found(manner: dict[str, Any], says: str, tmp_path: Path) -> None:
    with s3_server(**manner) as bucket:
        found = checked("store", lambda: _store(make_settings(tmp_path, **settings_of(bucket))), "")
    assert (found.fine, says in found.found) == (not says, True), found


def test_a_full_disk_is_found(tmp_path: Path) -> None:
    found = checked("store", lambda: _store(make_settings(tmp_path, min_free_mb=10**9)), "")
    assert (found.fine, "TTS_MIN_FREE_MB=1000000000" in found.found) == (False, True)


def test_settings_are_told_before_anything_is_used(tmp_path: Path) -> None:
    with environment({"TTS_DATABASE_URL": "postgres://a:b@c/d", "TTS_PROT": "1"}, tmp_path):
        done = CliRunner().invoke(commands.app, ["doctor"])
    lines = done.stdout.splitlines()
    assert done.exit_code == 1
    starts = ["FAIL  setting TTS_DATABASE_URL: post", "FAIL  setting TTS_PROT: the env"]
    assert [line[: len(start)] for line, start in zip(lines, starts, strict=True)] == starts


def test_a_check_that_was_interrupted_leaves_nothing_for_ever(spoken: Path, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    record = record_from(told_by(spoken).record or {})
    left = passing_clip(parts.settings, b"sound", record)
    left.__enter__()
    with parts.database.writing() as session:
        session.scalars(select(ArticleRow)).one().created_ms -= 600_001
    with passing_clip(parts.settings, b"other", record) as clip:
        names = list(parts.store.names("clips"))
    assert len(names) == 1
    assert clip in names[0]
    assert not list(parts.store.names("clips"))
    parts.close()


def test_a_passing_clip_is_in_no_list(spoken: Path, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    with (
        passing_clip(parts.settings, b"sound", record_from(told_by(spoken).record or {})) as clip,
        TestClient(create_app(parts)) as client,
    ):
        assert client.get(f"/v1/clips/{clip}/r/1/audio.mp3").content == b"sound"
        assert client.get(f"/feeds/{SITE}.rss").status_code in (404, 200)
        assert clip not in client.get(f"/feeds/{SITE}.rss").text
        assert SITE not in client.get("/feeds.opml").text


def test_the_address_that_run_has_noted_is_used(here: Parts, tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    settings.data_dir.mkdir()
    assert noted_address(settings) is None
    (settings.data_dir / "run.lock").write_text(f"http://127.0.0.1:{here.settings.port} another")
    assert noted_address(settings) is None


def asked(peer: str, **headers: str) -> Request:
    names = {f"x-forwarded-{name}": value for name, value in headers.items()}
    raw = [(name.encode(), value.encode()) for name, value in names.items()]
    return Request({"type": "http", "client": (peer, 1), "headers": raw})


BEHIND = {"public_url": "https://News.example/audio/", "trusted_proxies": "10.0.0.0/8"}
FINE = {"for": "203.0.113.7", "proto": "https", "host": "news.example", "prefix": "/audio"}


@pytest.mark.parametrize(
    ("settings", "peer", "headers", "says"),
    [
        (BEHIND, "10.0.0.1", FINE, None),
        (BEHIND, "10.0.0.1", {**FINE, "host": "news.example:443", "prefix": "/audio/"}, None),
        (BEHIND, "10.0.0.1", {"for": "203.0.113.7"}, None),
        (BEHIND, "203.0.113.7", {}, None),
        ({}, "127.0.0.1", {}, None),
        (BEHIND, "10.0.0.1", {**FINE, "proto": "http"}, "X-Forwarded-Proto says http, TTS_PUBLIC_URL https"),
        (BEHIND, "10.0.0.1", {**FINE, "host": "tts:8000"}, "X-Forwarded-Host says tts:8000"),
        (BEHIND, "10.0.0.1", {**FINE, "prefix": "/tts"}, "X-Forwarded-Prefix says /tts"),
        (BEHIND, "10.0.0.1", {"proto": "https"}, "doesn't say who calls"),
        (BEHIND, "172.17.0.1", FINE, "isn't in TTS_TRUSTED_PROXIES"),
        ({"trusted_proxies": "10.0.0.1"}, "10.0.0.1", FINE, "set TTS_PUBLIC_URL to that"),
    ],
)
def test_a_proxys_word_is_compared_with_the_settings(
    settings: dict[str, Any], peer: str, headers: dict[str, str], says: str | None, tmp_path: Path
) -> None:
    found = contradictions(asked(peer, **headers), make_settings(tmp_path, **settings))
    assert len(found) == (says is not None), found
    assert not says or says in found[0]


def test_a_healthy_answer_says_nothing_of_proxies(tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    with TestClient(create_app(replace(parts))) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
