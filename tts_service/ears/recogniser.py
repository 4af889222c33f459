"""The recogniser: Whisper on one thread of the CPU. Import only in the ears' child: it loads CTranslate2."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import ctranslate2
import numpy as np

from tts_service.ears.model_files import MODEL, model_files
from tts_service.ears.spectrogram import FRAMES_A_SECOND, RATE_HZ, WINDOW_S, sound_of_pcm, spectrogram

_SILENCE_S = 5
"""Silence added to each sentence. With less, the model more often invents a continuation; the half minute that it was
trained with costs four times as much and is no better."""
_TOKENS_A_SECOND = 7
_MORE_TOKENS = 10
"""Tokens allowed in addition to those for the length: a longer text is an endless repetition."""


class Recogniser:
    """A loaded model. Raises EarsUnavailable."""

    def __init__(self) -> None:
        found = model_files()
        self._model = ctranslate2.models.Whisper(
            MODEL, files=found.by_name, device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
        )
        self._tokens = frozenset(found.vocabulary)

    def knows(self, language: str) -> bool:
        """Whether it understands a language (BCP 47)."""
        return _language_token(language) in self._tokens

    def hear(self, pcm: bytes, rate_hz: int, language: str) -> str:
        """What is said in a sound of at most half a minute."""
        sound = sound_of_pcm(pcm, rate_hz)
        if not len(sound):
            return ""
        bands = spectrogram(sound)
        seconds = len(sound) / RATE_HZ
        start = ["<|startoftranscript|>", _language_token(language), "<|transcribe|>", "<|notimestamps|>"]
        most = int(seconds * _TOKENS_A_SECOND) + _MORE_TOKENS
        for heard_s in (min(WINDOW_S, int(seconds) + 1 + _SILENCE_S), WINDOW_S):
            frames = heard_s * FRAMES_A_SECOND
            features = ctranslate2.StorageView.from_array(np.ascontiguousarray(bands[None, :, :frames]))
            # Twice: the runtime keeps half of the length for a prompt.
            result = self._model.generate(features, [start], beam_size=1, max_length=2 * most)[0]
            if len(result.sequences[0]) < most - 1:
                break
        return _text(result.sequences[0][:most])


def _language_token(language: str) -> str:
    return f"<|{language.split('-', 1)[0].lower()}|>"


def _text(tokens: Sequence[str]) -> str:
    return bytes(_byte_of()[one] for token in tokens for one in token).decode("utf-8", "replace").strip()


@cache
def _byte_of() -> dict[str, int]:
    """The vocabulary writes bytes as printable characters: those that are none as the characters from 256 on."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + at): byte for at, byte in enumerate(others)}
