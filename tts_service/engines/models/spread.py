"""Estimates word times for engines that report none, from the number of letters and the pauses in the sound.

Each word gets time in proportion to its letters. Pauses in the sound are matched with ends of words, those
with a mark before others, so that what is said between two pauses can't drift (a shortest path over pauses and ends of
words). docs/engines.md says how far off the starts are.

Kept because forced alignment needs an acoustic model for each language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tts_service.engines.models.silence import FRAME_MS, clamped_times, speech_span
from tts_service.values import WordTime

_QUIET_DB = -24.0
"""A frame this far below the loud ones (their 90th percentile) is part of a pause."""
_SHORTEST_MS = 80
"""Shorter silences are within words: the closures of p, t and k."""
_MOST_PAUSES = 10
"""The longest ones."""
_UNMARKED_MS, _UNUSED_MS, _UNHEARD_MS = 110.0, 50.0, 600.0
"""Costs: a pause matched with a word end without a mark, a pause within a word, and a mark without a pause."""
_MARK = re.compile(r"[,.;:!?…–—]\W*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pause:
    """A silence between two words, in ms."""

    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anchor:
    """A pause behind a word."""

    word: int
    """Words before it."""
    pause: _Pause


def spread_words(pcm: bytes, sample_rate_hz: int, texts: Sequence[str]) -> tuple[WordTime, ...]:
    """A time for each word in s16 mono PCM, starts in order; words without letters or digits get no length."""
    samples = np.frombuffer(pcm, np.int16)
    length_ms = len(samples) * 1000 / sample_rate_hz
    first, last = (sample * 1000 / sample_rate_hz for sample in speech_span(samples, sample_rate_hz))
    letters = [sum(map(str.isalnum, text)) for text in texts]
    whole = [_Anchor(word=0, pause=_Pause(start=first, end=first))]
    ends = _Anchor(word=len(texts), pause=_Pause(start=last, end=last))
    pauses = [one for one in _pauses(samples, sample_rate_hz) if one.start > first and one.end < last]
    anchors = [*_matched(whole[0], pauses, ends, letters, [bool(_MARK.search(text)) for text in texts]), ends]
    spans: list[tuple[float, float]] = []
    for before, after in zip([whole[0], *anchors], anchors, strict=False):
        start, end = before.pause.end, after.pause.start
        total = sum(letters[before.word : after.word]) or 1
        for count in letters[before.word : after.word]:
            stop = start + (end - before.pause.end) * count / total
            spans.append((start, stop))
            start = stop
    return clamped_times(spans, length_ms)


def _pauses(samples: NDArray[np.int16], rate_hz: int) -> list[_Pause]:
    """The longest silences, in order."""
    size = rate_hz * FRAME_MS // 1000
    frames = len(samples) // size
    power = np.square(samples[: frames * size].astype(np.float64)).reshape(frames, size).mean(axis=1)
    quiet = power < np.percentile(power, 90) * 10 ** (_QUIET_DB / 10) if frames else np.zeros(0, bool)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], quiet.astype(np.int8), [0]))))
    found = [
        _Pause(start=int(a) * FRAME_MS, end=int(b) * FRAME_MS) for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
    long = [one for one in found if one.end - one.start >= _SHORTEST_MS]
    kept = sorted(long, key=lambda one: one.start - one.end)[:_MOST_PAUSES]
    return sorted(kept, key=lambda one: one.start)


def _matched(
    start: _Anchor, pauses: Sequence[_Pause], end: _Anchor, letters: Sequence[int], marked: Sequence[bool]
) -> list[_Anchor]:
    """The pauses that lie between two words, each with the words before it."""
    silent = sum(one.end - one.start for one in pauses)
    ms_per_letter = (end.pause.start - start.pause.end - silent) / (sum(letters) or 1)
    due = [0.0]
    for count in letters:
        due.append(due[-1] + count * ms_per_letter)
    marks = [0]
    for mark in marked:
        marks.append(marks[-1] + mark)
    steps = [start]
    steps += [_Anchor(word=word, pause=one) for one in pauses for word in range(1, len(letters))]
    steps.append(end)
    order = {id(one): number for number, one in enumerate(pauses, start=1)}
    numbers = [0, *(order[id(step.pause)] for step in steps[1:-1]), len(pauses) + 1]
    costs, came_from = [0.0], [0]
    for at, step in enumerate(steps[1:], start=1):
        best, origin = math.inf, 0
        for earlier in range(at):
            before = steps[earlier]
            if before.word >= step.word or numbers[earlier] >= numbers[at]:
                continue
            skipped = pauses[numbers[earlier] : numbers[at] - 1]
            said = step.pause.start - before.pause.end
            unheard = marks[step.word - 1] - marks[before.word]
            cost = (
                costs[earlier]
                + abs(said - (due[step.word] - due[before.word]))
                + _UNUSED_MS * len(skipped)
                + _UNHEARD_MS * unheard
                + (_UNMARKED_MS if step is not end and not marked[step.word - 1] else 0.0)
            )
            if cost < best:
                best, origin = cost, earlier
        costs.append(best)
        came_from.append(origin)
    found, at = list[_Anchor](), came_from[-1]
    while at:
        found.append(steps[at])
        at = came_from[at]
    return found[::-1]
