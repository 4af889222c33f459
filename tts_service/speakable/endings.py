"""What clings to a name: "Holyrood’s" and "d’Holyrood" are said in one breath, so a lexeme takes its clitics along."""

from __future__ import annotations

from dataclasses import dataclass

from tts_service.speakable.language import language_of

_LONGEST = 8
"""Characters of the longest one before a name."""


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
        own = language_of(language).clinging
        behind = own.sound_behind(self.behind.lower(), ipa) if self.behind else ""
        return own.sounds_before.get(self.before.lower(), "") + ipa + behind


def clitics(text: str, start: int, end: int, language: str) -> Clitics:
    """What clings to text[start:end]."""
    own = language_of(language).clinging
    behind = own.behind.match(text, end) if own.behind else None
    before = own.before.search(text[max(0, start - _LONGEST) : start]) if own.before else None
    return Clitics(before=before[1] if before else "", behind=behind[1] if behind else "")
