"""Random histories of a newsroom, with crashes at any write: what must stay is there after each step, and in the end
nothing else is left. Short in the fast tests, 500 of them as `make faults ONLY=histories`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.corrections.desk_bench import Newsroom
from tests.parts.factories import make_parts
from tests.parts.quick_render import Workers
from tts_service.access.audit import COMMAND_LINE
from tts_service.corrections.follow_up import follow_up
from tts_service.corrections.release import release_held
from tts_service.corrections.taking_back import take_back
from tts_service.db.tables import (
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionRow,
    DoomedObjectRow,
    JobRow,
    ReportRow,
    UtteranceRow,
)
from tts_service.errors import ServiceError
from tts_service.jobs.control import cancel, withdraw
from tts_service.jobs.dispatch import sweep
from tts_service.jobs.lease import Lease
from tts_service.jobs.store_owner import OWNER_OBJECT
from tts_service.newsroom.sites import set_options
from tts_service.retention.doomed import delete_doomed
from tts_service.retention.erasure import erase_article
from tts_service.retention.prune import held_until, prune_all
from tts_service.storage.segments import name_of
from tts_service.values import Rendition
from tts_service.values.site_options import USUAL

DAY_MS = 86_400_000
ARTICLES = ("0", "1")
TEXTS = tuple(f"First we met. Elmsworth was dark {number} times. Last we left." for number in range(4))
STEPS = st.tuples(
    st.one_of(
        st.tuples(st.just("save"), st.sampled_from(ARTICLES), st.sampled_from(TEXTS)),
        st.tuples(st.just("save"), st.sampled_from(ARTICLES), st.sampled_from(TEXTS)),
        st.tuples(st.just("work")),
        st.tuples(st.just("make"), st.sampled_from(ARTICLES), st.sampled_from(TEXTS)),
        st.tuples(st.just("make"), st.sampled_from(ARTICLES), st.sampled_from(TEXTS)),
        st.tuples(st.sampled_from(["begin", "finish", "cancel", "correct", "take_back", "prune", "prune"])),
        st.tuples(st.sampled_from(["withdraw", "report", "release", "erase"]), st.sampled_from(ARTICLES)),
        st.tuples(st.sampled_from(["correct", "take_back"])),
        st.tuples(st.just("hold"), st.booleans()),
        st.tuples(st.just("settle")),
        st.tuples(st.just("erase"), st.sampled_from(ARTICLES)),
        st.tuples(st.just("days"), st.sampled_from([1, 30, 95, 95])),
        st.tuples(st.just("days"), st.sampled_from([1, 30, 95, 95])),
    ),
    st.one_of(st.none(), st.integers(0, 2), st.integers(0, 12), st.integers(0, 40)),
)
"""A step, and the write at which the process dies; None: it doesn't."""
WRITERS = (
    "corrections/accept.py accept_proposal commit",
    "corrections/follow_up.py _settle_job commit",
    "corrections/follow_up.py _take_step commit",
    "corrections/release.py release_held commit",
    "jobs/clip_words.py forget_removed_words commit",
    "jobs/control.py cancel commit",
    "jobs/control.py withdraw commit",
    "jobs/dispatch.py _requeue commit",
    "jobs/lease.py claim commit",
    "jobs/live.py _put put",
    "jobs/live.py _put_end put",
    "jobs/live.py write commit",
    "jobs/rendering.py keep_script commit",
    "jobs/rendering.py keep_script put",
    "jobs/revised.py keep_revised commit",
    "jobs/revised.py keep_revised put",
    "jobs/sink.py _settle commit",
    "jobs/sink.py complete commit",
    "jobs/sink.py finished put",
    "jobs/store_owner.py installation_id commit",
    "jobs/submit.py _keep commit",
    "narration/speak.py _newly_spoken put_new",
    "newsroom/sites.py set_options commit",
    "retention/clips.py _prune commit",
    "retention/doomed.py _delete delete",
    "retention/doomed.py _named commit",
    "retention/doomed.py _settle commit",
    "retention/erasure.py erasing commit",
    "retention/erasure.py take_away commit",
    "retention/orphans.py _clock_of put",
    "retention/ownership.py claim_store put_new",
    "retention/prune.py held_until commit",
)
"""Functions of the product that write in a history."""
_OURS = "a test"
"""Writes for it, at which nothing dies."""
HISTORIES = st.lists(STEPS, min_size=4, max_size=16)
AIMS = st.lists(st.sampled_from(WRITERS), max_size=6)
"""Writers at whose next write the process dies: numbers alone rarely meet the rare ones."""


@dataclass(frozen=True, slots=True)
class Writes:
    """The writes that histories came to, each by the function of the product that made it."""

    met: Counter[str] = field(default_factory=Counter)
    crashed: Counter[str] = field(default_factory=Counter)
    """Those at which the process died."""


class Crashed(BaseException):
    """The process died: nothing of ours may clean up behind it."""


@dataclass
class History:
    """A newsroom, its clock, and what must not be missing."""

    newsroom: Newsroom
    folder: Path
    seen: Writes
    ahead_ms: int = 0
    crash_in: int | None = None
    """Writes until the process dies; None: it doesn't."""
    aims: list[str] = field(default_factory=list)
    leases: list[Lease] = field(default_factory=list)
    heard_ms: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """When each revision (article, clip, number) was last the one that is heard, or had an open report."""
    erased: set[str] = field(default_factory=set)
    """Articles whose erasure has begun."""

    def __post_init__(self) -> None:
        self.parts = self.newsroom.parts
        clock = self.parts.database.now_ms
        self.parts.database.now_ms = lambda session: clock(session) + self.ahead_ms  # type: ignore[method-assign]

    def do(self, step: tuple[Any, ...], crash: int | None) -> None:
        """One step, perhaps to its end."""
        self.crash_in = crash
        with suppress(ServiceError, Crashed):
            getattr(self, step[0])(*step[1:])
        self.crash_in = None
        self.look()

    def writes(self, what: str) -> None:
        """Called before each write to database or store."""
        place = f"{_writer()} {what}"
        if place.startswith(_OURS):
            return
        self.seen.met[place] += 1
        if place in self.aims or self.crash_in == 0:
            self.aims = [aim for aim in self.aims if aim != place]
            self.crash_in = None
            self.seen.crashed[place] += 1
            raise Crashed
        if self.crash_in is not None:
            self.crash_in -= 1

    # --- steps ---

    def save(self, article: str, text: str) -> None:
        self.newsroom.save(article, text)
        self.erased.discard(article)

    def begin(self) -> None:
        for job in self.newsroom.queued()[:1]:
            if lease := self.newsroom.workers.begin(job):
                self.leases.append(lease)

    def finish(self) -> None:
        if self.leases:
            self.newsroom.workers.finish(self.leases.pop(0))

    def work(self) -> None:
        self.newsroom.work(turns=1)

    def make(self, article: str, text: str) -> None:
        self.save(article, text)
        self.work()

    def cancel(self) -> None:
        for job in self.newsroom.queued()[:1]:
            cancel(self.parts, job)

    def withdraw(self, article: str) -> None:
        withdraw(self.parts, "gazette", article)

    def correct(self) -> None:
        self.newsroom.correct()

    def take_back(self) -> None:
        with self.parts.database.reading() as session:
            last = session.scalars(select(CorrectionRow.id).order_by(CorrectionRow.id.desc()).limit(1)).one_or_none()
        take_back(self.parts, last or "", "staff:2")

    def report(self, article: str) -> None:
        with self.parts.database.reading() as session:
            clip = session.scalars(
                select(ClipRow).join(ArticleRow).where(ArticleRow.external_id == article)
            ).one_or_none()
            number = len(session.scalars(select(ReportRow.id)).all())
        if clip is not None and clip.current_revision is not None:
            self.newsroom.report(None, clip.id, number=number, revision=clip.current_revision)  # type: ignore[arg-type]

    def settle(self) -> None:
        with self.parts.database.writing() as session:
            for report in session.scalars(select(ReportRow)):
                report.settled_ms = self.parts.database.now_ms(session)

    def release(self, article: str) -> None:
        release_held(self.parts, self.clip_of(article), who="staff:1")

    def erase(self, article: str) -> None:
        self.erased.add(article)
        self.heard_ms = {place: at for place, at in self.heard_ms.items() if place[0] != article}
        erase_article(self.parts, "gazette", article, COMMAND_LINE)

    def hold(self, on: bool) -> None:
        set_options(self.parts.database, "gazette", {"hold": on})

    def prune(self) -> None:
        prune_all(self.parts)

    def days(self, days: int) -> None:
        """Time passes for the database and for the files; then beat does its work."""
        crash, self.crash_in = self.crash_in, None  # what beat does below is to be met, not what is noted each day
        for _ in range(days):
            self.ahead_ms += DAY_MS
            held_until(self.parts)
        self.look()
        self.crash_in = crash
        for file in self.folder.rglob("*"):
            if file.is_file():
                os.utime(file, (file.stat().st_mtime - days * 86_400,) * 2)
        sweep(self.parts)
        follow_up(self.parts)
        prune_all(self.parts)

    def clip_of(self, article: str) -> str:
        with self.parts.database.reading() as session:
            mine = select(ClipRow.id).join(ArticleRow).where(ArticleRow.external_id == article)
            return session.scalars(mine).one_or_none() or ""

    # --- what must be there, and what must not ---

    def look(self) -> None:
        """Notes what is heard now, and that nothing is missing of what was heard in the last 90 days."""
        with self.parts.database.reading() as session:
            now = self.parts.database.now_ms(session)
            heard = (
                select(ArticleRow.external_id, ClipRow.id, ClipRow.current_revision)
                .join(ClipRow)
                .where(ClipRow.state == "ready", ClipRow.current_revision.is_not(None))
            )
            reported = (
                select(ArticleRow.external_id, ReportRow.clip_id, ReportRow.revision)
                .join(ClipRow, ClipRow.article_id == ArticleRow.id)
                .join(ReportRow, ReportRow.clip_id == ClipRow.id)
                .where(ReportRow.settled_ms.is_(None))
            )
            for place in (*session.execute(heard), *session.execute(reported)):
                if place[0] not in self.erased:
                    self.heard_ms[tuple(place)] = now  # type: ignore[index]
            kept = [place for place, at in self.heard_ms.items() if at > now - USUAL.keep_audio_days * DAY_MS]
            for article, clip_id, number in kept:
                row = session.get(ClipRevisionRow, (clip_id, number))
                assert row is not None, f"revision {number} of {article} is gone"
                names = {f"clips/{clip_id}/{number}/{Rendition(**one).file_name}" for one in row.renditions or ()}
                mine = (UtteranceRow.clip_id == clip_id, UtteranceRow.revision == number)
                keys = session.scalars(select(UtteranceRow.segment_key).where(*mine)).all()
                assert len(keys) == 3, f"revision {number} of {article} has {len(keys)} sentences"
                missing = [name for name in names | set(map(name_of, keys)) if self.parts.store.size(name) is None]
                assert not missing, f"{missing} of revision {number} of {article} are gone"

    def end(self) -> None:
        """Everything ends, and a long time passes: nothing is left that no row speaks of."""
        self.aims = []
        for article in sorted(self.erased):
            self.do(("erase", article), None)
        self.do(("settle",), None)
        self.do(("hold", False), None)
        for days in (1, 1, 1, 1, 95, 95, 2):  # what a killed worker left, and the corrections that waited for it, first
            self.do(("work",), None)
            for article in ARTICLES:
                self.do(("release", article), None)
            self.do(("days", days), None)
        delete_doomed(self.parts)
        with self.parts.database.reading() as session:
            assert session.scalars(select(JobRow.id).where(JobRow.state.in_(("queued", "running")))).all() == []
            assert session.scalars(select(DoomedObjectRow.name)).all() == []
            rows = session.scalars(select(ClipRevisionRow)).all()
            known = {
                f"clips/{row.clip_id}/{row.revision}/{Rendition(**one).file_name}"
                for row in rows
                for one in row.renditions or ()
            }
            known |= set(map(name_of, session.scalars(select(UtteranceRow.segment_key))))
            assert all(len([other for other in rows if other.clip_id == row.clip_id]) == 1 for row in rows), rows
        stray = (
            {name for name in self.parts.store.names("") if not name.startswith("pruning/")} - known - {OWNER_OBJECT}
        )
        assert not stray, f"{stray} are left"


def _writer() -> str:
    """The function of the product that writes now, other than those that write for everybody."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        if "/tts_service/" in path and not path.endswith(("/db/session.py", "/storage/segments.py")):
            return f"{path.rpartition('/tts_service/')[2]} {frame.f_code.co_name}"
        frame = frame.f_back
    return _OURS


@contextmanager
def _history(seen: Writes) -> Iterator[History]:
    with tempfile.TemporaryDirectory(prefix="history-") as folder, pytest.MonkeyPatch.context() as patch:
        parts = make_parts(Path(folder))
        history = History(Newsroom(parts, Workers(parts, patch)), Path(folder) / "data" / "audio", seen)
        for owner, name in (
            (parts.store, "put"),
            (parts.store, "put_new"),
            (parts.store, "delete"),
            (Session, "commit"),
        ):
            patch.setattr(owner, name, _dying(getattr(owner, name), history))
        try:
            yield history
        finally:
            parts.close()


def _dying(write: Callable[..., Any], history: History) -> Callable[..., Any]:
    def before(*args: Any, **values: Any) -> Any:
        history.writes(write.__name__)
        return write(*args, **values)

    return before


def check_histories(count: int) -> Writes:
    """Returns at which writes processes died. Raises AssertionError with a history that loses something or leaves
    something."""
    seen = Writes()

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(HISTORIES, AIMS)
    def check(steps: list[tuple[tuple[Any, ...], int | None]], aims: list[str]) -> None:
        with _history(seen) as history:
            history.aims = aims
            for step, crash in steps:
                history.do(step, crash)
            history.end()

    check()
    return seen
