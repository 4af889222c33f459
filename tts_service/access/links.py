"""One-time sign-in addresses. Apart from the pages that they open, as commands and `run` don't load the web room."""

from __future__ import annotations

from tts_service.access.sessions import make_link
from tts_service.access.staff import operator
from tts_service.db.session import Database
from tts_service.public_addresses import public_url
from tts_service.settings import Settings


def staff_link(settings: Settings, database: Database, who: str) -> str:
    """A sign-in address for the operator that works once, for a day, in whatever process it arrives."""
    token = make_link(database, operator(database, who).id, "sign-in", who)
    return public_url(settings, f"/staff/sign-in?token={token}")


def invitation_link(settings: Settings, database: Database, staff_id: str, who: str) -> str:
    """An address where somebody chooses a password, once, within a week."""
    return public_url(settings, f"/staff/invitation?token={make_link(database, staff_id, 'invitation', who)}")
