"""`narrate`: the whole pipeline of an article, written once. What differs between its callers is in their sinks."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from tts_service.audio.finish import finish_format
from tts_service.audio.kept import Turn
from tts_service.audio.order import ClipOrder, Made
from tts_service.engines.base import Speaks
from tts_service.engines.child.unspeakable import without_unspeakable
from tts_service.errors import ClipDefective, EngineUnavailable, UnspeakableText
from tts_service.narration.prepared import Prepared, SpeakingManner, prepare
from tts_service.narration.script import (
    PlacedSegment,
    Script,
    ScriptLine,
    SpokenLine,
    order_for,
    put_in_place,
    script_of,
    timeline,
)
from tts_service.narration.speak import Following, LineSpeaker, key_of, spoken
from tts_service.narration.spool import segment_spool
from tts_service.settings import Settings
from tts_service.speakable.notice import USUAL_NOTICES
from tts_service.storage.segments import SegmentStore
from tts_service.telemetry.stages import stage
from tts_service.values import Article, Segment, Utterance

DEATHS_ALLOWED = 3
"""An engine that died so often on one sentence won't speak it."""

log = logging.getLogger(__name__)


class Sink(Protocol):
    """Where a clip is kept while it is made, and when its turn is over. Each method may raise ServiceError."""

    name: str
    """Name of the clip in logs."""
    settings: Settings
    segments: SegmentStore
    turn: Turn
    """Where stretches of a long clip are kept, and whether the turn is over."""

    def manner(self) -> SpeakingManner:
        """How the article is to be spoken."""

    def resumed(self) -> Script | None:
        """What earlier turns left; None: the text isn't prepared yet."""

    def begun(self, script: Script, prepared: Prepared) -> Script:
        """The text is prepared, perhaps for a second time. Returns the script as it is kept."""

    def utterance(self, position: int) -> Utterance:
        """The utterance at a position."""

    def next_sentence(self) -> None:
        """Before each sentence. Raises TurnOver to go on in another turn."""

    def died(self, position: int) -> int:
        """The engine died on a sentence. Returns how often it has."""

    def shortened(self, line: ScriptLine, said: Utterance) -> None:
        """From now on, the sentence is spoken without the words that crash the voice."""

    def spoken(self, one: SpokenLine) -> None:
        """A sentence was spoken, after all those before it."""

    def all_spoken(self) -> None:
        """Every sentence was spoken."""

    def formats_due(self, order: ClipOrder) -> Iterable[str]:
        """Formats that are still to be made, in order. Raises TurnOver."""

    def finished(self, made: Made) -> None:
        """A format's file passed the check: it is to be kept and read back. Raises NotMarked."""

    def refused(self, form: str, error: ClipDefective) -> None:
        """A format's file didn't pass. Raises `error` where there is no clip without it."""

    def complete(self, script: Script, heard: Sequence[PlacedSegment]) -> None:
        """All files are there: publish the clip, and record when each word is heard."""


def narrate(article: Article, sink: Sink, engine: Speaks) -> None:
    """Make the clip of an article.

    1. Prepare the text, unless an earlier turn did.
    2. Speak every sentence that hasn't been spoken yet, with the notice where it is due.
    3. Join: give each its place, from the segments as the store has them.
    4. Finish each format: joined, levelled, encoded, signed, checked; the sink keeps it and reads it back.
    5. Record when each word is heard, and publish.

    Never more than a sentence's words and sound are in memory. Raises TurnOver when the sink's turn is over: called
    again, it continues where the sink's `resumed` says; ClipDefective, NotMarked, UnspeakableText, what `prepare` and
    what the sink raises.
    """
    script = sink.resumed() or prepare_script(article, sink, engine)
    script, notice = _with_notice(article, script, sink, engine)
    with segment_spool(script, sink.utterance, sink.segments, engine) as segment_of:
        lines = list(script.lines)
        speaker = LineSpeaker(script.cast, sink.segments, engine)
        for line in script.pending():
            sink.next_sentence()
            # Nothing behind a sentence that is due was spoken.
            following = partial(sink.utterance, line.position + 1) if line.position + 1 < len(lines) else None
            said, segment, fresh = _speak(script, line, following, sink, engine, speaker)
            placed = put_in_place(script, lines[: line.position], said, segment, notice)
            segment_of.keep(placed, segment)
            before = notice if placed.notice_samples else None
            sink.spoken(SpokenLine(line=placed, segment=segment, fresh=fresh, notice=before))
            lines[line.position] = placed
        sink.all_spoken()

        script = replace(script, lines=tuple(lines))
        with stage("join"):
            heard = timeline(script, segment_of)
        order = order_for(script, heard, sink.settings)
        for form in sink.formats_due(order):
            with tempfile.TemporaryDirectory(prefix="tts-clip-") as folder, stage("finish"):
                try:
                    made = finish_format(order, lambda n: segment_of(heard[n].line).pcm, Path(folder), form, sink.turn)
                except ClipDefective as error:
                    sink.refused(form, error)
                else:
                    sink.finished(made)
    with stage("publish"):
        sink.complete(script, heard)


def prepare_script(article: Article, sink: Sink, engine: Speaks, *, usual_notice: bool = False) -> Script:
    """Prepare an article for a sink; the engine begins with what is said first, while the script is kept.
    `usual_notice`: the spoken notice in the usual words, whatever the policy says.

    Raises as `prepare`, and what the sink raises.
    """
    manner = sink.manner()
    policy = manner.policy
    if policy.notice and usual_notice:
        policy = replace(policy, notice=replace(policy.notice, texts={}))
    with stage("prepare"):
        prepared = prepare(
            article,
            manner.voices,
            manner.voice_id,
            policy=policy,
            lexicon=manner.lexicon,
            zone=manner.zone,
            repairs=manner.repairs,
        )
    first = prepared.notice.utterance if prepared.notice else prepared.utterances[0]
    LineSpeaker(prepared.cast, sink.segments, engine).begin(first)
    return sink.begun(script_of(article, prepared, manner), prepared)


def _with_notice(article: Article, script: Script, sink: Sink, engine: Speaks) -> tuple[Script, Segment | None]:
    """The script, and the sound of its notice if this turn may need it.

    No word of a notice is left out: any may be the one that discloses. A wording of one's own on which the voice dies
    gives way to the usual one as a whole, where words may be dropped and nothing is spoken yet.

    Raises UnspeakableText.
    """
    if script.notice is None or next(script.pending(), None) is None:
        return script, None
    try:
        return script, _notice(script, sink, engine)
    except UnspeakableText as error:
        own = script.notice.text not in USUAL_NOTICES.values()
        begun = any(line.samples is not None for line in script.lines)
        if begun or not own or not _drops_words(sink):
            raise
        log.warning("%s says the usual notice instead: %s", sink.name, error.message)
    script = prepare_script(article, sink, engine, usual_notice=True)
    return script, _notice(script, sink, engine)


def _drops_words(sink: Sink) -> bool:
    return sink.manner().policy.unspeakable != "refused"


def _notice(script: Script, sink: Sink, engine: Speaks) -> Segment:
    """The sound of the notice. Raises UnspeakableText when engines died on it."""
    assert script.notice is not None, "the caller has looked"
    for tries in range(1, DEATHS_ALLOWED + 1):
        try:
            return spoken(script.notice.utterance, script.cast, sink.segments, engine)[0]
        except EngineUnavailable as error:
            if error.details.get("cause") == "start":
                raise
            log.warning("engine died (%d) on the spoken notice of %s: %s", tries, sink.name, error)
            died = error
    raise UnspeakableText(
        f"The voice crashed {DEATHS_ALLOWED} times on the spoken notice {script.notice.text!r}. "
        f"Change it in the policy of {script.provenance.site} and send the article again."
    ) from died


def _speak(
    script: Script, line: ScriptLine, following: Following, sink: Sink, engine: Speaks, speaker: LineSpeaker
) -> tuple[ScriptLine, Segment, bool]:
    """One sentence, with a fresh engine after each death; after the third, without the words that it dies on.

    Returns the line as it is said, its sound, and whether an engine had to speak it. Raises UnspeakableText where no
    word may be dropped.
    """
    utterance = sink.utterance(line.position)
    while True:
        try:
            segment, fresh = speaker.spoken(utterance, following)
        except EngineUnavailable as error:
            if error.details.get("cause") == "start":  # no sentence's fault: the job waits for better times
                raise
            deaths = sink.died(line.position)
            log.warning("engine died (%d) on sentence %d of %s: %s", deaths, line.position, sink.name, error)
            if deaths < DEATHS_ALLOWED:
                continue
            if deaths > DEATHS_ALLOWED or not _drops_words(sink):
                raise _unspeakable(script, line, utterance, deaths) from error
            utterance = without_unspeakable(engine, script.cast, utterance)
            if not utterance.words:  # no pause stays of it either: two pauses in a row sound like the end
                utterance = replace(utterance, pause_after_ms=0)
            key = key_of(utterance, script.cast)
            line = replace(line, segment_key=key, pause_after_ms=utterance.pause_after_ms)
            sink.shortened(line, utterance)
        else:
            return line, segment, fresh


def _unspeakable(script: Script, line: ScriptLine, utterance: Utterance, deaths: int) -> UnspeakableText:
    voice = utterance.voice or script.voice.id
    return UnspeakableText(
        f"The voice {voice} crashed {deaths} times on sentence {line.position + 1} "
        f"(block {line.block + 1}): {utterance.spoken_text[:80]!r}. "
        "Change that sentence and send it again.",
        sentence=line.position,
        block=line.block,
        start=utterance.start,
        end=utterance.end,
    )
