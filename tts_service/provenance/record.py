"""The provenance record of a clip revision: stored with it, shown to readers, signed into its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tts_service.values import DigitalSourceType, Voice

_PREFIX = DigitalSourceType.RULES.uri.removesuffix(DigitalSourceType.RULES.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceHeard:
    """A voice that speaks in the clip."""

    voice: str
    """Voice id: engine:name."""
    engine: str
    language: str
    """BCP 47 tag of the voice."""
    licence: str
    digital_source_type: str
    """IPTC digital source type of this voice, as URL."""
    fingerprint: str = ""
    """Hash of the model and the engine's version."""
    credit: str = ""
    """The line that its licence asks for; empty: none."""

    def as_json(self) -> dict[str, str]:
        """As stored and shown: a credit line only where there is one."""
        return {name: value for name, value in asdict(self).items() if value or name != "credit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a clip revision was made."""

    service: str
    """This service's name and version."""
    site: str
    made_at: str
    """Start of the rendering: ISO 8601, UTC."""
    text_sha256: str
    """SHA-256 of the text that was read: the source (text, HTML, Markdown, SSML) in UTF-8."""
    digital_source_type: str
    """IPTC digital source type of the whole clip, as URL."""
    voices: tuple[VoiceHeard, ...]
    """All voices in the clip, the main voice first."""
    lexicon_version: str = ""
    """Hash of the pronunciations used for the article; empty if none."""
    policy_version: str = ""
    """Hash of the site's speech policy; empty if none."""
    spoken_notice: str = ""
    """Disclosure spoken before the first word; empty if none."""

    @property
    def main(self) -> VoiceHeard:
        """The main voice."""
        return self.voices[0]

    @property
    def credits(self) -> tuple[str, ...]:
        """The lines that the voices' licences ask for."""
        return tuple(dict.fromkeys(voice.credit for voice in self.voices if voice.credit))

    @property
    def source_type(self) -> DigitalSourceType:
        """Digital source type of the whole clip."""
        return DigitalSourceType(self.digital_source_type.removeprefix(_PREFIX))

    @property
    def is_recorded(self) -> bool:
        """Whether a person reads the clip."""
        return self.source_type is DigitalSourceType.CAPTURE

    def as_json(self) -> dict[str, Any]:
        """As stored and shown; the main voice's fields come first, for consumers that expect a single voice."""
        main = self.main
        front = {"engine": main.engine, "voice": main.voice, "licence": main.licence}
        return {**front, **asdict(self), "voices": [voice.as_json() for voice in self.voices]}


def voices_heard(voices: Sequence[Voice]) -> tuple[VoiceHeard, ...]:
    """A clip's voices as record entries."""
    return tuple(
        VoiceHeard(
            voice=voice.id,
            engine=voice.engine,
            language=voice.language,
            licence=voice.licence,
            digital_source_type=voice.digital_source_type.uri,
            fingerprint=voice.fingerprint,
            credit=voice.credit,
        )
        for voice in voices
    )


def record_from(kept: Mapping[str, Any]) -> Provenance:
    """Inverse of as_json(). Raises KeyError, TypeError or ValueError for anything else."""
    voices = tuple(VoiceHeard(**voice) for voice in kept["voices"])
    if not voices:
        raise ValueError("a clip without a voice")
    names = ("service", "site", "made_at", "text_sha256", "digital_source_type")
    later = {name: kept.get(name, "") for name in ("lexicon_version", "policy_version", "spoken_notice")}
    return Provenance(voices=voices, **{name: kept[name] for name in names}, **later)
