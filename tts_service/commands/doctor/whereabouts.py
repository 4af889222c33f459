"""Where readers reach this service: at its public address, or where `tts-service run` has noted that it listens."""

from __future__ import annotations

from tts_service.embedded.run import noted_address
from tts_service.settings import Settings


def reached_at(settings: Settings) -> str:
    """Without a public address `run` may have taken another port than the settings name."""
    return settings.base_url if settings.public_url else noted_address(settings) or settings.base_url
