"""The store belongs to one installation: its object `installation` holds that installation's id.

Another installation would delete what it has no rows for, and its own objects would be deleted by the owner. So only
the owner writes to the store and deletes from it. retention.ownership decides who becomes the owner.
"""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from tts_service.db.session import Database, new_id
from tts_service.db.tables import InstallationRow
from tts_service.errors import NotFound, StoreUnavailable
from tts_service.parts import Parts
from tts_service.storage.base import ClipStore

OWNER_OBJECT = "installation"
OTHER_OWNER = (
    "The store belongs to another installation: no job is worked on here, and nothing is deleted from it. Set "
    "TTS_STORE_URL to a store of this installation's own, or take this one over with `tts-service prune --adopt`: it "
    "says first what would be deleted."
)


def installation_id(database: Database) -> str:
    """The id of this installation."""
    with database.reading() as session:
        known = session.get(InstallationRow, 1)
    if known is not None:
        return known.id
    insert = (sqlite if database.is_sqlite else postgresql).insert(InstallationRow)
    with database.writing() as session:  # another process may do the same
        made = insert.values(number=1, id=new_id("inst"), store_unknown=False)
        session.execute(made.on_conflict_do_nothing())
        return session.get_one(InstallationRow, 1).id


def owner_of(store: ClipStore) -> str | None:
    """The id of the installation that the store belongs to; None: it has no owner. Raises StoreUnavailable."""
    try:
        # Empty: the machine lost its power while the owner was written.
        return store.get(OWNER_OBJECT).decode(errors="replace").strip() or None
    except NotFound:
        return None


def require_own_store(parts: Parts) -> None:
    """Raises StoreUnavailable if the store belongs to another installation."""
    owner = owner_of(parts.store)
    if owner is not None and owner != installation_id(parts.database):
        raise StoreUnavailable(OTHER_OWNER)
