"""Which voice speaks a language, and why: named ones first, then the installed ones in the order of `VoiceReason`.

Within a step, the voice whose language is closest; for English, `hibari:heart` before others that are as close. Remote
voices speak only where they are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tts_service.engines.voices.languages import closeness, normal_tag
from tts_service.values import DigitalSourceType, Voice

ENGLISH = "hibari:heart"


class VoiceReason(StrEnum):
    """Why a voice speaks a language, in the order in which voices are considered."""

    CHOSEN = "chosen"
    """The site's policy names it."""
    SETTING = "setting"
    """The operator set it (`TTS_DEFAULT_VOICE_EN`)."""
    KEPT = "kept"
    """The site has had it since before an update."""
    TRAINED = "trained"
    """A trained voice of the language is installed."""
    COSTLY = "costly"
    """A trained voice of the language is installed that costs far more than others."""
    PICO = "pico"
    """Pico is installed."""
    RULES = "rules"
    """Only a rule-based voice of the language is installed."""


_STEPS = tuple(VoiceReason)
_COSTLY_CPU_S = 20.0
"""CPU seconds for a minute of speech from which a voice costs far more than others."""
_CORES = 4
"""Fewest cores of a machine on which a costly voice speaks without being named."""
_PICO = "pico"
"""Engine between trained and rule-based ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceChoice:
    """The voice that speaks a language."""

    voice: Voice
    reason: VoiceReason
    missing: tuple[str, ...] = ()
    """Ids of voices that would come first but aren't installed."""


def choose_voice(
    language: str,
    installed: Sequence[Voice],
    *,
    chosen: str | None = None,
    configured: str | None = None,
    kept: str | None = None,
    cores: int = _CORES,
) -> VoiceChoice | None:
    """The voice for a BCP 47 tag; None: no voice speaks it.

    Ids of named voices: `chosen` by the site, `configured` by the operator for English, `kept` from before an update.
    `cores`: of this machine.
    """
    tag = normal_tag(language)
    english = tag.split("-")[0] == "en"
    by_id = {voice.id: voice for voice in installed}
    missing: list[str] = []
    for voice_id, reason in (
        (chosen, VoiceReason.CHOSEN),
        (configured if english else None, VoiceReason.SETTING),
        (kept, VoiceReason.KEPT),
    ):
        if voice_id and voice_id in by_id:
            return VoiceChoice(voice=by_id[voice_id], reason=reason, missing=tuple(missing))
        if voice_id:
            missing.append(voice_id)
    if english and ENGLISH not in (*by_id, *missing):
        missing.append(ENGLISH)
    fitting = [
        voice
        for voice in installed
        if voice.engine != "tone"
        and not voice.remote
        and closeness(tag, voice.language) > 0
        and (cores >= _CORES or _step(voice) is not VoiceReason.COSTLY)
    ]
    if not fitting:
        return None

    def place(voice: Voice) -> tuple[int, float, bool, bool, str]:
        step, close = _STEPS.index(_step(voice)), closeness(tag, voice.language)
        return step, -close, voice.id != ENGLISH, voice.name != tag, voice.id

    found = min(fitting, key=place)
    return VoiceChoice(voice=found, reason=_step(found), missing=tuple(missing))


def is_trained(voice: Voice) -> bool:
    return voice.digital_source_type is DigitalSourceType.TRAINED


def is_costly(voice: Voice) -> bool:
    """Whether a voice costs far more than others."""
    return (voice.cpu_s_per_minute or 0.0) >= _COSTLY_CPU_S


def _step(voice: Voice) -> VoiceReason:
    if voice.engine == _PICO:
        return VoiceReason.PICO
    if not is_trained(voice):
        return VoiceReason.RULES
    return VoiceReason.COSTLY if is_costly(voice) else VoiceReason.TRAINED
