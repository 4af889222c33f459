"""Saves, withdrawals and late jobs of one article: the clip always ends with the newest text, and never goes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from tests.parts.factories import Doorbell, make_article, make_parts
from tests.parts.quick_render import Workers, heard
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, FoundArticleRow, JobRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw
from tts_service.jobs.dispatch import dispatch
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.web.app import create_app

TONE = Wish(voice="tone:beep")


@pytest.fixture
def workers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Workers:
    return Workers(parts, monkeypatch)


@pytest.fixture
def settling(tmp_path: Path, bell: Doorbell) -> Any:
    built = make_parts(tmp_path / "settling", bell, settle_s=5)
    yield built
    built.close()


def save(parts: Parts, text: str, wish: Wish = TONE, **values: Any) -> str:
    return submit(parts, make_article(source=f"{text}.", title=None, **values), wish).job_id


def job(parts: Parts, job_id: str) -> JobRow:
    with parts.database.reading() as session:
        return session.get_one(JobRow, job_id)


def waits_s(parts: Parts, job_id: str) -> float:
    row = job(parts, job_id)
    return (row.due_ms - row.created_ms) / 1000


def age(parts: Parts, seconds: float) -> None:
    """Let time pass: every job was made so much earlier."""
    earlier = int(seconds * 1000)
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(created_ms=JobRow.created_ms - earlier, due_ms=JobRow.due_ms - earlier))


def test_a_burst_of_saves_before_a_worker_is_free_is_one_rendering(parts: Parts, workers: Workers) -> None:
    jobs = [save(parts, f"Version {number}") for number in range(5)]

    assert [job(parts, each).state for each in jobs] == ["superseded"] * 4 + ["queued"]
    assert workers.render(jobs[-1])
    assert heard(parts) == "Version 4."


def test_a_first_text_is_rendered_at_once_and_a_burst_of_changes_once(settling: Parts, monkeypatch: Any) -> None:
    workers = Workers(settling, monkeypatch)
    first = save(settling, "First")
    assert waits_s(settling, first) == 0
    workers.render(first)

    jobs = [save(settling, f"Change {number}") for number in range(4)]
    assert [workers.begin(each) for each in jobs] == [None] * 4
    assert 4.9 < waits_s(settling, jobs[-1]) <= 5
    age(settling, 5)
    assert workers.render(jobs[-1])
    with settling.database.reading() as session:
        states = list(session.scalars(select(JobRow.state).order_by(JobRow.revision)))
    assert states == ["succeeded", "superseded", "superseded", "superseded", "succeeded"]
    assert heard(settling) == "Change 3."


def test_a_text_that_never_settles_is_rendered_all_the_same(settling: Parts, monkeypatch: Any) -> None:
    parts = replace(settling, settings=settling.settings.model_copy(update={"settle_s": 500}))
    Workers(parts, monkeypatch).render(save(parts, "First"))
    waits = []
    for number in range(6):
        latest = save(parts, f"Change {number}")
        waits.append(round(waits_s(parts, latest) / 100))
        age(parts, 400)

    assert waits == [5, 5, 5, 5, 4, 0]


def test_breaking_news_do_not_wait_to_settle(settling: Parts, monkeypatch: Any) -> None:
    Workers(settling, monkeypatch).render(save(settling, "First"))

    assert waits_s(settling, save(settling, "Flood", Wish(voice="tone:beep", queue="breaking"))) == 0


def test_a_change_of_a_text_that_no_worker_has_begun_does_not_wait(settling: Parts) -> None:
    save(settling, "First")

    assert waits_s(settling, save(settling, "First, corrected")) == 0


def test_an_older_job_that_finishes_late_never_replaces_a_newer_clip(parts: Parts, workers: Workers) -> None:
    old = workers.begin(save(parts, "Old"))
    new = save(parts, "New")
    assert old is not None
    assert workers.render(new)
    assert workers.finish(old)

    assert heard(parts) == "New."
    with parts.database.reading() as session:
        assert session.scalars(select(ClipRow.current_revision)).one() == 2


def test_a_job_between_two_turns_goes_on_although_a_newer_text_came(parts: Parts, workers: Workers) -> None:
    """Somebody may be listening to it: what was begun is spoken to its end."""
    old_id = save(parts, "Old")
    begun = workers.begin(old_id)
    assert begun is not None
    workers.put_back(begun)
    new = save(parts, "New")

    assert job(parts, old_id).state == "queued"
    assert workers.render(old_id)
    assert heard(parts) == "Old."
    assert workers.render(new)
    assert heard(parts) == "New."


def test_files_of_an_old_revision_stay_until_the_article_is_withdrawn(parts: Parts, workers: Workers) -> None:
    workers.render(save(parts, "Old"))
    clip = job(parts, save(parts, "New")).clip_id
    with TestClient(create_app(parts)) as client:
        old = f"/v1/clips/{clip}/r/1"
        before = client.get(f"{old}/audio.mp3", headers={"Range": "bytes=0-99"})
        with parts.database.reading() as session:
            [new] = session.scalars(select(JobRow.id).where(JobRow.state == "queued"))
        workers.render(new)
        after = client.get(f"{old}/audio.mp3", headers={"Range": "bytes=100-", "If-Range": before.headers["etag"]})
        assert (before.status_code, after.status_code) == (206, 206)
        assert client.get(f"{old}/captions.vtt").status_code == 200

        withdraw(parts, "gazette", "1")
        for path in (f"{old}/audio.mp3", f"/v1/clips/{clip}/r/2/audio.mp3", f"{old}/captions.vtt", f"/listen/{clip}"):
            assert client.get(path).status_code == 404

        save(parts, "Corrected")
        for path in (f"{old}/audio.mp3", f"/v1/clips/{clip}/r/2/audio.mp3", f"{old}/captions.vtt", f"{old}/marks.json"):
            assert client.get(path).status_code == 404
        assert client.get(f"/v1/clips/{clip}").json()["state"] == "rendering"


def test_a_withdrawn_text_comes_back_at_once_without_rendering(parts: Parts, workers: Workers) -> None:
    first = save(parts, "Old")
    workers.render(first)
    workers.render(save(parts, "New"))
    withdraw(parts, "gazette", "1")
    assert heard(parts) is None
    again = submit(parts, make_article(source="New.", title=None), TONE)

    assert (again.created, heard(parts)) == (False, "New.")
    assert job(parts, again.job_id).state == "succeeded"
    # From then on everything is as usual: the same again is known, another text is rendered.
    assert submit(parts, make_article(source="New.", title=None), TONE) == again
    assert workers.render(save(parts, "Newer"))
    assert heard(parts) == "Newer."


def test_of_a_withdrawn_article_another_text_is_heard_only_when_it_is_finished(parts: Parts, workers: Workers) -> None:
    workers.render(save(parts, "What nobody should have written"))
    withdraw(parts, "gazette", "1")
    corrected = save(parts, "Corrected")
    assert heard(parts) is None
    workers.render(corrected)

    assert heard(parts) == "Corrected."


def test_a_late_job_does_not_bring_a_withdrawn_clip_back(parts: Parts, workers: Workers) -> None:
    lease = workers.begin(save(parts, "Withdrawn"))
    withdraw(parts, "gazette", "1")
    assert lease is not None

    assert not workers.finish(lease)
    assert heard(parts) is None


def test_a_withdrawn_text_with_an_embargo_waits_for_it(parts: Parts, workers: Workers) -> None:
    workers.render(save(parts, "Old"))
    withdraw(parts, "gazette", "1")
    later = datetime.now(UTC) + timedelta(hours=1)
    again = submit(parts, make_article(source="Old.", title=None, publish_at=later), TONE)

    assert again.created
    assert heard(parts) is None


def test_the_same_text_sent_with_more_haste_is_hurried(parts: Parts, bell: Doorbell) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    slow = save(parts, "Old", Wish(voice="tone:beep", queue="backfill"), publish_at=later)
    assert bell.rung == []
    assert save(parts, "Old", Wish(voice="tone:beep", queue="breaking")) == slow

    assert bell.rung == ["breaking"]
    assert save(parts, "Old", Wish(voice="tone:beep", queue="backfill")) == slow
    assert job(parts, slow).queue == "breaking"


def test_an_article_that_a_feed_told_of_goes_by_its_cms_id_once_that_is_known(parts: Parts, workers: Workers) -> None:
    url = "https://gazette.example/bridge"
    by_feed = save(parts, "Bridge", external_id=url, url=url)
    workers.render(by_feed)
    with parts.database.writing() as session:
        session.add(
            FoundArticleRow(
                site="gazette",
                address=url,
                found_in="feed",
                state="requested",
                reason="",
                due_ms=1,
                found_ms=1,
                article_id=job(parts, by_feed).article_id,
            )
        )
    by_cms = save(parts, "Bridge opened", external_id="post-7", url=url)

    assert job(parts, by_cms).clip_id == job(parts, by_feed).clip_id
    with parts.database.reading() as session:
        assert list(session.scalars(select(ArticleRow.external_id))) == ["post-7"]


def test_what_settles_is_rung_for_when_its_time_has_come(settling: Parts, bell: Doorbell, monkeypatch: Any) -> None:
    Workers(settling, monkeypatch).render(save(settling, "First"))
    bell.clear()
    save(settling, "Change")
    assert bell.rung == []
    age(settling, 6)
    dispatch(settling)

    assert bell.rung == ["normal"]


def test_the_revision_that_comes_back_is_the_newest_of_its_text(parts: Parts, workers: Workers) -> None:
    for text in ("A", "B", "A"):
        workers.render(save(parts, text))
    withdraw(parts, "gazette", "1")
    save(parts, "A")

    with parts.database.reading() as session:
        assert session.scalars(select(ClipRow.current_revision)).one() == 3
        states = list(session.scalars(select(ClipRevisionRow.state).order_by(ClipRevisionRow.revision)))
    assert states == ["withdrawn", "withdrawn", "ready"]
