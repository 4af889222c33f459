"""Maps a pronunciation to the sounds of another language's voice, as its speakers replace foreign sounds."""

from __future__ import annotations

import unicodedata

from tts_service.engines.pronunciation.ipa import Alphabet, cleaned

_NASAL = "\u0303"
_NEAREST = {
    "ʁ": "ɹ r ʀ ɾ",
    "ʀ": "ʁ ɹ r ɾ",
    "r": "ɹ ɾ ʁ",
    "ɾ": "r ɹ d ʁ",
    "ɹ": "r ɾ ʁ",
    "y": "uː u i",
    "ʏ": "ʊ y u",
    "ø": "ɜː ə œ e",
    "œ": "ɜː ø ɛ",
    "ɜ": "ə ø œ e",
    "ɥ": "w j",
    "w": "u v",
    "ɲ": "nj n",
    "ʎ": "lj l",
    "ç": "ʃ x h",
    "x": "h k",
    "χ": "x h k",
    "ɣ": "ɡ",
    "β": "b v",
    "θ": "s",
    "ð": "d z",
    "ʒ": "ʃ z",
    "ŋ": "n",
    "h": "x",
    "æ": "ɛ a",
    "ʌ": "a ə",
    "ɒ": "ɔ o",
    "ɔ": "ɔː o",
    "o": "oː oʊ əʊ ɔ",
    "e": "eː eɪ ɛ",
    "ɛ": "e æ",
    "a": "ɑː aː æ ɑ",
    "ɑ": "a ɑː",
    "ɐ": "ə a",
    "ə": "e ɛ a",
    "i": "iː",
    "u": "uː",
    "ɪ": "i e",
    "ʊ": "u o",
}
"""A sound -> others that come nearest, the nearest first."""
_ROUNDS = 8
"""A substitute may need one too."""


def nearest(ipa: str, alphabet: Alphabet) -> str | None:
    """The pronunciation with the nearest sound for each that the voice lacks; None if one has no such sound."""
    text = cleaned(ipa)
    for _ in range(_ROUNDS):
        unknown = alphabet.read(text).unknown
        if not unknown:
            return text if alphabet.read(text).sounds else None
        for symbol in unknown:
            other = _substitute(symbol, alphabet)
            if other is None:
                return None
            text = unicodedata.normalize("NFC", text).replace(symbol, other).replace("ːː", "ː")
    return None


def _substitute(symbol: str, alphabet: Alphabet) -> str | None:
    plain = unicodedata.normalize("NFD", symbol)
    if _NASAL in plain:  # a nasal vowel is the vowel and an n
        return unicodedata.normalize("NFC", plain.replace(_NASAL, "")) + "n"
    known = (near for near in _NEAREST.get(symbol, "").split() if not alphabet.read(near).unknown)
    return next(known, None)
