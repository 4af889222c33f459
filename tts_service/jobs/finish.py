"""The last step: join, level, encode, sign, check, store, read back, and publish in one transaction."""

from __future__ import annotations

import logging
import math
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from sqlalchemy import update

from tts_service.audio.finish import finish_format
from tts_service.audio.kept import Turn, TurnOver
from tts_service.audio.order import ClipOrder, PcmOf
from tts_service.callbacks.news import clip_ready
from tts_service.db.tables import ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.engines.speak import EngineChild
from tts_service.errors import ClipDefective
from tts_service.jobs.files import FileState, again_at, in_order, made_file, plan_digest
from tts_service.jobs.lease import write
from tts_service.jobs.marked import seal_of, store_marked
from tts_service.jobs.rendering import Rendering, load
from tts_service.jobs.stretches import StoredStretches
from tts_service.jobs.timeline import PlacedSegment, corrections, segments_of, timeline
from tts_service.narration import ClipWishes, chapters_of, ordered
from tts_service.parts import Parts

log = logging.getLogger(__name__)


def finish(parts: Parts, engine: EngineChild, begun: Rendering, until: float = math.inf) -> bool:
    """Make the revision's files, format by format, and publish it. False: the turn's time (`until`, monotonic) ran out
    between two formats or two stretches of a long one; what is made is kept, and the next turn goes on with the rest.

    Raises ClipDefective, NotMarked, StoreUnavailable, LeaseLost.
    """
    rendering = load(parts, begun.lease) or begun
    if any(line.samples is None for line in rendering.lines):
        raise ClipDefective("A sentence has no sound yet: the clip would miss it.")
    segment_of = segments_of(parts, engine, rendering)
    heard = timeline(rendering, segment_of)
    order = order_for(parts, rendering, heard)
    plan = plan_digest(order.planned)
    files = {one.format: one for one in rendering.files if one.plan == plan}
    kept = StoredStretches(parts, rendering, in_turn=True)
    turn = Turn(kept=kept, is_over=lambda: time.monotonic() >= until)
    for number, form in enumerate(_to_make(rendering.formats, files)):
        if number and turn.is_over():
            return False
        try:
            files[form] = _file(parts, rendering, (order, plan), lambda n: segment_of(heard[n].line).pcm, (form, turn))
        except TurnOver:
            return False
        _keep(parts, rendering, list(files.values()))
    kept.forget()
    _publish(parts, rendering, list(files.values()), heard)
    return True


def _to_make(wanted: Sequence[str], files: dict[str, FileState]) -> Iterator[str]:
    """The formats that aren't settled yet."""
    for form in in_order(wanted):
        if form not in files:
            yield form
    if not any(one.rendition for one in files.values()):
        # A clip in one format too few is better than none: what everything plays takes the place of what was refused.
        yield "mp3"


def order_for(parts: Parts, rendering: Rendering, heard: Sequence[PlacedSegment]) -> ClipOrder:
    """What audio.finish is to make."""
    places = tuple(one.place for one in heard)
    order = ordered(places, rendering.voice, _wanted(rendering, heard), parts.settings)
    return replace(order, seal=seal_of(parts, rendering))


def _file(
    parts: Parts, rendering: Rendering, what: tuple[ClipOrder, str], pcm_of: PcmOf, how: tuple[str, Turn]
) -> FileState:
    """Make, check and store one format. Raises ClipDefective only for the one that decides over the clip."""
    (order, plan), (form, turn) = what, how
    with tempfile.TemporaryDirectory(prefix="tts-clip-") as folder:
        try:
            made = finish_format(order, pcm_of, Path(folder), form, turn)
        except ClipDefective as error:
            if form == "mp3":
                raise
            log.warning("%s of %s is left out: %s", form, rendering.clip_id, error.message)
            return FileState(format=form, plan=plan, reason=error.message, tries=1)
        return made_file(made, store_marked(parts, rendering, made.path, made.rendition), plan)


def _keep(parts: Parts, rendering: Rendering, files: list[FileState]) -> None:
    """One more format is settled: whoever takes over begins behind it."""
    place = {"clip_id": rendering.clip_id, "revision": rendering.revision}
    with parts.database.writing() as session:
        write(session, rendering.lease, attempts=0)
        kept = [one.as_json() for one in files]
        session.execute(update(ClipRevisionRow).filter_by(**place).values(files=kept))


def _wanted(rendering: Rendering, heard: Sequence[PlacedSegment]) -> ClipWishes:
    lines = [(one.line.block, one.place) for one in heard if one.line]
    chapters = chapters_of(rendering.blocks, lines, rendering.voice.sample_rate_hz)
    return ClipWishes(formats=rendering.formats, tags=rendering.tags, chapters=chapters)


def _publish(parts: Parts, rendering: Rendering, files: list[FileState], heard: tuple[PlacedSegment, ...]) -> None:
    """Revision ready, clip moved on to it (never back), job succeeded: all or nothing."""
    place = {"clip_id": rendering.clip_id, "revision": rendering.revision}
    made = {one.format: one for one in files if one.rendition}
    wanted = [form for form in (*rendering.formats, "mp3") if form in made]
    first = made[wanted[0]]
    renditions = [asdict(rendition) for form in dict.fromkeys(wanted) if (rendition := made[form].rendition)]
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        write(session, rendering.lease, state="succeeded", finished_ms=now, lease_owner=None, lease_until_ms=None)
        for position, values in corrections(heard):
            session.execute(update(UtteranceRow).filter_by(**place, position=position).values(**values))
        session.execute(
            update(ClipRevisionRow)
            .filter_by(**place)
            .values(
                state="ready",
                ready_ms=now,
                duration_ms=first.duration_ms,
                loudness_lufs=first.loudness_lufs,
                true_peak_dbtp=first.true_peak_dbtp,
                renditions=renditions,
                files=[one.as_json() for one in files],
                again_ms=again_at(files, now),
            )
        )
        newer = (ClipRow.current_revision.is_(None)) | (ClipRow.current_revision < rendering.revision)
        moved = session.execute(
            update(ClipRow)
            .where(ClipRow.id == rendering.clip_id, ClipRow.state != "withdrawn", newer)
            .values(current_revision=rendering.revision, state="ready")
        ).rowcount  # type: ignore[attr-defined]
        if moved:  # what comes too late to be heard is no news
            clip_ready(parts, session, rendering.lease.job_id)
