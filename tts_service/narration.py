"""The whole way on one screen, without database or queue: prepare -> speak -> finish.

    prepare(article)            blocks, utterances, who speaks them
    spoken(utterance, cast)     one segment, from the store or from the engine
    Live                        the growing live.mp3, piece by piece
    ordered(…)                  what audio/finish needs to make the final files

The command line, a worker's slice and the tests all walk it with these functions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from tts_service import __version__
from tts_service.article.account import check_spans
from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.audio.assemble import LEAD_IN_MS, plan
from tts_service.audio.fit import REVISION as FIT_REVISION
from tts_service.audio.fit import fitted
from tts_service.audio.order import ClipOrder
from tts_service.engines.base import Sound
from tts_service.engines.casting import Cast, cast_for
from tts_service.engines.registry import Registry, is_trained
from tts_service.engines.silence import settle
from tts_service.errors import NothingToSpeak
from tts_service.policy import DEFAULT_POLICY, SpeechPolicy
from tts_service.provenance.record import Provenance, heard
from tts_service.settings import Settings
from tts_service.speakable.language import languages
from tts_service.speakable.notice import Notice, notice_for
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.speakable.utterances import make_utterances
from tts_service.storage.segments import SegmentStore
from tts_service.values import (
    SAMPLE_WIDTH,
    Article,
    BlockKind,
    Chapter,
    ClipTags,
    DigitalSourceType,
    PlannedUtterance,
    Segment,
    SpokenWord,
    Utterance,
    Voice,
    WebAddress,
    segment_key,
)

NOTICES = {language.tag: language.disclosure for language in languages() if language.disclosure}
"""The disclosure sentence by primary language subtag."""

_SILENT_MS = 20
"""Length of a sentence of which nothing is said."""


class Speaks(Protocol):
    """What speaks: an engine child."""

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article ready to be spoken."""

    read: ReadArticle
    utterances: tuple[Utterance, ...]
    """`voice` names who really speaks; None: the main voice."""
    cast: Cast
    notice: Notice | None = None
    """Said between the utterances; None: nothing is."""

    @property
    def voice(self) -> Voice:
        """The main voice."""
        return self.cast.main


def notice(language: str) -> str:
    """The disclosure sentence in a language; English where there is no translation."""
    return NOTICES.get(language.split("-", 1)[0].lower(), NOTICES["en"])


def prepare(
    article: Article,
    voices: Registry,
    voice_id: str | None = None,
    *,
    policy: SpeechPolicy = DEFAULT_POLICY,
    lexicon: Lexical = NO_LEXICON,
) -> Prepared:
    """Blocks, utterances and voices of an article: `voice_id` speaks, else a voice of the article's language; others
    where the policy or a change of language asks for them.

    Raises NothingToSpeak with the account, AccountBroken when a letter would be lost, LanguageNotSpoken, VoiceNotFound
    (`voice_id`).
    """
    read = read_blocks(article, policy, voices.speaks)
    utterances = make_utterances(read.blocks, policy=policy, lexicon=lexicon)
    if not utterances:
        raise NothingToSpeak(
            "Every part of the article was skipped: see the account for the reasons.", account=read.account
        )
    check_spans(read.blocks, [(said.block, said.start, said.end) for said in utterances])
    voice = voices.find(voice_id) if voice_id else voices.default_voice(read.language)
    notice = notice_for(read.language, policy, lexicon)
    first = (notice.utterance,) if notice else ()
    cast, said = cast_for((*first, *utterances), voices, voice, read.language)
    if notice is None:
        return Prepared(read=read, utterances=said, cast=cast)
    return Prepared(read=read, utterances=said[1:], cast=cast, notice=replace(notice, utterance=said[0]))


def key_of(utterance: Utterance, cast: Cast) -> str:
    """The content address of the utterance's sound in this clip.

    What another speed, or fitting another voice into the clip, changes is one setting of the key; what the main voice
    says as usual has none.
    """
    other = cast.other(utterance)
    manner = [f"rate {utterance.rate:.3f}"] if utterance.rate != 1.0 else []
    if other:
        manner.append(f"{FIT_REVISION} {cast.main.sample_rate_hz} Hz {other.gain_db - cast.main.gain_db:+.2f} dB")
    return segment_key(utterance.words, other or cast.main, (", ".join(manner),) if manner else ())


def spoken(utterance: Utterance, cast: Cast, segments: SegmentStore, engine: Speaks) -> tuple[Segment, bool]:
    """The utterance's segment, at the clip's sample rate and for the main voice's gain, and whether an engine had to
    speak it. Raises EngineUnavailable, StoreUnavailable."""
    key = key_of(utterance, cast)
    segment = segments.get(key)
    if segment is not None:
        return segment, False
    if not utterance.words:  # all its words were left out (jobs.unspeakable)
        silence = bytes(_SILENT_MS * cast.main.sample_rate_hz // 1000 * SAMPLE_WIDTH)
        return segments.put(Segment(key=key, pcm=silence, sample_rate_hz=cast.main.sample_rate_hz, words=())), True
    other = cast.other(utterance)
    sound = engine.speak(utterance.words, other or cast.main, utterance.rate)
    if other:
        sound = _fitted(sound, other, cast.main)
    segment = Segment(key=key, pcm=sound.pcm, sample_rate_hz=sound.sample_rate_hz, words=sound.words)
    return segments.put(segment), True


def _fitted(sound: Sound, voice: Voice, main: Voice) -> Sound:
    """Another voice's sound as if the main voice had made it: everything behind this knows one rate and one gain."""
    rate_hz = main.sample_rate_hz
    pcm = fitted(sound.pcm, sound.sample_rate_hz, rate_hz, voice.gain_db - main.gain_db)
    times = [(word.start_ms, word.end_ms) for word in sound.words]
    return Sound(pcm=pcm, sample_rate_hz=rate_hz, words=settle(times, len(pcm) / SAMPLE_WIDTH * 1000 / rate_hz))


def planned(lengths: Sequence[tuple[str, int, int]], rate: int) -> tuple[PlannedUtterance, ...]:
    """Places of utterances in the clip from (segment key, samples, pause_ms) each."""
    return plan([(key, samples, pause_ms * rate // 1000) for key, samples, pause_ms in lengths], rate)


def first_sample(rate: int) -> int:
    """Where the first utterance begins: behind the lead-in."""
    return LEAD_IN_MS * rate // 1000


def source_type_of(voices: Sequence[Voice]) -> DigitalSourceType:
    """How a clip of these voices was made: trained, as soon as one of them is."""
    return DigitalSourceType.TRAINED if any(map(is_trained, voices)) else DigitalSourceType.RULES


def tags_of(record: Provenance, language: str, **facts: str | None) -> ClipTags:
    """What the clip's files say of themselves, after the record of its making; `facts`: title, author, date, url."""
    return ClipTags(
        title=facts.get("title") or "",
        author=facts.get("author"),
        date=facts.get("date"),
        url=WebAddress.read(facts.get("url")),
        language=language,
        notice=notice(language),
        digital_source_type=record.source_type,
        encoder=", ".join([record.service, *(voice.voice for voice in record.voices)]),
    )


def provenance_of(cast: Cast, *, site: str, text: str, notice: Notice | None = None, **versions: str) -> Provenance:
    """The one record that every disclosure is made from.

    `text` is the article's source as it was sent; `versions`: lexicon_version, policy_version.
    """
    return Provenance(
        service=f"tts-service {__version__}",
        site=site,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        text_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        digital_source_type=source_type_of(cast.voices).uri,
        voices=heard(cast.voices),
        spoken_notice=notice.text if notice else "",
        **versions,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipWishes:
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


def ordered(places: tuple[PlannedUtterance, ...], voice: Voice, wanted: ClipWishes, settings: Settings) -> ClipOrder:
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
