"""Speaks a text that belongs to no article: prepared as articles are, sentence by sentence, and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tts_service.article.clean import clean
from tts_service.article.language import article_language
from tts_service.audio.assemble import faded
from tts_service.audio.loudness import LIVE_CEILING_DBTP, level
from tts_service.engines.base import Speaks
from tts_service.engines.voices.casting import Cast, cast_for
from tts_service.engines.voices.registry import Registry
from tts_service.errors import NothingToSpeak
from tts_service.narration.labels import provenance_of, tags_of
from tts_service.narration.prepared import site_voice
from tts_service.narration.speak import spoken
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.speakable.utterances import make_utterances
from tts_service.storage.segments import SegmentStore
from tts_service.values import SAMPLE_WIDTH, Block, BlockKind, ClipTags, Segment, Utterance, marks_of
from tts_service.values.speech_policy import DEFAULT_POLICY, SpeechPolicy

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWord:
    """A word as it was written, and when it is heard."""

    text: str
    start_ms: float
    """From the start of the whole sound."""
    end_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPiece:
    """A sentence's sound, at its level and with the pause before it."""

    pcm: bytes
    """s16 mono."""
    words: tuple[TimedWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeText:
    """A text ready to be spoken."""

    paragraphs: tuple[str, ...]
    utterances: tuple[Utterance, ...]
    """`block` counts the paragraphs."""
    cast: Cast
    tags: ClipTags
    """What the file says of itself."""

    def pieces(self, segments: SegmentStore, engine: Speaks) -> Iterator[SpokenPiece]:
        """The sound, sentence by sentence: none is spoken before it is asked for. Raises as `Speaks.speak`, and
        StoreUnavailable."""
        rate_hz, gain_db = self.cast.main.sample_rate_hz, self.cast.main.gain_db
        samples = pause = 0
        for said in self.utterances:
            segment, _ = spoken(said, self.cast, _Unkept(segments), engine)
            start_ms = (samples + pause) * 1000 / rate_hz
            sound = faded(level(segment.pcm, gain_db, LIVE_CEILING_DBTP, rate_hz), rate_hz)
            yield SpokenPiece(pcm=bytes(pause * SAMPLE_WIDTH) + sound, words=self._words(said, segment, start_ms))
            samples += pause + segment.samples
            pause = said.pause_after_ms * rate_hz // 1000

    def _words(self, said: Utterance, segment: Segment, start_ms: float) -> tuple[TimedWord, ...]:
        text = self.paragraphs[said.block]
        return tuple(
            TimedWord(
                text=text[said.tokens[mark.token].start : said.tokens[mark.token].end],
                start_ms=round(start_ms + mark.start_ms, 1),
                end_ms=round(start_ms + mark.end_ms, 1),
            )
            for mark in marks_of(said, segment.words)
        )


def prepare_text(
    text: str,
    voices: Registry,
    voice_id: str | None = None,
    *,
    site: str = "",
    language: str | None = None,
    rate: float = 1.0,
    policy: SpeechPolicy = DEFAULT_POLICY,
    lexicon: Lexical = NO_LEXICON,
) -> FreeText:
    """A text's sentences and voices. `voice_id` None: the voice of its language. `language` None: the voice's, or
    detected. `rate`: limited to what stays intelligible.

    Raises NothingToSpeak, VoiceNotFound, LanguageNotSpoken.
    """
    main = voices.find(voice_id) if voice_id else None
    tag = article_language(language or (main.language if main else None), None, text)
    main = main or site_voice(policy, voices, tag)
    paragraphs = tuple(part.strip() for part in _PARAGRAPH_END.split(clean(text)[0]) if part.strip())
    blocks = [Block(kind=BlockKind.PARAGRAPH, text=one, language=tag, rate=rate) for one in paragraphs]
    cast, said = cast_for(make_utterances(blocks, policy=policy, lexicon=lexicon), voices, main, tag)
    if not said:
        raise NothingToSpeak("The text has no words to speak: send letters or digits.")
    tags = tags_of(provenance_of(cast, site=site, text=text), tag)
    return FreeText(paragraphs=paragraphs, utterances=said, cast=cast, tags=tags)


class _Unkept(SegmentStore):
    """Reads what articles have stored, and stores nothing: the text may never be published."""

    def __init__(self, segments: SegmentStore) -> None:
        self._segments = segments

    def get(self, key: str) -> Segment | None:
        return self._segments.get(key)

    def put(self, segment: Segment) -> Segment:
        return segment
