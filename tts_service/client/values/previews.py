"""Sentences that are spoken to hear them, before anything is saved."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tts_service.client.values.json_members import Json, members
from tts_service.client.values.lexicon import SpelledBy


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipSentence:
    """A sentence of a clip."""

    clip: str
    position: int
    """Among the revision's sentences, as an impact's changes name it."""
    revision: int | None = None
    """None: the current one."""

    def to_json(self) -> dict[str, Any]:
        """As POST /v1/preview takes it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedSentence:
    """A sentence that stands in no clip."""

    text: str
    language: str
    """BCP 47 tag."""
    site: str | None = None
    """Whose lexicon and policy apply; None: the key's site."""
    article: str | None = None
    """Whose own entries apply: its id in the CMS."""

    def to_json(self) -> dict[str, Any]:
        """As POST /v1/preview takes it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What is spoken in one go, and its sound."""

    segment: str
    """Key of the sound: the method `sound` returns it."""
    words: str
    """As spoken, IPA between slashes."""
    duration_ms: int
    voice: str

    @classmethod
    def of(cls, data: Json) -> Sound:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A sentence before and after a change."""

    text: str
    """As written."""
    language: str
    before: tuple[Sound, ...]
    """Several if the change moves the sentence's bounds."""
    after: tuple[Sound, ...]
    same: bool
    """Whether it sounds the same."""
    spelled_by: tuple[SpelledBy, ...]
    """Voices that read the spelling instead of the IPA."""

    @classmethod
    def of(cls, data: Json) -> Preview:
        before, after = (tuple(Sound.of(one) for one in data[name]) for name in ("before", "after"))
        spelled = tuple(SpelledBy.of(one) for one in data["spelled_by"])
        return cls(**members(cls, data, before=before, after=after, spelled_by=spelled))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What may be tried for a word: exactly one of alias and ipa."""

    kind: str
    """entry, similar, reading, spelled, word, voice, language."""
    detail: str
    """The entry's language, site and article; the similar word; the reading; the voice; the language."""
    alias: str | None
    ipa: str | None
    entry: str | None
    """The entry's id."""

    @classmethod
    def of(cls, data: Json) -> Suggestion:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class IpaVoice:
    """Whether one voice can say a pronunciation."""

    voice: str
    says: bool
    unknown: tuple[str, ...]
    """Symbols that it doesn't know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IpaCheck:
    """Which voices of a language can say a pronunciation."""

    ipa: str
    """In the form in which it is kept."""
    voices: tuple[IpaVoice, ...]
    """Empty: the language has none that accept IPA."""

    @classmethod
    def of(cls, data: Json) -> IpaCheck:
        voices = tuple(IpaVoice(**members(IpaVoice, one)) for one in data["voices"])
        return cls(**members(cls, data, voices=voices))
