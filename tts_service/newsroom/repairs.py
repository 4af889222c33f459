"""Repairs of single articles in the database: read when a text is prepared, written by the desk's corrections."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.db.tables import ArticleRepairRow, ArticleRow, JsonDict
from tts_service.values.repairs import NO_REPAIRS, ArticleRepairs, SentenceRepair

SENTENCE, VOICE = "sentence", "voice"
"""Kinds of repairs."""
_SENTENCE_FIELDS = ("sentence", "occurrence", "start", "end", "alias", "ipa", "pause_after_ms")
_FIELDS = ("id", "article_id", "kind", *_SENTENCE_FIELDS, "voice", "rate")


def repairs_for(database: Database, site: str, external_id: str) -> ArticleRepairs:
    """What was repaired in an article; nothing for an unknown one."""
    with database.reading() as session:
        named = (ArticleRow.site == site, ArticleRow.external_id == external_id)
        mine = select(ArticleRepairRow).join(ArticleRow, ArticleRow.id == ArticleRepairRow.article_id).where(*named)
        rows = session.scalars(mine.order_by(ArticleRepairRow.id)).all()
    if not rows:
        return NO_REPAIRS
    voice = next((row for row in rows if row.kind == VOICE), None)
    return ArticleRepairs(
        sentences=tuple(
            SentenceRepair(**{name: getattr(row, name) for name in _SENTENCE_FIELDS})
            for row in rows
            if row.kind == SENTENCE
        ),
        voice=voice.voice if voice else None,
        rate=(voice.rate if voice else None) or 1.0,
    )


def repairs_version(database: Database, site: str, external_id: str) -> str:
    """Hash of an article's repairs; empty: it has none."""
    repairs = repairs_for(database, site, external_id)
    return hashlib.sha256(json.dumps(repr(repairs)).encode()).hexdigest() if repairs != NO_REPAIRS else ""


def repair_fields(row: ArticleRepairRow) -> JsonDict:
    """A repair as JSON; its time aside."""
    return {name: getattr(row, name) for name in _FIELDS}


def drop_voice(session: Session, article_id: str) -> None:
    """Repair an article's voice no more; its speed stays as it was repaired."""
    row = session.scalars(select(ArticleRepairRow).filter_by(article_id=article_id, kind=VOICE)).one_or_none()
    if row is not None and row.rate is None:
        session.delete(row)
    elif row is not None:
        row.voice = None


def same_repair(session: Session, row: ArticleRepairRow) -> ArticleRepairRow | None:
    """The repair that a new one takes the place of: of the same sentence, or of the article's voice."""
    query = select(ArticleRepairRow).filter_by(article_id=row.article_id, kind=row.kind)
    if row.kind == SENTENCE:
        query = query.filter_by(sentence=row.sentence, occurrence=row.occurrence)
    return session.scalars(query).one_or_none()
