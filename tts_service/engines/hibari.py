"""HibariEngine: small English neural voices of the package hibari-tts. No espeak-ng, no GPL; one voice is in the
package, others lie in the folder `hibari` of the voices folder once they are installed from the catalogue.

The package turns words into phonemes and phonemes into sound. Its reading of numbers and its search for sentence ends
aren't used: it receives spoken words, one sentence at a time.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
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
from tts_service.engines.voices.catalogue import CatalogueVoice, voice_catalogue
from tts_service.engines.voices.receipts import receipt_of
from tts_service.errors import VoiceNotFound, VoiceRefused
from tts_service.values import DigitalSourceType, SpokenWord, Voice

REVISION = "hibari-2"
"""Bump when this file changes the sound made from the same words."""
HEART = "heart"
HEART_GAIN_DB = 10.4
"""Gain towards -16 LUFS after the live limiter, by `calibration.calibrate`."""
RATE_HZ = 24_000
SEED = 0
"""Seeds the noise in consonants and breath, so that the same words always give the same samples."""
DURATIONS = b"/Clip_output_0"
"""The value inside the model that holds each phoneme's length in frames."""
FRAME = 600
"""Samples: 25 ms."""
EARLY = 3 * FRAME
"""Samples by which phonemes are heard before the model's frames begin: Kokoro, whose voice it learnt, counts them the
same way. Measured by forced alignment (`make hear`)."""
MOST_PHONEMES = 400
"""Maximum per run of the model, whose memory grows with the square of their number."""
MODELS_KEPT = 2
"""Maximum loaded voices; the least recently used is evicted."""
_BOTH = {
    "aɪ": "I",
    "aʊ": "W",
    "eɪ": "A",
    "ɔɪ": "Y",
    "dʒ": "ʤ",
    "tʃ": "ʧ",
    "n̩": "ᵊn",
    "əl": "ᵊl",
    "ɐ": "ə",
    "ʔ": "t",
    "x": "k",
}
AMERICAN = _BOTH | {"oʊ": "O", "ɜː": "ɜɹ", "ɚ": "əɹ", "ɾ": "T", "ː": ""}
BRITISH = _BOTH | {"əʊ": "Q", "eə": "ɛː", "r": "ɹ"}
"""IPA to the voices' notation (that of misaki, Kokoro's reader), longest first within a sound."""
_LETTER = re.compile(r"\W*[A-Z](?:['’]?s)?\W*")
"""A word that is a letter: "I", "Ps", "D’s"."""
_IPA = {"I": "aɪ", "W": "aʊ", "A": "eɪ", "O": "oʊ", "Q": "əʊ", "Y": "ɔɪ", "ʤ": "dʒ", "ʧ": "tʃ", "ᵊ": "ə", "T": "ɾ"}
_CATALOGUE = {voice.name: voice for voice in voice_catalogue().values() if voice.engine == "hibari"}


class HibariEngine:
    """Speaks with the package's voice and installed ones. They are loaded on first use."""

    name = "hibari"

    def __init__(self, voices_folder: Path) -> None:
        """Raises ImportError if hibari-tts is missing."""
        try:
            self._version = version("hibari-tts")
        except PackageNotFoundError as error:
            raise ImportError("it needs hibari-tts: pip install 'tts-service[hibari]'") from error
        self._voices_folder = voices_folder
        self._readers = lru_cache(_Reader)
        self._models = lru_cache(MODELS_KEPT)(self._load)

    def voices(self) -> Sequence[Voice]:
        """The package's voice and those that are installed; the voices folder is read on every call."""
        return tuple(voice for facts in _CATALOGUE.values() if (voice := self._voice(facts)))

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """Speaks the words, using `ipa` where set. Raises VoiceNotFound; VoiceRefused if its file isn't the one of
        the catalogue."""
        self._check(voice)
        return self._models(voice.name).speak(words, rate)

    def alphabet(self, voice: Voice) -> Alphabet | None:
        """The sounds a voice accepts in pronunciations. Raises VoiceNotFound."""
        self._check(voice)
        return hibari_alphabet(voice.language)

    def pronounce(self, text: str, voice: Voice) -> str:
        """How a voice says a text, in IPA. Raises VoiceNotFound."""
        self._check(voice)
        symbols, _ = self._readers(voice.language).phonemes([SpokenWord(text=word) for word in text.split()])
        return "".join(_IPA.get(symbol, symbol) for symbol in symbols if symbol not in MARKS or symbol == " ").strip()

    def close(self) -> None:
        """Drops what is loaded."""
        self._models.cache_clear()
        self._readers.cache_clear()

    def _voice(self, facts: CatalogueVoice) -> Voice | None:
        """None: it isn't installed."""
        gain_db: float | None = HEART_GAIN_DB
        if facts.fetched:
            receipt = receipt_of(self._voices_folder, facts.id) if self._path(facts).is_file() else None
            gain_db = receipt.gain_db if receipt else None
        if gain_db is None:
            return None
        return Voice(
            engine=self.name,
            name=facts.name,
            language=facts.language,
            sample_rate_hz=RATE_HZ,
            licence=facts.shown_licence,
            digital_source_type=DigitalSourceType.TRAINED,
            gain_db=gain_db,
            cpu_s_per_minute=facts.measured.cpu_s_per_minute,
            credit=facts.licence.credit or "",
            fingerprint=f"{REVISION}, hibari-tts {self._version}, sha256 {facts.files[0].sha256}",
        )

    def _path(self, facts: CatalogueVoice) -> Path:
        return self._voices_folder / self.name / facts.files[0].name

    def _check(self, voice: Voice) -> None:
        if voice.name not in _CATALOGUE:
            raise VoiceNotFound(f"Hibari has no voice {voice.name!r}.")
        facts = _CATALOGUE[voice.name]
        if facts.fetched and not self._path(facts).is_file():
            raise VoiceNotFound(f"The voice {facts.id} isn't installed: tts-service voices install {facts.id}")

    def _load(self, name: str) -> _Model:
        facts = _CATALOGUE[name]
        path = self._path(facts) if facts.fetched else _assets() / facts.files[0].name
        model = path.read_bytes()
        if hashlib.sha256(model).hexdigest() != facts.files[0].sha256:
            raise VoiceRefused(
                f"{path} isn't the file of {facts.id} that the catalogue names. Remove the voice and install it again."
                if facts.fetched
                else "hibari-tts has another model file than the one measured. Install its pinned version."
            )
        return _Model(model, self._readers(facts.language))


@cache
def hibari_alphabet(language: str = "en-US") -> Alphabet:
    """The sounds of a variety of English in the voices' notation; other sounds have none that the voices learnt."""
    sounds = espeak_alphabet(_ESPEAK[language])
    assert sounds is not None
    notation = BRITISH if language == "en-GB" else AMERICAN

    def written(sound: str) -> str:
        for ipa, symbol in notation.items():
            sound = sound.replace(ipa, symbol)
        return sound

    return sounds.in_notation(written)


_ESPEAK = {"en-US": "en-us", "en-GB": "en-gb"}
"""espeak-ng's voice whose table of sounds a variety has."""


def _assets() -> Path:
    return Path(str(files("hibari"))) / "assets"


class _Model:
    """A loaded voice."""

    def __init__(self, model: bytes, reader: _Reader) -> None:
        import hibari.dsp

        from tts_service.engines.models.onnx_session import opened

        self._session = opened(with_output(model, DURATIONS))
        self._synth, self._reader = hibari.dsp.synth, reader

    def speak(self, words: Sequence[SpokenWord], rate: float) -> Sound:
        symbols, owners = self._reader.phonemes(words)
        sentence = Symbols(text=symbols, owners=owners)
        return sentence.spoken(words, lambda part: self._run(part, rate), most=MOST_PHONEMES, rate_hz=RATE_HZ)

    def _run(self, symbols: str, rate: float) -> Part:
        ids = np.array([[0, *(self._reader.ids[symbol] for symbol in symbols), 0]], np.int64)
        *parts, lengths = self._session.run(None, {"ids": ids, "speed": np.array([rate], np.float32)})
        samples: Any = self._synth(*(part[0] for part in parts), np.random.default_rng(SEED))
        starts = [0, *accumulate(int(frames) * FRAME for frames in lengths.ravel())]
        return Part(samples=samples, starts=[max(0.0, start - EARLY) for start in starts[1:-1]])


class _Reader:
    """Reads words of a variety of English as the voices' symbols."""

    def __init__(self, language: str) -> None:
        from hibari.g2p.token import Tok

        from tts_service.engines.hibari_tables import PackedReader

        self._token, self._reader = Tok, PackedReader(british=language == "en-GB")
        self.ids: Mapping[str, int] = json.loads((_assets() / "vocab.json").read_text(encoding="utf-8"))
        self._alphabet = hibari_alphabet(language)
        # Its network for unknown words accepts Cyrillic letters, too, but reads them unintelligibly.
        self._letters = frozenset(letter for letter in self._reader.oov.cin if is_latin(letter))

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
                if symbol in self.ids:
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
