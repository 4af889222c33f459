"""A site's correction log: what was said and is said, in public articles only, and nobody's name."""

from __future__ import annotations

import time

import feedparser
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from tests.parts.correction_rows import corrected
from tests.parts.web_rows import ready_clip
from tests.web.test_jobs import is_problem
from tts_service.corrections.public_log import public_corrections, words_said_differently
from tts_service.db.tables import ArticleRow, CorrectionClipRow, ReportRow
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts

PAGE, FEED = "/corrections/gazette", "/feeds/gazette/corrections.rss"


@pytest.fixture(autouse=True)
def clips(parts: Parts) -> None:
    for name, site in (("1", "gazette"), ("2", "gazette"), ("3", "herald")):
        ready_clip(parts, name=name, site=site)


def entries(client: TestClient) -> list[str]:
    return [entry.title for entry in feedparser.parse(client.get(FEED).content).entries]


def test_a_correction_says_what_was_said_what_is_said_and_lets_both_be_heard(client: TestClient, parts: Parts) -> None:
    reference = receive(parts, ReportDraft(clip_id="clip_1", category="other", comment="It is Munday", email="a@b.org"))
    correction = corrected(parts, "clip_1", "clip_2")
    shown = client.get(PAGE).text
    for text in ("“Monday”", "mon day", "/ˈmʌndeɪ/", "The newsroom says it like this.", "/listen/clip_1", correction):
        assert text in shown
    assert shown.count("/v1/clips/clip_1/r/1/audio.mp3#t=") == shown.count("/v1/clips/clip_1/r/2/audio.mp3#t=") == 1
    feed = feedparser.parse(client.get(FEED).content)
    assert not feed.bozo
    [entry] = feed.entries
    assert (entry.title, entry.id) == ("Corrected: Monday", correction)
    for secret in ("stf_secret", "It is Munday", "a@b.org", reference):
        assert secret not in shown + client.get(FEED).text


@pytest.mark.parametrize(
    "hidden", [{"visibility": "members"}, {"withdrawn_ms": 1}, {"site": "times"}], ids=lambda hidden: next(iter(hidden))
)
def test_an_article_that_not_everybody_may_read_is_not_named(
    client: TestClient, parts: Parts, hidden: dict[str, object]
) -> None:
    corrected(parts, "clip_1", "clip_2")
    with parts.database.writing() as session:
        article = session.get_one(ArticleRow, "art_1")
        article.title = "The secret ledger"
        for name, value in hidden.items():
            setattr(article, name, value)
    shown, feed = client.get(PAGE).text, client.get(FEED).text
    for text in ("secret ledger", "clip_1"):
        assert text not in shown + feed
    assert "clip_2" in shown
    with parts.database.reading() as session:
        assert [one.count for one in public_corrections(session, "gazette")] == [1]


def test_what_is_not_finished_is_not_listed(client: TestClient, parts: Parts) -> None:
    correction = corrected(parts, "clip_1")
    for state in ("waiting", "failed", "not_needed"):
        with parts.database.writing() as session:
            session.get_one(CorrectionClipRow, (correction, "clip_1")).state = state
        assert entries(client) == []
        assert "Nothing has been corrected yet." in client.get(PAGE).text


def test_one_that_was_taken_back_says_so_and_is_news_again(client: TestClient, parts: Parts) -> None:
    correction = corrected(parts, "clip_1", state="taken_back", taken_back_ms=1_796_000_000_000)
    assert "Taken back on" in client.get(PAGE).text
    [entry] = feedparser.parse(client.get(FEED).content).entries
    assert (entry.title, entry.id) == ("Taken back: Monday", f"{correction}:taken-back")
    assert "Was said after the correction: /ˈmʌndeɪ/" in entry.description
    assert "Is said now" not in entry.description


def test_a_correction_for_all_sites_names_each_sites_own_articles(client: TestClient, parts: Parts) -> None:
    corrected(parts, "clip_1", "clip_3", site=None)
    ours, theirs = client.get(PAGE).text, client.get("/corrections/herald").text
    assert ("clip_1" in ours, "clip_3" in ours) == (True, False)
    assert ("clip_1" in theirs, "clip_3" in theirs) == (False, True)


def test_pages_go_on_where_the_one_before_ended(client: TestClient, parts: Parts) -> None:
    made = [corrected(parts, "clip_1") for _ in range(45)]
    seen, path = [], PAGE
    while path:
        shown = client.get(path).text
        seen += [part.split('"')[0] for part in shown.split('<article id="')[1:]]
        links = [part.split('"')[0] for part in shown.split('href="')[1:] if "before=" in part.split('"')[0]]
        path = links[0] if links else ""
    assert seen == made[::-1]


def test_markup_of_staff_and_cms_is_text(client: TestClient, parts: Parts) -> None:
    evil = "<script>alert(1)</script>"
    correction = corrected(parts, "clip_1", why=evil, after={"graphemes": [evil]})
    with parts.database.writing() as session:
        session.get_one(ArticleRow, "art_1").title = evil
        row = session.get_one(CorrectionClipRow, (correction, "clip_1"))
        row.changes = [{**row.changes[0], "text": evil, "before": evil, "after": f"x{evil}"}]
    assert evil not in client.get(PAGE).text
    assert evil not in client.get(FEED).text
    [entry] = feedparser.parse(client.get(FEED).content, sanitize_html=False).entries
    assert evil not in entry.description
    assert "&lt;script&gt;" in entry.description


def test_unknown_sites_and_those_without_feeds_say_so(client: TestClient, parts: Parts) -> None:
    for path in ("/corrections/nobody", "/feeds/nobody/corrections.rss"):
        is_problem(client.get(path), 404, "not_found")
    set_options(parts.database, "gazette", {"feeds": False})
    is_problem(client.get(FEED), 410, "feeds_off")
    shown = client.get(PAGE)
    assert shown.status_code == 200
    assert FEED not in shown.text


def test_a_current_copy_is_not_sent_again(client: TestClient, parts: Parts) -> None:
    corrected(parts, "clip_1")
    tag = client.get(FEED).headers["etag"]
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304
    corrected(parts, "clip_2")
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 200


def test_an_empty_feed_is_the_same_a_second_later(client: TestClient, parts: Parts) -> None:
    set_options(parts.database, "other", {"feeds": True})
    feeds = (FEED.replace("gazette", "other"), "/feeds/other.rss")
    before = [client.get(feed).headers["etag"] for feed in feeds]
    time.sleep(1.1)
    assert [client.get(feed).headers["etag"] for feed in feeds] == before


def test_the_reporters_page_and_the_clips_page_lead_to_the_log(client: TestClient, parts: Parts) -> None:
    reference = receive(parts, ReportDraft(clip_id="clip_1", category="other"))
    assert f'href="{PAGE}"' in client.get(f"/feedback/{reference}").text
    assert f'href="{PAGE}"' in client.get("/about/clip_1").text
    with parts.database.writing() as session:
        session.get_one(ReportRow, reference).obsolete_ms = 1
    assert "it no longer has this sentence" in client.get(f"/feedback/{reference}").text


_WORDS = st.lists(st.sampled_from("abcd"), max_size=30)


@given(_WORDS, _WORDS, _WORDS, _WORDS)
def test_only_what_differs_is_shown(head: list[str], old: list[str], new: list[str], tail: list[str]) -> None:
    before, now = words_said_differently(" ".join(head + old + tail), " ".join(head + new + tail))
    assert (before == now == "") is (old == new)
    assert len(before.split()) <= min(len(old), 12) + 1
    assert len(now.split()) <= min(len(new), 12) + 1
