"""One sentence -> one segment: from the store, or from an engine, at the clip's sample rate and level.

`LineSpeaker` has the engine speak the next sentence while the one before is stored and encoded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tts_service.audio.fit import REVISION as FIT_REVISION
from tts_service.audio.fit import fitted
from tts_service.engines.base import Sound, Speaks, SpeaksAhead
from tts_service.engines.models.silence import clamped_times
from tts_service.engines.voices.casting import Cast
from tts_service.storage.segments import SegmentStore
from tts_service.telemetry.metrics import SEGMENTS
from tts_service.telemetry.stages import stage
from tts_service.values import SAMPLE_WIDTH, Segment, Utterance, Voice, segment_key

_SILENT_MS = 20
"""Length of a sentence without words."""
Following = Callable[[], Utterance] | None
"""Reads the utterance behind another; None: there is none."""


def key_of(utterance: Utterance, cast: Cast) -> str:
    """The content address of the utterance's sound in this clip.

    What another speed, or fitting another voice into the clip, changes is one setting of the key; what the main voice
    says at its own speed has none.
    """
    other = cast.other(utterance)
    manner = [f"rate {utterance.rate:.3f}"] if utterance.rate != 1.0 else []
    if other:
        manner.append(f"{FIT_REVISION} {cast.main.sample_rate_hz} Hz {other.gain_db - cast.main.gain_db:+.2f} dB")
    return segment_key(utterance.words, other or cast.main, (", ".join(manner),) if manner else ())


def spoken(utterance: Utterance, cast: Cast, segments: SegmentStore, engine: Speaks) -> tuple[Segment, bool]:
    """The utterance's segment, at the clip's sample rate and for the main voice's gain, and whether an engine had to
    speak it. Raises EngineUnavailable, StoreUnavailable."""
    return LineSpeaker(cast, segments, engine).spoken(utterance)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lookup:
    """What the store had for an utterance."""

    key: str
    segment: Segment | None


class LineSpeaker:
    """Speaks a clip's utterances; the next one can begin before the current one is stored and encoded."""

    def __init__(self, cast: Cast, segments: SegmentStore, engine: Speaks) -> None:
        self._cast = cast
        self._segments = segments
        self._engine = engine
        self._ahead: _Lookup | None = None

    def begin(self, utterance: Utterance) -> None:
        """Begin with what `spoken` will be asked for next. Raises StoreUnavailable."""
        key = key_of(utterance, self._cast)
        self._ahead = _Lookup(key=key, segment=self._segments.get(key))
        if self._ahead.segment is None and utterance.words and isinstance(self._engine, SpeaksAhead):
            self._engine.begin(utterance.words, self._cast.other(utterance) or self._cast.main, utterance.rate)

    def spoken(self, utterance: Utterance, following: Following = None) -> tuple[Segment, bool]:
        """As the function `spoken`. `following` will be asked for next: the engine begins with it as soon as it has
        spoken this one."""
        key = key_of(utterance, self._cast)
        ahead, self._ahead = self._ahead, None
        segment = ahead.segment if ahead and ahead.key == key else self._segments.get(key)
        sound = self._sound(utterance) if segment is None else None
        upcoming = following() if following else None
        if upcoming is not None and (sound is None or key_of(upcoming, self._cast) != key):
            self.begin(upcoming)
        if sound is None:
            assert segment is not None, "it was found"
            SEGMENTS.labels("store").inc()
            return segment, False
        segment = Segment(key=key, pcm=sound.pcm, sample_rate_hz=sound.sample_rate_hz, words=sound.words)
        return self._segments.put(segment), True

    def _sound(self, utterance: Utterance) -> Sound:
        main, other = self._cast.main, self._cast.other(utterance)
        if not utterance.words:  # all its words were left out (engines.child.unspeakable)
            silence = bytes(_SILENT_MS * main.sample_rate_hz // 1000 * SAMPLE_WIDTH)
            return Sound(pcm=silence, sample_rate_hz=main.sample_rate_hz, words=())
        with stage("speak"):
            sound = self._engine.speak(utterance.words, other or main, utterance.rate)
        SEGMENTS.labels("engine").inc()
        return _fitted(sound, other, main) if other else sound


def _fitted(sound: Sound, voice: Voice, main: Voice) -> Sound:
    """Another voice's sound as if the main voice had made it: everything behind this knows one rate and one gain."""
    rate_hz = main.sample_rate_hz
    pcm = fitted(sound.pcm, sound.sample_rate_hz, rate_hz, voice.gain_db - main.gain_db)
    times = [(word.start_ms, word.end_ms) for word in sound.words]
    return Sound(pcm=pcm, sample_rate_hz=rate_hz, words=clamped_times(times, len(pcm) / SAMPLE_WIDTH * 1000 / rate_hz))
