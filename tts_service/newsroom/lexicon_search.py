"""Finds lexicon entries by place, language and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.article.clean import clean
from tts_service.db.tables import LexiconEntryRow
from tts_service.speakable.lexeme import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconFilter:
    """Which entries are looked for; None: any."""

    scope: Scope | None = None
    site: str | None = None
    article: str | None = None
    language: str | None = None
    """Exactly this tag, in any case."""
    q: str | None = None
    """Part of a grapheme, of what is said or of the note, in any case."""
    only_sites: Sites = None
    """Of a key or an editor: entries of other sites are not seen; those for all sites are."""


def entries(
    session: Session, wanted: LexiconFilter, *, below: str | None = None, most: int | None = None
) -> list[LexiconEntryRow]:
    """Entries, newest first: at most `most`, with ids below `below`."""
    query = select(LexiconEntryRow).order_by(LexiconEntryRow.id.desc())
    for column, value in (("scope", wanted.scope), ("site", wanted.site), ("article", wanted.article)):
        query = query.filter_by(**{column: value}) if value is not None else query
    query = query.where(LexiconEntryRow.id < below) if below else query
    if wanted.only_sites is not None:
        query = query.where(or_(LexiconEntryRow.site.is_(None), within(wanted.only_sites, LexiconEntryRow.site)))
    if wanted.q is None or most is None:
        found = (row for row in session.scalars(query.execution_options(yield_per=500)) if _is_wanted(row, wanted))
        return list(islice(found, most))
    row = LexiconEntryRow
    some = query.with_only_columns(row.id, row.language, row.graphemes, row.alias, row.ipa, row.note)
    looked_at = session.execute(some.execution_options(yield_per=500))
    ids = list(islice((one.id for one in looked_at if _is_wanted(one, wanted)), most))
    return list(session.scalars(select(row).where(row.id.in_(ids)).order_by(row.id.desc())))


def _is_wanted(row: LexiconEntryRow | Row[Any], wanted: LexiconFilter) -> bool:
    """What a database can't tell: JSON keeps "ü" as an escape, and LIKE knows no Unicode case."""
    if wanted.language is not None and row.language.lower() != wanted.language.lower():
        return False
    if wanted.q is None:
        return True
    q = clean(wanted.q)[0].casefold()
    return any(q in part.casefold() for part in (*row.graphemes, row.alias or "", row.ipa or "", row.note))
