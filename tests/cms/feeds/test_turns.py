"""Turns with feeds: bounded, polite, tried again; and the book of feeds, by API and command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from typer.testing import CliRunner

from tests.parts.factories import make_parts
from tests.parts.feed_site import SITE, Publisher
from tests.parts.feed_turns import missed_webhook, rows, turn
from tests.parts.queues import claimed
from tests.parts.small_internet import reply
from tts_service.access.keys import create_key
from tts_service.article.fetch import fetch_article
from tts_service.cms.feeds.register import add_feed, feeds_of, not_taken, remove_feed
from tts_service.cms.feeds.turn import FEEDS, MOST, forget_found, read_due_feed
from tts_service.commands import app as command_line
from tts_service.db.tables import (
    AuditRow,
    FoundArticleRow,
    SiteFeedRow,
)
from tts_service.errors import AddressRefused, Conflict, InputRefused, LeaseLost, NotFound
from tts_service.parts import Parts
from tts_service.queue.claim import claim_row, fenced
from tts_service.values import Article
from tts_service.web.app import create_app


class TestTurns:
    def test_a_turn_requests_some_and_the_next_the_rest(self, parts: Parts, site: Publisher) -> None:
        pages = [(site.page(f"/{number}", f"Article {number}"), 0.5) for number in range(MOST + 5)]
        add_feed(parts, "gazette", site.rss("/rss", pages, 'ETag: "1"'), "test")
        assert turn(parts, site) == {"requested": MOST}
        [feed] = rows(parts, SiteFeedRow)
        assert feed.due_ms < feed.read_ms + 60_000
        site.pages["/rss"] = reply(b"", status="304 Not Modified")

        assert turn(parts, site) == {"requested": 5}
        assert 'If-None-Match: "1"' in next(request for request in reversed(site.requests) if "/rss" in request)
        [feed] = rows(parts, SiteFeedRow)
        assert feed.due_ms >= feed.read_ms + 900_000

    def test_pages_are_fetched_one_after_the_other_with_a_pause(self, tmp_path: Path, site: Publisher) -> None:
        parts = make_parts(tmp_path / "slow", fetch_pause_s=7)
        pages = [(site.page(f"/{number}", f"Article {number}"), 0.5) for number in range(3)]
        add_feed(parts, "gazette", site.rss("/rss", pages), "test")
        slept: list[float] = []
        read_due_feed(parts, site.outbound, claimed(parts, FEEDS), sleep=slept.append, clock=lambda: sum(slept))
        parts.close()

        assert slept == [7, 7, 7]

    def test_a_page_that_cannot_be_had_is_tried_again_and_then_given_up(self, parts: Parts, site: Publisher) -> None:
        missed_webhook(parts, site)
        site.fails("/bridge")
        states = []
        for _ in range(7):
            states.append(turn(parts, site))
            with parts.database.writing() as session:
                session.execute(update(FoundArticleRow).values(due_ms=1))

        assert states == [{"waiting": 1}] * 4 + [{"failed": 1}, {}, {}]
        [left] = not_taken(parts.database, "gazette")
        assert (left.state, left.reason[:19]) == ("failed", "remote_unavailable:")

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (reply(b"", status="404 Not Found"), "input_refused"),
            (reply(b"%PDF", "Content-Type: application/pdf"), "input_refused"),
            (reply(b" ", "Content-Type: text/html"), "empty_article"),
            (reply(b"x", "Location: http://169.254.169.254/", status="302 Found"), "address_refused"),
        ],
    )
    def test_a_page_that_is_no_article_fails_with_its_reason(
        self, parts: Parts, site: Publisher, answer: list[bytes], code: str
    ) -> None:
        missed_webhook(parts, site)
        site.pages["/bridge"] = answer

        assert turn(parts, site) == {"failed": 1}
        assert not_taken(parts.database, "gazette")[0].reason.startswith(code)
        assert turn(parts, site) == {}

    def test_a_fault_at_one_article_does_not_stop_the_next(
        self, parts: Parts, site: Publisher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        pages = [(site.page(f"/{number}", f"Article {number}"), 0.5) for number in range(3)]
        add_feed(parts, "gazette", site.rss("/rss", pages), "test")

        def faulty(address: str, *means: Any) -> Article:
            if address.endswith("/1"):
                raise KeyError("a fault of ours")
            return fetch_article(address, *means)

        monkeypatch.setattr("tts_service.cms.feeds.request.fetch_article", faulty)
        assert turn(parts, site) == {"requested": 2, "failed": 1}
        [said] = [record for record in caplog.records if record.exc_info]
        assert (said.levelname, f"{SITE}/1" in said.getMessage()) == ("ERROR", True)
        [left] = not_taken(parts.database, "gazette")
        assert (left.address, "Internal error in this service: KeyError" in left.reason) == (f"{SITE}/1", True)

    def test_what_failed_is_requested_again_when_it_changes(self, parts: Parts, site: Publisher) -> None:
        missed_webhook(parts, site, days=1)
        site.pages.pop("/bridge")
        turn(parts, site)
        site.page("/bridge", "The bridge opened")
        site.rss("/rss", [(f"{SITE}/bridge", 0.5)])

        assert turn(parts, site) == {"requested": 1}

    def test_a_feed_that_fails_is_kept_with_its_error_and_asked_ever_less_often(
        self, parts: Parts, site: Publisher
    ) -> None:
        add_feed(parts, "gazette", site.fails("/rss"), "test")
        waits = []
        for _ in range(9):
            turn(parts, site)
            [feed] = rows(parts, SiteFeedRow)
            with parts.database.reading() as session:
                waits.append(round((feed.due_ms - parts.database.now_ms(session)) / 1000 / 900))
        assert waits == [1, 2, 4, 8, 16, 32, 64, 96, 96]
        assert "503" in feeds_of(parts.database, "gazette")[0].error
        site.rss("/rss", [])
        turn(parts, site)

        [feed] = feeds_of(parts.database, "gazette")
        assert (feed.error, feed.told) == ("", {"kind": "rss", "entries": 0})

    def test_one_feed_of_a_site_is_read_at_a_time(self, parts: Parts, site: Publisher) -> None:
        for path in ("/a", "/b"):
            add_feed(parts, "gazette", site.rss(path, []), "test")
        add_feed(parts, "other", site.rss("/c", []), "test")

        first, second = claimed(parts, FEEDS), claimed(parts, FEEDS)
        assert {first.row.site, second.row.site} == {"gazette", "other"}
        assert claim_row(parts, FEEDS) is None
        for one in (first, second):
            read_due_feed(parts, site.outbound, one)
        assert claimed(parts, FEEDS).row.site == "gazette"

    def test_a_removed_feed_is_read_no_more(self, parts: Parts, site: Publisher) -> None:
        missed_webhook(parts, site)
        url = f"{SITE}/rss"
        one = claimed(parts, FEEDS)
        remove_feed(parts, "gazette", url, "test")
        with pytest.raises(LeaseLost):
            read_due_feed(fenced(parts, one), site.outbound, one)

        assert rows(parts, FoundArticleRow) == []

    def test_what_was_found_long_ago_is_forgotten(self, parts: Parts, site: Publisher) -> None:
        missed_webhook(parts, site)
        turn(parts, site)
        assert forget_found(parts.database) == 0
        with parts.database.writing() as session:
            session.execute(update(FoundArticleRow).values(done_ms=1))

        assert forget_found(parts.database) == 1


class TestBook:
    def test_a_feed_is_entered_once_and_never_inside(self, parts: Parts) -> None:
        add_feed(parts, "gazette", f"{SITE}/rss", "test")
        with pytest.raises(Conflict):
            add_feed(parts, "gazette", f"{SITE}/rss#top", "test")
        for inside in ("http://127.0.0.1/rss", "http://169.254.169.254/", "http://cms.internal/rss"):
            with pytest.raises(AddressRefused):
                add_feed(parts, "gazette", inside, "test")
        for wrong in ("ftp://gazette.example/", "rss", ""):
            with pytest.raises(InputRefused):
                add_feed(parts, "gazette", wrong, "test")
        with pytest.raises(NotFound):
            remove_feed(parts, "other", f"{SITE}/rss", "test")

    def test_a_site_has_a_bounded_number_of_feeds(self, parts: Parts) -> None:
        for number in range(20):
            add_feed(parts, "gazette", f"{SITE}/{number}", "test")
        with pytest.raises(InputRefused):
            add_feed(parts, "gazette", f"{SITE}/20", "test")

    def test_by_the_api(self, parts: Parts, site: Publisher) -> None:
        key = create_key(parts.database, "cms", ("sites",), "gazette")
        reader = create_key(parts.database, "reader", ("jobs:read",))
        missed_webhook(parts, site)
        site.pages.pop("/bridge")
        turn(parts, site)
        with TestClient(create_app(parts), headers={"Authorization": f"Bearer {key}"}) as client:
            listed = client.get("/v1/sites/gazette/feeds").json()
            assert [feed["url"] for feed in listed["feeds"]] == [f"{SITE}/rss"]
            assert listed["feeds"][0]["found"] == {"kind": "rss", "entries": 1, "missed": 1}
            assert listed["not_taken"][0]["url"] == f"{SITE}/bridge"
            assert client.post("/v1/sites/gazette/feeds", json={"url": f"{SITE}/atom"}).status_code == 201
            assert client.post("/v1/sites/gazette/feeds", json={"url": f"{SITE}/atom"}).status_code == 409
            assert client.post("/v1/sites/gazette/feeds", json={"url": "http://10.0.0.1/"}).status_code == 422
            assert client.delete(f"/v1/sites/gazette/feeds?url={SITE}/atom").status_code == 204
            assert client.delete(f"/v1/sites/gazette/feeds?url={SITE}/atom").status_code == 404
            assert client.get("/v1/sites/other/feeds").status_code == 403
            lacking = {"Authorization": f"Bearer {reader}"}
            assert client.get("/v1/sites/gazette/feeds", headers=lacking).status_code == 403
        deeds = [row.what for row in rows(parts, AuditRow) if row.what.startswith("feed.")]
        assert deeds == ["feed.added", "feed.added", "feed.removed"]

    def test_on_the_command_line(self, parts: Parts, site: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
        run = CliRunner()
        url = f"{SITE}/rss"
        assert run.invoke(command_line, ["sites", "feeds", "gazette", "add", url]).exit_code == 0
        site.fails("/rss")
        turn(parts, site)
        shown = run.invoke(command_line, ["sites", "feeds", "gazette"]).output
        assert url in shown
        assert "error: remote_unavailable" in shown
        [feed] = json.loads(run.invoke(command_line, ["sites", "feeds", "gazette", "--json"]).output)["feeds"]
        assert feed["url"] == url
        assert "soon: 1" in run.invoke(command_line, ["sites", "feeds", "gazette", "read"]).output
        assert run.invoke(command_line, ["sites", "feeds", "gazette", "add"]).exit_code == 2
        assert run.invoke(command_line, ["sites", "feeds", "gazette", "remove", url]).exit_code == 0
        assert feeds_of(parts.database, "gazette") == []
