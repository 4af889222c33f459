"""A clip that is being made: its sentences in order, their voices, and the place of each in the sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tts_service.audio.assemble import LEAD_IN_MS, plan
from tts_service.audio.order import ClipOrder
from tts_service.engines.voices.casting import Cast
from tts_service.narration.labels import file_chapters, provenance_of, tags_of
from tts_service.narration.prepared import Prepared, SpeakingManner
from tts_service.narration.speak import key_of
from tts_service.provenance.certificate import credentials_of
from tts_service.provenance.record import Provenance
from tts_service.provenance.sign import Seal
from tts_service.settings import Settings
from tts_service.speakable.notice import Notice
from tts_service.values import Article, ClipTags, PlannedUtterance, Segment, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLine:
    """One utterance of a clip and what is known of its sound. Its words are read when it is spoken, so that an hour's
    article isn't in memory as a whole."""

    position: int
    block: int
    pause_after_ms: int
    segment_key: str
    samples: int | None = None
    """None: not spoken yet."""
    start_sample: int | None = None
    notice_samples: int | None = None
    """Of the notice before it, its pause included; None: it isn't said here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """All of a clip but its words and its sound."""

    formats: tuple[str, ...]
    provenance: Provenance
    cast: Cast
    tags: ClipTags
    notice: Notice | None
    """Said between the utterances; None: nothing is."""
    blocks: tuple[tuple[str, str], ...]
    """(kind, text) of every block."""
    lines: tuple[ScriptLine, ...]

    @property
    def voice(self) -> Voice:
        """The main voice."""
        return self.cast.main

    def pending(self) -> Iterator[ScriptLine]:
        """Utterances not spoken yet, in order."""
        return (line for line in self.lines if line.samples is None)

    def pause_samples(self, pause_ms: int) -> int:
        return pause_ms * self.voice.sample_rate_hz // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine:
    """An utterance that has just been spoken, at its place in the clip."""

    line: ScriptLine
    segment: Segment
    fresh: bool
    """Whether an engine had to speak it."""
    notice: Segment | None
    """Said right before it; None: nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSegment:
    """A stretch of the clip."""

    line: ScriptLine | None
    """None: the notice."""
    place: PlannedUtterance
    words: list[list[float]]
    """[start_ms, end_ms] per spoken word within the stretch, to a tenth."""


SegmentOf = Callable[[ScriptLine | None], Segment]
"""The segment of a line; None: that of the notice."""


def script_of(article: Article, prepared: Prepared, manner: SpeakingManner) -> Script:
    """The script of an article of which nothing is spoken yet."""
    read, cast = prepared.read, prepared.cast
    record = provenance_of(
        cast,
        site=article.site,
        text=article.source,
        notice=prepared.notice,
        lexicon_version=manner.lexicon_version,
        policy_version=manner.policy_version,
    )
    facts = {"title": read.title, "author": read.author, "date": read.published, "url": read.url}
    lines = (
        ScriptLine(
            position=position, block=said.block, pause_after_ms=said.pause_after_ms, segment_key=key_of(said, cast)
        )
        for position, said in enumerate(prepared.utterances)
    )
    return Script(
        formats=manner.formats,
        provenance=record,
        cast=cast,
        tags=tags_of(record, read.language, **facts),
        notice=prepared.notice,
        blocks=tuple((block.kind, block.text) for block in read.blocks),
        lines=tuple(lines),
    )


def put_in_place(
    script: Script, before: Sequence[ScriptLine], line: ScriptLine, segment: Segment, notice: Segment | None
) -> ScriptLine:
    """A line that was just spoken, right behind those before it, with the notice first where that is due."""
    start, block_ends, pause_ms = LEAD_IN_MS * script.voice.sample_rate_hz // 1000, True, 0
    if before:
        last = before[-1]
        start = (last.start_sample or 0) + (last.samples or 0) + script.pause_samples(last.pause_after_ms)
        block_ends, pause_ms = last.block != line.block, last.pause_after_ms
    noticed = None
    if notice is not None and script.notice is not None:
        ms = 1000 / script.voice.sample_rate_hz
        said = next((one for one in reversed(before) if one.notice_samples), None)
        said_ms = ((said.start_sample or 0) - (said.notice_samples or 0)) * ms if said else None
        if script.notice.due(start * ms, said_ms, block_ends=block_ends, pause_ms=pause_ms):
            noticed = notice.samples + script.pause_samples(script.notice.utterance.pause_after_ms)
    return replace(line, samples=segment.samples, start_sample=start + (noticed or 0), notice_samples=noticed)


def timeline(script: Script, segment_of: SegmentOf) -> tuple[PlacedSegment, ...]:
    """Places and word times from the sounds as they really are in the store (a broken one was spoken again)."""
    order: list[ScriptLine | None] = []
    words, lengths = [], []
    for line in script.lines:
        order += [None, line] if line.notice_samples else [line]
    for one in order:
        segment = segment_of(one)
        words.append([[round(word.start_ms, 1), round(word.end_ms, 1)] for word in segment.words])
        lengths.append((segment.key, segment.samples, script.pause_samples(_pause_ms(script, one))))
    places = plan(lengths, script.voice.sample_rate_hz)
    made = zip(order, places, words, strict=True)
    return tuple(PlacedSegment(line=line, place=place, words=times) for line, place, times in made)


def _pause_ms(script: Script, line: ScriptLine | None) -> int:
    if line is not None:
        return line.pause_after_ms
    assert script.notice is not None, "a line has a notice before it"
    return script.notice.utterance.pause_after_ms


def order_for(script: Script, heard: Sequence[PlacedSegment], settings: Settings) -> ClipOrder:
    """What audio.finish has to make, and what signs it. Raises NotMarked."""
    rate_hz = script.voice.sample_rate_hz
    return ClipOrder(
        planned=tuple(one.place for one in heard),
        sample_rate_hz=rate_hz,
        gain_db=script.voice.gain_db,
        formats=script.formats,
        tags=script.tags,
        chapters=file_chapters(script.blocks, [(one.line.block, one.place) for one in heard if one.line], rate_hz),
        target_lufs=settings.loudness_lufs,
        ceiling_dbtp=settings.true_peak_dbtp,
        live=True,
        seal=Seal(script.provenance, script.tags.title, credentials_of(settings)),
    )
