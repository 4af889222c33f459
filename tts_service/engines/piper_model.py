"""A loaded Piper voice: words to phonemes, phonemes to samples, with the duration of every phoneme.

Import only in the engine child: it loads onnxruntime and Piper (GPL), and ordinary text can crash the espeak-ng inside
Piper.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from piper import PiperVoice, SynthesisConfig
from piper.config import PiperConfig

from tts_service.engines.models.onnx_outputs import with_output
from tts_service.engines.models.onnx_session import opened
from tts_service.engines.models.word_times import BOUNDARY, PUNCTUATION, Span, fill_lost, words_of_phonemes
from tts_service.engines.pronunciation.ipa import alphabet_of, closing_mark
from tts_service.values import SpokenWord

logger = logging.getLogger(__name__)

CEIL_OUTPUT = re.compile(rb"\x12.([\x21-\x7e]{0,100}Ceil_output_0)")
"""NodeProto.output (field 2) of the node that rounds the phoneme durations up."""
CACHED_WORDS = 10_000
ROUNDED_UP = 0.25
"""Share of a sentence's length that ignores the length scale: the model rounds each phoneme up to whole frames of
11.6 ms. Measured 0.20 to 0.31 on three sentences, scales 0.3 to 2.4."""


class PiperModel:
    """One loaded voice."""

    def __init__(self, model: bytes, config: str) -> None:
        """Args: the ONNX file's bytes, and the JSON next to it."""
        session = opened(with_durations(model))
        self._voice = PiperVoice(session=session, config=PiperConfig.from_dict(json.loads(config)))
        self.sample_rate_hz = int(self._voice.config.sample_rate)
        self.exact_times = len(session.get_outputs()) > 1
        if not self.exact_times:
            logger.warning("This Piper voice does not tell phoneme lengths: its word times are estimates.")
        self._alphabet = alphabet_of(json.loads(config))
        self._phonemes_of_text = lru_cache(CACHED_WORDS)(self._phonemize)

    def speak(self, words: Sequence[SpokenWord], rate: float = 1.0) -> tuple[NDArray[np.int16], list[Span]]:
        """(samples, start and end of each word in samples). No samples if none of the words is pronounceable.

        The model reports phoneme durations at this `rate`, so the spans match the samples.
        """
        phonemes = self._phonemes_of_sentence(words)
        if not any(p not in PUNCTUATION and p != BOUNDARY for p in phonemes):
            return np.zeros(0, np.int16), [(0.0, 0.0)] * len(words)
        ids = self._voice.phonemes_to_ids(phonemes)
        # By default Piper scales each utterance to full level, so that loudness would jump between sentences.
        scale = self._voice.config.length_scale * length_factor(rate)
        manner = SynthesisConfig(length_scale=scale, normalize_audio=False)
        wave, lengths = self._voice.phoneme_ids_to_audio(ids, manner, include_alignments=True)
        wave = np.atleast_1d(wave)
        places = self._places(phonemes, ids, lengths, len(wave))
        spans = self._spans(words, phonemes, places)
        return np.round(np.clip(wave, -1.0, 1.0) * 32767).astype(np.int16), spans

    def _spans(self, words: Sequence[SpokenWord], phonemes: list[str], places: list[float]) -> list[Span]:
        alone = [[p for p in self._phonemes_of_word(word) if p not in PUNCTUATION] for word in words]
        spans: list[Span | None] = [None] * len(words)
        for index, word in enumerate(words_of_phonemes(alone, phonemes)):
            if word is not None:
                first = spans[word]
                spans[word] = (first[0] if first else places[index], places[index + 1])
        return fill_lost(spans, [word.text for word in words])

    def _places(self, phonemes: list[str], ids: list[int], lengths: Any, samples: int) -> list[float]:
        """Sample at which each phoneme starts, plus the end of the last. Ids: BOS PAD (phoneme PAD)... EOS."""
        if lengths is None or len(np.atleast_1d(lengths)) != len(ids):
            return [samples * index / len(phonemes) for index in range(len(phonemes) + 1)]
        starts = [0, *accumulate(int(length) for length in np.atleast_1d(lengths))]
        id_map = self._voice.config.phoneme_id_map
        pad = len(id_map["_"])
        index = len(id_map["^"]) + pad
        places = [float(starts[min(index, len(ids))])]
        for phoneme in phonemes:
            index += len(id_map[phoneme]) + pad
            places.append(float(starts[min(index, len(ids))]))
        return places

    def _phonemes_of_sentence(self, words: Sequence[SpokenWord]) -> list[str]:
        """One list for the whole utterance: espeak-ng sees sentence ends ("Dr.") where we see none."""
        phonemes: list[str] = []
        for spelled, run in groupby(words, key=lambda word: word.ipa is None):
            if spelled:
                groups = [self._phonemize(" ".join(word.text for word in run))]
            else:
                groups = [self._phonemes_of_word(word) for word in run]
            for group in groups:
                if phonemes and phonemes[-1] != BOUNDARY:
                    phonemes.append(BOUNDARY)
                phonemes.extend(group)
        return phonemes

    def _phonemes_of_word(self, word: SpokenWord) -> tuple[str, ...]:
        """Phonemes of a word on its own: the lexicon's, if the voice knows all of them."""
        known = self._phonemes_of_ipa(word.ipa) if word.ipa else ()
        if not known:
            return self._phonemes_of_text(word.text)
        mark = closing_mark(word.text)
        return (*known, mark) if mark and mark in self._voice.config.phoneme_id_map else known

    def _phonemes_of_ipa(self, ipa: str) -> tuple[str, ...]:
        return tuple("".join(self._alphabet.pronounced(ipa))) if self._alphabet else ()

    def _phonemize(self, text: str) -> tuple[str, ...]:
        """Text to phonemes. Piper would read double brackets as phonemes; spoken text contains none."""
        plain = text.replace("[[", "").replace("]]", "")
        phonemes: list[str] = []
        for sentence in self._voice.phonemize(plain):
            if phonemes and phonemes[-1] != BOUNDARY:
                phonemes.append(BOUNDARY)
            phonemes.extend(p for p in sentence if p in self._voice.config.phoneme_id_map and p not in "_^$")
        return tuple(phonemes)


def length_factor(rate: float) -> float:
    """Factor for the length scale that makes a sentence `rate` times as fast."""
    return (1 / rate - ROUNDED_UP) / (1 - ROUNDED_UP)


def with_durations(model: bytes) -> bytes:
    """The model with phoneme durations as a second output; unchanged if it has one or the node isn't found."""
    names = set(CEIL_OUTPUT.findall(model))
    return with_output(model, names.pop()) if len(names) == 1 else model
