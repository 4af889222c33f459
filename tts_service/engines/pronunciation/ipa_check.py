"""Which voices can say a pronunciation, answered from tables on entry, without an engine."""

from __future__ import annotations

from dataclasses import dataclass

from tts_service.engines.pronunciation.ipa import MAX_IPA, Alphabet, SaysIpa, cleaned, named
from tts_service.engines.voices.languages import same_primary_language
from tts_service.engines.voices.registry import Registry
from tts_service.errors import InputRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class SpelledBy:
    """A voice that falls back to the spelling of the word."""

    voice: str
    """Voice id."""
    symbols: tuple[str, ...]
    """Symbols it doesn't know; empty: it accepts no pronunciations at all."""


class IpaCheck:
    """Checks pronunciations against the voices of one language."""

    def __init__(self, registry: Registry, language: str) -> None:
        self.language = language
        self._alphabets: list[tuple[str, Alphabet | None]] = []
        for voice in registry.voices():
            engine = registry.engines.engine(voice.engine)
            if same_primary_language(voice.language, language) and voice.engine != "tone":
                alphabet = engine.alphabet(voice) if isinstance(engine, SaysIpa) else None
                self._alphabets.append((voice.id, alphabet))

    def spelled_by(self, ipa: str) -> tuple[SpelledBy, ...]:
        """The voices that fall back to the spelling. Raises InputRefused, naming symbols, if no voice can say it."""
        if not cleaned(ipa) or len(ipa) > MAX_IPA:
            raise InputRefused(f"A pronunciation must have 1 to {MAX_IPA} IPA symbols.", field="ipa")
        found = []
        for voice, alphabet in self._alphabets:
            read = alphabet.read(ipa) if alphabet else None
            if read is None or read.unknown or not read.sounds:
                nothing = (cleaned(ipa),) if read else ()
                found.append(SpelledBy(voice=voice, symbols=(read and read.unknown) or nothing))
        if len(found) == len(self._alphabets):
            self._refuse(ipa, found)
        return tuple(found)

    def by_voice(self, ipa: str) -> dict[str, tuple[str, ...]]:
        """Voice id -> symbols that it doesn't know, for the voices that accept pronunciations."""
        found: dict[str, tuple[str, ...]] = {}
        for voice, alphabet in self._alphabets:
            if alphabet is not None:
                read = alphabet.read(ipa)
                found[voice] = read.unknown if read.sounds or read.unknown else (cleaned(ipa),)
        return found

    def _refuse(self, ipa: str, found: list[SpelledBy]) -> None:
        """Raises InputRefused with the symbols that the closest voice doesn't know."""
        closest = min((spelled for spelled in found if spelled.symbols), key=lambda s: len(s.symbols), default=None)
        if closest is None:
            raise InputRefused(f"No voice for {self.language!r} can say IPA: enter a respelling.", field="ipa")
        symbols = ", ".join(named(symbol) for symbol in closest.symbols)
        raise InputRefused(
            f"No voice for {self.language!r} can say {symbols} in the pronunciation {ipa!r}.",
            field="ipa",
            symbols=closest.symbols,
        )
