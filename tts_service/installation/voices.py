"""Settings with voices."""

from __future__ import annotations

from collections.abc import Iterator

from tts_service.engines.voices.order import ENGLISH
from tts_service.errors import VoiceNotFound
from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import WARM_DEFAULT, Settings


def voice_faults(settings: Settings) -> Iterator[Fault]:
    """Invalid voice names (faults), and voices not installed here (warnings, as workers may be on other machines)."""
    configured: list[tuple[str, str]] = []
    for name, entries in (
        ("default_voice_en", [settings.default_voice_en]),
        ("warm_voices", settings.warm_voices.split(",")),
    ):
        for voice in filter(None, map(str.strip, entries)):
            engine, colon, rest = voice.partition(":")
            if (name, voice) == ("warm_voices", WARM_DEFAULT):
                continue
            if not (engine and colon and rest):
                yield fault_of(
                    name, f"{voice!r} is not a voice: write one from `tts-service voices`, such as {ENGLISH}"
                )
            else:
                configured.append((name, voice))
    if configured:
        yield from _absent(settings, configured)


def _absent(settings: Settings, configured: list[tuple[str, str]]) -> Iterator[Fault]:
    from tts_service.engines.voices.registry import Registry  # takes half a second: only if other voices are configured

    registry = Registry(settings)
    try:
        for name, voice in configured:
            if voice.partition(":")[0] in registry.absent:
                continue
            try:
                registry.find(voice)
            except VoiceNotFound as error:
                yield fault_of(name, error.message.removesuffix("."), False)
    finally:
        registry.close()
