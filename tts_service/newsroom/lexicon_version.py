"""The version of the entries that hold for an article, kept entry by entry so that it is read in one statement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.db.tables import LexiconEntryRow, LexiconVersionRow
from tts_service.speakable.lexeme import Scope

_LOCK_KEY = 0x6C657869  # any constant: all writers of lexicons take the same lock
_SUMS = 1 << 256
"""A place's version is the sum of its entries' hashes below this: what is added and removed again leaves no trace."""


def place_key(scope: str, site: str | None, article: str | None) -> str:
    """Another one for each place."""
    return json.dumps([scope, site, article])


def lexicon_version(database: Database, site: str, external_id: str) -> str:
    """Equal when what holds for an article is equal, for the price of three rows whatever the number of entries."""
    with database.reading() as session:
        return lexicon_version_in(session, site, external_id)


def lexicon_version_in(session: Session, site: str, external_id: str) -> str:
    """The same, where a session is open."""
    wanted = LexiconVersionRow.place.in_(places_of(site, external_id))
    return sum_of_versions(session.scalars(select(LexiconVersionRow.version).where(wanted)))


def places_of(site: str, external_id: str) -> list[str]:
    """Keys of the places whose entries hold for an article: everywhere, its site, the article."""
    keys = [place_key(Scope.GLOBAL, None, None)]
    keys += [place_key(Scope.SITE, site, None)] if site else []
    keys += [place_key(Scope.ARTICLE, site, external_id)] if external_id else []
    return keys


def sum_of_versions(versions: Iterable[str]) -> str:
    """The version of several places together."""
    return f"{sum(int(one, 16) for one in versions) % _SUMS:064x}"


def note_change(session: Session, gone: Iterable[LexiconEntryRow], fresh: Iterable[LexiconEntryRow]) -> None:
    """Put another version in place for entries of one place that go and come. The place must be `locked`."""
    gone, fresh = list(gone), list(fresh)
    if not gone and not fresh:
        return
    place = _key_of((gone or fresh)[0])
    row = session.get(LexiconVersionRow, place)
    if row is None:
        row = LexiconVersionRow(place=place, version="0")
        session.add(row)
    total = int(row.version, 16) + sum(map(_hash, fresh)) - sum(map(_hash, gone))
    row.version = f"{total % _SUMS:064x}"


def _hash(row: LexiconEntryRow) -> int:
    """Of where an entry holds and what it says; its id, note and author change nothing that is heard."""
    said = [_key_of(row), row.language, row.graphemes, row.alias, row.ipa, row.case_sensitive]
    if row.alone or row.except_articles:  # other entries keep the hashes that earlier versions summed up
        said += [row.alone, row.except_articles]
    return int.from_bytes(hashlib.sha256(json.dumps(said).encode()).digest(), "big")


def lock_lexicons(database: Database, session: Session) -> None:
    """No other session changes entries until this one ends."""
    if not database.is_sqlite:  # SQLite has one writer at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def _key_of(row: LexiconEntryRow) -> str:
    return place_key(row.scope, row.site, row.article)
