"""What voices and languages are called on the staff's pages."""

from __future__ import annotations

import re
from functools import cache

from tts_service.engines.voices.catalogue import voice_catalogue
from tts_service.web.languages import locale_of

_PIPER = re.compile(r"(?P<language>[a-z]{2,3})_(?P<region>[A-Z]{2})-(?P<speaker>[^-]+)(?:-(?P<quality>.+))?")
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)
_ESPEAK = "eSpeak"
"""Its voices have no names of their own, only their languages'."""


def voice_name(voice: str, shown_in: str) -> str:
    """ "piper:en_US-joe-medium" is "Joe medium, English (United States)"; what follows no known form stays as it is."""
    engine, _, name = voice.partition(":")
    if engine == "piper" and (found := _PIPER.fullmatch(name)):
        speaker = found["speaker"].replace("_", " ")
        quality = f" {found['quality'].replace('_', ' ')}" if found["quality"] else ""
        language = language_name(f"{found['language']}-{found['region']}", shown_in)
        return f"{speaker[:1].upper()}{speaker[1:]}{quality}, {language}"
    if entry := voice_catalogue().get(voice):
        speaker = (name.partition("_")[2] or name).replace("_", " ").title()
        return f"{speaker}, {language_name(entry.language, shown_in)}"
    if engine == "pyttsx3" and _TAG.fullmatch(name):
        return f"{_ESPEAK}, {language_name(name, shown_in)}"
    return name or voice


@cache
def language_name(code: str, shown_in: str) -> str:
    """A language's name in another; its code where there is none."""
    base, _, region = code.partition("-")
    locale = locale_of(shown_in)
    name = str(locale.languages.get(base.lower(), base))
    return f"{name} ({locale.territories.get(region.upper(), region)})" if region else name
