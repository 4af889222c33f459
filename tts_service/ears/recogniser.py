"""The recogniser: Whisper on one thread of the CPU. Import only in the ears' child: it loads CTranslate2.

Besides the text it says how likely a word was said twice. A recogniser writes what people would write, and leaves out a
repetition. So each word of the text is doubled in turn, and the model asked how likely that text is for this sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import ctranslate2
import numpy as np

from tts_service.ears.heard import SILENT, Doubling, Heard
from tts_service.ears.model_files import MODEL, model_files
from tts_service.ears.spectrogram import FRAMES_A_SECOND, RATE_HZ, WINDOW_S, Floats, resampled, spectrogram

_SILENCE_S = 5
"""Heard behind each sentence. With less the model more often invents how it goes on; the half minute that it was
trained with costs four times as much and hears no better."""
_TOKENS_A_SECOND = 7
_MORE_TOKENS = 10
"""What a text may have at most, besides its length: a longer one repeats itself without end."""
_MOST_DOUBLED = 60
"""Words of one sentence that are doubled in turn."""
_SPACE = "Ġ"
"""Begins the tokens that begin a word."""
_LEAST = 1e-12


class Recogniser:
    """A loaded model. Raises EarsUnavailable."""

    def __init__(self) -> None:
        found = model_files()
        self._model = ctranslate2.models.Whisper(
            MODEL, files=found.by_name, device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
        )
        self._ids = {token: number for number, token in enumerate(found.vocabulary)}

    def knows(self, language: str) -> bool:
        """Whether it understands a language (BCP 47)."""
        return _language_token(language) in self._ids

    def hear(self, pcm: bytes, rate_hz: int, language: str) -> Heard:
        """What is said in a sound of at most half a minute."""
        sound = resampled(pcm, rate_hz)
        if not len(sound):
            return SILENT
        bands = spectrogram(sound)
        seconds = len(sound) / RATE_HZ
        start = ["<|startoftranscript|>", _language_token(language), "<|transcribe|>", "<|notimestamps|>"]
        most = int(seconds * _TOKENS_A_SECOND) + _MORE_TOKENS
        for heard_s in (min(WINDOW_S, int(seconds) + 1 + _SILENCE_S), WINDOW_S):
            frames = heard_s * FRAMES_A_SECOND
            encoded = self._model.encode(_view(bands[None, :, :frames]))
            # Twice: the runtime keeps half of the length for a prompt.
            result = self._model.generate(encoded, [start], beam_size=1, max_length=2 * most)[0]
            if len(result.sequences[0]) < most - 1:
                break
        tokens = result.sequences[0][:most]
        beginning = [self._ids[token] for token in start]
        return Heard(text=_text(tokens), doubling=self._doubling(encoded, frames, beginning, tokens))

    def _doubling(
        self, encoded: ctranslate2.StorageView, frames: int, beginning: list[int], tokens: list[str]
    ) -> Doubling | None:
        """The word that was most likely said twice; None: nothing was heard."""
        words = _words(tokens)[:_MOST_DOUBLED]
        if not words:
            return None
        ids = [self._ids[token] for token in tokens]
        texts = [ids, *(ids[: word.stop] + ids[word.start : word.stop] + ids[word.stop :] for word in words)]
        same = _view(np.repeat(np.array(encoded), len(texts), 0))
        found = self._model.align(same, beginning, texts, frames)
        likely = [float(np.log(np.maximum(one.text_token_probs, _LEAST)).sum()) for one in found]
        best = max(words, key=lambda word: likely[words.index(word) + 1])
        twice = [*tokens[: best.stop], *tokens[best.start :]]
        return Doubling(text=_text(twice), gain=likely[words.index(best) + 1] - likely[0])


def _view(values: Floats) -> ctranslate2.StorageView:
    return ctranslate2.StorageView.from_array(np.ascontiguousarray(values))


def _language_token(language: str) -> str:
    return f"<|{language.split('-', 1)[0].lower()}|>"


def _words(tokens: Sequence[str]) -> list[range]:
    """Which tokens are a word, for each word of a text."""
    starts = [at for at, token in enumerate(tokens) if token.startswith(_SPACE) or at == 0]
    return [range(start, stop) for start, stop in zip(starts, [*starts[1:], len(tokens)], strict=True)]


def _text(tokens: Sequence[str]) -> str:
    return bytes(_byte_of()[one] for token in tokens for one in token).decode("utf-8", "replace").strip()


@cache
def _byte_of() -> dict[str, int]:
    """The vocabulary writes bytes as printable characters: those that are none as the characters from 256 on."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + at): byte for at, byte in enumerate(others)}
