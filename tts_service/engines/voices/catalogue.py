"""The catalogue of voices that can be installed: their files, licences and measured figures (catalogue.json).

Sizes and hashes come from the files themselves or from a package's own list. Ids are never renamed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from tts_service.errors import VoiceNotFound


class Commercial(StrEnum):
    """Whether a voice may be used commercially."""

    YES = "yes"
    CREDIT = "credit"
    """With a credit line."""
    REVIEW = "review"
    """Unsettled: have it checked."""
    NO = "no"

    @property
    def needs_acceptance(self) -> bool:
        """Whether somebody has to accept the licence before the voice is installed."""
        return self in (Commercial.REVIEW, Commercial.NO)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLicence:
    """What is known of a voice's licences."""

    weights: str
    data: str
    """What it was trained with."""
    parent: str | None
    """The voice it was trained from, and what is known of that one; None: it was trained from none."""
    commercial: Commercial
    sources: tuple[str, ...]
    """Where this is written, in the order above."""
    credit: str | None
    """The line that has to stand with its clips; None: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFile:
    """A file that a voice needs. Its name is unique in the catalogue, and is its name on a mirror."""

    name: str
    bytes: int
    sha256: str
    revision: str
    """Where size and hash come from."""
    url: str | None
    """None: it comes with a package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceMeasures:
    """Figures that a command of this repository printed; None: not measured."""

    cer: float | None
    """Share of characters that a recogniser gets wrong."""
    mos: float | None
    """Estimated listening quality, 1 to 5."""
    cpu_s_per_minute: float | None
    """CPU seconds that a minute of speech costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueVoice:
    """A voice of the catalogue."""

    id: str
    """As `Voice.id`."""
    language: str
    """BCP 47 tag."""
    gender: str
    """female or male."""
    extra: str
    """This package's extra that installs its engine, and those of its files that come with a package."""
    files: tuple[VoiceFile, ...]
    shown_licence: str
    """As listeners read it."""
    licence: VoiceLicence
    measured: VoiceMeasures

    @property
    def engine(self) -> str:
        return self.id.partition(":")[0]

    @property
    def name(self) -> str:
        return self.id.partition(":")[2]

    @property
    def fetched(self) -> tuple[VoiceFile, ...]:
        """The files that come with no package."""
        return tuple(file for file in self.files if file.url)

    @property
    def pip_command(self) -> str:
        """Installs its engine."""
        return f"pip install 'tts-service[{self.extra}]'"


@cache
def voice_catalogue() -> Mapping[str, CatalogueVoice]:
    """The voices by id."""
    content = json.loads((files(__package__) / "catalogue.json").read_text(encoding="utf-8"))
    known = {name: VoiceFile(name=name, **{"url": None, **file}) for name, file in content["files"].items()}
    voices = [_voice(content["lineages"][one["lineage"]] | one, known) for one in content["voices"]]
    return MappingProxyType({voice.id: voice for voice in voices})


def catalogue_voice(voice_id: str) -> CatalogueVoice:
    """A voice of the catalogue. Raises VoiceNotFound."""
    found = voice_catalogue().get(voice_id)
    if found is None:
        known = ", ".join(voice_catalogue())
        raise VoiceNotFound(f"The catalogue has no voice {voice_id[:100]!r}. It has: {known}.", voice=voice_id[:100])
    return found


def _voice(facts: Mapping[str, Any], known: Mapping[str, VoiceFile]) -> CatalogueVoice:
    parent = facts["parent"]
    return CatalogueVoice(
        id=facts["id"],
        language=facts["language"],
        gender=facts["gender"],
        extra=facts["extra"],
        files=tuple(known[name] for name in facts["files"]),
        shown_licence=facts["licence"],
        licence=VoiceLicence(
            weights=facts["weights"],
            data=facts["data"],
            parent=f"{parent['name']}, {parent['licence']}" if parent else None,
            commercial=Commercial(facts["commercial"]),
            sources=tuple(facts["sources"]),
            credit=facts["credit"],
        ),
        measured=VoiceMeasures(**facts["measured"]),
    )
