"""The first page: the newest clips, and what staff paste, spoken."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.parts.factories import make_parts
from tests.parts.staff import signed
from tests.parts.web_rows import ready_clip, rendering_clip
from tts_service.db.tables import ArticleRow, ClipRow
from tts_service.parts import Parts
from tts_service.web.app import create_app


def test_anybody_on_this_machine_sees_the_newest_clips_with_player_and_state(client: TestClient, parts: Parts) -> None:
    assert "There are no clips yet." in client.get("/").text
    ready_clip(parts)
    rendering_clip(parts, name="2")
    text = client.get("/").text
    assert re.findall(r'<article-audio clip="(\w+)"', text) == ["clip_2", "clip_1"]
    assert re.findall(r'<span class="state">([^<]+)<', text) == ["being made", "ready"]
    assert "This audio version is artificially generated." in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert "<textarea" not in text  # the form is for staff


def test_clips_that_are_not_for_everybody_are_not_listed(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).values(visibility="members"))
    assert "clip_1" not in client.get("/").text


def test_a_withdrawn_clip_is_not_listed(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.execute(update(ClipRow).values(state="withdrawn"))
    assert "clip_1" not in client.get("/").text


def test_under_a_public_address_nobody_sees_the_list(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, public_url="https://audio.example.org")
    ready_clip(parts)
    with TestClient(create_app(parts), base_url="https://audio.example.org") as client:
        assert "clip_1" not in client.get("/").text


def test_staff_are_led_on_to_their_desk(client: TestClient, parts: Parts) -> None:
    got = client.get("/", headers=signed(parts).headers)
    assert (got.status_code, got.headers["location"]) == (303, "/staff")
