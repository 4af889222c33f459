"""HibariEngine: small English neural voices of the package hibari-tts. No espeak-ng, no GPL; one voice is in the
package.

The package turns words into phonemes and phonemes into sound. Its reading of numbers and its search for sentence ends
aren't used: words come as they are said, a sentence at a time.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from tts_service.engines.base import Sound
from tts_service.engines.models.onnx_outputs import with_output
from tts_service.engines.models.symbols import MARKS, Part, Symbols
from tts_service.engines.pronunciation.ipa import Alphabet, closing_mark, espeak_alphabet
from tts_service.engines.pronunciation.letters import respelled
from tts_service.errors import VoiceNotFound, VoiceRefused
from tts_service.values import DigitalSourceType, SpokenWord, Voice

REVISION = "hibari-2"
"""Bump when this file changes the sound made from the same words."""
HEART = "heart"
HEART_SHA256 = "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8"
HEART_GAIN_DB = 10.4
"""Gain towards -16 LUFS after the live limiter, by `calibration.calibrate`."""
HEART_CPU_S = 0.9
"""For a minute of speech, in one run with that of the voice joe (`make bench`)."""
RATE_HZ = 24_000
SEED = 0
"""Of the noise in consonants and breath: the same words are the same samples each time."""
DURATIONS = b"/Clip_output_0"
"""The value inside the model that holds each phoneme's length in frames."""
FRAME = 600
"""Samples: 25 ms."""
EARLY = 3 * FRAME
"""Phonemes are heard so many samples before the model's frames begin: Kokoro, whose voice it learnt, counts them the
same way. Measured by forced alignment (`make hear`)."""
MOST_PHONEMES = 400
"""In one run of the model, whose memory grows with the square."""
SOUNDS = {
    "aɪ": "I",
    "aʊ": "W",
    "eɪ": "A",
    "oʊ": "O",
    "ɔɪ": "Y",
    "dʒ": "ʤ",
    "tʃ": "ʧ",
    "n̩": "ᵊn",
    "əl": "ᵊl",
    "ɜː": "ɜɹ",
    "ɚ": "əɹ",
    "ɐ": "ə",
    "ɾ": "T",
    "ʔ": "t",
    "x": "k",
    "ː": "",
}
"""IPA to the voices' notation (that of misaki, Kokoro's reader), longest first within a sound."""
_LETTER = re.compile(r"\W*[A-Z](?:['’]?s)?\W*")
"""A word that is a letter: "I", "Ps", "D’s"."""
_IPA = {"I": "aɪ", "W": "aʊ", "A": "eɪ", "O": "oʊ", "Y": "ɔɪ", "ʤ": "dʒ", "ʧ": "tʃ", "ᵊ": "ə", "T": "ɾ"}


class HibariEngine:
    """Speaks with the package's voice. It is loaded on first use."""

    name = "hibari"

    def __init__(self, voices_folder: Path) -> None:
        """Raises ImportError if hibari-tts is missing."""
        try:
            self._version = version("hibari-tts")
        except PackageNotFoundError as error:
            raise ImportError("it needs hibari-tts: pip install 'tts-service[hibari]'") from error
        self._model: _Model | None = None

    def voices(self) -> Sequence[Voice]:
        return (
            Voice(
                engine=self.name,
                name=HEART,
                language="en-US",
                sample_rate_hz=RATE_HZ,
                licence="Apache-2.0",
                digital_source_type=DigitalSourceType.TRAINED,
                gain_db=HEART_GAIN_DB,
                cpu_s_per_minute=HEART_CPU_S,
                fingerprint=f"{REVISION}, hibari-tts {self._version}, sha256 {HEART_SHA256}",
            ),
        )

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """Speaks the words, using `ipa` where set. Raises VoiceNotFound; VoiceRefused if its file isn't the one that
        was measured."""
        return self._loaded(voice).speak(words, rate)

    def alphabet(self, voice: Voice) -> Alphabet | None:
        """The sounds a voice accepts in pronunciations. Raises VoiceNotFound."""
        self._check(voice)
        return hibari_alphabet()

    def pronounce(self, text: str, voice: Voice) -> str:
        """How a voice says a text, in IPA. Raises VoiceNotFound."""
        symbols, _ = self._loaded(voice).phonemes([SpokenWord(text=word) for word in text.split()])
        return "".join(_IPA.get(symbol, symbol) for symbol in symbols if symbol not in MARKS or symbol == " ").strip()

    def close(self) -> None:
        """Drops the loaded model."""
        self._model = None

    def _loaded(self, voice: Voice) -> _Model:
        self._check(voice)
        if self._model is None:
            self._model = _Model()
        return self._model

    def _check(self, voice: Voice) -> None:
        if voice.name != HEART:
            raise VoiceNotFound(f"Hibari has no voice {voice.name!r}.")


@cache
def hibari_alphabet() -> Alphabet:
    """The sounds of American English in the voices' notation; other sounds have none that the voices learnt."""
    english = espeak_alphabet("en-us")
    assert english is not None
    return english.in_notation(_notation)


def _notation(sound: str) -> str:
    for ipa, symbol in SOUNDS.items():
        sound = sound.replace(ipa, symbol)
    return sound


class _Model:
    """A loaded voice."""

    def __init__(self) -> None:
        import hibari.dsp
        from hibari.g2p import G2P
        from hibari.g2p.token import Tok

        from tts_service.engines.models.onnx_session import opened

        assets = files("hibari") / "assets"
        model = (assets / "hibari.onnx").read_bytes()
        if hashlib.sha256(model).hexdigest() != HEART_SHA256:
            raise VoiceRefused("hibari-tts has another model file than the one measured. Install its pinned version.")
        self._session = opened(with_output(model, DURATIONS))
        self._synth, self._token, self._reader = hibari.dsp.synth, Tok, G2P()
        self._ids: Mapping[str, int] = json.loads((assets / "vocab.json").read_text(encoding="utf-8"))
        self._alphabet = hibari_alphabet()
        # Its net for unknown words has Cyrillic letters, too, but reads nothing that anybody would understand.
        self._letters = frozenset(letter for letter in self._reader.oov.cin if is_latin(letter))

    def speak(self, words: Sequence[SpokenWord], rate: float) -> Sound:
        symbols, owners = self.phonemes(words)
        sentence = Symbols(text=symbols, owners=owners)
        return sentence.spoken(words, lambda part: self._run(part, rate), most=MOST_PHONEMES, rate_hz=RATE_HZ)

    def phonemes(self, words: Sequence[SpokenWord]) -> tuple[str, list[int | None]]:
        """(the sentence in the voices' notation, the word that each symbol belongs to)."""
        pieces = [(index, piece) for index, word in enumerate(words) for piece in self._pieces(word)]
        tokens, owners_of_pieces = [], []
        for index, piece in pieces:
            ipa = self._pronounced(words[index]) or letter_a(words, index)
            if ipa:
                tokens.append(self._token(piece, "NN", " ", phonemes=ipa, rating=5))
            else:
                read = [self._token(text) for text, _ in self._reader.tokenizer(piece)]
                if not read:
                    continue
                read[-1].whitespace = " "
                tokens += read
            owners_of_pieces.append(index)
        for token, tag in zip(tokens, self._reader.tagger([token.text for token in tokens]), strict=True):
            token.tag = tag
        symbols: list[str] = []
        owners: list[int | None] = []
        waiting = iter(owners_of_pieces)
        owner: int | None = next(waiting, None)
        for group in self._reader.phonemize_tokens(tokens):
            for symbol in (group.phonemes or "") + group.whitespace:
                if symbol in self._ids:
                    symbols.append(symbol)
                    owners.append(None if symbol in MARKS else owner)
            if group.whitespace:
                owner = next(waiting, None)
        return "".join(symbols), owners

    def _pieces(self, word: SpokenWord) -> Sequence[str]:
        """A word's text in letters that the reader knows: it drops others silently."""
        if self._pronounced(word):
            return [word.text.strip() or "-"]
        return respelled(word.text, self._letters.__contains__).split()

    def _pronounced(self, word: SpokenWord) -> str:
        if not word.ipa:
            return ""
        sounds = self._alphabet.pronounced(word.ipa)
        if not sounds:
            return ""
        mark = closing_mark(word.text)
        return "".join(self._alphabet.written(sound) or sound for sound in sounds) + (mark or "")

    def _run(self, symbols: str, rate: float) -> Part:
        ids = np.array([[0, *(self._ids[symbol] for symbol in symbols), 0]], np.int64)
        *parts, lengths = self._session.run(None, {"ids": ids, "speed": np.array([rate], np.float32)})
        samples: Any = self._synth(*(part[0] for part in parts), np.random.default_rng(SEED))
        starts = [0, *accumulate(int(frames) * FRAME for frames in lengths.ravel())]
        return Part(samples=samples, starts=[max(0.0, start - EARLY) for start in starts[1:-1]])


def letter_a(words: Sequence[SpokenWord], index: int) -> str:
    """The sounds of an "A" beside another letter ("A I", "M B A"), with its mark; "" for another word. The package's
    reader takes every such "A" for the article."""
    if not re.fullmatch(r"\W*A\W*", words[index].text):
        return ""
    beside = (*words[max(0, index - 1) : index], *words[index + 1 : index + 2])
    if not any(_LETTER.fullmatch(word.text) for word in beside):
        return ""
    mark = closing_mark(words[index].text) or ""
    return "ˈA" if mark == "." and index + 1 < len(words) else f"ˈA{mark}"  # "U S A. won": no sentence ends there


def is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")
