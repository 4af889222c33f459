"""Feeds and sitemaps as sites write them, ill-formed and hostile ones included."""

from __future__ import annotations

import gzip
from contextlib import suppress

import pytest

from tests.parts.feed_site import SITE, Publisher
from tests.parts.feed_turns import polite
from tests.parts.places import DATA
from tests.parts.processor import takes_at_most
from tests.parts.small_internet import reply
from tts_service.cms.feeds.fetch import Known, Politeness, fetch_feed
from tts_service.cms.feeds.parse import FeedEntry, cleaned_address, moment_ms, read_feed
from tts_service.errors import FeedUnreadable, RemoteTooLarge, RemoteUnavailable

FEEDS = DATA / "feeds"
AT = "https://gazette.example"
DAY_MS = 86_400_000
NOON_20TH = 1_795_176_000_000
"""2026-11-20 12:00 UTC."""


def entry(path: str, changed_ms: int | None = None, external_id: str | None = None) -> FeedEntry:
    return FeedEntry(url=f"{AT}{path}", changed_ms=changed_ms, external_id=external_id)


def hours(count: float) -> int:
    return NOON_20TH + int(count * 3_600_000)


@pytest.mark.parametrize(
    ("name", "kind", "entries"),
    [
        (
            "ghost.rss",
            "rss",
            [
                entry("/new-bridge-opens/", hours(69.5), "6921c0de5a4b3c2d1e0f9a8b"),
                entry("/library/?utm_source=rss&page=2", hours(53), "6921c0de5a4b3c2d1e0f9a8c"),
            ],
        ),
        ("wordpress.rss", "rss", [entry("/2026/11/ferry/", hours(-4.75), "4711"), entry("/2026/11/permalink-only/")]),
        ("blog.atom", "atom", [entry("/one", hours(21)), entry("/two", hours(-28) + 250)]),
        ("news.sitemap.xml", "sitemap", [entry("/three", hours(42)), entry("/four", hours(12))]),
        ("index.sitemap.xml", "sitemap index", [entry("/sitemap-posts.xml", hours(42)), entry("/sitemap-pages.xml")]),
        ("old.rdf", "rss", [entry("/six", hours(-55))]),
    ],
)
def test_every_kind_of_feed_is_read(name: str, kind: str, entries: list[FeedEntry]) -> None:
    feed = read_feed((FEEDS / name).read_bytes(), f"{AT}/feed")

    assert (feed.kind, list(feed.entries)) == (kind, entries)


def test_the_next_page_of_a_feed_is_found() -> None:
    feed = read_feed((FEEDS / "wordpress.rss").read_bytes(), f"{AT}/feed")

    assert feed.next_url == f"{AT}/feed/?paged=2"


def item(link: str, before: str = "") -> bytes:
    return f"<rss><channel>{before}<item><link>{link}</link></item></channel></rss>".encode()


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (item("/a?x=1&amp;y=2"), "/a?x=1&y=2"),
        # Behind the first error libxml2 drops every reference by name: the address would lead elsewhere.
        (item("/a?x=1&amp;y=2", "<title>a &nbsp; b</title>"), "/a?x=1&y=2"),
        (item("/a?x=1&amp;y=2", "<title>AT&T</title>"), "/a?x=1&y=2"),
        (item("/a?x=1&y=2"), "/a?x=1&y=2"),
        (item("/a?x=1&#38;y=2", "<title>&oops;</title>"), "/a?x=1&y=2"),
        (item("<![CDATA[/a?x=1&amp;y=2]]>", "&nbsp;"), "/a?x=1&amp;y=2"),
        (item("<![CDATA[/a?x=1&y=2]]>", "&nbsp;"), "/a?x=1&y=2"),
        (item("/a", "\x01"), "/a"),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?>" + item("/a"), "/a"),
        (item("/a")[:-15], "/a"),
        (item("/a", "<title>Gr\udcfc\udcdfe</title>".encode("utf-8", "surrogateescape").decode("latin-1")), "/a"),
        (item("/a?x=1&amp;y=2").decode().encode("utf-16"), "/a?x=1&y=2"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?><rss><item><title>\xdf</title><link>/\xfc</link>", "/%C3%BC"),
    ],
)
def test_ill_formed_feeds_keep_their_addresses(body: bytes, url: str) -> None:
    assert [found.url for found in read_feed(body, f"{AT}/feed").entries] == [AT + url]


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"hello", b"{}", b"\x00" * 100, b"<html><body>no</body></html>", b"<opml></opml>", b"\xff\xfe"],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(FeedUnreadable):
        read_feed(body, f"{AT}/feed")


def test_a_page_is_refused_with_the_feeds_it_names() -> None:
    page = b"<!doctype html><html><head><link rel=alternate type='application/rss+xml' href='/rss/'></head><p>Hi<br>"

    with pytest.raises(FeedUnreadable, match=f"Its feeds are: {AT}/rss/"):
        read_feed(page, f"{AT}/")


def test_no_entity_is_expanded_and_nothing_is_loaded() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12)
    )
    for inside in (b"&m;", b"&x;"):
        body = (
            bomb + b'<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><item><link>/a' + inside + b"</link></item></rss>"
        )
        found = read_feed(body, f"{AT}/feed").entries
        assert all(len(each.url) <= len(f"{AT}/a&m;") for each in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "atom",
    [
        "<![CDATA[",
        "]]>",
        "&",
        "&amp;",
        "&#",
        "&nbsp;",
        "<item>",
        "<item><link>/a</link>",
        "<a>",
        "<",
        "<!--",
        "<?x ",
        "<!DOCTYPE a [",
        "<link rel='next' href='/",
        "utm_a=1&",
        "a" * 50,
    ],
)
def test_hostile_feeds_end_in_time(atom: str) -> None:
    body = b"<rss><channel>" + (atom * 100_000)[:100_000].encode()
    link = item("/?" + (atom * 100_000)[:100_000].replace("<", "&lt;"))

    def all_read() -> None:
        for hostile in (body, link, body + link):
            with suppress(FeedUnreadable):
                assert len(read_feed(hostile, f"{AT}/feed").entries) <= 100_000

    assert takes_at_most(1.5, all_read)


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("2026-11-20T12:00:00Z", NOON_20TH),
        ("2026-11-20T13:00:00+01:00", NOON_20TH),
        ("2026-11-20 12:00", NOON_20TH),
        ("Fri, 20 Nov 2026 12:00:00 GMT", NOON_20TH),
        ("20 Nov 2026 07:00:00 EST", NOON_20TH),
        ("2026-11-20", NOON_20TH - DAY_MS // 2),
        ("", None),
        ("soon", None),
        ("0000-00-00 00:00:00", None),
        ("1969-01-01", None),
        ("9" * 64, None),
        ("Fri, 99 Nov 99999 12:00:00 GMT", None),
        ("2026-11-20T12:00:00+99:99", None),
        ("\ud800", None),
    ],
)
def test_dates_as_feeds_write_them(written: str, ms: int | None) -> None:
    assert moment_ms(written) == ms


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/a", f"{AT}/a"),
        ("b?utm_medium=x", f"{AT}/b?utm_medium=x"),
        ("https://x.example/#c", "https://x.example/"),
        ("javascript:alert(1)", None),
        ("http://[::1", None),
        ("/a b", f"{AT}/a%20b"),
        ("/" * 2001, None),
        ("mailto:a@x.example", None),
        ("", f"{AT}/feed"),
    ],
)
def test_addresses_are_kept_in_one_form(written: str, address: str | None) -> None:
    assert cleaned_address(written, f"{AT}/feed") == address


def asked(site: Publisher, url: str, known: Known | None = None) -> object:
    return fetch_feed(site.outbound, url, known or Known(), polite())


class TestAsking:
    def test_a_feed_that_has_not_changed_is_not_sent_again(self, site: Publisher) -> None:
        url = site.rss("/rss", [], 'ETag: "abc"', "Last-Modified: Fri, 20 Nov 2026 12:00:00 GMT")
        first = fetch_feed(site.outbound, url, Known(), Politeness(pause_s=0))
        site.pages["/rss"] = reply(b"", status="304 Not Modified")
        again = fetch_feed(site.outbound, url, first.known, Politeness(pause_s=0))

        assert "If-None-Match" not in site.requests[0]
        assert 'If-None-Match: "abc"' in site.requests[1]
        assert "If-Modified-Since: Fri, 20 Nov 2026 12:00:00 GMT" in site.requests[1]
        assert (again.feed, again.known) == (None, first.known)

    def test_a_packed_sitemap_is_unpacked_within_bounds(self, site: Publisher) -> None:
        packed = gzip.compress(b"<urlset><url><loc>/a</loc></url></urlset>")
        site.pages["/s.gz"] = reply(packed, "Content-Type: application/gzip")
        found = fetch_feed(site.outbound, f"{SITE}/s.gz", Known(), Politeness(pause_s=0))
        assert found.feed is not None
        assert [each.url for each in found.feed.entries] == [f"{SITE}/a"]
        site.pages["/bomb.gz"] = reply(gzip.compress(b"\x00" * 60_000_000, 9))

        with pytest.raises(RemoteTooLarge):
            asked(site, f"{SITE}/bomb.gz")

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            ("404 Not Found", FeedUnreadable),
            ("410 Gone", FeedUnreadable),
            ("403 Forbidden", FeedUnreadable),
            ("500 Internal Server Error", RemoteUnavailable),
            ("429 Too Many Requests", RemoteUnavailable),
        ],
    )
    def test_other_answers_are_errors_that_pass_or_do_not(
        self, site: Publisher, status: str, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            asked(site, site.fails("/rss", status))

    def test_a_host_is_asked_one_thing_at_a_time_and_left_alone_in_trouble(self) -> None:
        now, slept = 100.0, []

        def sleep(seconds: float) -> None:
            nonlocal now
            slept.append(round(seconds, 3))
            now += seconds

        polite = Politeness(pause_s=2, sleep=sleep, clock=lambda: now)
        for path, trouble in (("/1", False), ("/2", True), ("/3", True), ("/4", False), ("/5", False)):
            polite.wait(f"{AT}{path}")
            polite.asked(f"{AT}{path}", trouble=trouble)
        polite.wait("https://other.example/")

        assert slept == [2, 4, 8, 2]
