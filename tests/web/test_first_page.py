"""The first page: the newest clips, and what staff paste, spoken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from tests.parts.factories import make_parts
from tests.parts.staff import signed
from tests.parts.web_rows import ready_clip, rendering_clip
from tts_service.access.audit import deeds
from tts_service.article.fetch import fetch_article
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRow, JobRow
from tts_service.errors import AddressRefused
from tts_service.http.client import Outbound
from tts_service.parts import Parts
from tts_service.values import Article, SourceFormat, WebAddress
from tts_service.web.app import create_app
from tts_service.web.staff import first_page


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


def test_clips_that_are_not_for_everybody_are_listed_for_staff_only(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).values(visibility="members"))
    assert "clip_1" not in client.get("/").text
    text = client.get("/", headers=signed(parts).headers).text
    assert "not public" in text
    assert "<article-audio" not in text


def test_a_withdrawn_clip_is_not_listed(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.execute(update(ClipRow).values(state="withdrawn"))
    assert "clip_1" not in client.get("/", headers=signed(parts).headers).text


def test_under_a_public_address_only_staff_see_the_list(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, public_url="https://audio.example.org")
    ready_clip(parts)
    with TestClient(create_app(parts), base_url="https://audio.example.org") as client:
        assert "clip_1" not in client.get("/").text
        assert "clip_1" in client.get("/", headers=signed(parts).headers).text


def paste(client: TestClient, parts: Parts, **fields: str) -> tuple[int, str]:
    staff = signed(parts)
    answer = client.post("/staff/new", headers=staff.headers, data={"form_token": staff.token, **fields})
    return answer.status_code, answer.headers.get("location", "") or answer.text


def test_a_pasted_text_becomes_a_job_that_waits_for_nothing(client: TestClient, parts: Parts) -> None:
    status, where = paste(client, parts, text=" Two herons stood at the weir. \n\n", title="Herons")
    assert status == 303
    with parts.database.reading() as session:
        job = session.scalars(select(JobRow)).one()
        text = session.scalars(select(ArticleRevisionRow)).one()
        assert where == f"/staff/new/{job.id}"
        assert (job.site, job.queue, text.title) == ("pasted", "breaking", "Herons")
        assert (text.source, text.source_format) == ("Two herons stood at the weir.", "text")
        assert job.due_ms <= parts.database.now_ms(session)
    assert deeds(parts.database)[0].what == "job.entered"
    assert paste(client, parts, text="Two herons stood at the weir.", title="Herons") == (303, where)


def test_the_page_of_an_address_is_fetched(client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetched(url: str, _: Outbound) -> Article:
        assert url == "https://news.example.org/weir"
        return Article(
            site="local",
            external_id=url,
            source="<article><h1>Herons</h1><p>Two herons stood at the weir.</p></article>",
            source_format=SourceFormat.HTML,
            url=WebAddress(url),
        )

    monkeypatch.setattr(first_page, fetch_article.__name__, fetched)
    assert paste(client, parts, text="https://news.example.org/weir")[0] == 303
    with parts.database.reading() as session:
        text = session.scalars(select(ArticleRevisionRow)).one()
        assert (text.source_format, text.url) == ("html", "https://news.example.org/weir")


def test_what_cannot_be_spoken_is_said_on_the_page_and_kept_in_the_form(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, text = paste(client, parts, text="  ", title="Herons")
    assert status == 422
    assert "Enter a text, or the address of an article." in text
    assert 'value="Herons"' in text

    def refused(*_: object) -> Article:
        raise AddressRefused("http://127.0.0.1/ is not on the public internet.")

    monkeypatch.setattr(first_page, fetch_article.__name__, refused)
    status, text = paste(client, parts, text="http://127.0.0.1/<b>")
    assert status == AddressRefused.status
    assert "127.0.0.1/ is not on the public internet." in text
    assert ">http://127.0.0.1/&lt;b&gt;</textarea>" in text
    assert 'role="alert"' in text


def test_a_text_that_begins_with_an_address_is_a_text(client: TestClient, parts: Parts) -> None:
    assert paste(client, parts, text="https://news.example.org has a new design.")[0] == 303
    with parts.database.reading() as session:
        assert session.scalars(select(ArticleRevisionRow)).one().source_format == "text"


def test_the_page_of_a_clip_in_the_making_says_how_far_it_is_and_what_is_skipped(
    client: TestClient, parts: Parts
) -> None:
    rendering_clip(parts)
    headers = signed(parts).headers
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(state="running", done=2, total=5))
    text = client.get("/staff/new/job_1", headers=headers).text
    assert "2 of 5 sentences" in text
    assert '<progress max="5" value="2"' in text
    assert '<div id="made">' in text
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(state="failed", error={"detail": "No voice speaks Klingon."}))
    text = client.get("/staff/new/job_1", headers=headers | {"Accept-Language": "de"}).text
    assert "No voice speaks Klingon." in text
    assert '<div id="made" data-ended>' in text
    assert '<html lang="de">' in text
    assert client.get("/staff/new/job_9", headers=headers).status_code == 404


def test_skipped_parts_are_named_with_their_reason(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    text = client.get("/staff/new/job_1", headers=signed(parts).headers).text
    assert "<td>Caption</td>" in text
    assert "Finished." in text
