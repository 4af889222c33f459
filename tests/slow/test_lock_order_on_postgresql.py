"""The order in which rows are locked (jobs.locks): nobody waits for a row while holding one that comes later.

Each way to change something runs while another transaction holds one of the rows. Once it waits for that row, a third
one looks whether it holds a later row already. Then no two of them can wait for each other, whichever pair meets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.corrections.conftest import newsroom
from tests.corrections.desk_bench import TEXT, Newsroom
from tests.parts.factories import Doorbell, delete_all_rows, make_article, make_parts
from tests.parts.quick_render import Workers
from tests.parts.waiting import until_one_waits
from tts_service.article.closed_page import PageStanding
from tts_service.cms.checks.verdicts import CheckAnswer, settle_answer, withdraw_gone
from tts_service.corrections.accept_rule import accept_rule
from tts_service.corrections.cases.decisions import reject
from tts_service.corrections.follow_up import job_ended
from tts_service.corrections.hearing.queues import HEAR_FIRST
from tts_service.corrections.repairs import Reason, VoiceProposal, repair_voice
from tts_service.corrections.taking_back import take_back, take_back_clip
from tts_service.db.tables import (
    ArticleCheckRow,
    ArticleRow,
    CaseRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionRow,
    HeardSentenceRow,
    HearingRow,
    JobRow,
    SiteRoundRow,
    SiteRow,
)
from tts_service.errors import DatabaseUnavailable, ServiceError
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.again import take_article_offline
from tts_service.jobs.control import cancel, withdraw
from tts_service.jobs.dispatch import sweep
from tts_service.jobs.lease import LOST_ATTEMPTS, Lease
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.recordings import take_back_recording
from tts_service.jobs.revise import RECORDING, Basis, revise
from tts_service.jobs.submit import submit
from tts_service.newsroom.sites import lock_site
from tts_service.parts import Parts
from tts_service.queue.claim import claim_row, fenced
from tts_service.retention.erasure import erase_article, erase_own_rows, take_away
from tts_service.retention.trail import trail_of
from tts_service.values.speech_policy import BlockRule

pytestmark = pytest.mark.slow

__all__ = ["newsroom"]

WHO = "staff:1"
ORDER = (CorrectionRow, SiteRow, ArticleRow, SiteRoundRow, ClipRow, CaseRow, JobRow)


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


class Undone(Exception):
    """A transaction that did all it does, and is rolled back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An article with everything that can be locked."""

    newsroom: Newsroom
    clip: str
    rows: dict[type[Any], str]
    """Primary keys by table."""

    @property
    def parts(self) -> Parts:
        return self.newsroom.parts


Side = Callable[[Scene], Any]


def _revise(scene: Scene) -> None:
    basis = Basis(revision=2, replacements=())
    with scene.parts.database.writing() as session:
        revise(scene.parts, session, scene.clip, basis, correction_id=None, cause="correction", queue="bulk")


def _correct(scene: Scene) -> None:
    version = scene.newsroom.row(CaseRow, scene.rows[CaseRow]).version
    scene.newsroom.correct("dark", "bark", case_id=scene.rows[CaseRow], version=version)


def _repair(scene: Scene) -> None:
    repair_voice(scene.parts, scene.clip, VoiceProposal(rate=1.1), Reason(who=WHO, why="too slow"))


def _reject(scene: Scene) -> None:
    version = scene.newsroom.row(CaseRow, scene.rows[CaseRow]).version
    reject(scene.parts, scene.rows[CaseRow], version=version, who=WHO, reason="It is right.")


def _erase(scene: Scene) -> None:
    with scene.parts.database.reading() as session:
        trail = trail_of(session, "gazette", "1")
    erase_own_rows(scene.parts, trail, WHO, 0, since_ms=0)


SIDES: tuple[Side, ...] = (
    lambda scene: scene.newsroom.save("1", f"{TEXT} More."),
    lambda scene: withdraw(scene.parts, "gazette", "1"),
    lambda scene: take_article_offline(scene.parts, scene.rows[ArticleRow], who=WHO),
    _revise,
    _correct,
    _repair,
    _reject,
    lambda scene: accept_rule(scene.parts, "gazette", BlockRule(text=TEXT), who=WHO),
    lambda scene: take_back(scene.parts, scene.rows[CorrectionRow], WHO),
    lambda scene: take_back_clip(scene.parts, scene.rows[CorrectionRow], scene.clip, WHO),
    lambda scene: job_ended(scene.parts, scene.rows[JobRow]),
    lambda scene: settle_answer(scene.parts, scene.rows[ArticleRow], GONE),
    lambda scene: withdraw_gone(scene.parts, "gazette"),
    lambda scene: take_away(scene.parts, "gazette", "1"),
    _erase,
)
GONE = CheckAnswer(verdict=PageStanding.GONE, reason="404", sure=True)


def take_back_recorded(scene: Scene) -> None:
    take_back_recording(scene.parts, scene.rows[ArticleRow], who=WHO)


def prepared(newsroom: Newsroom) -> Scene:
    """An article that was corrected for a case; its page is gone."""
    parts, clip = newsroom.parts, newsroom.publish()
    case = newsroom.case(clip)
    accepted = newsroom.correct(case_id=case, version=1)
    [job] = newsroom.queued()
    newsroom.turn(job)
    article = newsroom.article(clip)
    with parts.database.writing() as session:
        lock_site(parts.database, session, "gazette")
        session.add(SiteRoundRow(site="gazette", due_ms=0, counts={}, last={}))
        check = ArticleCheckRow(
            article_id=article.id, site="gazette", verdict=PageStanding.GONE, reason="", acted="closed"
        )
        check.before = {"source_updated_ms": article.source_updated_ms}
        session.add(check)
    keys = (accepted.correction_id, "gazette", article.id, "gazette", clip, case, job)
    return Scene(newsroom=newsroom, clip=clip, rows=dict(zip(ORDER, keys, strict=True)))


def recorded(newsroom: Newsroom) -> Scene:
    """An article that a person reads now."""
    newsroom.publish()
    job = newsroom.save("1", f"{TEXT} More.")
    newsroom.workers.render(job)
    clip = newsroom.job(job).clip_id
    newsroom.change(JobRow, job, basis={"cause": RECORDING, "revision": 1, "source": 1})
    newsroom.change(ClipRevisionRow, (clip, 2), cause=RECORDING)
    rows = {ArticleRow: newsroom.article(clip).id, ClipRow: clip, JobRow: job}
    return Scene(newsroom=newsroom, clip=clip, rows=rows)


def hold(session: Session, scene: Scene, table: type[Any]) -> None:
    """As strongly as whoever erases holds it while waiting for a later row."""
    session.get(table, scene.rows[table], with_for_update={"key_share": table is ClipRow})


def waiting_for(session: Session, running: Future[Any]) -> int | None:
    """The server process that waits for this session; None: `running` ended without."""
    query = text("SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    while not running.done():
        # A transaction sees the connections that there were when it first looked, unless it is told to look again.
        session.execute(text("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()"))
        if (pid := session.scalar(query)) is not None:
            return int(pid)
    return None


def out_of_order(scene: Scene, side: Side) -> Iterator[str]:
    """Pairs of rows that the side locks in the wrong order; that it waits for at least one is checked, too."""
    tables, engine, waited = [table for table in ORDER if table in scene.rows], scene.parts.database.engine, False
    for place, table in enumerate(tables):
        with ThreadPoolExecutor(1) as threads, Session(engine) as holder, Session(engine) as third:
            hold(holder, scene, table)
            running = threads.submit(side, scene)
            pid = waiting_for(holder, running)
            waited = waited or pid is not None
            for later in tables[place + 1 :] if pid is not None else ():
                try:
                    third.get(later, scene.rows[later], with_for_update={"nowait": True})
                except OperationalError:
                    yield f"{later.__tablename__} before {table.__tablename__}"
                third.rollback()
            holder.execute(text("SELECT pg_cancel_backend(:pid)"), {"pid": pid})
            holder.rollback()
            with pytest.raises((Undone, DatabaseUnavailable)):
                running.result(timeout=60)
    assert waited


@pytest.mark.parametrize(("scene", "sides"), [(prepared, SIDES), (recorded, (take_back_recorded,))])
def test_nobody_waits_for_a_row_while_holding_a_later_one(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, scene: Callable[[Newsroom], Scene], sides: tuple[Side, ...]
) -> None:
    made = scene(newsroom)

    def undo(session: Session) -> None:
        session.flush()
        raise Undone

    monkeypatch.setattr(Session, "commit", undo)
    assert [(number, one) for number, side in enumerate(sides) for one in out_of_order(made, side)] == []


Change = Callable[[Parts, Workers, Lease], Any]


def test_erasing_waits_for_a_turn_that_hears_the_clip(newsroom: Newsroom) -> None:
    parts, clip = newsroom.parts, newsroom.publish(text=TEXT)
    with parts.database.writing() as session:
        publishes = {"urgent": True, "publishes": False, "due_ms": 0}
        session.merge(HearingRow(clip_id=clip, revision=1, site="gazette", **publishes))
    claimed = claim_row(parts, HEAR_FIRST)
    assert claimed is not None
    heard = {"voice": "tone:beep", "language": "en", "score": 0.0, "heard_ms": 0}
    with ThreadPoolExecutor() as pool:
        with fenced(parts, claimed).database.writing() as session:
            erased = pool.submit(erase_article, parts, "gazette", "1", WHO)
            until_one_waits(parts, erased)
            place = {"clip_id": clip, "revision": 1, "position": 0}
            session.add(HeardSentenceRow(site="gazette", segment_key="key", **place, **heard))
        erased.result(30)
    with parts.database.reading() as session:
        assert session.get(ClipRow, clip) is None


def test_erasing_waits_for_a_case_while_others_may_still_refer_to_the_clip(newsroom: Newsroom) -> None:
    """Who decides a case changes a report twice, which asks for the report's clip."""
    scene = prepared(newsroom)
    clip = select(ClipRow.id).where(ClipRow.id == scene.clip)
    with ThreadPoolExecutor(1) as threads, scene.parts.database.writing() as deciding:
        deciding.get(CaseRow, scene.rows[CaseRow], with_for_update=True)
        erasing = threads.submit(_erase, scene)
        assert waiting_for(deciding, erasing) is not None
        assert deciding.scalar(clip.with_for_update(read=True, key_share=True, nowait=True))
    erasing.result(timeout=60)


def _publish(_: Parts, workers: Workers, lease: Lease) -> None:
    assert workers.finish(lease) is False  # the newer text took its job


def _fail(parts: Parts, _: Workers, lease: Lease) -> None:
    settle_job(parts, lease, ServiceError("broken on purpose"))


def _give_up(parts: Parts, _: Workers, lease: Lease) -> None:
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(lease_until_ms=1, attempts=LOST_ATTEMPTS))
    sweep(parts)


def _cancel(parts: Parts, _: Workers, lease: Lease) -> None:
    with pytest.raises(ServiceError, match="already ended"):
        cancel(parts, lease.job_id)


def _withdraw(parts: Parts, _: Workers, lease: Lease) -> None:
    withdraw(parts, "gazette", "1")


@pytest.mark.parametrize("change", [_publish, _fail, _give_up, _cancel, _withdraw])
def test_a_job_is_changed_after_its_clip_was_locked(parts: Parts, monkeypatch: Any, change: Change) -> None:
    workers = Workers(parts, monkeypatch)
    lease = workers.begin(submit(parts, make_article(), Wish(voice="tone:beep")).job_id)
    assert lease is not None
    with ThreadPoolExecutor(1) as threads:
        with parts.database.writing() as newer_text:
            newer_text.scalars(select(ClipRow.id).with_for_update()).one()
            changing = threads.submit(change, parts, workers, lease)
            until_one_waits(parts, changing)
            # As a newer text does. A change that had locked the job first would now be in a deadlock with it.
            newer_text.execute(update(JobRow).where(JobRow.id == lease.job_id).values(state="superseded"))
        changing.result(timeout=60)
    with parts.database.reading() as session:
        assert session.scalars(select(JobRow.state)).one() == "superseded"


def test_a_clip_is_published_at_a_time_when_its_lock_was_free(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks for clips that were published since some time misses none that waited for its lock."""
    workers = Workers(parts, monkeypatch)
    lease = workers.begin(submit(parts, make_article(), Wish(voice="tone:beep")).job_id)
    assert lease is not None
    with ThreadPoolExecutor(1) as threads:
        with parts.database.writing() as holder:
            holder.scalars(select(ClipRow.id).with_for_update()).one()
            finishing = threads.submit(workers.finish, lease)
            until_one_waits(parts, finishing)
            free_ms = parts.database.now_ms(holder)
        assert finishing.result(timeout=60)
    with parts.database.reading() as session:
        assert session.scalars(select(ClipRevisionRow.ready_ms)).one() >= free_ms
