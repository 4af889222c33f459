"""Licences of the voices in the catalogue: of their data, of the voice they were trained from, of their weights, each
with its source. NOTICE says the same in prose."""

from __future__ import annotations

from tts_service.engines.voices.catalogue import VoiceLicence, voice_catalogue

VOICE_LICENCES = {voice.id: voice.licence for voice in voice_catalogue().values()}
"""By id. Voices of espeak-ng are rules of a program (GPL-3.0-or-later), trained with nothing."""


def to_review(voice_id: str) -> VoiceLicence | None:
    """The licence of a voice that is to be checked before commercial use; None: there is nothing to check."""
    found = VOICE_LICENCES.get(voice_id)
    return found if found and found.commercial.needs_acceptance else None
