"""A page is found under every address it has: by readers' players, by webhooks, by feeds; and is never made twice."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from tests.db.test_migrations import at_revision
from tests.parts.address_forms import BRIDGE, OTHER_PAGES, SAME_PAGE
from tests.parts.factories import make_article
from tests.parts.feed_site import SITE, Publisher
from tests.parts.feed_turns import TONE, from_cms, rows, told, turn
from tests.parts.small_internet import reply
from tests.parts.web_rows import ready_clip
from tts_service.cms.checks.restore import reopen
from tts_service.cms.feeds.register import add_feed
from tts_service.db.migrate import upgrade
from tts_service.db.pages import at_page, identity_in, place_article
from tts_service.db.tables import ArticleCheckRow, ArticleRow, FoundArticleRow
from tts_service.jobs.submit import submit
from tts_service.newsroom.sites import set_options, set_origins
from tts_service.parts import Parts
from tts_service.retention.erasure import erase_article


def clip_at(parts: Parts, url: str, name: str = "1", site: str = "gazette") -> None:
    ready_clip(parts, name=name, site=site)
    with parts.database.writing() as session:
        place_article(session.get_one(ArticleRow, f"art_{name}"), url, identity_in(session, site))


def found(client: TestClient, url: str, **more: str) -> list[str]:
    answer = client.get("/v1/clips", params={"url": url, **more})
    assert answer.status_code == 200, answer.text
    return [clip["id"] for clip in answer.json()["clips"]]


class TestReaders:
    def test_a_clip_is_found_under_every_address_of_its_page(self, client: TestClient, parts: Parts) -> None:
        clip_at(parts, BRIDGE)
        missed = [
            what
            for what, address in SAME_PAGE.items()
            if found(client, address) != ["clip_1"] or found(client, address, site="gazette") != ["clip_1"]
        ]
        assert missed == []
        assert [address for address in OTHER_PAGES if found(client, address)] == []
        assert found(client, BRIDGE, site="herald") == []

    def test_an_umlaut_in_the_host_is_found_in_both_forms(self, client: TestClient, parts: Parts) -> None:
        clip_at(parts, "https://müller.example/")
        for address in (
            "https://xn--mller-kva.example",
            "http://MÜLLER.example/?fbclid=1",
            "https://mu\u0308ller.example",
        ):
            assert found(client, address) == ["clip_1"]

    def test_of_articles_that_share_a_page_the_one_at_this_very_address_is_meant(
        self, client: TestClient, parts: Parts
    ) -> None:
        clip_at(parts, "https://x.example/live#1")
        clip_at(parts, "https://x.example/live#2", name="2")
        assert found(client, "https://x.example/live#2") == ["clip_2"]
        assert found(client, "https://x.example/live") == ["clip_1", "clip_2"]

    def test_a_site_lists_its_own_tracking_parameters(self, client: TestClient, parts: Parts) -> None:
        clip_at(parts, "https://x.example/a?utm_id=7")
        clip_at(parts, "https://y.example/a?utm_id=7", name="2", site="herald")
        set_options(parts.database, "gazette", {"tracking": ["ref"]})

        assert found(client, "https://x.example/a?utm_id=7&ref=1") == ["clip_1"]
        assert found(client, "https://x.example/a", site="gazette") == []
        assert found(client, "https://x.example/a") == []
        assert found(client, "https://y.example/a?utm_id=8") == ["clip_2"]
        set_options(parts.database, "gazette", {})
        assert found(client, "https://x.example/a") == ["clip_1"]

    def test_an_unfolded_address_may_be_written_otherwise(self, client: TestClient, parts: Parts) -> None:
        ready_clip(parts)
        base = parts.settings.base_url
        for address in (
            f"{base}/listen/clip_1/",
            f"{base.upper().replace('HTTP', 'http')}/listen/clip_1?utm_source=x#t=5",
        ):
            assert client.get("/oembed", params={"url": address}).status_code == 200, address


def test_an_origin_may_be_written_as_people_write_it(parts: Parts) -> None:
    given = ["https://Müller.example/", "https://xn--mller-kva.example:443", "http://x.example:8080"]
    assert set_origins(parts.database, "gazette", given) == ("https://xn--mller-kva.example", "http://x.example:8080")


class TestFeeds:
    @pytest.mark.parametrize("form", ["slash", "utm", "fragment", "encoded", "NFD", "port", "https"])
    def test_what_came_by_webhook_is_no_second_article_in_a_feed(
        self, parts: Parts, site: Publisher, form: str
    ) -> None:
        written = {
            "slash": f"{SITE}/straße/",
            "utm": f"{SITE}/straße?utm_source=rss",
            "fragment": f"{SITE}/straße#x",
            "encoded": f"{SITE}/stra%c3%9fe",
            "NFD": unicodedata.normalize("NFD", f"{SITE}/straße"),
            "port": f"{SITE}:80/straße",
            "https": f"{SITE}/straße".replace("http", "https"),
        }
        from_cms(parts, f"{SITE}/straße", days_ago=0.5)
        add_feed(parts, "gazette", site.rss("/rss", [(written[form].replace("&", "&amp;"), 1.0)]), "test")
        assert turn(parts, site) == {}
        assert told(parts)["known"] == 1
        assert len(rows(parts, ArticleRow)) == 1

    def test_a_page_that_two_feeds_write_differently_is_requested_once(self, parts: Parts, site: Publisher) -> None:
        for path in ("/stra%C3%9Fe", "/stra%C3%9Fe/", "/stra%c3%9fe"):  # whichever is read first
            site.page(path, "The bridge opened")
        forms = [f"{SITE}/straße", f"{SITE}/stra%C3%9Fe/#top", f"{SITE}/stra%c3%9fe?utm_source=a&amp;fbclid=1"]
        add_feed(parts, "gazette", site.rss("/rss", [(forms[0], 0.5), (forms[1], 0.5)]), "test")
        add_feed(parts, "gazette", site.sitemap("/map.xml", [(forms[2], 0.5)]), "test")
        assert turn(parts, site) == {"requested": 1}
        assert turn(parts, site) == {}
        [article] = rows(parts, ArticleRow)
        assert article.page_key == "gazette.example/stra%C3%9Fe"
        assert len(rows(parts, FoundArticleRow)) == 1
        assert sum(path.lower().startswith("/stra") for path in site.asked) == 1

    def test_the_webhook_that_comes_after_the_feed_names_the_same_article(self, parts: Parts, site: Publisher) -> None:
        site.page("/stra%C3%9Fe/", "The bridge opened")
        add_feed(parts, "gazette", site.rss("/rss", [(f"{SITE}/straße/", 0.5)]), "test")
        assert turn(parts, site) == {"requested": 1}
        from_cms(parts, f"{SITE.replace('http', 'https')}/stra%c3%9fe?utm_source=cms", days_ago=0.1)
        [article] = rows(parts, ArticleRow)
        assert article.external_id == "post-7"

    @pytest.mark.parametrize("way", ["redirect", "canonical", "canonical below"])
    def test_an_address_that_leads_to_a_known_article_is_none_of_its_own(
        self, parts: Parts, site: Publisher, way: str
    ) -> None:
        from_cms(parts, f"{SITE}/bridge", days_ago=0.5)
        site.page("/bridge/", "The bridge opened")
        site.pages["/?r=7"] = reply(b"", f"Location: {SITE}/bridge/", status="302 Found")
        if way != "redirect":
            named = "/bridge?utm_source=x" if way.endswith("below") else f"{SITE}/bridge/#top"
            html = (
                f"<html><head><link rel=canonical href='{named}'></head><body><p>The bridge is open.</p></body></html>"
            )
            site.pages["/?r=7"] = reply(html.encode(), "Content-Type: text/html")
        add_feed(parts, "gazette", site.rss("/rss", [(f"{SITE}/?r=7", 0.3)]), "test")
        assert turn(parts, site) == {"known": 1}
        assert len(rows(parts, ArticleRow)) == 1
        assert turn(parts, site) == {}

    def test_a_page_that_was_found_open_is_asked_for_once(self, parts: Parts, site: Publisher) -> None:
        site.page("/a", "The bridge opened")
        add_feed(parts, "gazette", site.rss("/rss", [(f"{SITE}/a?utm_source=rss", 0.5)]), "test")
        turn(parts, site)
        [article] = rows(parts, ArticleRow)
        with parts.database.writing() as session:
            session.get_one(ArticleRow, article.id).withdrawn_ms = 1
            session.get_one(ArticleRow, article.id).withdrawn_by = "check"
            session.add(ArticleCheckRow(article_id=article.id, site="gazette", verdict="open", reason=""))
        assert reopen(parts, article.id, "<p>Another text.</p>") == "requested"
        assert len(rows(parts, FoundArticleRow)) == 1

    def test_erasing_an_article_forgets_that_its_page_was_found(self, parts: Parts) -> None:
        submit(parts, make_article(url="https://müller.example/straße"), TONE)
        with parts.database.writing() as session:
            session.add(
                FoundArticleRow(
                    site="gazette",
                    address="http://xn--mller-kva.example/stra%c3%9fe/",
                    due_ms=0,
                    found_in="feed",
                    state="known",
                    reason="",
                    found_ms=1,
                )
            )
        erase_article(parts, "gazette", "1", "test")
        assert rows(parts, FoundArticleRow) == []


def test_a_changed_list_joins_what_is_one_page_now(parts: Parts) -> None:
    with parts.database.writing() as session:
        for number, address in enumerate(["https://x.example/a?ref=1", "https://x.example/a", "https://x.example/b"]):
            session.add(
                FoundArticleRow(
                    site="gazette",
                    address=address,
                    found_in="feed",
                    state="known",
                    reason="",
                    due_ms=0,
                    found_ms=number,
                    job_id=["job_1", None][number != 1],
                )
            )
    set_options(parts.database, "gazette", {"tracking": ["ref"]})
    assert {row.address: row.page_key for row in rows(parts, FoundArticleRow)} == {
        "https://x.example/a": "x.example/a",
        "https://x.example/b": "x.example/b",
    }


def test_articles_from_before_there_were_keys_are_found(tmp_path: Path) -> None:
    database = at_revision(tmp_path, "0010")
    with database.writing() as session:
        for name, url in (("1", "https://Müller.example:443/straße/"), ("2", None)):
            session.execute(
                text(
                    "INSERT INTO articles (id, site, external_id, url, visibility, created_ms) "
                    "VALUES (:id, 'gazette', :id, :url, 'public', 1)"
                ),
                {"id": name, "url": url},
            )
        for address, article, at in (
            ("https://x.example/a/", None, 1),
            ("https://x.example/a?utm_id=1", "art_9", 2),
            ("id:7 abc", None, 3),
        ):
            session.execute(
                text(
                    "INSERT INTO found_articles (site, address, found_in, state, reason, attempts, due_ms, article_id, "
                    "found_ms) VALUES ('gazette', :address, 'f', 'requested', '', 0, 0, :article, :at)"
                ),
                {"address": address, "article": article, "at": at},
            )
    upgrade(database)
    with database.reading() as session:
        here = select(ArticleRow.id).where(at_page(session, "http://xn--mller-kva.example/stra%C3%9Fe", "gazette"))
        assert session.scalars(here).all() == ["1"]
        keys = {row.address: row.page_key for row in session.scalars(select(FoundArticleRow))}
    database.close()
    assert keys == {"https://x.example/a?utm_id=1": "x.example/a", "id:7 abc": "id:7 abc"}
