"""A site's audition: a short text in each voice of its language, spoken in short steps and kept in the segment store,
so that nothing is spoken twice."""

from __future__ import annotations

import hashlib
import math
import re
import time
from dataclasses import dataclass, replace
from functools import lru_cache

from tts_service.article.clean import clean, one_line
from tts_service.audio.loudness import LIVE_CEILING_DBTP, Meter, level
from tts_service.ears.listener import Listens
from tts_service.ears.understood import LetterErrors
from tts_service.engines.base import Speaks
from tts_service.engines.voices.calibration import TARGET_LUFS
from tts_service.engines.voices.casting import Cast, cast_for
from tts_service.errors import InputRefused, NotFound, NothingToSpeak
from tts_service.narration.audition import voices_to_audition
from tts_service.narration.speak import key_of, spoken
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.lexicon_place import NO_ARTICLE
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.site_voices import voices_for
from tts_service.parts import Parts
from tts_service.speakable.sentences import sentences
from tts_service.speakable.utterances import make_utterances
from tts_service.storage.segments import SegmentStore, name_of
from tts_service.values import SAMPLE_WIDTH, Block, BlockKind, Segment, Utterance, Voice

MAX_TEXT = 600
"""Characters of a text: about 40 seconds of speech."""
_GONE = "This sound isn't kept any more: let the voice speak the text again."
STEP_S = 1.0
"""Seconds after which a step begins no further sentence."""
_REMEMBERED = 500
"""Sounds whose figures are kept in memory."""
_BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditionProgress:
    """How far one voice has come with the text."""

    spoken: int
    sentences: int
    sound_key: str | None = None
    """Of the whole text's sound in the segment store; None: sentences are missing."""
    seconds: float | None = None
    """Of the whole text with its pauses."""
    lufs: float | None = None
    """Integrated loudness before levelling; None: nothing was measured, or it is silent."""
    cer: float | None = None
    """Share of letters that the recogniser got wrong; None: not measured."""


class SiteAudition:
    """A text as paragraphs of a site's articles are read: with its pronunciations and pauses, in one voice."""

    def __init__(self, parts: Parts, site: str, text: str, language: str) -> None:
        """`language`: BCP 47. Raises InputRefused, NothingToSpeak, LanguageNotSpoken."""
        text = clean(text.replace("\r\n", "\n"))[0].strip()
        if not text:
            raise InputRefused("Enter a text, or choose an article.")
        if len(text) > MAX_TEXT:
            raise InputRefused(f"The text has {len(text)} characters: at most {MAX_TEXT} are read here.")
        self._parts, self._language = parts, language
        self._voices = voices_for(parts.database, parts.voices, site)
        self.voices = voices_to_audition(self._voices, language)
        paragraphs = [one_line(one) for one in _BETWEEN_PARAGRAPHS.split(text)]
        self._utterances = make_utterances(
            [Block(kind=BlockKind.PARAGRAPH, text=one, language=language) for one in paragraphs],
            policy=policy_for(parts.database, parts.settings, site),
            lexicon=lexicon_for(parts.database, site, NO_ARTICLE),
        )
        if not self._utterances:
            raise NothingToSpeak("The text has no word that can be spoken: enter another one.")

    def progress(self, voice: Voice) -> AuditionProgress:
        """Whether a voice has spoken the whole text. Raises StoreUnavailable."""
        cast, said = self._cast(voice)
        key = _key_of_whole(cast, said)
        try:
            return self._complete(key, len(said))
        except NotFound:
            return AuditionProgress(spoken=0, sentences=len(said))

    def speak_on(self, engine: Speaks, voice: Voice) -> AuditionProgress:
        """Speak sentences that are missing, at least one and no further ones after STEP_S; behind the last one, the
        whole is put together.

        Raises EngineUnavailable, StoreUnavailable, VoiceRefused.
        """
        cast, said = self._cast(voice)
        segments = []
        until_s = time.monotonic() + STEP_S
        for utterance in said:
            segment, fresh = spoken(utterance, cast, self._parts.segments, engine)
            segments.append(segment)
            if fresh and time.monotonic() >= until_s:
                break
        if len(segments) < len(said):
            return AuditionProgress(spoken=len(segments), sentences=len(said))
        rate_hz = cast.main.sample_rate_hz
        pcm = b"".join(
            segment.pcm + bytes(utterance.pause_after_ms * rate_hz // 1000 * SAMPLE_WIDTH)
            for utterance, segment in zip(said, segments, strict=True)
        )
        whole = Segment(key=_key_of_whole(cast, said), pcm=pcm, sample_rate_hz=rate_hz, words=())
        self._parts.segments.put(whole)
        return self._complete(whole.key, len(said))

    def is_heard(self, voice: Voice) -> bool:
        """Whether the recogniser has heard the whole text in a voice."""
        return _key_of_whole(*self._cast(voice)) in _heard

    def hear(self, ears: Listens, voice: Voice) -> AuditionProgress:
        """Have the recogniser hear the whole text in a voice that has spoken it. Raises EarsUnavailable, NotFound,
        StoreUnavailable."""
        cast, said = self._cast(voice)
        errors = LetterErrors()
        for utterance in said:
            segment = self._parts.segments.get(key_of(utterance, cast))
            text = ears.hear(segment, utterance.language) if segment is not None else None
            if text is not None:
                errors.add([word.text for word in utterance.words], text, utterance.language)
        key = _key_of_whole(cast, said)
        _heard[key] = errors.rate
        while len(_heard) > _REMEMBERED:
            del _heard[next(iter(_heard))]
        return self._complete(key, len(said))

    def _complete(self, sound_key: str, count: int) -> AuditionProgress:
        """Raises NotFound."""
        if self._parts.store.size(name_of(sound_key)) is None:
            raise NotFound(_GONE)
        whole = _measured(self._parts.segments, sound_key)
        return AuditionProgress(
            spoken=count,
            sentences=count,
            sound_key=sound_key,
            seconds=whole.seconds,
            lufs=whole.lufs,
            cer=_heard.get(sound_key),
        )

    def _cast(self, voice: Voice) -> tuple[Cast, tuple[Utterance, ...]]:
        return cast_for(self._utterances, self._voices, voice, self._language)


def levelled_sound(parts: Parts, sound_key: str) -> Segment:
    """The sound of a text, as loud as a finished clip. Raises NotFound, StoreUnavailable."""
    sound = _whole(parts.segments, sound_key)
    lufs = _lufs(sound)
    gain_db = 0.0 if lufs is None else TARGET_LUFS - lufs
    return replace(sound, pcm=level(sound.pcm, gain_db, LIVE_CEILING_DBTP, sound.sample_rate_hz))


def first_paragraphs(blocks: tuple[Block, ...]) -> str:
    """The spoken beginning of an article, whole sentences as far as they fit into MAX_TEXT."""
    kept: list[str] = []
    length = 0
    for block in blocks:
        if not block.spoken:
            continue
        fitting = 0
        for _, end in sentences(block.text, block.language):
            if length + end > MAX_TEXT:
                break
            fitting = end
        if fitting:
            kept.append(block.text[:fitting])
        if fitting < len(block.text.rstrip()):
            break
        length += fitting + 2
    return "\n\n".join(kept)


@dataclass(frozen=True, slots=True)
class _WholeSound:
    """What is told of a sound."""

    seconds: float
    lufs: float | None


_heard: dict[str, float | None] = {}
"""CER by key of the whole sound, of what this process has heard; None: the recogniser doesn't know the language."""


@lru_cache(maxsize=_REMEMBERED)
def _measured(segments: SegmentStore, sound_key: str) -> _WholeSound:
    """Remembered, since every step shows all voices. Raises NotFound, StoreUnavailable, which are not."""
    sound = _whole(segments, sound_key)
    return _WholeSound(sound.duration_ms / 1000, _lufs(sound))


def _whole(segments: SegmentStore, sound_key: str) -> Segment:
    sound = segments.get(sound_key)
    if sound is None:
        raise NotFound(_GONE)
    return sound


def _lufs(sound: Segment) -> float | None:
    """None: it is silent."""
    meter = Meter(sound.sample_rate_hz)
    meter.push(sound.pcm)
    lufs, _ = meter.read()
    return lufs if math.isfinite(lufs) else None


def _key_of_whole(cast: Cast, said: tuple[Utterance, ...]) -> str:
    """The content address of the joined sound."""
    lines = [f"{key_of(utterance, cast)} {utterance.pause_after_ms}" for utterance in said]
    return hashlib.sha256("\n".join(["audition-1", *lines]).encode()).hexdigest()
