"""What an archive holds: all pages of a feed, all sitemaps below one, a file line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.parts.factories import make_article
from tests.parts.feed_site import SITE, Publisher
from tests.parts.feed_turns import jobs, polite
from tts_service.cms.feeds.archive import archive_at, archive_in
from tts_service.db.tables import ArticleRow
from tts_service.errors import FeedUnreadable, InputRefused, RemoteUnavailable
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw
from tts_service.parts import Parts


class TestListing:
    def listed(self, site: Publisher, url: str) -> list[str]:
        return [entry.url.removeprefix(SITE) for entry in archive_at(url, site.outbound, polite()).entries]

    def test_all_pages_of_a_feed(self, site: Publisher) -> None:
        for number in range(4):
            onward = f'<link rel="next" href="/feed?page={(number + 1) % 4}"/>'  # the last leads back to the first
            site.rss(f"/feed?page={number}", [(f"/a{number}", 1), ("/common", 1)], below=onward)

        assert self.listed(site, f"{SITE}/feed?page=0") == ["/a0", "/common", "/a1", "/a2", "/a3"]
        assert len(site.asked) == 4

    def test_all_sitemaps_of_an_index_of_indexes(self, site: Publisher) -> None:
        site.sitemap("/2.xml", [("/b", None)])
        site.sitemap("/1.xml", [("/a", 400.0)])
        inner = site.sitemap("/inner.xml", [(f"{SITE}/2.xml", None), (f"{SITE}/inner.xml", None)], index=True)
        outer = site.sitemap("/outer.xml", [(f"{SITE}/1.xml", None), (inner, None)], index=True)

        assert self.listed(site, outer) == ["/a", "/b"]

    def test_an_endless_archive_ends(self, site: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tts_service.cms.feeds.archive.MAX_FILES", 5)
        for number in range(9):
            site.rss(f"/{number}", [], below=f'<link rel="next" href="/{number + 1}"/>')

        with pytest.raises(FeedUnreadable):
            self.listed(site, f"{SITE}/0")
        assert len(site.asked) <= 6

    def test_trouble_in_the_middle_is_trouble(self, site: Publisher) -> None:
        url = site.sitemap("/index.xml", [(site.fails("/1.xml"), None)], index=True)

        with pytest.raises(RemoteUnavailable):
            self.listed(site, url)


class TestFile:
    def test_addresses_and_articles_a_line_each(self, run: Any, parts: Parts, site: Publisher, tmp_path: Path) -> None:
        page = site.page("/7", "Seven")
        lines = tmp_path / "archive.txt"
        lines.write_text(
            f"# ours\n\n{page}\r\n"
            '{"id": "a", "title": "A", "text": "Über Ä.", "language": "en"}\n'
            '{"article": {"site": "gazette", "id": "b", "markdown": "B."}, "voice": "tone:beep", "priority": "normal"}',
            "utf-8-sig",
        )
        run(lines)

        found = {job.voice: job.queue for job in jobs(parts)}
        assert found == {None: "backfill", "tone:beep": "backfill"}
        with parts.database.reading() as session:
            assert set(session.scalars(select(ArticleRow.external_id))) == {page, "a", "b"}

    def test_another_text_of_a_done_article_is_done_too(self, run: Any, parts: Parts, tmp_path: Path) -> None:
        lines = tmp_path / "articles.jsonl"
        for text in ("One.", "One.", "Two."):
            lines.write_text(json.dumps({"id": "a", "text": text, "language": "en"}))
            run(lines)

        assert [job.state for job in jobs(parts)] == ["superseded", "queued"]

    def test_a_withdrawn_article_of_a_file_stays_away(self, run: Any, parts: Parts, tmp_path: Path) -> None:
        lines = tmp_path / "articles.jsonl"
        lines.write_text('{"id": "a", "text": "One.", "language": "en"}')
        run(lines)
        withdraw(parts, "gazette", "a")
        run(lines)

        assert [job.state for job in jobs(parts)] == ["cancelled"]

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ('{"id": "a"}', "send exactly one of text"),
            ('{"id": "a", "text": "x", "colour": "red"}', "colour"),
            ('{"id": "a", "text": "x"', "line 2"),
            ('{"article": 5}', "article"),
            ('{"id": "a", "site": "other", "text": "x"}', "the article belongs to other"),
            ("not an address", "neither an http"),
            ("[" * 100_000, "neither an http"),
            ('{"a":' * 50_000, "line 2"),
            ("\ud8ff", "line 2"),
        ],
        ids=lambda value: ascii(value)[:30],
    )
    def test_a_wrong_line_is_named_and_nothing_begins(
        self, run: Any, parts: Parts, tmp_path: Path, line: str, says: str
    ) -> None:
        lines = tmp_path / "archive.jsonl"
        lines.write_text(f'{{"id": "a", "text": "x"}}\n{line}\n', "utf-8", "surrogatepass")
        error = run(lines, code=None).exception

        assert isinstance(error, InputRefused)
        assert "line 2" in error.message
        assert says in error.message
        assert jobs(parts) == []

    def test_a_line_is_no_longer_than_a_request(self, tmp_path: Path) -> None:
        lines = tmp_path / "long.txt"
        lines.write_bytes(b"x" * 8_000_001)

        with pytest.raises(InputRefused, match="line 1 has more than"):
            archive_in(lines, lambda _: (make_article(), Wish()))
