"""A site's clips as a podcast: what stands in the feeds, for whom, and that every reader can read them."""

from __future__ import annotations

import re
from typing import Any

import feedparser
import pytest
from fastapi.testclient import TestClient
from lxml import etree
from sqlalchemy import update

from tests.parts.factories import make_article
from tests.parts.web_rows import Made, ready_clip, rendering_clip
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.revise import RECORDING
from tts_service.jobs.submit import submit
from tts_service.narration import NOTICES, mixed_notice, recorded_notice
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.values import DigitalSourceType
from tts_service.web.podcast import choice

BASE = "http://127.0.0.1:8000"
FEED = "/feeds/gazette.rss"
HOSTILE = "]]> <script>alert(1)</script> &amp; \x0b\x07 \ufffe 😀 \u202eabc שלום"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


def filed(parts: Parts, name: str, *, section: str | None = None, tags: list[str] | None = None, at: int = 1) -> Made:
    """A finished clip under headings, published at a moment (ms)."""
    made = ready_clip(parts, name=name)
    with parts.database.writing() as session:
        mine = ArticleRevisionRow.id == f"rev_{name}"
        session.execute(update(ArticleRevisionRow).where(mine).values(section=section, tags=tags))
        session.execute(update(ArticleRow).where(ArticleRow.id == f"art_{name}").values(published_ms=at))
    return made


def changed(parts: Parts, table: Any, **values: Any) -> None:
    with parts.database.writing() as session:
        session.execute(update(table).values(**values))


def read(client: TestClient, path: str = FEED) -> Any:
    """The feed as a podcast app's parser has it; nothing in it may be wrong."""
    got = client.get(path)
    assert got.status_code == 200, got.text
    found = feedparser.parse(got.content, response_headers={"content-type": got.headers["content-type"]})
    assert not found.bozo, found.bozo_exception
    return found


def guids(client: TestClient, path: str = FEED) -> list[str]:
    return [entry.id for entry in read(client, path).entries]


def item(client: TestClient) -> Any:
    return etree.fromstring(client.get(FEED).content).find("channel/item")


def test_an_episode_is_the_file_of_its_revision_with_true_length_and_type(client: TestClient, parts: Parts) -> None:
    made = filed(parts, "1", at=1_766_500_000_000)
    (entry,) = read(client).entries
    (sound,) = entry.enclosures
    assert (sound.type, int(sound.length)) == ("audio/mpeg", len(made.audio))
    assert client.get(sound.href.removeprefix(BASE)).content == made.audio
    assert (entry.id, entry.guidislink, entry.title) == ("clip_1", False, "New bridge opens")
    assert (entry.link, entry.author) == ("https://example.org/1", "A. Writer")
    assert entry.published == "Tue, 23 Dec 2025 14:26:40 +0000"
    assert entry.itunes_duration == "7"


def test_captions_transcript_and_chapters_can_be_fetched(client: TestClient, parts: Parts) -> None:
    filed(parts, "1")
    with parts.database.writing() as session:
        row = session.get_one(ClipRevisionRow, ("clip_1", 1))
        row.blocks = [row.blocks[0], row.blocks[1] | {"kind": "heading"}, row.blocks[2]]
    for element in item(client).iterfind(f"{PODCAST}transcript"):
        got = client.get(element.get("url").removeprefix(BASE))
        assert got.headers["content-type"].startswith(element.get("type"))
    chapters = item(client).find(f"{PODCAST}chapters")
    got = client.get(chapters.get("url").removeprefix(BASE))
    assert got.headers["content-type"] == chapters.get("type") == "application/json+chapters"
    assert got.json()["chapters"][0]["startTime"] == 1.0


def test_a_clip_with_one_heading_has_no_chapters(client: TestClient, parts: Parts) -> None:
    filed(parts, "1")
    assert item(client).find(f"{PODCAST}chapters") is None


@pytest.mark.parametrize("language", sorted(NOTICES))
def test_the_notes_say_that_the_voice_is_artificial(client: TestClient, parts: Parts, language: str) -> None:
    ready_clip(parts, language=language)
    (entry,) = read(client).entries
    assert NOTICES[language] in entry.description
    assert f'href="{BASE}/about/clip_1"' in entry.description
    assert "tone:beep" in entry.description
    assert NOTICES[language] in read(client).feed.description


def recorded(parts: Parts, clip: str) -> None:
    with parts.database.writing() as session:
        row = session.get_one(ClipRevisionRow, (clip, 1))
        row.cause = RECORDING
        row.provenance = (row.provenance or {}) | {"digital_source_type": DigitalSourceType.CAPTURE.uri}


@pytest.mark.parametrize("language", sorted(NOTICES))
def test_a_feed_of_both_kinds_says_so_and_each_episode_its_own(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    both, by_people = mixed_notice(language), recorded_notice(language)
    assert len({both, by_people, NOTICES[language]}) == 3
    for name in "12":
        ready_clip(parts, name=name, language=language)
    recorded(parts, "clip_2")
    newest, oldest = read(client).entries
    assert by_people in newest.description
    assert NOTICES[language] in oldest.description
    assert read(client).feed.description == both
    monkeypatch.setattr(choice, "PAGE", 1)
    assert read(client).feed.description == read(client, f"{FEED}?page=2").feed.description == both
    recorded(parts, "clip_1")
    assert read(client).feed.description == by_people


def test_how_the_voice_is_made_comes_from_the_record(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    assert "computed by rules" in read(client).entries[0].description
    voice = {"voice": "piper:joe", "licence": "CC0-1.0", "digital_source_type": "https://x/trainedAlgorithmicMedia"}
    changed(parts, ClipRevisionRow, provenance={"voices": [voice]})
    notes = read(client).entries[0].description
    assert "neural network" in notes
    assert "piper:joe (CC0-1.0)" in notes


def test_a_clip_that_cannot_say_how_it_was_made_is_in_no_feed(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    changed(parts, ClipRevisionRow, provenance=None)
    assert guids(client) == []


def test_only_what_anybody_may_hear_is_in_a_feed(client: TestClient, parts: Parts) -> None:
    filed(parts, "1")
    rendering_clip(parts, name="2")
    filed(parts, "3").fail()
    with parts.database.writing() as session:
        session.get_one(ArticleRow, "art_3").withdrawn_ms = 5
    filed(parts, "4", section="News", tags=["sea"])
    assert guids(client) == ["clip_4", "clip_1"]
    with parts.database.writing() as session:
        session.get_one(ArticleRow, "art_4").visibility = "paid"
    assert guids(client) == ["clip_1"]
    for path in ("/feeds/gazette/section/News.rss", "/feeds/gazette/tag/sea.rss"):
        assert client.get(path).status_code == 404
    assert "News" not in client.get("/feeds/gazette.opml").text


def test_sections_and_tags_have_feeds_of_their_own(client: TestClient, parts: Parts) -> None:
    filed(parts, "1", section="Kultur/Film", tags=["müller", 'a"b'], at=1)
    filed(parts, "2", section="Kultur", tags=["müller"], at=2)
    filed(parts, "3", at=3)
    assert guids(client) == ["clip_3", "clip_2", "clip_1"]
    assert guids(client, "/feeds/gazette/section/Kultur.rss") == ["clip_2"]
    assert guids(client, "/feeds/gazette/section/Kultur%2FFilm.rss") == ["clip_1"]
    assert guids(client, "/feeds/gazette/tag/m%C3%BCller.rss") == ["clip_2", "clip_1"]
    assert client.get("/feeds/gazette/tag/mül.rss").status_code == 404
    listed = etree.fromstring(client.get("/feeds/gazette.opml").content)
    addresses = [outline.get("xmlUrl") for outline in listed.iterfind("body/outline")]
    assert len(addresses) == 5
    assert all(guids(client, address.removeprefix(BASE)) for address in addresses)


def test_categories_are_named_once(client: TestClient, parts: Parts) -> None:
    filed(parts, "1", section="sea", tags=["sea", "ships"])
    assert [tag.term for tag in read(client).entries[0].tags] == ["sea", "ships"]


def test_all_sites_feeds_are_listed_but_those_that_want_none(client: TestClient, parts: Parts) -> None:
    filed(parts, "1")
    ready_clip(parts, name="2", site="herald")
    assert re.findall(r'xmlUrl="([^"]+)"', client.get("/feeds.opml").text) == [
        f"{BASE}/feeds/gazette.rss",
        f"{BASE}/feeds/herald.rss",
    ]
    set_options(parts.database, "herald", {"feeds": False})
    assert "herald" not in client.get("/feeds.opml").text
    assert client.get("/feeds/herald.rss").status_code == client.get("/feeds/herald.opml").status_code == 410
    assert client.get("/feeds/unknown.rss").status_code == 404
    assert 'type="application/rss+xml"' not in client.get("/listen/clip_2").text
    assert f'type="application/rss+xml" href="{BASE}{FEED}"' in client.get("/listen/clip_1").text


def test_the_site_says_what_its_feed_is_called(client: TestClient, parts: Parts) -> None:
    filed(parts, "1")
    set_options(
        parts.database,
        "gazette",
        {
            "title": "Gazette <aloud>",
            "description": "Every article & more.",
            "link": "https://gazette.example/",
            "image": "https://gazette.example/c.png",
            "email": "audio@gazette.example",
            "locked": False,
            "language": "en-GB",
            "explicit": True,
            "author": "The Gazette",
            "category": "Society & Culture",
        },
    )
    found = read(client).feed
    assert (found.title, found.link, found.language) == ("Gazette <aloud>", "https://gazette.example/", "en-GB")
    assert (found.publisher_detail.email, found.author) == ("audio@gazette.example", "The Gazette")
    assert found.image.href == "https://gazette.example/c.png"
    assert found.description.startswith("Every article & more. This audio version")
    channel = etree.fromstring(client.get(FEED).content).find("channel")
    assert channel.findtext(f"{ITUNES}explicit") == channel.findtext(f"item/{ITUNES}explicit") == "true"
    locked = channel.find(f"{PODCAST}locked")
    assert (locked.text, locked.get("owner")) == ("no", "audio@gazette.example")


def test_hostile_words_break_nothing(client: TestClient, parts: Parts) -> None:
    filed(parts, "1", section=HOSTILE[:90], tags=[HOSTILE[:90]])
    changed(parts, ClipRevisionRow, title=HOSTILE, author=HOSTILE)
    set_options(parts.database, "gazette", {"title": "]]></title><script>", "description": HOSTILE})
    (entry,) = read(client).entries
    assert entry.title == HOSTILE.replace("\x0b", "").replace("\x07", "").replace("\ufffe", "")
    (element,) = etree.fromstring(client.get(FEED).content).iterfind("channel/item")
    assert element.findtext("title").startswith("]]> <script>")
    assert "<script>" not in entry.description
    etree.fromstring(client.get("/feeds/gazette.opml").content)


def test_who_has_the_feed_is_told_so(client: TestClient, parts: Parts) -> None:
    filed(parts, "1")
    got = client.get(FEED)
    assert got.headers["cache-control"] == "public, max-age=300"
    for condition in ({"If-None-Match": got.headers["etag"]}, {"If-Modified-Since": got.headers["last-modified"]}):
        again = client.get(FEED, headers=condition)
        assert (again.status_code, again.content) == (304, b"")
    assert client.head(FEED).headers["etag"] == got.headers["etag"]
    withdrawn = 2 * 1_766_500_000_000
    changed(parts, ArticleRow, withdrawn_ms=withdrawn)
    for condition in ({"If-None-Match": got.headers["etag"]}, {"If-Modified-Since": got.headers["last-modified"]}):
        assert client.get(FEED, headers=condition).status_code == 200
    assert client.get("/feeds.opml", headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}).status_code == 200


def test_older_clips_are_on_further_pages(client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "PAGE", 2)
    for name in "123":
        filed(parts, name, at=int(name))
    links = {link.rel: link.href for link in read(client).feed.links}
    assert (guids(client), links["next"]) == (["clip_3", "clip_2"], f"{BASE}{FEED}?page=2")
    second = read(client, f"{FEED}?page=2")
    assert [entry.id for entry in second.entries] == ["clip_1"]
    assert {link.rel: link.href for link in second.feed.links}["previous"] == BASE + FEED
    assert client.get(f"{FEED}?page=3").status_code == 404


def test_without_a_date_or_with_a_future_one_a_clip_stands_where_it_arrived(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "PAGE", 3)
    arrived = {"1": 10, "2": 20, "3": 30, "4": 40, "5": 50}
    published = {"1": 25, "2": None, "3": 1 << 45, "4": 5, "5": 1 << 44}
    for name, ms in arrived.items():
        filed(parts, name)
        with parts.database.writing() as session:
            mine = update(ArticleRow).where(ArticleRow.id == f"art_{name}")
            session.execute(mine.values(created_ms=ms, published_ms=published[name]))
    assert guids(client) == ["clip_5", "clip_3", "clip_1"]
    assert guids(client, f"{FEED}?page=2") == ["clip_2", "clip_4"]


def test_a_feed_keeps_its_name_and_its_episodes_over_corrections(client: TestClient, parts: Parts) -> None:
    filed(parts, "1")
    name = etree.fromstring(client.get(FEED).content).findtext(f"channel/{PODCAST}guid")
    changed(parts, ClipRevisionRow, title="Corrected")
    assert name == etree.fromstring(client.get(FEED).content).findtext(f"channel/{PODCAST}guid")
    assert guids(client) == ["clip_1"]


def test_an_article_that_moved_to_another_section_is_not_made_anew(parts: Parts) -> None:
    def filed_as(**values: Any) -> tuple[bool, str | None, list[str] | None]:
        done = submit(parts, make_article(**values), Wish())
        with parts.database.reading() as session:
            row = session.query(ArticleRevisionRow).one()
        return done.created, row.section, row.tags

    assert filed_as(section="Harbour", tags=("ships",)) == (True, "Harbour", ["ships"])
    assert filed_as() == (False, "Harbour", ["ships"])
    assert filed_as(section="Town", tags=()) == (False, "Town", [])
