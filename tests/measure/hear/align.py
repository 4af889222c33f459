"""Word starts by another ear: PocketSphinx aligns the text with the sound; it knows nothing of our marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder

RATE_HZ = 16_000
_FRAME_MS = 10
_MARGINS_MS = (100, 250)
"""Sound looked at before and behind a sentence; the second where the first leaves the aligner no way out."""
_VARIANT = re.compile(r"\(\d+\)$")


class NotAligned(Exception):
    """A sentence that can't be aligned"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Word starts of one sentence in ms of the clip."""

    aligned: tuple[float, ...]
    """By PocketSphinx."""
    marked: tuple[float, ...]
    """By our marks."""
    spread: tuple[float, ...]
    """Were they spread evenly over the sentence."""


class Aligner:
    """PocketSphinx with its own English model."""

    def __init__(self) -> None:
        self._decoder = Decoder(samprate=RATE_HZ, loglevel="FATAL")

    def heard(self, wave: NDArray[np.int16], sentence: dict[str, Any]) -> Heard:
        """One sentence of marks.json in the clip's sound. Raises NotAligned."""
        words = [re.sub(r"[^a-z']", "", word["text"].lower()) for word in sentence["words"]]
        start_ms, end_ms = sentence["start_ms"], sentence["end_ms"]
        from_ms, starts = self._found(words, wave, (start_ms, end_ms))
        step = (end_ms - start_ms) / len(words)
        return Heard(
            aligned=tuple(from_ms + start for start in starts),
            marked=tuple(float(word["start_ms"]) for word in sentence["words"]),
            spread=tuple(start_ms + step * place for place in range(len(words))),
        )

    def _found(
        self, words: Sequence[str], wave: NDArray[np.int16], span_ms: tuple[int, int]
    ) -> tuple[int, list[float]]:
        """(where the looked-at sound begins, the words' starts in it), with the first margin that works."""
        for margin in _MARGINS_MS:
            from_ms = max(0, span_ms[0] - margin)
            part = wave[from_ms * RATE_HZ // 1000 : (span_ms[1] + margin) * RATE_HZ // 1000]
            try:
                return from_ms, self._starts(words, part.tobytes())
            except NotAligned:
                if margin == _MARGINS_MS[-1]:
                    raise
        raise AssertionError("the last margin returns or raises")

    def _starts(self, words: Sequence[str], pcm: bytes) -> list[float]:
        unknown = [word for word in words if self._decoder.lookup_word(word) is None]
        if unknown:
            raise NotAligned(f"not in PocketSphinx's dictionary: {', '.join(unknown)}")
        self._decoder.set_align_text(" ".join(words))
        self._pass(pcm)
        self._decoder.set_alignment()  # the second pass aligns phones within the words found
        self._pass(pcm)
        found = [(_VARIANT.sub("", one.name), one.start) for one in self._decoder.get_alignment()]
        spoken = [(name, start) for name, start in found if not name.startswith("<")]
        if [name for name, _ in spoken] != list(words):
            raise NotAligned(f"heard {' '.join(name for name, _ in spoken)!r} instead of {' '.join(words)!r}")
        return [start * float(_FRAME_MS) for _, start in spoken]

    def _pass(self, pcm: bytes) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
