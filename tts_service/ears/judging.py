"""How wrong a sentence sounds, and how wrong its voice's sentences usually sound.

The score counts words that went wrong (comparing.py), a word that was likely said twice, and an end that was cut off in
the midst of speech. Every voice has its own usual scores, as the recogniser understands some better than others; its
limit is learned from them.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tts_service.ears.comparing import difference
from tts_service.ears.heard import Heard
from tts_service.values import Segment

_TWICE_FROM, _TWICE_SURE = -7.0, -4.0
"""Gains of a doubled word: up to the first it counts nothing, from the second on it is as good as heard."""
_END_S = 0.01
_END_FROM_DB, _END_SURE_DB = -30.0, -18.0
"""Level of the last hundredth of a second, beside the sentence's: a voice fades away."""
LEARNED_FROM = 30
"""Sentences of a voice after which its own limit counts."""
USUAL_LIMIT = 1.5
"""Until then."""
_LEAST_LIMIT, _MOST_LIMIT = 0.75, 6.0
_SPREADS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What we think of a sentence."""

    score: float
    """0: it sounds as it should; 1: as if a word were missing."""
    told: str
    """What was heard, for staff."""


def judged(spoken: Sequence[str], heard: Heard, segment: Segment, language: str) -> Verdict:
    """Compare what was heard with the spoken words, in a language (BCP 47)."""
    words = difference(spoken, heard.text, language).words
    twice = _between(heard.doubling.gain, _TWICE_FROM, _TWICE_SURE) if heard.doubling else 0.0
    cut = _between(_end_db(segment), _END_FROM_DB, _END_SURE_DB)
    told = heard.doubling.text if heard.doubling and twice > 0.5 else heard.text
    return Verdict(score=round(words + twice + cut, 3), told=f"{told.rstrip('.')}—" if cut > 0.5 else told)


def limit_of(scores: Sequence[float]) -> float:
    """The score beyond which a sentence of a voice sounds wrong, from its earlier scores."""
    if len(scores) < LEARNED_FROM:
        return USUAL_LIMIT
    middle = statistics.median(scores)
    spread = statistics.quantiles(scores, n=10)[-1] - middle
    return min(_MOST_LIMIT, max(_LEAST_LIMIT, middle + _SPREADS * spread))


def _between(value: float, low: float, high: float) -> float:
    """0 up to low, 1 from high on."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _end_db(segment: Segment) -> float:
    samples = np.frombuffer(segment.pcm, "<i2").astype(np.float32)
    if not samples.any():
        return -np.inf
    end = samples[-max(1, round(_END_S * segment.sample_rate_hz)) :]
    return float(10 * np.log10(max(1e-9, np.mean(end**2) / np.mean(samples**2))))
