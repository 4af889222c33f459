"""A sentence said otherwise in one article: heard first, made only if it differs, also before a version is released."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from tests.corrections.desk_bench import Newsroom
from tests.parts.quick_render import Workers
from tests.parts.staff import Signed, signed
from tests.web.test_desk_pages import read
from tts_service.corrections.release import release_held
from tts_service.corrections.taking_back import take_back
from tts_service.db.tables import ArticleRepairRow, ClipRow, CorrectionRow
from tts_service.engines.tone import ToneEngine
from tts_service.jobs.publish import held_revision
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


@pytest.fixture
def newsroom(client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """With the engine of previews in this process."""
    client.app.state.resident_engine = ToneEngine(parts.settings.voices_folder)  # type: ignore[attr-defined]
    return Newsroom(parts, Workers(parts, monkeypatch))


def at(newsroom: Newsroom, clip: str, position: int = 1) -> str:
    return f"/staff/articles/{newsroom.row(ClipRow, clip).article_id}/sentences/{position}"


def send(client: TestClient, who: Signed, path: str, do: str = "hear", **form: str) -> Response:
    fields = {"form_token": who.token, "do": do} | form
    return client.post(path, data=fields, headers=who.headers | {"Accept": "text/html"})  # type: ignore[return-value]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found, page
    return found[1]


def corrections(parts: Parts) -> list[CorrectionRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(CorrectionRow).order_by(CorrectionRow.id)))


def test_it_is_heard_before_and_after_with_what_it_changes_and_then_accepted(
    client: TestClient, newsroom: Newsroom, anna: Signed
) -> None:
    clip = newsroom.publish()
    path = at(newsroom, clip)
    assert path in read(client, path.rpartition("/sentences")[0], anna)
    assert "Elmsworth was dark." in read(client, path, anna)
    form = {"words": "dark", "alias": "very dark", "pause": "900"}
    page = send(client, anna, path, **form).text
    assert ">Elmsworth was dark.</td>" in page
    assert "Elmsworth was <mark>very</mark> dark." in page
    assert "Changes 1 sentence in 1 article" in page
    assert re.search(r"Pause after it: \d+ ms before, 900 ms now\.", page)
    for name in ("before", "after"):
        sound = re.search(rf'id="{name}" href="([^"]+)"', page)
        assert sound
        assert client.get(sound[1], headers=anna.headers).headers["content-type"] == "audio/wav"
    assert corrections(newsroom.parts) == []
    other = send(client, anna, path, "accept", seen=seen(page), **form | {"alias": "darker"})
    assert (other.status_code, corrections(newsroom.parts)) == (200, [])
    done = send(client, anna, path, "accept", seen=seen(page), **form)
    assert done.headers["location"].endswith("?done=correction.accepted#told")
    newsroom.work()
    assert newsroom.said(clip)[1] == "Elmsworth was very dark"
    assert newsroom.lines(clip)[1].pause_after_ms == 900


@pytest.mark.parametrize("form", [{"words": "dark", "alias": "dark"}, {"alias": "Elmsworth was dark."}])
def test_what_sounds_as_before_is_named_and_cannot_be_accepted(
    client: TestClient, newsroom: Newsroom, anna: Signed, form: dict[str, str]
) -> None:
    path = at(newsroom, newsroom.publish())
    page = send(client, anna, path, **form).text
    assert "It sounds the same as before." in page
    assert 'value="accept"' not in page
    assert "It sounds the same as before." in send(client, anna, path, "accept", **form).text
    assert corrections(newsroom.parts) == []


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        ({"words": "Zebra", "alias": "x"}, "words", "contain"),
        ({"pause": "soon"}, "pause", "A pause lasts"),
        ({}, "alias", "Say what is to be repaired"),
        ({"alias": "x", "ipa": "x"}, "alias", "not both"),
    ],
)
def test_what_cannot_be_said_is_named_at_its_field(
    client: TestClient, newsroom: Newsroom, anna: Signed, form: dict[str, str], field: str, said: str
) -> None:
    got = send(client, anna, at(newsroom, newsroom.publish()), **form)
    assert (got.status_code, said in got.text) == (400, True)
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', got.text)


def test_no_sentence_and_no_other_site(client: TestClient, newsroom: Newsroom, anna: Signed) -> None:
    clip = newsroom.publish()
    read(client, at(newsroom, clip, 9), anna, 404)
    editor = signed(newsroom.parts, "editor@example.org", "staff", ["bote"])
    read(client, at(newsroom, clip), editor, 403)
    assert send(client, editor, at(newsroom, clip), alias="x").status_code == 403


def test_a_version_that_waits_for_release_is_repaired_by_the_next_one(
    client: TestClient, newsroom: Newsroom, anna: Signed
) -> None:
    parts = newsroom.parts
    set_options(parts.database, "gazette", {"hold": True})
    clip = newsroom.publish("2")

    def held() -> int | None:
        with parts.database.reading() as session:
            return held_revision(session, clip)

    def accept(alias: str) -> None:
        form = {"words": "dark", "alias": alias}
        page = send(client, anna, at(newsroom, clip), **form).text
        assert send(client, anna, at(newsroom, clip), "accept", seen=seen(page), **form).status_code == 303
        newsroom.work()

    assert (held(), newsroom.current(clip)) == (1, None)
    assert "This version waits for release" in read(client, at(newsroom, clip), anna)
    accept("bright")
    accept("black")
    assert (held(), newsroom.current(clip)) == (3, None)
    assert newsroom.said(clip, 3)[1] == "Elmsworth was black"
    bright, black = corrections(parts)
    assert "One sentence in" in read(client, f"/staff/corrections/{black.id}", anna)
    take_back(parts, black.id, "staff:2")
    newsroom.work()
    assert (held(), newsroom.said(clip, 4)[1], newsroom.current(clip)) == (4, "Elmsworth was bright", None)

    release_held(parts, clip, who="staff:2")
    newsroom.work()
    assert (newsroom.current(clip), newsroom.correction(bright.id).state) == (4, "done")
    take_back(parts, bright.id, "staff:2")
    newsroom.work()
    assert newsroom.said(clip)[1] == "Elmsworth was dark"
    assert newsroom.correction(bright.id).state == "taken_back"
    with parts.database.reading() as session:
        assert session.scalars(select(ArticleRepairRow)).all() == []


def test_a_repair_that_no_quota_is_left_for_says_that_it_is_kept(
    client: TestClient, newsroom: Newsroom, anna: Signed
) -> None:
    parts = newsroom.parts
    set_options(parts.database, "gazette", {"hold": True})
    clip = newsroom.publish("2")
    set_options(parts.database, "gazette", {"hold": True, "characters_a_day": 20})
    form = {"words": "dark", "alias": "bright"}
    page = send(client, anna, at(newsroom, clip), **form).text
    refused = send(client, anna, at(newsroom, clip), "accept", seen=seen(page), **form)
    assert (refused.status_code, "The change is kept" in refused.text) == (409, True)
    with parts.database.reading() as session:
        assert session.scalars(select(ArticleRepairRow)).one().alias == "bright"
