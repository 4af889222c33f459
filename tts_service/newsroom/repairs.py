"""Repairs of single articles in the database: read when a text is prepared, written by the desk's corrections."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.db.tables import ArticleRepairRow, ArticleRow, JsonDict
from tts_service.newsroom.block_rules import exception_from
from tts_service.values.repairs import NO_REPAIRS, ArticleRepairs, SentenceRepair

SENTENCE, VOICE = "sentence", "voice"
"""Kinds of repairs."""
_SENTENCE_FIELDS = ("sentence", "occurrence", "start", "end", "alias", "ipa", "pause_after_ms")
_FIELDS = ("id", "article_id", "kind", *_SENTENCE_FIELDS, "voice", "rate")


def repairs_for(database: Database, site: str, external_id: str) -> ArticleRepairs:
    """What was repaired in an article, in that order; nothing for an unknown one. A later repair stands above an
    earlier one, which holds again when the later is taken back."""
    with database.reading() as session:
        return repairs_in(session, site, external_id)


def repairs_in(session: Session, site: str, external_id: str) -> ArticleRepairs:
    """The same, where a session is open."""
    named = (ArticleRow.site == site, ArticleRow.external_id == external_id)
    mine = select(ArticleRepairRow).join(ArticleRow, ArticleRow.id == ArticleRepairRow.article_id).where(*named)
    rows = session.scalars(mine.order_by(ArticleRepairRow.id)).all()
    if not rows:
        return NO_REPAIRS
    return ArticleRepairs(
        sentences=tuple(
            SentenceRepair(**{name: getattr(row, name) for name in _SENTENCE_FIELDS})
            for row in rows
            if row.kind == SENTENCE
        ),
        voice=next((row.voice for row in reversed(rows) if row.voice is not None), None),
        rate=next((row.rate for row in reversed(rows) if row.rate is not None), 1.0),
        rules=tuple(exception_from(row.rule) for row in rows if row.rule is not None),
    )


def repairs_version(session: Session, site: str, external_id: str) -> str:
    """Hash of an article's repairs; empty: it has none."""
    repairs = repairs_in(session, site, external_id)
    return hashlib.sha256(json.dumps(repr(repairs)).encode()).hexdigest() if repairs != NO_REPAIRS else ""


def repair_fields(row: ArticleRepairRow) -> JsonDict:
    """A repair as JSON; its time aside."""
    return {name: getattr(row, name) for name in _FIELDS}


def drop_voice(session: Session, article_id: str) -> None:
    """Repair an article's voice no more; its speed stays as it was repaired."""
    for row in session.scalars(select(ArticleRepairRow).filter_by(article_id=article_id, kind=VOICE)):
        if row.rate is None:
            session.delete(row)
        else:
            row.voice = None
