"""The rules of a language, compiled once."""

from __future__ import annotations

from functools import lru_cache

from tts_service.speakable.emojis import with_emoji
from tts_service.speakable.language import language_of
from tts_service.speakable.rules import RuleSet
from tts_service.values.speech_policy import EmojiPolicy


@lru_cache(maxsize=64)
def rules_for(language: str, emoji: EmojiPolicy = "dropped") -> RuleSet:
    """The rules of a language; one without its own gets numbers, addresses and acronyms."""
    own = language_of(language)
    return with_emoji(own.rules(own), emoji)
