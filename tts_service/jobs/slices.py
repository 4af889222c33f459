"""One turn of a worker with one job: prepare once, speak for about a minute, then yield or finish."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

from tts_service.engines.speak import EngineChild
from tts_service.errors import DiskFull, EngineUnavailable, LeaseLost, UnspeakableText
from tts_service.jobs.finish import finish
from tts_service.jobs.lease import Lease, kept, release
from tts_service.jobs.live import LiveWriter
from tts_service.jobs.rendering import Rendering, RenderingLine, begin, bury, load, utterance_at
from tts_service.jobs.unspeakable import keep_silenced, without_unspeakable
from tts_service.narration import spoken
from tts_service.newsroom.sites import policy_for
from tts_service.parts import Parts
from tts_service.speakable.notice import USUAL_NOTICES
from tts_service.storage.store import free_mb
from tts_service.values import Segment, Utterance

DEATHS_ALLOWED = 3
"""An engine that died so often on one sentence won't speak it."""
_WRITE_EVERY_S = 0.25
"""Progress is written at most four times a second."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Progress:
    """What was spoken since the last write."""

    lines: list[tuple[RenderingLine, Segment]] = field(default_factory=list)
    fresh: int = 0
    written_at: float = 0.0

    def due(self) -> bool:
        return bool(self.lines) and time.monotonic() - self.written_at >= _WRITE_EVERY_S


def run_slice(parts: Parts, engine: EngineChild, lease: Lease) -> bool:
    """Work on a claimed job. True: it is finished; False: it was put back for another turn. Raises ServiceError."""
    refuse_when_full(parts)
    until = time.monotonic() + parts.settings.slice_s
    with kept(parts, lease) as lost:
        rendering = load(parts, lease) or begin(parts, lease)
        if not _speak_all(parts, engine, rendering, (until, lost)):
            release(parts, lease)
            return False
        if not finish(parts, engine, rendering, until):
            release(parts, lease)
            return False
        return True


def refuse_when_full(parts: Parts) -> None:
    """Raises DiskFull while the embedded store has less room than the settings ask for."""
    free = free_mb(parts.settings)
    if free is not None and free < parts.settings.min_free_mb:
        raise DiskFull(f"Only {free} MB are free; workers go on when {parts.settings.min_free_mb} MB are.")


def _speak_all(parts: Parts, engine: EngineChild, rendering: Rendering, limits: tuple[float, threading.Event]) -> bool:
    """Speak what isn't spoken yet, in order. False: the slice's time ran out first."""
    until, lost = limits
    rendering, notice = _with_notice(parts, engine, rendering)
    live = LiveWriter(parts, rendering, notice)
    progress = Progress()
    longest_s = 0.0
    for turns, line in enumerate(rendering.pending()):  # at least one sentence a turn, however short the turn
        if lost.is_set():
            raise LeaseLost("Another worker owns this job now, or it was cancelled.")
        began = time.monotonic()
        if turns and began + longest_s >= until:  # the next sentence may take as long: others wait for this slot
            live.write(progress.lines, progress.fresh, last=False)
            return False
        line, segment, fresh = _speak(parts, engine, rendering, line)
        longest_s = max(longest_s, time.monotonic() - began)
        progress.lines.append((line, segment))
        progress.fresh += fresh
        if progress.due():
            live.write(progress.lines, progress.fresh, last=False)
            progress = Progress(written_at=time.monotonic())
    live.write(progress.lines, progress.fresh, last=True)
    return True


def _with_notice(parts: Parts, engine: EngineChild, rendering: Rendering) -> tuple[Rendering, Segment | None]:
    """The rendering, and the sound of its notice if this turn may need it.

    No word of a notice is left out: any may be the one that discloses. A site's own wording on which the voice dies
    gives way to the usual one as a whole, where the site lets words go and nothing is spoken yet.

    Raises UnspeakableText.
    """
    try:
        return rendering, _notice(parts, engine, rendering)
    except UnspeakableText as error:
        own = rendering.notice is not None and rendering.notice.text not in USUAL_NOTICES.values()
        begun = any(line.samples is not None for line in rendering.lines)
        policy = policy_for(parts.database, parts.settings, rendering.site)
        if begun or not own or policy.unspeakable == "refused":
            raise
        log.warning("%s says the usual notice instead: %s", rendering.clip_id, error.message)
    rendering = begin(parts, rendering.lease, usual_notice=True)
    return rendering, _notice(parts, engine, rendering)


def _notice(parts: Parts, engine: EngineChild, rendering: Rendering) -> Segment | None:
    """The sound of the notice, if this turn may need it. Raises UnspeakableText when engines died on it."""
    if rendering.notice is None or next(rendering.pending(), None) is None:
        return None
    for tries in range(1, DEATHS_ALLOWED + 1):
        try:
            return spoken(rendering.notice.utterance, rendering.cast, parts.segments, engine)[0]
        except EngineUnavailable as error:
            if error.details.get("cause") == "start":
                raise
            log.warning("engine died (%d) on the spoken notice of %s: %s", tries, rendering.clip_id, error)
            died = error
    raise UnspeakableText(
        f"The voice died {DEATHS_ALLOWED} times on the spoken notice {rendering.notice.text!r}. "
        f"Change it in the policy of {rendering.site} and send the article again."
    ) from died


def _speak(
    parts: Parts, engine: EngineChild, rendering: Rendering, line: RenderingLine
) -> tuple[RenderingLine, Segment, bool]:
    """One sentence, with a fresh engine after each death; after the third, without the words that it dies on.

    Returns the line as it is said, its sound, and whether an engine had to speak it.

    Raises UnspeakableText where the site's policy doesn't want that.
    """
    utterance = utterance_at(parts, rendering, line.position)
    while True:
        try:
            segment, fresh = spoken(utterance, rendering.cast, parts.segments, engine)
        except EngineUnavailable as error:
            if error.details.get("cause") == "start":  # no sentence's fault: the job waits for better times
                raise
            deaths = bury(parts, rendering, line.position)
            log.warning("engine died (%d) on sentence %d of %s: %s", deaths, line.position, rendering.clip_id, error)
            if deaths < DEATHS_ALLOWED:
                continue
            policy = policy_for(parts.database, parts.settings, rendering.site)
            if deaths > DEATHS_ALLOWED or policy.unspeakable == "refused":
                raise _unspeakable(rendering, line, utterance, deaths) from error
            utterance = without_unspeakable(engine, rendering.cast, utterance)
            line = keep_silenced(parts, rendering, line, utterance)
        else:
            return line, segment, fresh


def _unspeakable(rendering: Rendering, line: RenderingLine, utterance: Utterance, deaths: int) -> UnspeakableText:
    voice = utterance.voice or rendering.voice.id
    return UnspeakableText(
        f"The voice {voice} died {deaths} times on sentence {line.position + 1} "
        f"(block {line.block + 1}): {utterance.spoken_text[:80]!r}. "
        "Change that sentence and send it again.",
        sentence=line.position,
        block=line.block,
        start=utterance.start,
        end=utterance.end,
    )
