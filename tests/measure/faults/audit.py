"""Checks what must be true after every fault: nothing is lost, done twice, half-written or left behind."""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from tests.measure.faults.line import Outcome
from tests.measure.faults.watch import LATE_LEASE_S, Watch
from tests.measure.faults.world import World
from tts_service.db.tables import ArticleRevisionRow, ClipRevisionRow, JobRow
from tts_service.newsroom.quotas import GIVEN_BACK, characters_since

ENDED = ("succeeded", "failed", "cancelled", "superseded")
TEMPORARY_S = 600.0
"""No temporary file is older."""
_EVER = datetime.fromtimestamp(0, UTC)
STAGED = re.compile(r"#\d+$")
"""How the store names files that it hasn't finished."""


@dataclass(slots=True)
class Audit:
    """What was found."""

    finished: int = 0
    lost: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    left_files: int = 0
    """Temporary files of processes that were killed."""


def wait_for_all(world: World, watch: Watch, accepted: Iterable[str], still_s: float, look: Callable[[], None]) -> None:
    """Until every job has ended and the sink was told, or nothing has gone on for so long: on a busy machine a line
    takes its time, and what is still spoken isn't lost. `look` runs meanwhile (supervising)."""
    waiting = set(accepted)
    progress, since = (0, 0), time.monotonic()
    while waiting and time.monotonic() < since + still_s:
        look()
        ended = {job for job in waiting if (seen := watch.seen.get(job)) and seen.state in ENDED}
        waiting -= {job for job in ended if world.sink.told_of(job)}
        reached = (len(waiting), sum(seen.done for seen in list(watch.seen.values())))
        if reached != progress:
            progress, since = reached, time.monotonic()
        time.sleep(0.1)


def audit(world: World, watch: Watch, accepted: Iterable[str], may_fail: Iterable[str] = ()) -> Audit:
    """Check every accepted job. `may_fail`: jobs that need not succeed."""
    found, may, wanted = Audit(), set(may_fail), set(accepted)
    with world.parts.database.reading() as session:
        jobs = {job.id: job for job in session.scalars(select(JobRow))}
        ready = select(ClipRevisionRow).where(ClipRevisionRow.state == "ready")
        revisions = {(one.clip_id, one.revision): one for one in session.scalars(ready)}
        per_clip = Counter(clip for clip, _ in revisions)
        articles = session.execute(select(JobRow.article_id, func.count()).group_by(JobRow.article_id)).all()
    found.duplicates += [f"article {one}: {count} jobs" for one, count in articles if count > 1]
    for job_id in wanted:
        job = jobs.get(job_id)
        found.states[job.state if job else "missing"] += 1
        if job is None or job.state not in ENDED or (job.state != "succeeded" and job_id not in may):
            found.lost.append(f"{job_id}: {f'{job.state}, {job.waiting}, {job.error}' if job else 'no such job'}")
            continue
        found.finished += 1
        if job.state == "succeeded":
            revision = revisions.get((job.clip_id, job.revision))
            if revision is None or per_clip[job.clip_id] != 1:
                found.duplicates.append(f"{job_id}: {per_clip[job.clip_id]} clips")
            else:
                _check_files(world, revision, found)
        _check_webhooks(world, job, found)
    _check_quotas(world, wanted, found)
    if watch.latest_lease_s > LATE_LEASE_S:
        found.problems.append(f"a lease lay {watch.latest_lease_s:.0f} s in the past")
    _look_for_temporary_files(world, found)
    return found


def outcome(
    world: World, watch: Watch, accepted: Iterable[str], *, may_fail: Iterable[str] = (), limit_s: float | None = None
) -> Outcome:
    """The line's outcome after its audit."""
    wanted = list(accepted)
    found = audit(world, watch, wanted, may_fail)
    open_hits = [hit.job for hit in watch.hits if hit.recovered_s is None]
    if limit_s is not None:
        slow = [hit for hit in watch.hits if hit.recovered_s is not None and hit.recovered_s > limit_s]
        found.problems += [f"{hit.job} went on after {hit.recovered_s:.1f} s" for hit in slow]
    problems = [*found.lost, *found.duplicates, *found.problems, *(f"{job} never went on" for job in open_hits)]
    notes: dict[str, object] = {"files left": found.left_files} if found.left_files else {}
    return Outcome(
        jobs=len(wanted),
        finished=found.finished,
        lost=len(found.lost),
        duplicates=len(found.duplicates),
        hits=len(watch.hits),
        recovery_s=watch.recovery_s(),
        limit_s=limit_s,
        problems=problems,
        notes=notes,
    )


def _check_files(world: World, revision: ClipRevisionRow, found: Audit) -> None:
    """Every file is the one that the database names."""
    for made in revision.renditions or []:
        name = f"clips/{revision.clip_id}/{revision.revision}/{made['stored']}"
        digest = hashlib.sha256(world.parts.store.get(name)).hexdigest()
        if digest != made["sha256"]:
            found.problems.append(f"{name} has other bytes than the database says")


def _check_webhooks(world: World, job: JobRow, found: Audit) -> None:
    kind = "clip.ready" if job.state == "succeeded" else "clip.failed"
    ids = {told: world.sink.ids[job.id, told] for told in ("clip.ready", "clip.failed")}
    if not ids[kind]:
        found.problems.append(f"{job.id}: {kind} was never delivered")
    if sum(map(len, ids.values())) > 1:
        found.duplicates.append(f"{job.id}: webhook ids {ids}")


def _check_quotas(world: World, accepted: set[str], found: Audit) -> None:
    """What counts towards each site's quota is the length of the accepted texts whose jobs weren't given back."""
    texts = select(JobRow.id, JobRow.site, JobRow.state, func.length(ArticleRevisionRow.source).label("length"))
    texts = texts.join(ArticleRevisionRow, ArticleRevisionRow.id == JobRow.article_revision_id)
    with world.parts.database.reading() as session:
        rows = [row for row in session.execute(texts) if row.id in accepted]
        used = {site: characters_since(session, site, _EVER) for site in {row.site for row in rows}}
    sent: Counter[str] = Counter()
    for row in rows:
        sent[row.site] += 0 if row.state in GIVEN_BACK else row.length
    found.problems += [
        f"{site}: {count} characters count towards its quota, {sent[site]} were sent"
        for site, count in used.items()
        if count != sent[site]
    ]


def _look_for_temporary_files(world: World, found: Audit) -> None:
    folder = world.settings.data_dir
    staged = [path for path in folder.rglob("*") if STAGED.search(path.name)]
    left = [*staged, *Path(world.environment["TMPDIR"]).glob("tts-clip-*")]
    found.left_files = len(left)
    old = [path for path in left if time.time() - path.stat().st_mtime > TEMPORARY_S]
    found.problems += [f"{path.name} is older than {TEMPORARY_S:.0f} s" for path in old]
