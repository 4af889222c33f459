"""The page Voices: admins install from the catalogue and remove; what is in use is named first."""

from __future__ import annotations

import fcntl
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from tests.parts.factories import make_parts
from tests.parts.staff import BASE, Signed, signed
from tests.parts.voice_mirror import VoiceMirror, voice_file, voice_mirror
from tts_service.db.tables import AuditRow
from tts_service.engines import hibari
from tts_service.engines.voices import install
from tts_service.engines.voices.catalogue import CatalogueVoice, Commercial, catalogue_voice
from tts_service.engines.voices.receipts import receipt_of
from tts_service.engines.voices.voice_files import VoiceFacts, write_facts
from tts_service.newsroom.policies import set_policy
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.staff.voices import index, rows

CONTENT = b"a model" * 1_000


@pytest.fixture
def mirror() -> Iterator[VoiceMirror]:
    with voice_mirror() as mirror:
        mirror.files["bf_emma.int8.onnx"] = CONTENT
        yield mirror


@pytest.fixture
def parts(tmp_path: Path, mirror: VoiceMirror) -> Iterator[Parts]:
    parts = make_parts(tmp_path, voice_mirror=mirror.url, allow_hosts=f"127.0.0.1:{mirror.port}")
    yield parts
    parts.close()


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def admin(parts: Parts) -> Signed:
    return signed(parts)


@pytest.fixture
def emma(monkeypatch: pytest.MonkeyPatch) -> CatalogueVoice:
    """A voice of the catalogue with a tiny file, whose first words aren't spoken."""
    pytest.importorskip("hibari", reason="the extra hibari isn't installed")
    voice = replace(catalogue_voice("hibari:emma"), files=(voice_file("bf_emma.int8.onnx", CONTENT),))
    offer(monkeypatch, voice)
    monkeypatch.setattr(install, "calibrate", lambda *_: 9.9)
    return voice


def offer(monkeypatch: pytest.MonkeyPatch, voice: CatalogueVoice) -> None:
    monkeypatch.setitem(hibari._CATALOGUE, "emma", voice)
    monkeypatch.setattr(index, "catalogue_voice", lambda _: voice)
    monkeypatch.setattr(rows, "voice_catalogue", lambda: {voice.id: voice})


def shown(client: TestClient, who: Signed) -> Any:
    got = client.get("/staff/voices", headers=who.headers | {"Accept": "text/html"})
    assert got.status_code == 200, got.text
    return LexborHTMLParser(got.text)


def sent(client: TestClient, who: Signed, **form: str) -> Any:
    headers = who.headers | {"Accept": "text/html"}
    got = client.post("/staff/voices", data={"form_token": who.token} | form, headers=headers)
    for thread in threading.enumerate():
        if thread.name.startswith("install "):
            thread.join(20)
    return got


def text_of(page: Any, selector: str) -> str:
    return " ".join(" ".join(one.text(separator=" ") for one in page.css(selector)).split())


def test_it_shows_licences_figures_and_what_can_be_installed(client: TestClient, admin: Signed) -> None:
    page = shown(client, admin)
    said = text_of(page, "#voices")
    for words in (
        "Heart, English (United States) hibari:heart en-US part of a package Apache-2.0 commercial use: yes",
        "0.9 1.3 % not measured",
        "commercial use: have it checked",
        "lessac, recordings (Blizzard Challenge 2013) for research only",
        "Emma, English (United Kingdom) hibari:emma en-GB Install 7.9 MB",
    ):
        assert words in said, words
    assert page.css_first("#install-hibari-emma")


def test_a_voice_is_installed_while_the_page_is_read(
    client: TestClient, parts: Parts, admin: Signed, emma: CatalogueVoice
) -> None:
    got = sent(client, admin, do="install", voice=emma.id)
    assert (got.status_code, got.headers["location"]) == (303, "/staff/voices?done=voice.installing#told")
    assert parts.voices.find(emma.id).gain_db == 9.9
    page = shown(client, admin)
    assert page.css_first("#remove-hibari-emma") and not page.css_first("#install-hibari-emma")
    with parts.database.reading() as session:
        (deed,) = session.scalars(select(AuditRow).where(AuditRow.subject == emma.id))
    assert (deed.what, deed.who) == ("voice.installing", admin.person.who)


def test_a_failed_installation_says_why_and_can_be_resumed(
    client: TestClient, parts: Parts, admin: Signed, emma: CatalogueVoice, mirror: VoiceMirror
) -> None:
    mirror.breaks_after = [3_000, 0, 0, 0]
    sent(client, admin, do="install", voice=emma.id)
    assert "broke off at 3000 of 7000 bytes" in text_of(shown(client, admin), "#voices .complaint")
    sent(client, admin, do="install", voice=emma.id)
    assert parts.voices.find(emma.id)


def test_how_far_it_is_is_shown(client: TestClient, parts: Parts, admin: Signed) -> None:
    folder = parts.settings.voices_folder / ".installing"
    folder.mkdir(parents=True)
    state = {"id": "hibari:emma", "done": 3_000_000, "total": 7_936_868, "error": ""}
    (folder / "hibari-emma.json").write_text(json.dumps(state), "utf-8")
    with (folder / "hibari-emma.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        page = shown(client, admin)
        assert page.css_first("#voices").attributes["data-running"] == "yes"
        assert page.css_first("progress").attributes["value"] == "3000000"
        assert not page.css_first("#install-hibari-emma")
    assert shown(client, admin).css_first("#install-hibari-emma")


def test_a_licence_to_be_checked_is_accepted_in_the_form_and_that_is_shown(
    client: TestClient, parts: Parts, admin: Signed, emma: CatalogueVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = replace(emma, licence=replace(emma.licence, commercial=Commercial.REVIEW))
    offer(monkeypatch, review)
    assert shown(client, admin).css_first("#accept-hibari-emma")
    got = sent(client, admin, do="install", voice=emma.id)
    assert got.status_code == 400
    assert "is marked “review”" in unescape(got.text)
    assert emma.id not in {voice.id for voice in parts.voices.voices()}
    sent(client, admin, do="install", voice=emma.id, accept="yes")
    receipt = receipt_of(parts.settings.voices_folder, emma.id)
    assert receipt and receipt.accepted and receipt.accepted.by == admin.person.who
    assert f"Accepted on {receipt.accepted.at[:10]}" in text_of(shown(client, admin), "#voices")


def test_a_voice_in_use_is_removed_after_a_second_look(client: TestClient, parts: Parts, admin: Signed) -> None:
    folder = parts.settings.voices_folder / "anna"
    folder.mkdir(parents=True)
    facts = VoiceFacts(name="anna", language="de", sample_rate_hz=16000, licence="x", gain_db=0.0, sha256="0" * 64)
    write_facts(folder, facts)
    set_policy(parts.database, parts.voices, "gazette", {"voices": {"de": "piper:anna"}})
    got = sent(client, admin, do="remove", voice="piper:anna")
    assert got.status_code == 409
    page = LexborHTMLParser(got.text)
    assert "piper:anna : chosen by the site gazette" in text_of(page, "#complaint")
    assert page.css_first("#complaint #force")
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert parts.voices.find("piper:anna")
    assert sent(client, admin, do="remove", voice="piper:anna", force="yes").status_code == 303
    assert "piper:anna" not in {voice.id for voice in parts.voices.voices()}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "install", "voice": "hibari:nobody"}, 422),
        ({"do": "install", "voice": "hibari:heart"}, 422),
        ({"do": "remove", "voice": "hibari:heart"}, 422),
        ({"do": "remove", "voice": "<b>"}, 422),
        ({"do": "other"}, 400),
        ({}, 400),
    ],
)
def test_what_cannot_be_done_is_said(client: TestClient, admin: Signed, form: dict[str, str], status: int) -> None:
    got = sent(client, admin, **form)
    assert got.status_code == status
    assert LexborHTMLParser(got.text).css_first("#complaint")
    assert "<b>" not in got.text.replace("<b>bold", "")


def test_editors_neither_see_nor_change_voices(client: TestClient, parts: Parts) -> None:
    editor = signed(parts, "editor@example.org", "staff", None)
    assert client.get("/staff/voices", headers=editor.headers).status_code == 403
    assert sent(client, editor, do="install", voice="hibari:emma").status_code == 403
    assert "/staff/voices" not in client.get("/staff", headers=editor.headers | {"Accept": "text/html"}).text
