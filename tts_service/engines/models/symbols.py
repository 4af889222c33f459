"""Speaks a sentence through a model that reads phoneme symbols: splits what is too long for it and times each word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tts_service.engines.base import Sound
from tts_service.engines.models.silence import clamped_times, trim
from tts_service.engines.models.word_times import Span, fill_lost
from tts_service.values import SpokenWord

MARKS = frozenset(';:,.!?—…"()“” ')
"""Symbols that shape the intonation, or divide words, and belong to none."""
SILENCE_MS = 10
"""Length of the silence for words without symbols."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a model made of some symbols."""

    samples: NDArray[np.float32]
    """Between -1 and 1."""
    starts: Sequence[float]
    """The sample at which each symbol starts, and the end of the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbols:
    """A sentence in the notation of a model."""

    text: str
    """One character a symbol."""
    owners: Sequence[int | None]
    """The word that each symbol belongs to."""

    def spoken(self, words: Sequence[SpokenWord], model: Callable[[str], Part], *, most: int, rate_hz: int) -> Sound:
        """The sound of the words, at most `most` symbols per run of the model."""
        if all(owner is None for owner in self.owners):
            nothing = [(0.0, 0.0)] * len(words)
            pcm = bytes(2 * (rate_hz * SILENCE_MS // 1000))
            return Sound(pcm=pcm, sample_rate_hz=rate_hz, words=clamped_times(nothing, 0.0))
        spans: list[Span | None] = [None] * len(words)
        sounds, length = [], 0
        for stretch in symbol_runs(self.text, most):
            part = model(self.text[stretch])
            for owner, start, end in zip(self.owners[stretch], part.starts, part.starts[1:], strict=False):
                if owner is not None:
                    first = spans[owner]
                    spans[owner] = (first[0] if first else length + start, length + end)
            sounds.append(part.samples)
            length += len(part.samples)
        samples = np.round(np.clip(np.concatenate(sounds), -1.0, 1.0) * 32767).astype(np.int16)
        filled = fill_lost(spans, [word.text for word in words])
        times = [(start * 1000 / rate_hz, end * 1000 / rate_hz) for start, end in filled]
        words_ms = clamped_times(times, length * 1000 / rate_hz)
        return trim(Sound(pcm=samples.tobytes(), sample_rate_hz=rate_hz, words=words_ms))


def symbol_runs(symbols: str, most: int) -> Iterator[slice]:
    """Parts of a sentence that a model takes at once, divided behind a mark or between words."""
    start = 0
    while len(symbols) - start > most:
        part = symbols[start : start + most]
        behind_mark = max(part.rfind(mark + " ") + 1 for mark in MARKS - {" "})
        end = next((at for at in (behind_mark, part.rfind(" ")) if at >= most // 2), most)
        yield slice(start, start + end)
        start += end
    yield slice(start, len(symbols))
