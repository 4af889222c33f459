"""Catching up: what a site's feeds tell and no webhook brought is requested, once, politely, and nothing else is."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.parts.feed_site import SITE, Publisher, ago
from tests.parts.feed_turns import from_cms, missed_webhook, rows, told, turn
from tests.parts.quick_render import Workers
from tests.parts.small_internet import reply
from tts_service.cms.feeds.register import add_feed
from tts_service.cms.inbox.addresses import add_hook
from tts_service.cms.sources.base import HookOptions
from tts_service.db.tables import (
    ArticleCheckRow,
    ArticleRevisionRow,
    ArticleRow,
    ClipRow,
    FoundArticleRow,
    JobRow,
)
from tts_service.jobs.control import withdraw, withdraw_as_of
from tts_service.parts import Parts


class TestWhatWasMissed:
    def test_an_article_that_no_webhook_brought_becomes_a_clip(
        self, parts: Parts, site: Publisher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = missed_webhook(parts, site)
        assert turn(parts, site) == {"requested": 1}
        [job] = rows(parts, JobRow)
        assert (job.queue, job.state) == ("normal", "queued")
        [text] = rows(parts, ArticleRevisionRow)
        assert "is what this article is about" in text.source
        [article] = rows(parts, ArticleRow)
        assert (article.site, article.external_id, article.url) == ("gazette", url, url)
        assert turn(parts, site) == {}
        assert told(parts) == {"kind": "rss", "entries": 1, "known": 1}
        assert site.asked.count("/bridge") == 1

        with parts.database.writing() as session:  # the default voice is a real one: too slow for this
            session.execute(update(JobRow).values(voice="tone:beep"))
        assert Workers(parts, monkeypatch).render(job.id)
        [clip] = rows(parts, ClipRow)
        assert clip.state == "ready"

    def test_what_a_webhook_brought_is_left_alone(self, parts: Parts, site: Publisher) -> None:
        url = missed_webhook(parts, site, days=0.5)
        from_cms(parts, url, 0.5)

        assert turn(parts, site) == {}
        assert told(parts)["known"] == 1
        assert "/bridge" not in site.asked

    def test_a_page_never_replaces_the_text_that_a_cms_sent(self, parts: Parts, site: Publisher) -> None:
        url = missed_webhook(parts, site, days=0.5)
        from_cms(parts, url, 1)
        assert turn(parts, site) == {"known": 1}

        assert "/bridge" not in site.asked
        assert len(rows(parts, JobRow)) == 1
        [found] = rows(parts, FoundArticleRow)
        assert found.reason == "The text comes from the CMS: publish it again there if it has changed."
        [check] = rows(parts, ArticleCheckRow)
        assert check.again_ms is not None

    def test_a_change_of_an_article_that_was_read_from_its_page_is_requested(
        self, parts: Parts, site: Publisher
    ) -> None:
        url = missed_webhook(parts, site, days=0.5)
        from_cms(parts, url, 1, external_id=url)
        assert turn(parts, site) == {"requested": 1}

        [article] = rows(parts, ArticleRow)
        assert article.external_id == url
        assert [job.voice for job in rows(parts, JobRow)] == ["tone:beep"] * 2
        assert [job.state for job in rows(parts, JobRow)] == ["superseded", "queued"]

    def test_what_is_found_joins_the_article_that_wordpress_asks_for_by_id(self, parts: Parts, site: Publisher) -> None:
        add_hook(parts.database, "wordpress", "gazette", HookOptions(voice="tone:beep"))
        url = missed_webhook(parts, site)
        [page] = site.pages["/bridge"]
        link = b"<link rel=shortlink href='http://gazette.example/?p=7'>"
        body = page.partition(b"\r\n\r\n")[2].replace(b"<title>", link + b"<title>")
        site.pages["/bridge"] = reply(body, "Content-Type: text/html; charset=utf-8")
        turn(parts, site)

        [article] = rows(parts, ArticleRow)
        assert (article.external_id, article.url) == ("7", url)

    def test_another_address_of_a_post_that_wordpress_sent_is_the_same_article(
        self, parts: Parts, site: Publisher
    ) -> None:
        add_hook(parts.database, "wordpress", "gazette", HookOptions(voice="tone:beep"))
        from_cms(parts, f"{SITE}/old-name", 1, external_id="7")
        missed_webhook(parts, site)
        html = b"<html><body class='single postid-7'><h1>The bridge</h1><p>The bridge opened today.</p></body></html>"
        site.pages["/bridge"] = reply(html, "Content-Type: text/html")
        assert turn(parts, site) == {"known": 1}

        assert [row.external_id for row in rows(parts, ArticleRow)] == ["7"]

    def test_a_scheduled_article_counts_from_its_publication(self, parts: Parts, site: Publisher) -> None:
        url = site.page("/bridge", "The bridge opened")
        written, published = ago(9).isoformat(), ago(0.5).isoformat()
        entry = f"<entry><link href='{url}'/><updated>{written}</updated><published>{published}</published></entry>"
        feed = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"
        site.pages["/atom"] = reply(feed.encode(), "Content-Type: application/atom+xml")
        add_feed(parts, "gazette", f"{SITE}/atom", "test")
        assert turn(parts, site) == {"requested": 1}

    def test_a_new_article_sounds_as_the_sites_webhooks_have_it(self, parts: Parts, site: Publisher) -> None:
        options = HookOptions(voice="pyttsx3:en-us", formats=("opus", "mp3"))
        add_hook(parts.database, "ghost", "gazette", options)
        add_hook(parts.database, "ghost", "other", HookOptions(voice="tone:beep"))
        missed_webhook(parts, site)
        turn(parts, site)

        [job] = rows(parts, JobRow)
        assert (job.voice, job.formats) == ("pyttsx3:en-us", "mp3,opus")

    def test_a_webhook_that_comes_later_finds_the_article_by_its_address(self, parts: Parts, site: Publisher) -> None:
        url = missed_webhook(parts, site, days=0.5)
        turn(parts, site)
        from_cms(parts, url, 0.4, source="The bridge opened on Monday.")

        [article] = rows(parts, ArticleRow)
        assert article.external_id == "post-7"
        assert len(rows(parts, ClipRow)) == 1

    def test_a_feed_that_gives_the_cms_id_goes_by_it(self, parts: Parts, site: Publisher) -> None:
        url = site.page("/bridge", "The bridge opened")
        site.pages["/rss"] = reply(
            f"<rss><item><link>{url}</link><guid isPermaLink='false'>6921c0de5a4b</guid></item></rss>".encode()
        )
        add_feed(parts, "gazette", f"{SITE}/rss", "test")
        turn(parts, site)

        assert [article.external_id for article in rows(parts, ArticleRow)] == ["6921c0de5a4b"]

    def test_a_withdrawn_article_does_not_come_back_for_standing_in_a_feed(self, parts: Parts, site: Publisher) -> None:
        url = missed_webhook(parts, site, days=0.5)
        from_cms(parts, url, 0.5)
        withdraw(parts, "gazette", "post-7")

        assert turn(parts, site) == {}
        assert told(parts)["withdrawn"] == 1

    def test_one_that_is_not_for_everybody_is_never_fetched(self, parts: Parts, site: Publisher) -> None:
        url = missed_webhook(parts, site, days=0.1)
        from_cms(parts, url, 2)
        withdraw_as_of(parts, "gazette", "post-7", int(ago(1).timestamp() * 1000), visibility="paid")

        assert turn(parts, site) == {}
        assert told(parts)["not public"] == 1
        assert "/bridge" not in site.asked

    def test_what_is_old_young_undated_or_elsewhere_is_counted_and_left(self, parts: Parts, site: Publisher) -> None:
        entries = [
            (f"{SITE}/old", 4.0),
            (f"{SITE}/young", 0.001),
            ("http://other.example/a", 0.5),
            ("http://evil-gazette.example/a", 0.5),
            (f"{SITE}/undated", None),
        ]
        add_feed(parts, "gazette", site.sitemap("/sitemap.xml", entries), "test")

        assert turn(parts, site) == {}
        assert told(parts) == {
            "kind": "sitemap",
            "entries": 5,
            "old": 1,
            "too young": 1,
            "elsewhere": 2,
            "undated": 1,
        }

    def test_below_and_above_the_feeds_host_and_where_the_cms_says_is_not_elsewhere(
        self, parts: Parts, site: Publisher
    ) -> None:
        for path in ("/a", "/b", "/c"):
            site.page(path, f"Article {path}")
        from_cms(parts, "http://named.example/x", 5)
        entries = [
            ("http://www.gazette.example/a", 0.5),
            ("http://sport.gazette.example/b", 0.5),
            ("http://named.example/c", 0.5),
        ]
        add_feed(parts, "gazette", site.rss("/rss", entries), "test")

        assert turn(parts, site) == {"requested": 3}

    def test_what_was_too_young_is_seen_again_although_the_feed_did_not_change(
        self, parts: Parts, site: Publisher
    ) -> None:
        site.page("/a", "Just published")
        url = site.rss("/rss", [(f"{SITE}/a", 0.001)], 'ETag: "1"')
        add_feed(parts, "gazette", url, "test")
        turn(parts, site)
        turn(parts, site)

        assert not any("If-None-Match" in request for request in site.requests)

    def test_an_undated_entry_of_a_feed_is_new_once(self, parts: Parts, site: Publisher) -> None:
        url = site.page("/a", "Without a date")
        add_feed(parts, "gazette", site.rss("/rss", [(url, None)]), "test")

        assert (turn(parts, site), turn(parts, site)) == ({"requested": 1}, {})

    def test_the_newest_sitemaps_of_an_index_are_read(self, parts: Parts, site: Publisher) -> None:
        for number in range(8):
            page = site.page(f"/{number}", f"Article {number}")
            site.sitemap(f"/s{number}.xml", [(page, 0.5)])
        index = [(f"{SITE}/s{number}.xml", float(number) / 2) for number in range(8)]
        add_feed(parts, "gazette", site.sitemap("/index.xml", index, index=True), "test")

        assert turn(parts, site) == {"requested": 5}
        assert told(parts)["kind"] == "sitemap index"
        assert [path for path in site.asked if path.startswith("/s")] == [f"/s{number}.xml" for number in range(5)]
