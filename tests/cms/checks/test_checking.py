"""Known articles are checked again: what a page must say, and how often, before their audio goes offline."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from tests.parts.factories import Doorbell, make_article, make_parts
from tests.parts.feed_site import SITE, Publisher, publisher
from tests.parts.feed_turns import TONE, missed_webhook, rows, turn
from tests.parts.queues import claimed
from tests.parts.small_internet import redirect, reply
from tests.parts.webhooks import now_ms
from tts_service.cms.checks.cms_api import ask_cms
from tts_service.cms.checks.page import Look, look_at_page
from tts_service.cms.checks.restore import restore_articles
from tts_service.cms.checks.rounds import CHECKS, add_new_sites, check_all_soon
from tts_service.cms.checks.staff import accept_closings, alarms, checks_of, rounds_of
from tts_service.cms.checks.turn import check_site
from tts_service.cms.checks.verdicts import settle_answer
from tts_service.cms.feeds.fetch import Politeness
from tts_service.cms.feeds.register import add_feed
from tts_service.cms.inbox.addresses import add_hook
from tts_service.cms.inbox.apply import Arrival, apply_event
from tts_service.cms.inbox.cms_api import Fetch
from tts_service.cms.sources.base import Event, EventKind, Hook, HookOptions
from tts_service.cms.sources.registry import SOURCES
from tts_service.db.tables import ArticleCheckRow, ArticleRevisionRow, ArticleRow, ClipRow, JobRow, SiteRoundRow
from tts_service.errors import NotAllowed, NotFound, RemoteUnavailable
from tts_service.jobs.control import withdraw, withdraw_as_of
from tts_service.jobs.submit import submit
from tts_service.jobs.versions import Version
from tts_service.parts import Parts
from tts_service.queue.claim import claim_row, fenced

MINUTE_MS = 60_000
ITEM = {"status": "published", "title": "The ferry", "body": "<p>The ferry runs.</p>", "date_updated": "2025-03-01"}
TEXT = "The ferry to Elmsworth runs again from Monday. " * 4


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, fetch_pause_s=0, check_every_s=3600, check_confirm_s=120, check_most_closed=0.5)
    yield built
    built.close()


@pytest.fixture
def site() -> Iterator[Publisher]:
    with publisher() as made:
        made.pages["/robots.txt"] = reply(b"", status="404 Not Found")
        yield made


def published(parts: Parts, site: Publisher, path: str, **values: str) -> str:
    """A public article whose page is open. Returns its row's id."""
    text = values.pop("text", TEXT)
    url = page(site, path, text)
    article = make_article(external_id=path, url=url, title=f"The ferry {path}", source=f"<p>{text}</p>", **values)
    submit(parts, article, TONE)
    with parts.database.writing() as session:
        row = session.scalars(select(ArticleRow).where(ArticleRow.external_id == path)).one()
        # As if it had been rendered.
        session.execute(update(JobRow).where(JobRow.article_id == row.id).values(state="succeeded"))
    return row.id


def page(site: Publisher, path: str, text: str = TEXT, head: str = "", *headers: str) -> str:
    html = f"<html><head><title>The ferry {path}</title>{head}</head><body><article><h1>The ferry {path}</h1>"
    body = f"{html}<p>{text}</p></article></body></html>".encode()
    site.pages[path] = reply(body, "Content-Type: text/html; charset=utf-8", *headers)
    return SITE + path


def again(parts: Parts, site: Publisher, minutes: float = 0) -> Counter[str]:
    """A new round of the site, `minutes` later: everything that is due. Returns how many came to which verdict."""
    if minutes:
        pass_time(parts, int(minutes * MINUTE_MS))
    check_all_soon(parts, "gazette", "test")
    return due(parts, site)


def due(parts: Parts, site: Publisher, fetch: Fetch | None = None) -> Counter[str]:
    """What is due now, without a new round. `fetch` stands in for the CMS's API."""
    add_new_sites(parts)
    verdicts: Counter[str] = Counter()
    for _ in range(20):
        with parts.database.writing() as session:
            session.execute(update(SiteRoundRow).where(SiteRoundRow.cursor.is_not(None)).values(due_ms=0))
        one = claim_row(parts, CHECKS)
        if one is None:
            return verdicts
        verdicts += check_site(fenced(parts, one), site.outbound, one, sleep=lambda _: None, fetch=fetch)
    raise AssertionError("the round doesn't end")


def pass_time(parts: Parts, ms: int) -> None:
    """Everything that was noted happened so much earlier."""
    with parts.database.writing() as session:
        for table, columns in (
            (ArticleCheckRow, ("suspect_ms", "again_ms", "acted_ms", "checked_ms")),
            (SiteRoundRow, ("started_ms", "due_ms", "ended_ms")),
        ):
            session.execute(update(table).values({getattr(table, name): getattr(table, name) - ms for name in columns}))


def state(parts: Parts, article_id: str) -> str:
    """public, closed or withdrawn."""
    with parts.database.reading() as session:
        row = session.get_one(ArticleRow, article_id)
    return "withdrawn" if row.withdrawn_ms is not None else "public" if row.visibility == "public" else "closed"


class TestWhatAPageSays:
    def test_a_deleted_page_is_seen_twice_before_its_audio_goes(self, parts: Parts, site: Publisher) -> None:
        first, kept = published(parts, site, "/ferry"), published(parts, site, "/bridge")
        del site.pages["/ferry"]

        assert again(parts, site) == {"suspected": 1, "open": 1}
        assert state(parts, first) == "public"
        assert again(parts, site, minutes=1)["suspected"] == 1
        assert state(parts, first) == "public"
        assert again(parts, site, minutes=1.1)["taken away"] == 1
        assert (state(parts, first), state(parts, kept)) == ("withdrawn", "public")
        [check] = checks_of(parts.database, ("gazette",))
        assert (check.acted, check.external_id) == ("withdrawn", "/ferry")
        assert "404" in check.reason

    def test_a_paywall_closes_and_its_end_opens_without_synthesis(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        published(parts, site, "/bridge")
        locked = '{"@type":"NewsArticle","headline":"The ferry /ferry","isAccessibleForFree":false}'
        page(site, "/ferry", "Subscribe.", f'<script type="application/ld+json">{locked}</script>')
        again(parts, site)
        assert again(parts, site, minutes=2.1)["taken away"] == 1
        assert state(parts, article) == "closed"

        page(site, "/ferry")
        assert again(parts, site)["suspected"] == 1
        jobs = len(rows(parts, JobRow))
        assert again(parts, site, minutes=2.1)["reopened"] == 1
        assert state(parts, article) == "public"
        assert len(rows(parts, JobRow)) == jobs

    def test_a_redirect_to_the_login_closes(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        published(parts, site, "/bridge")
        site.pages["/ferry"] = redirect("/wp-login.php?redirect_to=%2Fferry")
        form = b"<html><body><form method=post><input name=log><input type=password name=pwd></form></body></html>"
        site.pages["/wp-login.php?redirect_to=%2Fferry"] = reply(form, "Content-Type: text/html")
        again(parts, site)
        again(parts, site, minutes=2.1)
        assert state(parts, article) == "closed"

    @pytest.mark.parametrize("status", ["503 Service Unavailable", "403 Forbidden", "429 Too Many Requests", "500 X"])
    def test_trouble_says_nothing(self, parts: Parts, site: Publisher, status: str) -> None:
        article = published(parts, site, "/ferry")
        site.fails("/ferry", status)
        for _ in range(3):
            assert again(parts, site, minutes=3) == {"unknown": 1}
        assert state(parts, article) == "public"
        assert checks_of(parts.database) == []

    def test_a_fault_at_one_article_does_not_stop_the_next(
        self, parts: Parts, site: Publisher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        articles = [published(parts, site, path) for path in ("/ferry", "/bridge", "/tunnel")]

        def faulty(url: str, *told: object, **means: Any) -> Look:
            if url.endswith("/bridge"):
                raise KeyError("a fault of ours")
            return look_at_page(url, *told, **means)  # type: ignore[arg-type]

        monkeypatch.setattr("tts_service.cms.checks.turn.look_at_page", faulty)
        for path in ("/ferry", "/tunnel"):
            del site.pages[path]
        assert again(parts, site) == {"suspected": 2, "unknown": 1}
        [said] = [record for record in caplog.records if record.exc_info]
        assert (said.levelname, articles[1] in said.getMessage()) == ("ERROR", True)

        monkeypatch.undo()
        assert again(parts, site)["open"] == 1

    def test_trouble_between_two_looks_puts_the_second_off(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        published(parts, site, "/bridge")
        del site.pages["/ferry"]
        again(parts, site)
        site.fails("/ferry")
        assert again(parts, site, minutes=2.1)["unknown"] >= 1
        assert state(parts, article) == "public"
        del site.pages["/ferry"]
        assert again(parts, site, minutes=20)["taken away"] == 1

    def test_a_page_that_is_there_again_was_no_doubt(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        del site.pages["/ferry"]
        again(parts, site)
        page(site, "/ferry")
        assert again(parts, site, minutes=2.1) == {"open": 1}
        del site.pages["/ferry"]
        assert again(parts, site, minutes=2.1) == {"suspected": 1}
        assert state(parts, article) == "public"

    def test_the_second_look_comes_by_itself(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        published(parts, site, "/bridge")
        del site.pages["/ferry"]
        again(parts, site)
        assert due(parts, site) == {}
        pass_time(parts, 121_000)
        assert due(parts, site) == {"taken away": 1}
        assert state(parts, article) == "withdrawn"


class TestManners:
    def test_an_open_page_is_asked_for_only_if_it_changed(self, parts: Parts, site: Publisher) -> None:
        published(parts, site, "/ferry")
        page(site, "/ferry", TEXT, "", 'ETag: "7"')
        again(parts, site)
        site.pages["/ferry"] = reply(b"", status="304 Not Modified")
        assert again(parts, site) == {"open": 1}
        assert 'If-None-Match: "7"' in site.requests[-1]

    def test_robots_txt_is_respected(self, parts: Parts, site: Publisher) -> None:
        published(parts, site, "/ferry")
        published(parts, site, "/private/bridge")
        site.pages["/robots.txt"] = reply(b"User-agent: *\nDisallow: /private/\n")
        del site.pages["/private/bridge"]
        assert again(parts, site) == {"open": 1, "unknown": 1}
        assert site.asked.count("/robots.txt") == 1
        assert "/private/bridge" not in site.asked

    def test_without_its_robots_txt_a_host_is_left_alone(self, parts: Parts, site: Publisher) -> None:
        published(parts, site, "/ferry")
        site.fails("/robots.txt")
        assert again(parts, site) == {"unknown": 1}
        assert "/ferry" not in site.asked

    def test_pages_of_a_host_are_asked_for_one_by_one_with_its_own_pause(self, parts: Parts, site: Publisher) -> None:
        for number in range(3):
            published(parts, site, f"/{number}")
        site.pages["/robots.txt"] = reply(b"User-agent: *\nCrawl-delay: 7\n")
        check_all_soon(parts, "gazette", "test")
        pauses: list[float] = []
        one = claimed(parts, CHECKS)
        # A clock that only pauses move: however long the requests took, they can't have shortened one.
        check_site(fenced(parts, one), site.outbound, one, sleep=pauses.append, clock=lambda: sum(pauses))
        assert [pause for pause in pauses if pause > 1] == [7, 7]


class TestManyAtOnce:
    def test_beyond_the_sites_share_they_are_closed_and_one_click_brings_them_back(
        self, parts: Parts, site: Publisher
    ) -> None:
        articles = [published(parts, site, f"/{number}") for number in range(6)]
        for number in range(5):
            del site.pages[f"/{number}"]
        again(parts, site)
        verdicts = again(parts, site, minutes=2.1)
        assert verdicts["taken away"] == 5
        assert alarms(parts.database) == ["gazette"]
        assert [state(parts, one) for one in articles] == ["closed"] * 5 + ["public"]

        jobs = len(rows(parts, JobRow))
        assert restore_articles(parts, "gazette", None, "staff:1") == 5
        assert {state(parts, one) for one in articles} == {"public"}
        assert alarms(parts.database) == []
        for row in rows(parts, ClipRow):
            assert row.state != "withdrawn"
        assert len(rows(parts, JobRow)) == jobs or all(job.state != "failed" for job in rows(parts, JobRow))

    def test_what_staff_overruled_is_not_closed_again_for_the_same_reason(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        published(parts, site, "/bridge")
        page(site, "/ferry", "Log in.", '<meta name="article:content_tier" content="locked">')
        again(parts, site)
        again(parts, site, minutes=2.1)
        assert state(parts, article) == "closed"
        restore_articles(parts, "gazette", [article], "staff:1")
        for _ in range(3):
            again(parts, site, minutes=3)
        assert state(parts, article) == "public"
        del site.pages["/ferry"]
        again(parts, site, minutes=3)
        again(parts, site, minutes=3)
        assert state(parts, article) == "withdrawn"

    def test_what_the_cms_said_since_stands(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        page(site, "/ferry", "Log in.", '<meta name="article:content_tier" content="locked">')
        again(parts, site)
        again(parts, site, minutes=2.1)
        assert state(parts, article) == "closed"
        with parts.database.reading() as session:
            later = (session.get_one(ArticleRow, article).source_updated_ms or 0) + 5_000
        withdraw_as_of(parts, "gazette", "/ferry", later, visibility="members")
        assert restore_articles(parts, "gazette", None, "staff:1") == 0
        assert state(parts, article) == "withdrawn"

    def test_staff_may_say_that_they_are_really_closed(self, parts: Parts, site: Publisher) -> None:
        for number in range(2):
            published(parts, site, f"/{number}")
            del site.pages[f"/{number}"]
        again(parts, site)
        again(parts, site, minutes=2.1)
        accept_closings(parts, "gazette", "staff:1")
        assert alarms(parts.database) == []
        assert [check.acted for check in checks_of(parts.database)] == ["withdrawn", "withdrawn"]


class TestOpenAgain:
    def test_what_was_withdrawn_by_hand_stays_offline(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        withdraw(parts, "gazette", "/ferry")
        again(parts, site)
        assert again(parts, site, minutes=2.1)["left"] == 1
        assert state(parts, article) == "withdrawn"

    def test_a_lost_publication_is_found_by_the_page(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        withdraw_as_of(parts, "gazette", "/ferry", None)
        again(parts, site)
        assert again(parts, site, minutes=2.1)["reopened"] == 1
        assert state(parts, article) == "public"

    def test_another_text_on_the_page_is_read_from_there(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        withdraw_as_of(parts, "gazette", "/ferry", None)
        page(
            site,
            "/ferry",
            "The editors wrote this article again, from its first word to its last. " * 3,
        )
        again(parts, site)
        assert again(parts, site, minutes=2.1)["requested"] == 1
        assert state(parts, article) == "public"
        [job] = [row for row in rows(parts, JobRow) if row.state == "queued"]
        assert job.article_id == article

    def test_an_article_that_comes_back_with_another_text_is_not_heard_with_its_old_one(
        self, parts: Parts, site: Publisher
    ) -> None:
        article = published(parts, site, "/ferry")
        published(parts, site, "/bridge")
        page(site, "/ferry", "Log in.", '<meta name="article:content_tier" content="locked">')
        again(parts, site)
        again(parts, site, minutes=2.1)
        assert state(parts, article) == "closed"
        page(site, "/ferry", "Another article stands here now, with other words, from its first to its last. " * 3)
        again(parts, site, minutes=3)
        assert again(parts, site, minutes=3)["requested"] == 1
        [job] = [row for row in rows(parts, JobRow) if row.state == "queued"]
        assert (job.article_id, state(parts, article)) == (article, "public")
        [clip] = [row for row in rows(parts, ClipRow) if row.article_id == article]
        assert (clip.state, clip.current_revision) == ("rendering", None)

    def test_two_articles_at_one_address_are_not_heard_twice(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        withdraw_as_of(parts, "gazette", "/ferry", None)
        page(site, "/ferry", "Another article stands here now, with other words, from its first to its last. " * 3)
        other = make_article(external_id="other", url=SITE + "/ferry", source="Another article stands here now.")
        submit(parts, other, TONE)
        again(parts, site)
        assert again(parts, site, minutes=2.1)["left"] == 1
        assert state(parts, article) == "withdrawn"

    def test_a_closing_of_an_unknown_article_has_those_read_from_pages_checked(
        self, parts: Parts, site: Publisher
    ) -> None:
        url = missed_webhook(parts, site)
        turn(parts, site)
        again(parts, site)
        del site.pages["/bridge"]
        withdraw_as_of(parts, "gazette", "post-7", None)
        assert due(parts, site) == {"taken away": 1}  # the CMS's own word counts as the first look
        [article] = [row for row in rows(parts, ArticleRow) if row.url == url]
        assert state(parts, article.id) != "public"

    def test_another_language_of_an_article_read_from_its_page_is_checked(self, parts: Parts, site: Publisher) -> None:
        english, pier = site.page("/bridge", "The bridge opened"), site.page("/pier", "The pier is closed")
        german = site.page("/bruecke", "Die Brücke ist wieder offen", "de")
        add_feed(parts, "gazette", site.rss("/rss", [(url, 0.5) for url in (english, pier, german)]), "test")
        turn(parts, site)
        again(parts, site)
        with parts.database.writing() as session:  # as if they had been rendered
            session.execute(update(ArticleRevisionRow).values(language="en"))
            session.execute(update(ArticleRevisionRow).filter_by(url=german).values(language="de"))
        del site.pages["/bruecke"], site.pages["/pier"]
        ours = make_article(external_id="post-7:en", url=english, source=TEXT)
        submit(parts, ours, TONE, as_of_ms=now_ms(), version=Version(document_id="post-7", locale="en"))
        assert due(parts, site) == {"taken away": 1}
        by_url = {row.url: state(parts, row.id) for row in rows(parts, ArticleRow)}
        assert by_url[german] != "public"
        assert (by_url[english], by_url[pier]) == ("public", "public")

    def test_a_members_text_that_the_page_does_not_show_stays_closed(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry", visibility="members")
        page(site, "/ferry", "The ferry runs again. Only its first lines stand here, for everybody to read. " * 2)
        again(parts, site)
        assert again(parts, site, minutes=2.1)["left"] == 1
        assert state(parts, article) == "closed"
        jobs = [row.article_id for row in rows(parts, JobRow)]
        assert jobs == [article]

    def test_a_teaser_of_what_the_cms_closed_is_looked_at_once_a_round(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry")
        withdraw_as_of(parts, "gazette", "/ferry", None, visibility="members")
        page(site, "/ferry", "The ferry runs again. Only its first lines stand here, for everybody to read. " * 2)
        again(parts, site)
        assert again(parts, site, minutes=2.1)["left"] == 1
        looks = site.asked.count("/ferry")
        for _ in range(5):
            pass_time(parts, 121_000)
            assert due(parts, site) == {}
        assert site.asked.count("/ferry") == looks
        assert state(parts, article) == "withdrawn"

    def test_a_members_text_that_the_page_shows_whole_opens(self, parts: Parts, site: Publisher) -> None:
        article = published(parts, site, "/ferry", visibility="members")
        again(parts, site)
        assert again(parts, site, minutes=2.1)["reopened"] == 1
        assert state(parts, article) == "public"


class TestRounds:
    def test_a_round_is_shown_with_its_time_and_counts(self, parts: Parts, site: Publisher) -> None:
        for number in range(3):
            published(parts, site, f"/{number}")
        again(parts, site)
        [facts] = rounds_of(parts.database)
        assert (facts.site, facts.running, facts.last["articles"], facts.last["open"]) == ("gazette", False, 3, 3)
        assert facts.due_ms >= (facts.ended_ms or 0) + 3_590_000
        assert due(parts, site) == {}
        pass_time(parts, 3_601_000)
        assert due(parts, site) == {"open": 3}

    def test_a_large_site_takes_several_turns(
        self, parts: Parts, site: Publisher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tts_service.cms.checks.turn.MOST", 4)
        for number in range(10):
            published(parts, site, f"/{number}")
        assert again(parts, site) == {"open": 10}
        assert [path for path in site.asked if path != "/robots.txt"] == [f"/{number}" for number in range(9, -1, -1)]

    def test_a_round_that_staff_start_during_a_turn_begins_after_it(self, parts: Parts, site: Publisher) -> None:
        published(parts, site, "/ferry")
        again(parts, site)
        with parts.database.writing() as session:
            session.execute(update(ArticleCheckRow).values(again_ms=1))
            session.execute(update(SiteRoundRow).values(due_ms=1))
        one = claimed(parts, CHECKS)
        answer = site.answer

        def started_meanwhile(request: str) -> list[bytes]:
            check_all_soon(parts, "gazette", "staff:1")
            return answer(request)

        assert site.network is not None
        site.network._answering = started_meanwhile
        check_site(fenced(parts, one), site.outbound, one, sleep=lambda _: None)
        site.network._answering = answer
        assert due(parts, site) == {"open": 1}

    def test_what_disappears_from_the_sitemap_is_checked_at_once(self, parts: Parts, site: Publisher) -> None:
        gone, kept = published(parts, site, "/ferry"), published(parts, site, "/bridge")
        listed = [(SITE + "/ferry", 0.5), (SITE + "/bridge", 0.5)]
        add_feed(parts, "gazette", site.sitemap("/sitemap.xml", listed), "test")
        turn(parts, site)
        again(parts, site)
        site.sitemap("/sitemap.xml", listed[1:])
        del site.pages["/ferry"]
        turn(parts, site)
        assert due(parts, site) == {"suspected": 1}
        pass_time(parts, 121_000)
        assert due(parts, site) == {"taken away": 1}
        assert (state(parts, gone), state(parts, kept)) == ("withdrawn", "public")


class TestTheApi:
    """A CMS's API is asked before any page, and its word counts at once."""

    def ask(self, parts: Parts, site: Publisher, answers: dict[str, object]) -> Counter[str]:
        """A round in which Directus answers so, by item; None: it has no such item."""

        def fetch(url: str, headers: Mapping[str, str]) -> bytes:
            item = answers[parse_qs(urlsplit(url).query)["filter[id][_eq]"][0]]
            if isinstance(item, Exception):
                raise item
            return json.dumps({"data": [] if item is None else [item]}).encode()

        check_all_soon(parts, "gazette", "test")
        return due(parts, site, fetch)

    def sent(self, parts: Parts, hook: Hook, key: str, **item: object) -> str:
        """An article that Directus sent. Returns its row's id."""
        event = SOURCES["directus"].answered(
            {"data": ITEM | item}, Event(kind=EventKind.UPDATED, external_id=key), hook
        )
        apply_event(parts, hook, event, Arrival(received_ms=now_ms(), asked_ms=now_ms()))
        with parts.database.reading() as session:
            return session.scalars(select(ArticleRow.id).where(ArticleRow.external_id == key)).one()

    @pytest.fixture
    def hook(self, parts: Parts) -> Hook:
        options = HookOptions(types=("articles",), api_url="https://cms.example", api_token="t", voice="tone:beep")
        return add_hook(parts.database, "directus", "gazette", options)

    def test_what_lost_webhooks_did_not_tell_is_so_after_one_round(
        self, parts: Parts, site: Publisher, hook: Hook
    ) -> None:
        one, two, three = (self.sent(parts, hook, key) for key in ("1", "2", "3"))
        verdicts = self.ask(parts, site, {"1": ITEM, "2": ITEM | {"status": "archived"}, "3": None})
        assert verdicts == {"open": 1, "taken away": 2}
        assert [state(parts, article) for article in (one, two, three)] == ["public", "closed", "closed"]
        assert alarms(parts.database) == ["gazette"]
        assert site.asked == []

    def test_a_text_that_no_webhook_brought_is_taken_over(self, parts: Parts, site: Publisher, hook: Hook) -> None:
        article = self.sent(parts, hook, "1")
        newer = ITEM | {"body": "<p>The ferry sails on Sundays, too.</p>", "date_updated": "2031-01-01T00:00:00Z"}
        self.ask(parts, site, {"1": newer})
        texts = [row.source for row in rows(parts, ArticleRevisionRow) if row.article_id == article]
        assert len(texts) == 2 and "Sundays" in texts[-1]

    def test_an_opening_that_may_come_from_a_cache_is_asked_for_once_more(self, parts: Parts, site: Publisher) -> None:
        options = HookOptions(types=("article",), api_url="https://cms.example", api_token="t", voice="tone:beep")
        hook = add_hook(parts.database, "contentful", "gazette", options)
        entry = {
            "sys": {"updatedAt": "2025-03-01T12:00:00Z"},
            "fields": {"title": {"en": "A"}, "body": {"en": "Rain."}},
        }
        event = Event(kind=EventKind.UPDATED, external_id="1", locale="en")
        heard = SOURCES["contentful"].answered(entry, event, hook)
        apply_event(parts, hook, heard, Arrival(received_ms=now_ms()))
        [article] = [row.id for row in rows(parts, ArticleRow)]
        withdraw_as_of(parts, "gazette", "1:en", now_ms())
        asked = partial(ask_cms, parts, Politeness(pause_s=0), article, lambda *_: json.dumps(entry).encode())
        assert settle_answer(parts, article, asked()) == "suspected"
        assert state(parts, article) == "withdrawn"
        pass_time(parts, 121_000)
        with parts.database.writing() as session:
            earlier = {name: getattr(ArticleRow, name) - 121_000 for name in ("withdrawn_ms", "source_updated_ms")}
            session.execute(update(ArticleRow).values(earlier))
        assert settle_answer(parts, article, asked()) == "open"
        assert state(parts, article) == "public"

    def test_an_api_in_trouble_says_nothing(self, parts: Parts, site: Publisher, hook: Hook) -> None:
        article = self.sent(parts, hook, "1")
        for error in (RemoteUnavailable("503"), NotAllowed("the token ended"), NotFound("by a proxy", by_api=False)):
            assert self.ask(parts, site, {"1": error}) == {"unknown": 1}
        assert state(parts, article) == "public"
        assert site.asked == []
