"""What clings to a name: "Holyrood’s" and "d’Holyrood" are said in one breath, so a lexeme takes its clitics along."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BEHIND = {
    "en": re.compile(r"['’](s|d|ll|ve|re)(?!\w)", re.IGNORECASE),
    "de": re.compile(r"['’](s)(?!\w)", re.IGNORECASE),
    "nl": re.compile(r"['’](s)(?!\w)", re.IGNORECASE),
}
_BEFORE = {"fr": re.compile(r"(?<!\w)((?:jus|lors|puis)?qu|[cdjlmnst])['’]$", re.IGNORECASE)}
_LONGEST = 8
"""Characters of the longest one before a name."""
_IPA_BEHIND = {"d": "d", "ll": "əl", "ve": "v", "re": "ə"}
_IPA_BEFORE = {"qu": "k", "c": "s", "d": "d", "j": "ʒ", "l": "l", "m": "m", "n": "n", "s": "s", "t": "t",
               "jusqu": "ʒysk", "lorsqu": "lɔʁsk", "puisqu": "pɥisk"}  # fmt: skip
_HISSING = re.compile(r"[szʃʒ]\W*$")
_VOICELESS = re.compile(r"[ptkfθ]\W*$")
_DENTAL = re.compile(r"[td]\W*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clitics:
    """What stands glued to a stretch of text; empty: nothing."""

    before: str
    behind: str

    def spelled(self, word: str) -> str:
        """A respelling with them."""
        return (f"{self.before}’" if self.before else "") + word + (f"’{self.behind}" if self.behind else "")

    def pronounced(self, ipa: str, language: str) -> str:
        """A pronunciation with them."""
        return _IPA_BEFORE.get(self.before.lower(), "") + ipa + _sound_behind(self.behind.lower(), ipa, language)


def clitics(text: str, start: int, end: int, language: str) -> Clitics:
    """What clings to text[start:end]."""
    base = language.split("-")[0].lower()
    behind = _BEHIND[base].match(text, end) if base in _BEHIND else None
    before = _BEFORE[base].search(text[max(0, start - _LONGEST) : start]) if base in _BEFORE else None
    return Clitics(before=before[1] if before else "", behind=behind[1] if behind else "")


def _sound_behind(behind: str, ipa: str, language: str) -> str:
    if behind != "s":
        joint = "ɪ" if behind == "d" and _DENTAL.search(ipa) else ""
        return joint + _IPA_BEHIND.get(behind, "")
    if not language.lower().startswith("en"):
        return "s"
    return "ɪz" if _HISSING.search(ipa) else "s" if _VOICELESS.search(ipa) else "z"
