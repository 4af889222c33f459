"""The commands by subject; importing this package registers them all."""

from tts_service.commands import (
    backfill,
    callbacks,
    erase,
    feedback,
    feeds,
    hooks,
    inbound,
    keys,
    lexicon,
    listening,
    look,
    serve,
    sites,
    speak,
    staff,
    text,
    verify,
)
from tts_service.commands.app import app

__all__ = [
    "app",
    "backfill",
    "callbacks",
    "erase",
    "feedback",
    "feeds",
    "hooks",
    "inbound",
    "keys",
    "lexicon",
    "listening",
    "look",
    "serve",
    "sites",
    "speak",
    "staff",
    "text",
    "verify",
]
