"""Removes an erased article from the lexicon, its history and the corrections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tts_service.corrections.follow_up import close_if_ended
from tts_service.corrections.kinds import OF_ONE_ARTICLE
from tts_service.db.tables import (
    CorrectionClipRow,
    CorrectionRow,
    JsonDict,
    LexiconChangeRow,
    LexiconEntryRow,
    LexiconVersionRow,
)
from tts_service.newsroom.lexicon import locked
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.lexicon_version import lock_lexicons, note_change
from tts_service.parts import Parts
from tts_service.retention.trail import Trail

_Json = InstrumentedAttribute[JsonDict | None] | InstrumentedAttribute[list[Any] | None]


def lock_corrections(session: Session, trail: Trail) -> Sequence[CorrectionRow]:
    """Locks the corrections of an article, those that also concern others, and those that name it, until the session
    ends."""
    query = select(CorrectionRow).where(_concerns(trail)).order_by(CorrectionRow.id)
    return session.scalars(query.with_for_update()).all()


def corrections_of(session: Session, trail: Trail) -> frozenset[str]:
    """Ids of the corrections that `lock_corrections` would lock."""
    return frozenset(session.scalars(select(CorrectionRow.id).where(_concerns(trail))))


def _concerns(trail: Trail) -> ColumnElement[bool]:
    row = CorrectionRow
    with_it = select(CorrectionClipRow.correction_id).where(CorrectionClipRow.clip_id == (trail.clip_id or ""))
    return or_(row.id.in_(with_it), _is_for(row, trail), _names(trail.external_id, row.before, row.after))


def forget_in_lexicon(parts: Parts, session: Session, trail: Trail, corrections: Iterable[CorrectionRow]) -> int:
    """Remove the article's own entries with their history, its own corrections, its clip from others, and its name
    from the articles that entries leave out. Returns how many rows went."""
    place = Place.of(trail.site, trail.external_id)
    own = list(locked(parts.database, session, place))
    note_change(session, own, [])
    for row in own:
        session.delete(row)
    name = [trail.site, trail.external_id]
    ids = [one.id for one in corrections if one.kind in OF_ONE_ARTICLE or _place(one) == name]
    clip = CorrectionClipRow
    gone = len(own)
    for table, mine in (
        (clip, or_(clip.clip_id == (trail.clip_id or ""), clip.correction_id.in_(ids))),
        (CorrectionRow, CorrectionRow.id.in_(ids)),
        (LexiconChangeRow, _is_for(LexiconChangeRow, trail)),
        (LexiconVersionRow, LexiconVersionRow.place == place.key),
    ):
        gone += int(session.execute(delete(table).where(mine)).rowcount)  # type: ignore[attr-defined]
    _forget_exceptions(session, [trail.site, trail.external_id])
    return gone


def close_corrections(parts: Parts, session: Session, corrections: Iterable[CorrectionRow]) -> None:
    """Completes corrections that were waiting only for the erased clip."""
    still = select(CorrectionRow).where(CorrectionRow.id.in_([one.id for one in corrections]))
    for one in session.scalars(still.order_by(CorrectionRow.id)):
        close_if_ended(parts, session, one)


def _is_for(table: type[CorrectionRow | LexiconChangeRow], trail: Trail) -> ColumnElement[bool]:
    """The condition that a row is about an entry for this article alone."""
    name = (trail.site, trail.external_id)
    return or_(
        *(
            and_(fields["site"].as_string() == name[0], fields["article"].as_string() == name[1])
            for fields in (table.before, table.after)
        )
    )


def _place(correction: CorrectionRow) -> list[Any]:
    fields = correction.after or correction.before or {}
    return [fields.get("site"), fields.get("article")]


def forget_site_exceptions(parts: Parts, session: Session, site: str) -> int:
    """Remove a site's articles from those that entries for all sites leave out. Returns how many rows changed."""
    lock_lexicons(parts.database, session)
    return _forget_exceptions(session, [site])


def _forget_exceptions(session: Session, name: list[str]) -> int:
    """`name`: an article's, or a site's, with which its articles' names begin. The lexicon must be locked."""
    changed = 0
    for entry in session.scalars(select(LexiconEntryRow).where(_names(name[-1], LexiconEntryRow.except_articles))):
        if (kept := _without(entry.except_articles, name)) != entry.except_articles:
            note_change(session, [entry], [])
            entry.except_articles = kept
            note_change(session, [], [entry])
            changed += 1
    change, correction = LexiconChangeRow, CorrectionRow
    rows = (
        *session.scalars(select(change).where(_names(name[-1], change.before, change.after))),
        *session.scalars(select(correction).where(_names(name[-1], correction.before, correction.after))),
    )
    for row in rows:
        kept_fields = [_unnamed(fields, name) for fields in (row.before, row.after)]
        if kept_fields != [row.before, row.after]:
            row.before, row.after = kept_fields
            changed += 1
    return changed


def _names(name: str, *columns: _Json) -> ColumnElement[bool]:
    """The condition that one of some columns may name an article or a site."""
    quoted = json.dumps(name)
    return or_(*(cast(column, Text).contains(quoted, autoescape=True) for column in columns))


def _unnamed(fields: JsonDict | None, name: list[str]) -> JsonDict | None:
    if not fields or not fields.get("except_articles"):
        return fields
    return {**fields, "except_articles": _without(fields["except_articles"], name)}


def _without(articles: Iterable[Any] | None, name: list[str]) -> list[Any] | None:
    return [one for one in articles or () if one[: len(name)] != name] or None
