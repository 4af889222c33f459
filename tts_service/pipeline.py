"""The whole way on one screen, without database or queue: prepare -> speak -> finish.

    prepare(article)            blocks, utterances, voice
    spoken(utterance, voice)    one segment, from the store or from the engine
    Live                        the growing live.mp3, piece by piece
    ordered(…)                  what audio/finish needs to make the final files

The command line, a worker's slice and the tests all walk it with these functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from tts_service import __version__
from tts_service.article.blocks import ReadArticle, account, read_blocks
from tts_service.audio.assemble import LEAD_IN_MS, plan
from tts_service.audio.finish import ClipOrder
from tts_service.engines.base import Sound
from tts_service.engines.registry import Registry
from tts_service.errors import NothingToSpeak
from tts_service.settings import Settings
from tts_service.speakable.utterances import make_utterances
from tts_service.storage.segments import SegmentStore
from tts_service.values import (
    Article,
    BlockKind,
    Chapter,
    ClipTags,
    PlannedUtterance,
    Segment,
    SpokenWord,
    Utterance,
    Voice,
    segment_key,
)

NOTICES = {
    "en": "This audio version is artificially generated.",
    "de": "Diese Audioversion wurde künstlich generiert.",
    "fr": "Cette version audio a été générée artificiellement.",
    "es": "Esta versión de audio ha sido generada artificialmente.",
}
"""The disclosure sentence by primary language subtag."""


class Speaks(Protocol):
    """What speaks: an engine child."""

    def speak(self, words: Sequence[SpokenWord], voice: Voice) -> Sound: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article ready to be spoken."""

    read: ReadArticle
    utterances: tuple[Utterance, ...]
    voice: Voice


def notice(language: str) -> str:
    """The disclosure sentence in a language; English where there is no translation."""
    return NOTICES.get(language.split("-", 1)[0].lower(), NOTICES["en"])


def prepare(article: Article, voices: Registry, voice_id: str | None = None) -> Prepared:
    """Blocks, utterances and voice of an article. Raises NothingToSpeak with the account, LanguageNotSpoken."""
    read = read_blocks(article)
    utterances = make_utterances(read.blocks)
    if not utterances:
        raise NothingToSpeak(
            "Every part of the article was skipped: see the account for the reasons.", account=account(read.blocks)
        )
    voice = voices.find(voice_id) if voice_id else voices.default_voice(read.language)
    return Prepared(read=read, utterances=utterances, voice=voice)


def key_of(utterance: Utterance, voice: Voice) -> str:
    """The content address of the utterance's sound."""
    return segment_key(utterance.words, voice)


def spoken(utterance: Utterance, voice: Voice, segments: SegmentStore, engine: Speaks) -> tuple[Segment, bool]:
    """The utterance's segment and whether an engine had to speak it. Raises EngineUnavailable, StoreUnavailable."""
    key = key_of(utterance, voice)
    segment = segments.get(key)
    if segment is not None:
        return segment, False
    sound = engine.speak(utterance.words, voice)
    segment = Segment(key=key, pcm=sound.pcm, sample_rate_hz=sound.sample_rate_hz, words=sound.words)
    return segments.put(segment), True


def planned(lengths: Sequence[tuple[str, int, int]], rate: int) -> tuple[PlannedUtterance, ...]:
    """Places of utterances in the clip from (segment key, samples, pause_ms) each."""
    return plan([(key, samples, pause_ms * rate // 1000) for key, samples, pause_ms in lengths], rate)


def first_sample(rate: int) -> int:
    """Where the first utterance begins: behind the lead-in."""
    return LEAD_IN_MS * rate // 1000


def tags_of(voice: Voice, language: str, **facts: str | None) -> ClipTags:
    """What the clip's files say of themselves; `facts`: title, author, date, url."""
    return ClipTags(
        title=facts.get("title") or "",
        author=facts.get("author"),
        date=facts.get("date"),
        url=facts.get("url"),
        language=language,
        notice=notice(language),
        digital_source_type=voice.digital_source_type,
        encoder=f"tts-service {__version__}, {voice.id}",
    )


def provenance_of(voice: Voice, *, site: str, content_hash: str) -> dict[str, str]:
    """The one record that every disclosure is made from."""
    return {
        "service": f"tts-service {__version__}",
        "engine": voice.engine,
        "voice": voice.id,
        "licence": voice.licence,
        "digital_source_type": voice.digital_source_type.uri,
        "text_sha256": content_hash,
        "site": site,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the final files should be like."""

    formats: tuple[str, ...]
    tags: ClipTags
    chapters: tuple[Chapter, ...]


def chapters_of(
    blocks: Sequence[tuple[str, str]], heard: Sequence[tuple[int, PlannedUtterance]], rate: int
) -> tuple[Chapter, ...]:
    """Chapters from headline and headings: `blocks` are (kind, text), `heard` are (block, place) per utterance."""
    first: dict[int, int] = {}
    for block, place in heard:
        first.setdefault(block, place.start * 1000 // rate)
    titles = (BlockKind.HEADLINE, BlockKind.HEADING)
    starts = [(first[block], text) for block, (kind, text) in enumerate(blocks) if kind in titles and block in first]
    last = heard[-1][1]
    ends = [start for start, _ in starts[1:]] + [(last.start + last.samples + last.pause) * 1000 // rate]
    return tuple(
        Chapter(title=title, start_ms=start, end_ms=end) for (start, title), end in zip(starts, ends, strict=False)
    )


def ordered(places: tuple[PlannedUtterance, ...], voice: Voice, wanted: Wanted, settings: Settings) -> ClipOrder:
    """The order for audio/finish."""
    return ClipOrder(
        planned=places,
        sample_rate_hz=voice.sample_rate_hz,
        gain_db=voice.gain_db,
        formats=wanted.formats,
        tags=wanted.tags,
        chapters=wanted.chapters,
        target_lufs=settings.loudness_lufs,
        ceiling_dbtp=settings.true_peak_dbtp,
    )
