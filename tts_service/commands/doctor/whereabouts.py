"""Where readers reach this service: the public address, or where `tts-service run` says it listens."""

from __future__ import annotations

from tts_service.embedded.run import noted_address
from tts_service.settings import Settings


def reached_at(settings: Settings) -> str:
    """Without a public address `run` may have taken another port than the settings name."""
    return settings.base_url if settings.public_url else noted_address(settings) or settings.base_url
