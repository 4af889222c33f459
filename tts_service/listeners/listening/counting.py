"""Counts plays: adds what players send to counters per clip revision and day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, ListeningRow, UtteranceRow
from tts_service.errors import NotFound
from tts_service.settings import Settings
from tts_service.values.moments import DAY_MS

Milestone = Literal["start", "quarter", "half", "three_quarters", "end"]
MILESTONES: tuple[Milestone, ...] = ("start", "quarter", "half", "three_quarters", "end")
SPEED, LEFT = "speed:", "left:"
"""How counters begin that carry a speed, or a sentence's position."""
_STEP = 0.25
"""Speeds are counted in such steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningMessage:
    """What one player reports in one message."""

    clip_id: str
    revision: int
    milestones: tuple[Milestone, ...] = ()
    speed: float | None = None
    """At which it was played last, 1.0 the voice's own."""
    left: int | None = None
    """Position of the sentence at which the listener stopped; None: still listening, or heard all of it."""


def keys_of(message: ListeningMessage) -> tuple[str, ...]:
    """What is counted, as the table names it."""
    found: list[str] = list(dict.fromkeys(message.milestones))
    if message.speed is not None:
        found.append(f"{SPEED}{round(message.speed / _STEP) * _STEP:g}")
    if message.left is not None:
        found.append(f"{LEFT}{message.left}")
    return tuple(found)


def kinds_of(message: ListeningMessage) -> dict[str, str]:
    """What is counted by its kind: of each kind, one player counts once."""
    return {key.partition(":")[0]: key for key in keys_of(message)}


def check(database: Database, message: ListeningMessage) -> str:
    """The site of the clip. Raises NotFound for a clip, revision or sentence that there isn't."""
    with database.reading() as session:
        row = session.get(ClipRevisionRow, (message.clip_id, message.revision))
        article = session.scalars(
            select(ArticleRow).join(ClipRow, ClipRow.article_id == ArticleRow.id).where(ClipRow.id == message.clip_id)
        ).one_or_none()
        if row is None or article is None or article.withdrawn_ms is not None:
            raise NotFound(f"Clip {message.clip_id[:64]} has no revision {message.revision}.")
        mine = (message.clip_id, message.revision, message.left)
        if message.left is not None and session.get(UtteranceRow, mine) is None:
            raise NotFound(f"Revision {message.revision} has no sentence {message.left}.")
        return article.site


def count(database: Database, message: ListeningMessage, keys: Iterable[str]) -> None:
    """Add one to each of these counters, of today."""
    # In order, so that two who count the same never wait for each other crosswise.
    wanted = sorted(set(keys))
    if not wanted:
        return
    with database.writing() as session:
        day = day_of(database.now_ms(session))
        insert = (sqlite if database.is_sqlite else postgresql).insert(ListeningRow)
        one_more = insert.on_conflict_do_update(
            index_elements=["clip_id", "revision", "day", "what"], set_={"times": ListeningRow.times + 1}
        )
        same = {"clip_id": message.clip_id, "revision": message.revision, "day": day, "times": 1}
        session.execute(one_more, [{**same, "what": what} for what in wanted])


def forget_listening(database: Database, settings: Settings) -> int:
    """Erase figures that were kept long enough; returns how many. For beat."""
    with database.reading() as session:
        old = old_figures(database, session, settings)
        if not session.scalar(select(exists().where(old))):
            return 0
    with database.writing() as session:
        return len(session.execute(delete(ListeningRow).where(old).returning(ListeningRow.what)).all())


def old_figures(database: Database, session: Session, settings: Settings) -> ColumnElement[bool]:
    """The condition that a figure was kept long enough."""
    return ListeningRow.day < day_of(database.now_ms(session) - settings.listening_days * DAY_MS)


def day_of(ms: int) -> str:
    """The day, UTC, such as 2026-11-23."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d")
