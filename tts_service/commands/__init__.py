"""The commands by subject; importing this package registers them all."""

from tts_service.commands import hooks, inbound, lexicon, look, serve, sites, speak, text
from tts_service.commands.app import app

__all__ = ["app", "hooks", "inbound", "lexicon", "look", "serve", "sites", "speak", "text"]
