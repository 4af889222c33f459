"""An archive spoken: listed whole, reckoned beforehand, requested politely, and gone on with where it was left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.parts.factories import make_article
from tests.parts.feed_site import SITE, Publisher, ago
from tests.parts.feed_turns import jobs, polite
from tests.parts.queues import claimed
from tests.parts.small_internet import reply
from tts_service.cms.feeds import backfill as filling
from tts_service.cms.feeds.archive import archive_at
from tts_service.cms.feeds.estimate import RATES, Sampled, estimate
from tts_service.cms.feeds.fetch import Politeness
from tts_service.cms.feeds.register import add_feed
from tts_service.cms.feeds.request import RequestContext, SiteDefaults
from tts_service.cms.feeds.turn import FEEDS, read_due_feed
from tts_service.db.tables import FoundArticleRow
from tts_service.errors import FeedUnreadable
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw
from tts_service.jobs.submit import submit
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts


def archive(site: Publisher, count: int = 6) -> str:
    """A sitemap with so many articles, the newest first."""
    pages = [(site.page(f"/{number}", f"Article {number}"), float(number)) for number in range(count)]
    return site.sitemap("/sitemap.xml", pages)


def states(parts: Parts) -> dict[str, str]:
    with parts.database.reading() as session:
        return {row.address: row.state for row in session.scalars(select(FoundArticleRow))}


def fetched(site: Publisher) -> list[str]:
    return [path for path in site.asked if path[1:].isdigit()]


class TestCommand:
    def test_every_article_becomes_a_job_behind_all_others(self, run: Any, parts: Parts, site: Publisher) -> None:
        told = run("--sitemap", archive(site)).output

        assert [job.queue for job in jobs(parts)] == ["backfill"] * 6
        assert "6 articles listed: 6 missed. To do now: 6." in told
        assert "6 requested" in told
        assert sorted(fetched(site)) == [f"/{number}" for number in range(6)]  # each once, those of the sample too

    def test_the_same_command_again_does_nothing(self, run: Any, parts: Parts, site: Publisher) -> None:
        url = archive(site)
        run("--sitemap", url)
        site.asked.clear()
        told = run("--sitemap", url).output

        assert "6 known. To do now: 0." in told
        assert (len(jobs(parts)), fetched(site)) == (6, [])

    def test_stopped_it_goes_on_where_it_was_left(
        self, run: Any, parts: Parts, site: Publisher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = archive(site)
        real, taken = filling.submit_found, 0

        def stopped(*arguments: Any) -> str:
            nonlocal taken
            taken += 1
            if taken == 3:
                raise KeyboardInterrupt
            return real(*arguments)

        with monkeypatch.context() as broken:
            broken.setattr(filling, "submit_found", stopped)
            told = run("--sitemap", url, code=130).output
        assert "Run the same command to resume" in told
        assert len(jobs(parts)) == 2
        done = [address for address, state in states(parts).items() if state == "requested"]
        site.asked.clear()
        told = run("--sitemap", url).output

        assert "2 known, 4 waiting. To do now: 4." in told
        assert len(jobs(parts)) == 6
        assert not {f"{SITE}{path}" for path in fetched(site)} & set(done)

    def test_a_part_at_a_time(self, run: Any, parts: Parts, site: Publisher) -> None:
        url = archive(site)
        counts = []
        for _ in range(4):
            run("--sitemap", url, "--limit", 2)
            counts.append(len(jobs(parts)))

        assert counts == [2, 4, 6, 6]

    def test_only_what_changed_since(self, run: Any, parts: Parts, site: Publisher) -> None:
        told = run("--sitemap", archive(site), "--since", ago(3).strftime("%Y-%m-%d")).output

        assert "old" in told
        assert 3 <= len(jobs(parts)) <= 4

    @pytest.mark.parametrize(("zone", "wanted"), [("Asia/Tokyo", 2), ("UTC", 1), ("Pacific/Honolulu", 0)])
    def test_a_day_begins_in_the_sites_zone(
        self, run: Any, parts: Parts, site: Publisher, zone: str, wanted: int
    ) -> None:
        set_options(parts.database, "gazette", {"time_zone": zone})
        changed = ("2025-07-09T14:59:00Z", "2025-07-09T15:01:00Z", "2025-07-10T00:01:00Z")
        urls = [
            f"<url><loc>{site.page(f'/{number}', f'Article {number}')}</loc><lastmod>{written}</lastmod></url>"
            for number, written in enumerate(changed)
        ]
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(urls)}</urlset>'
        site.pages["/sitemap.xml"] = reply(body.encode(), "Content-Type: application/xml")

        run("--sitemap", f"{SITE}/sitemap.xml", "--since", "2025-07-10")

        assert len(jobs(parts)) == wanted

    def test_a_date_without_a_zone_is_in_the_sites(self, run: Any, parts: Parts, site: Publisher) -> None:
        set_options(parts.database, "gazette", {"time_zone": "Pacific/Honolulu"})
        item = f"<item><link>{site.page('/1', 'Article')}</link><pubDate>Thu, 10 Jul 2025 00:01:00</pubDate></item>"
        body = f'<rss version="2.0"><channel>{item}</channel></rss>'
        site.pages["/rss"] = reply(body.encode(), "Content-Type: application/rss+xml")

        run("--feed", f"{SITE}/rss", "--since", "2025-07-10")
        assert len(jobs(parts)) == 1

    def test_a_dry_run_says_what_it_takes_and_keeps_nothing(self, run: Any, parts: Parts, site: Publisher) -> None:
        told = run("--sitemap", archive(site), "--dry-run").output

        assert "Estimated from 5 of them" in told
        for line in ("characters ", "audio ", "CPU time ", "with all 2 slots", "fetching "):
            assert line in told
        assert (jobs(parts), states(parts)) == ([], {})

    def test_for_machines(self, run: Any, parts: Parts, site: Publisher) -> None:
        url = archive(site)
        site.pages.pop("/3")
        found = json.loads(run("--sitemap", url, "--json", code=1).stdout)

        assert found["counts"] == {"missed": 6}
        assert found["done"] == {"requested": 5, "failed": 1}
        assert list(found["left"]) == [f"{SITE}/3"]
        assert found["takes"]["articles"] == 6
        assert 0 < found["takes"]["audio_minutes"] < 10

    def test_what_failed_is_told_and_tried_again_when_asked(self, run: Any, parts: Parts, site: Publisher) -> None:
        url = archive(site)
        site.pages.pop("/3")
        told = run("--sitemap", url, code=1).output
        assert "1 failed, 5 requested" in told
        assert f"{SITE}/3: input_refused" in told
        site.page("/3", "Article 3")
        run("--sitemap", url)
        assert len(jobs(parts)) == 5
        run("--sitemap", url, "--retry-failed")

        assert len(jobs(parts)) == 6

    def test_what_waits_for_better_times_is_asked_for_by_the_next_run(
        self, run: Any, parts: Parts, site: Publisher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Politeness, "wait", lambda *_: None)
        url = archive(site, 2)
        site.fails("/1")
        assert "1 requested, 1 waiting" in run("--sitemap", url, code=1).output
        site.page("/1", "Article 1")
        run("--sitemap", url)

        assert set(states(parts).values()) == {"requested"}

    def test_a_host_in_trouble_is_left_alone(
        self, run: Any, parts: Parts, site: Publisher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Politeness, "wait", lambda *_: None)
        url = archive(site, 30)
        for number in range(30):
            site.fails(f"/{number}")
        told = run("--sitemap", url, code=1).output

        assert "No estimate" in told
        assert "The host has problems" in told
        assert len(fetched(site)) == 5 + filling.GIVEN_UP_AFTER
        assert set(states(parts).values()) == {"waiting"}

    @pytest.mark.parametrize("arguments", [[], ["--feed", "http://a.example/", "--sitemap", "http://a.example/"]])
    def test_one_archive_at_a_time(self, run: Any, arguments: list[str]) -> None:
        run(*arguments, code=2)

    def test_an_archive_that_cannot_be_read_is_one_clear_error(self, run: Any, site: Publisher) -> None:
        site.pages["/"] = reply(b"<html><p>Welcome", "Content-Type: text/html")

        assert isinstance(run("--feed", f"{SITE}/", code=None).exception, FeedUnreadable)


class TestWhatIsKnown:
    def test_articles_that_are_here_are_not_fetched_and_withdrawn_ones_stay_away(
        self, run: Any, parts: Parts, site: Publisher
    ) -> None:
        url = archive(site)
        for number in (1, 2):
            submit(parts, make_article(external_id=f"post-{number}", url=f"{SITE}/{number}"), Wish(voice="tone:beep"))
        withdraw(parts, "gazette", "post-2")
        told = run("--sitemap", url).output

        assert "1 known, 4 missed, 1 withdrawn. To do now: 4." in told
        assert not {"/1", "/2"} & set(fetched(site))

    def test_catching_up_does_not_take_an_archive_for_news(self, run: Any, parts: Parts, site: Publisher) -> None:
        run("--sitemap", archive(site), "--limit", 1)
        assert sorted(states(parts).values()) == ["requested"] + ["waiting"] * 5
        add_feed(parts, "gazette", site.rss("/rss", []), "test")

        assert read_due_feed(parts, site.outbound, claimed(parts, FEEDS)) == {}

    def test_a_sent_article_leaves_the_backfills_queue(self, run: Any, parts: Parts, tmp_path: Path) -> None:
        lines = tmp_path / "articles.jsonl"
        lines.write_text('{"id": "1", "text": "One.", "language": "en"}\n')
        run(lines)
        submit(parts, make_article(source="One.", title=None), Wish())

        assert [job.queue for job in jobs(parts)] == ["normal"]


class TestEstimate:
    def test_what_it_takes_follows_from_the_sample(self) -> None:
        sample = [Sampled(characters=850, engine="piper"), Sampled(characters=1600, engine="pyttsx3")]
        found = estimate(sample, 100, fetch_s=60)

        assert (found.characters, found.lowest, found.highest) == (122_500, 85_000, 160_000)
        assert found.audio_min == pytest.approx((1 + 2) / 2 * 100)
        expected = (RATES["piper"].cpu_s_per_minute + 2 * RATES["pyttsx3"].cpu_s_per_minute) / 2 * 100
        assert found.cpu_s == pytest.approx(expected)
        assert found.render_s(2) == pytest.approx(expected / 2)

    def test_a_voices_own_cost_counts_where_it_is_known(self) -> None:
        costly, unknown = (
            estimate([Sampled(characters=850, engine="kokoro", voice_cpu_s_per_minute=cost)], 100, fetch_s=0).cpu_s
            for cost in (45.0, None)
        )
        assert (costly, unknown) == pytest.approx((4550.0, 100 * RATES["piper"].cpu_s_per_minute))

    def test_the_sample_is_spread_over_the_archive(self, parts: Parts, site: Publisher) -> None:
        context = RequestContext(parts=parts, outbound=site.outbound, politeness=polite(), queue="backfill")
        found = archive_at(archive(site, 50), site.outbound, polite())
        planned = filling.plan_backfill(parts, found, filling.BackfillFilter(site="gazette"), keep=False)
        takes = filling.estimate_plan(context, found, SiteDefaults(), "gazette", planned)

        assert takes is not None
        assert [int(path[1:]) for path in fetched(site)] == [5, 15, 25, 35, 45]
        assert takes.articles == 50
