"""How wrong a sentence sounds, and how wrong its voice's sentences usually sound.

The score counts words that went wrong (comparing.py); an end that was cut off in the midst of speech counts as three.
Every voice has its own usual scores, as the recogniser understands some better than others; its limit is learned from
them.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tts_service.ears.comparing import difference
from tts_service.values import Segment

_END_S = 0.01
_LOUD_END_DB = -18.0
"""Level of the last hundredth of a second, beside the sentence's, from which an end is cut off: voices fade away."""
_CUT_OFF = 3.0
LEARNED_FROM = 30
"""Sentences of a voice after which its own limit counts."""
USUAL_LIMIT = 1.5
"""Until then."""
_LEAST_LIMIT = 0.85
_SPREADS = 3.5
"""The spread is how far three of four sentences stay within above the median: few odd ones don't move it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How wrong a sentence sounds."""

    score: float
    """0: it sounds as it should; 1: as if a word were missing."""
    heard: str
    """What was heard, for staff."""


def judged(spoken: Sequence[str], heard: str, segment: Segment, language: str, written: str = "") -> Verdict:
    """Compare what was heard with what was to be said, in a language (BCP 47); `written`: the sentence as it stands."""
    words = difference(spoken, heard, language, written).words
    if _end_db(segment) > _LOUD_END_DB:
        return Verdict(score=round(words + _CUT_OFF, 3), heard=f"{heard.rstrip('.')}—")
    return Verdict(score=words, heard=heard)


def limit_of(scores: Sequence[float]) -> float:
    """The score beyond which a sentence of a voice sounds wrong, from its earlier scores."""
    if len(scores) < LEARNED_FROM:
        return USUAL_LIMIT
    middle = statistics.median(scores)
    spread = statistics.quantiles(scores, n=4)[-1] - middle
    return max(_LEAST_LIMIT, middle + _SPREADS * spread)


def _end_db(segment: Segment) -> float:
    samples = np.frombuffer(segment.pcm, "<i2").astype(np.float32)
    if not samples.any():
        return -math.inf
    end = samples[-max(1, round(_END_S * segment.sample_rate_hz)) :]
    return 10 * math.log10(max(1e-9, float(np.mean(end**2) / np.mean(samples**2))))
