"""Voices heard by our own recogniser: how much of their words is understood, and which planted faults are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.measure.voices.planted import CLEAN, Speak, planted
from tests.measure.voices.sentences import NewsSentence
from tts_service.ears.judging import Verdict, judged, limit_of
from tts_service.ears.understood import LetterErrors
from tts_service.values import Segment

if TYPE_CHECKING:
    from tts_service.ears.recogniser import Recogniser


def error_rate(recogniser: Recogniser, speak: Speak, sentences: Sequence[NewsSentence]) -> float:
    """Letters that were heard otherwise, of those that were to be said."""
    errors = LetterErrors()
    for one in sentences:
        sound = speak(one.utterance.words)
        heard = recogniser.hear(sound.pcm, sound.sample_rate_hz, one.language)
        errors.add([word.text for word in one.utterance.words], heard, one.language)
    return errors.rate or 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Which planted faults were found."""

    by_fault: dict[str, tuple[int, int]]
    """How many were found, of how many."""
    false: int
    """Sentences without a fault that sounded wrong."""
    clean: int
    missed: tuple[str, ...]
    """Those that were judged wrongly: the fault, the score, what is written and what was heard."""
    audio_s: float

    @property
    def recall(self) -> float:
        return sum(found for found, _ in self.by_fault.values()) / sum(all_ for _, all_ in self.by_fault.values())

    @property
    def false_per_100(self) -> float:
        return 100 * self.false / self.clean

    @property
    def precision(self) -> float:
        """In this mix of sentences."""
        found = sum(found for found, _ in self.by_fault.values())
        return found / max(1, found + self.false)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgement:
    fault: str
    half: int
    verdict: Verdict
    written: str
    audio_s: float


def faults_found(
    recogniser: Recogniser,
    speak: Speak,
    sentences: Sequence[NewsSentence],
    foreign: Sequence[NewsSentence],
) -> Found:
    """Plant faults into sentences of a voice and judge them as the service does. Each half of the sentences is judged
    by the limit that the clean ones of the other half set."""
    half = {one.written: at % 2 for at, one in enumerate(sentences)}
    judgements = []
    for one in planted(sentences, foreign, speak):
        segment = Segment(key="", pcm=one.sound.pcm, sample_rate_hz=one.sound.sample_rate_hz, words=())
        heard = recogniser.hear(segment.pcm, segment.sample_rate_hz, one.sentence.language)
        spoken = [word.text for word in one.sentence.utterance.words]
        verdict = judged(spoken, heard, segment, one.sentence.language, one.sentence.written)
        judgements.append(
            _Judgement(
                fault=one.fault,
                half=half.get(one.sentence.written, 0),
                verdict=verdict,
                written=one.sentence.written,
                audio_s=segment.duration_ms / 1000,
            )
        )
    limits = [
        limit_of([one.verdict.score for one in judgements if one.fault == CLEAN and one.half != mine])
        for mine in (0, 1)
    ]
    found: dict[str, list[bool]] = defaultdict(list)
    missed = []
    for one in judgements:
        is_odd = one.verdict.score > limits[one.half]
        found[one.fault].append(is_odd)
        if is_odd == (one.fault == CLEAN):
            missed.append(f"{one.fault or 'clean'} {one.verdict.score:.2f}: {one.written} | {one.verdict.heard}")
    clean = found.pop(CLEAN)
    return Found(
        by_fault={fault: (sum(hits), len(hits)) for fault, hits in found.items()},
        false=sum(clean),
        clean=len(clean),
        missed=tuple(missed),
        audio_s=sum(one.audio_s for one in judgements),
    )
