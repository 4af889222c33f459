"""A job's sink: sentences and files of its clip in the database and the store, as long as its turn and lease last."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tts_service.article.account import instead_line
from tts_service.audio.kept import Turn, TurnOver
from tts_service.audio.order import ClipOrder, Made
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, JobRow, UtteranceRow
from tts_service.engines.voices.casting import Cast
from tts_service.engines.voices.registry import Registry
from tts_service.errors import ClipDefective, LeaseLost, VoiceNotFound
from tts_service.jobs.files import FileState, again_at, formats_to_make, made_file, plan_digest
from tts_service.jobs.hearing_plan import can_hear, plan_hearing
from tts_service.jobs.lease import Lease, write
from tts_service.jobs.live import LiveWriter
from tts_service.jobs.locks import lock_clip_of
from tts_service.jobs.marked import store_marked
from tts_service.jobs.publish import hold, is_to_be_held, publish, waits_for_ears
from tts_service.jobs.rendering import (
    Rendering,
    article_from,
    count_death,
    keep_script,
    keep_shortened,
    load,
    utterances_from,
)
from tts_service.jobs.revised import keep_revised
from tts_service.jobs.stretches import StoredStretches
from tts_service.narration.prepared import Prepared, SpeakingManner
from tts_service.narration.script import PlacedSegment, Script, ScriptLine, SpokenLine
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.lexicon_version import lexicon_version
from tts_service.newsroom.policies import policy_for, policy_version
from tts_service.newsroom.remote_budget import characters_sent, require_budget
from tts_service.newsroom.repairs import repairs_for
from tts_service.newsroom.site_voices import voices_for
from tts_service.newsroom.sites import options_for, options_in
from tts_service.parts import Parts
from tts_service.telemetry.metrics import AUDIO_S, JOBS_ENDED
from tts_service.values import Article, Utterance

_WRITE_EVERY_S = 0.25
"""Progress is written at most four times a second."""

log = logging.getLogger(__name__)


class JobSink:
    """`narration.Sink` over the database: each turn goes on where the rows end."""

    def __init__(
        self,
        parts: Parts,
        lease: Lease,
        *,
        until: float,
        lost: threading.Event,
        is_leaving: Callable[[], bool] = lambda: False,
    ) -> None:
        """`until`: when the turn is over (time.monotonic); `lost`: set when the lease is; `is_leaving`: whether the
        worker ends and the turn is over at once."""
        self.settings, self.segments = parts.settings, parts.segments
        self._parts, self._lease, self._until, self._lost = parts, lease, until, lost
        self._is_leaving = is_leaving
        with parts.database.reading() as session:
            self._job = session.scalars(select(JobRow).where(JobRow.id == lease.job_id)).one()
        self.name = self._job.clip_id
        self._sentences, self._began, self._longest_s = 0, 0.0, 0.0
        self._unwritten: list[SpokenLine] = []
        self._written_at = 0.0
        self._plan = ""
        self._files: dict[str, FileState] = {}
        self._local = False
        self._remote = ""
        """Ids of the remote voices that were to speak."""

    def article(self) -> Article:
        """What the job speaks."""
        with self._parts.database.reading() as session:
            text = session.get_one(ArticleRevisionRow, self._job.article_revision_id)
            return article_from(session.get_one(ArticleRow, self._job.article_id), text)

    @property
    def site(self) -> str:
        """Whose article it is."""
        return self._job.site

    def falls_back(self) -> bool:
        """Whether local voices are to speak from now on: the site wants it, nothing sounds yet, and the text isn't that
        of an earlier revision, whose voices stay."""
        if self._local or self._job.basis is not None:
            return False
        if not options_for(self._parts.database, self.site).remote_fallback:
            return False
        begun = load(self._parts, self._lease)
        if begun is not None and any(line.samples is not None for line in begun.lines):
            return False
        if begun is not None:
            self._remote = _remote_voices(begun.cast)
        self._local, self._unwritten = True, []
        return True

    def manner(self) -> SpeakingManner:
        parts, job = self._parts, self._job
        with parts.database.reading() as session:
            external_id = session.get_one(ArticleRow, job.article_id).external_id
        policy = policy_for(parts.database, parts.settings, job.site)
        repairs = repairs_for(parts.database, job.site, external_id)
        voices = voices_for(parts.database, parts.voices, job.site)
        voice_id = _installed(voices, repairs.voice) or job.voice
        if self._local:
            voices = voices.local()
            voice_id = _installed(voices, voice_id)
        return SpeakingManner(
            voices=voices,
            voice_id=voice_id,
            formats=tuple(job.formats.split(",")),
            policy=policy,
            policy_version=policy_version(policy),
            # Before the lexicon: should an entry come between the two, the record names the older one, and is stale.
            lexicon_version=lexicon_version(parts.database, job.site, external_id),
            lexicon=lexicon_for(parts.database, job.site, external_id),
            zone=options_for(parts.database, job.site).zone,
            repairs=repairs,
        )

    def resumed(self) -> Script | None:
        """A revision that is made from an earlier one isn't prepared: its sentences are copied at the first turn."""
        rendering = None if self._local else load(self._parts, self._lease)
        if rendering is None and self._job.basis is not None:
            rendering = keep_revised(self._parts, self._lease, self._job)
        return rendering and self._take(rendering)

    def begun(self, script: Script, prepared: Prepared) -> Script:
        if self._local:
            account = (*prepared.read.account, instead_line(prepared.voice.id, self._remote))
            prepared = replace(prepared, read=replace(prepared.read, account=account))
        else:
            self._remote = _remote_voices(prepared.cast)
            sent = (said for said in prepared.utterances if (prepared.cast.other(said) or prepared.voice).remote)
            characters = sum(characters_sent(said.words) for said in sent)
            require_budget(self._parts.database, self.site, characters)
        return self._take(keep_script(self._parts, self._lease, script, prepared))

    def _take(self, rendering: Rendering) -> Rendering:
        self._rendering = rendering
        self._utterances: dict[int, Utterance] = {}
        """The next ones, read at once."""
        self._live = LiveWriter(self._parts, rendering)
        self._stretches = StoredStretches(self._parts, rendering, in_turn=True)
        until, is_leaving = self._until, self._is_leaving  # no method of this sink: it would hold itself
        self.turn = Turn(
            kept=self._stretches,
            is_over=lambda: time.monotonic() >= until or is_leaving(),
            live=self._live.written,
        )
        return rendering

    def utterance(self, position: int) -> Utterance:
        if position not in self._utterances:
            self._utterances = utterances_from(self._parts, self._rendering, position)
        return self._utterances[position]

    def next_sentence(self) -> None:
        """At least one sentence a turn, however short, unless the worker leaves. Raises TurnOver when the next one,
        which may take as long as the longest so far, would end behind it: others wait for this slot. Raises LeaseLost.
        """
        if self._lost.is_set():
            raise LeaseLost("Another worker owns this job now, or it was cancelled.")
        self._began = time.monotonic()
        if self._is_leaving() or (self._sentences and self._began + self._longest_s >= self._until):
            raise TurnOver
        self._sentences += 1

    def died(self, position: int) -> int:
        return count_death(self._parts, self._rendering, position)

    def shortened(self, line: ScriptLine, said: Utterance) -> None:
        keep_shortened(self._parts, self._rendering, line, said)
        self._utterances[line.position] = said

    def spoken(self, one: SpokenLine) -> None:
        self._longest_s = max(self._longest_s, time.monotonic() - self._began)
        self._unwritten.append(one)
        if time.monotonic() - self._written_at >= _WRITE_EVERY_S:
            self._write(last=False)
            self._written_at = time.monotonic()

    def put_down(self) -> None:
        """The turn is over: what was spoken in it is kept."""
        self._write(last=False)

    def all_spoken(self) -> None:
        self._write(last=True)

    def _write(self, *, last: bool) -> None:
        self._live.write(self._unwritten, last=last)
        self._unwritten = []

    def formats_due(self, order: ClipOrder) -> Iterator[str]:
        """Those that no earlier turn made of this same timeline. Raises TurnOver between two."""
        self._plan = plan_digest(order.planned)
        self._files = {one.format: one for one in self._rendering.files if one.plan == self._plan}
        for number, form in enumerate(formats_to_make(order.formats, self._files)):
            if number and self.turn.is_over():
                raise TurnOver
            yield form

    def finished(self, made: Made) -> None:
        kept = store_marked(self._parts, self._rendering, made.path, made.rendition)
        self._settle(made_file(made, kept, self._plan))

    def refused(self, form: str, error: ClipDefective) -> None:
        """A clip in one format too few is better than none; MP3 decides over it."""
        if form == "mp3":
            raise error
        log.warning("%s of %s is left out: %s", form, self.name, error.message)
        self._settle(FileState(format=form, plan=self._plan, reason=error.message, tries=1))

    def _settle(self, file: FileState) -> None:
        """One more format is settled: whoever takes over begins behind it."""
        self._files[file.format] = file
        with self._parts.database.writing() as session:
            write(session, self._lease, attempts=0)
            self._change(session, files=[one.as_json() for one in self._files.values()])

    def complete(self, script: Script, heard: Sequence[PlacedSegment]) -> None:
        """Revision finished, and published or held for staff; job succeeded: all or nothing."""
        self._stretches.forget()
        rendering, files = self._rendering, list(self._files.values())
        made = {one.format: one for one in files if one.rendition}
        wanted = [form for form in (*rendering.formats, "mp3") if form in made]
        first = made[wanted[0]]
        renditions = [asdict(rendition) for form in dict.fromkeys(wanted) if (rendition := made[form].rendition)]
        with self._parts.database.writing() as session:
            lock_clip_of(session, self._lease.job_id)
            now = self._parts.database.now_ms(session)  # behind the lock, which can take long: it is published now
            ended = {"finished_ms": now, "lease_owner": None, "lease_until_ms": None}
            write(session, self._lease, state="succeeded", **ended)
            self._correct_places(session, heard)
            self._change(
                session,
                duration_ms=first.duration_ms,
                loudness_lufs=first.loudness_lufs,
                true_peak_dbtp=first.true_peak_dbtp,
                renditions=renditions,
                files=[one.as_json() for one in files],
                again_ms=again_at(files, now),
            )
            self._release(session, now)
        JOBS_ENDED.labels("succeeded").inc()
        AUDIO_S.inc((first.duration_ms or 0) / 1000)

    def _release(self, session: Session, now: int) -> None:
        """Publish the revision, or hold it for staff, or until it was heard."""
        job = session.get_one(JobRow, self._lease.job_id)
        options = options_in(session, job.site)
        is_heard = can_hear(options)
        held, unheard = is_to_be_held(session, job.id), is_heard and waits_for_ears(session, job.id)
        if held or unheard:
            hold(session, job.id)
        else:
            publish(self._parts, session, job.id, now)
        if is_heard:
            plan_hearing(session, job, options, publishes=unheard and not held, now_ms=now)

    def _correct_places(self, session: Session, heard: Sequence[PlacedSegment]) -> None:
        """A segment that was found broken was spoken again, and may be longer: what follows lies elsewhere."""
        notice: int | None = None
        for line, place, words in ((one.line, one.place, one.words) for one in heard):
            if line is None:
                notice = place.samples + place.pause
                continue
            if (line.samples, line.start_sample, line.notice_samples) != (place.samples, place.start, notice):
                values = {"samples": place.samples, "start_sample": place.start, "notice_samples": notice}
                mine = update(UtteranceRow).filter_by(**self._rendering.place, position=line.position)
                session.execute(mine.values(**values, words=words))
            notice = None

    def _change(self, session: Session, **values: Any) -> None:
        """Of the revision's row."""
        session.execute(update(ClipRevisionRow).filter_by(**self._rendering.place).values(**values))


def _remote_voices(cast: Cast) -> str:
    return ", ".join(voice.id for voice in cast.voices if voice.remote)


def _installed(voices: Registry, voice_id: str | None) -> str | None:
    """A voice that staff chose for an article, unless it was taken off the machine since."""
    try:
        return voices.find(voice_id).id if voice_id else None
    except VoiceNotFound as error:
        log.warning("the article's usual voice speaks instead: %s", error.message)
        return None
