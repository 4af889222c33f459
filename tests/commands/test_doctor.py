"""`tts-service doctor` sends one sentence its whole way, and would have found each fault that was planted here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from starlette.requests import Request
from typer.testing import CliRunner

from tests.parts.doctor_plants import PLANTS, STEPS, Plant, speak_quickly, spoken
from tests.parts.doctor_setting import installation, proxy
from tests.parts.factories import make_parts, make_settings
from tests.parts.s3_servers import s3_server, settings_of
from tests.parts.settings_faults import environment
from tts_service import commands
from tts_service.commands.doctor import journey
from tts_service.commands.doctor.database import require_tables
from tts_service.commands.doctor.finding import Finding, finding_of
from tts_service.commands.doctor.journey import _asked, _where, sentence_checks
from tts_service.commands.doctor.parts import _store
from tts_service.commands.doctor.temporary_clip import SITE, temporary_clip
from tts_service.commands.doctor.voices import _english
from tts_service.commands.doctor.whereabouts import reached_at
from tts_service.db.tables import ArticleRow
from tts_service.engines.voices.registry import Registry
from tts_service.errors import NotMarked
from tts_service.provenance.read_back import read_disclosure
from tts_service.provenance.record import record_from
from tts_service.web.app import create_app
from tts_service.web.doors.proxy import contradictions


@pytest.fixture
def sentence(tmp_path: Path) -> Path:
    (tmp_path / "spoken").mkdir()
    return spoken(tmp_path / "spoken")


@pytest.mark.slow
def test_the_sentence_goes_its_whole_way_and_leaves_nothing(tmp_path: Path) -> None:
    with installation(tmp_path) as here:
        found = list(sentence_checks(here.settings))
        assert [(one.name, one.fine) for one in found] == [(name, True) for name in STEPS], found
        assert not list(here.store.names("clips"))
        assert not list(here.store.names("doctor"))
        with here.database.reading() as session:
            assert not list(session.scalars(select(ArticleRow)))


@pytest.mark.slow
@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_fault_is_found(plant: Plant, tmp_path: Path) -> None:
    assert plant.says in plant.look(tmp_path)


def test_a_fresh_data_folder_gets_its_tables(tmp_path: Path) -> None:
    settings = make_settings(tmp_path / "fresh")
    assert not settings.data_dir.exists()
    assert "its tables have been created" in require_tables(settings)
    assert require_tables(settings) == "sqlite"


def test_a_fresh_data_folder_is_served_nothing_and_says_why(
    sentence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_quickly(monkeypatch, sentence)
    *others, served = sentence_checks(make_settings(tmp_path / "fresh", port=9))
    assert all(one.fine for one in others), others
    assert "http://127.0.0.1:9/healthz doesn't respond" in served.found
    assert "is running" in served.advice


def test_tables_of_another_version_are_left_alone(tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    with parts.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    found = finding_of("database", lambda: require_tables(parts.settings), "")
    assert not found.fine
    assert "have version 0001" in found.found
    assert "tts-service run" in found.found
    parts.close()


def test_whatever_is_raised_is_a_finding() -> None:
    def fails() -> str:
        raise ImportError("libssl.so.1: no such file\nand more")

    assert finding_of("it", fails, "Do this.") == Finding(
        name="it", fine=False, found="ImportError: libssl.so.1: no such file", advice="Do this."
    )


def test_what_comes_behind_a_failed_step_isnt_called_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise NotMarked("planted")

    monkeypatch.setattr(journey, "speak_to_file", fails)
    found = list(sentence_checks(make_settings(tmp_path)))
    assert [(one.name, one.fine) for one in found] == [(name, False) for name in STEPS]
    assert all("not checked" in one.found for one in found[1:])


@pytest.mark.parametrize("manner", [{"conditional": 501}, {"conditional": 0}])
def test_a_bucket_without_conditional_writes_will_do(manner: dict[str, Any], tmp_path: Path) -> None:
    with s3_server(**manner) as bucket:
        found = finding_of("store", lambda: _store(make_settings(tmp_path, **settings_of(bucket))), "")
    assert found.fine, found


def test_what_names_its_setting_gets_no_other_advice(tmp_path: Path) -> None:
    here = make_settings(tmp_path, default_voice_en="tone:nope", min_free_mb=10**9)
    store, voice = (lambda: _store(here)), (lambda: _english(here, Registry(here)))
    for check, setting in ((store, "TTS_MIN_FREE_MB"), (voice, "TTS_DEFAULT_VOICE_EN")):
        found = finding_of("it", check, "Check something else.")
        assert (setting in found.found, found.advice) == (True, ""), found


def test_a_limit_that_stops_doctor_itself_is_named(tmp_path: Path) -> None:
    with proxy(1, {}, answers={"": b"slow down"}, status=429) as address, httpx.Client() as client:
        found = finding_of("served", lambda: str(_asked(client, f"{address}/healthz")), "Check TTS_PUBLIC_URL.")
    assert ("TTS_RATE_PUBLIC" in found.found, found.advice) == (True, ""), found


@pytest.mark.parametrize(("public", "says"), [("", "TTS_HOST and TTS_PORT"), ("http://x.example", "TTS_PUBLIC_URL")])
def test_advice_on_serving_names_what_is_set(public: str, says: str, tmp_path: Path) -> None:
    assert says in _where(make_settings(tmp_path, public_url=public))


def test_settings_are_told_before_anything_is_used(tmp_path: Path) -> None:
    with environment({"TTS_DATABASE_URL": "postgres://a:b@c/d", "TTS_PROT": "1"}, tmp_path):
        done = CliRunner().invoke(commands.app, ["doctor"])
    lines = done.stdout.splitlines()
    assert done.exit_code == 1
    starts = ["FAIL  setting TTS_DATABASE_URL: post", "FAIL  setting TTS_PROT: the env"]
    assert [line[: len(start)] for line, start in zip(lines, starts, strict=True)] == starts


def test_a_check_that_was_interrupted_leaves_nothing_for_ever(sentence: Path, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    record = record_from(read_disclosure(sentence).record or {})
    left = temporary_clip(parts.settings, b"sound", record)
    left.__enter__()
    with parts.database.writing() as session:
        session.scalars(select(ArticleRow)).one().created_ms -= 600_001
    with temporary_clip(parts.settings, b"other", record) as clip:
        names = list(parts.store.names("clips"))
    assert len(names) == 1
    assert clip in names[0]
    assert not list(parts.store.names("clips"))
    parts.close()


def test_a_passing_clip_is_in_no_list(sentence: Path, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    with (
        temporary_clip(parts.settings, b"sound", record_from(read_disclosure(sentence).record or {})) as clip,
        TestClient(create_app(parts)) as client,
    ):
        assert client.get(f"/v1/clips/{clip}/r/1/audio.mp3").content == b"sound"
        assert client.get(f"/feeds/{SITE}.rss").status_code in (404, 200)
        assert clip not in client.get(f"/feeds/{SITE}.rss").text
        assert SITE not in client.get("/feeds.opml").text


def test_the_address_that_run_has_noted_is_used(tmp_path: Path) -> None:
    with installation(tmp_path, instance="ours") as here:
        settings = here.settings.model_copy(update={"port": 8000})
        assert reached_at(settings) == "http://127.0.0.1:8000"
        note = settings.data_dir / "run.lock"
        note.write_text(f"http://127.0.0.1:{here.settings.port} another")
        assert reached_at(settings) == "http://127.0.0.1:8000"
        note.write_text(f"http://127.0.0.1:{here.settings.port} ours")
        assert reached_at(settings) == f"http://127.0.0.1:{here.settings.port}"
        public = settings.model_copy(update={"public_url": "https://news.example"})
        assert reached_at(public) == "https://news.example"


def asked(peer: str, **headers: str) -> Request:
    names = {f"x-forwarded-{name}": value for name, value in headers.items()}
    raw = [(name.encode(), value.encode()) for name, value in names.items()]
    return Request({"type": "http", "client": (peer, 1), "headers": raw})


BEHIND = {"public_url": "https://News.example/audio/", "trusted_proxies": "10.0.0.0/8"}
FINE = {"for": "203.0.113.7", "proto": "https", "host": "news.example", "prefix": "/audio"}


READABLE = {"public_url": "https://müller.example/hör", "trusted_proxies": "10.0.0.0/8"}


@pytest.mark.parametrize(
    ("settings", "peer", "headers", "says"),
    [
        (BEHIND, "10.0.0.1", FINE, None),
        (BEHIND, "10.0.0.1", {**FINE, "host": "news.example:443", "prefix": "/audio/"}, None),
        (BEHIND, "10.0.0.1", {"for": "203.0.113.7"}, None),
        (BEHIND, "203.0.113.7", {}, None),
        (READABLE, "10.0.0.1", {**FINE, "host": "xn--mller-kva.example", "prefix": "/h%C3%B6r"}, None),
        ({}, "127.0.0.1", {}, None),
        (BEHIND, "10.0.0.1", {**FINE, "proto": "http"}, "X-Forwarded-Proto says http, TTS_PUBLIC_URL https"),
        (BEHIND, "10.0.0.1", {**FINE, "host": "tts:8000"}, "X-Forwarded-Host says tts:8000"),
        (BEHIND, "10.0.0.1", {**FINE, "prefix": "/tts"}, "X-Forwarded-Prefix says /tts"),
        (BEHIND, "10.0.0.1", {"proto": "https"}, "doesn't send the client's address"),
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
    with TestClient(create_app(parts)) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
