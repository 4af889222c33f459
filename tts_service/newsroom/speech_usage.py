"""Counts characters that jobs don't: of texts sent to /v1/audio/speech, and of words sent to remote voices."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tts_service.db.tables import SpeechUsageRow
from tts_service.values.moments import utc_of

SpeechUse = Literal["speech", "remote"]


def add_usage(session: Session, site: str, use: SpeechUse, characters: int, now_ms: int) -> None:
    """Count characters today; a negative number gives them back."""
    row = SpeechUsageRow
    make: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    added = make(row).values(site=site, day=_day(utc_of(now_ms)), use=use, characters=characters)
    total = {"characters": row.characters + added.excluded.characters}
    session.execute(added.on_conflict_do_update(index_elements=["site", "day", "use"], set_=total))


def usage_since(session: Session, site: str, use: SpeechUse, begin: datetime) -> int:
    """Characters that were counted from the beginning of a day on (UTC)."""
    row = SpeechUsageRow
    counted = select(func.coalesce(func.sum(row.characters), 0))
    return int(session.scalar(counted.where(row.site == site, row.use == use, row.day >= _day(begin))) or 0)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
