"""The commands by subject; importing this package registers them all."""

from tts_service.commands import callbacks, hooks, inbound, lexicon, look, serve, sites, speak, text
from tts_service.commands.app import app

__all__ = ["app", "callbacks", "hooks", "inbound", "lexicon", "look", "serve", "sites", "speak", "text"]
