"""What `run` prints: addresses and keys."""

from __future__ import annotations

from tts_service.access.audit import COMMAND_LINE
from tts_service.access.keys import SCOPES, create_key, list_keys
from tts_service.access.links import staff_link
from tts_service.db.migrate import upgrade
from tts_service.db.session import Database
from tts_service.settings import Settings


def welcome(settings: Settings) -> list[str]:
    """Lines for the operator. The first run makes an API key; it is shown this once."""
    database = Database(settings.database)
    upgrade(database)  # the API has done it; whoever asks without one is greeted too
    lines = [
        f"Listen to the article: {settings.base_url}",
        f"Staff (link works once): {staff_link(settings, database, COMMAND_LINE)}",
        f"Data: {settings.data_dir.absolute()}",
    ]
    if not any(key["name"] == "first run" for key in list_keys(database)):
        # Every right: it is the operator's, and the commands of the documents are to work with it.
        key = create_key(database, "first run", SCOPES)
        lines.append(f"API key (shown only once): {key}")
    else:
        lines.append("API key: shown at the first start; `tts-service keys add NAME` creates another one.")
    database.close()
    return lines
