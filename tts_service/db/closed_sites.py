"""Refuses new rows for a site that is being erased, whatever code adds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tts_service.db.tables import (
    ApiKeyRow,
    ArticleRow,
    CallbackEndpointRow,
    CorrectionRow,
    FoundArticleRow,
    JobRow,
    LexiconEntryRow,
    ReportRow,
    SiteFeedRow,
    SiteRoundRow,
    SiteRow,
    WebhookSourceRow,
    WithdrawnDocumentRow,
)
from tts_service.errors import SiteClosed

_DOORS = (
    ApiKeyRow,
    ArticleRow,
    CallbackEndpointRow,
    CorrectionRow,
    FoundArticleRow,
    JobRow,
    LexiconEntryRow,
    ReportRow,
    SiteFeedRow,
    SiteRoundRow,
    WebhookSourceRow,
    WithdrawnDocumentRow,
)
"""What anything new of a site begins with. Rows that follow from others, such as callbacks, go with the others."""


class WritingSession(Session):
    """A session that adds nothing for closed sites: its flush raises SiteClosed."""


def refuse_if_closed(session: Session, sites: set[str]) -> None:
    """Raises SiteClosed for a site that is being erased."""
    closed = select(SiteRow.name).where(SiteRow.name.in_(sites), SiteRow.closed_ms.is_not(None))
    # A core statement: a query of the session would flush in its own flush.
    for name in session.connection().execute(closed).scalars():
        raise SiteClosed(f"The site {name} is being erased: nothing is accepted for it until that is finished.")


def note_open(session: Session, site: str) -> None:
    """The session has just read that the site is open: it needn't ask again."""
    _known_open(session).add(site)


def refuse_for_closed(session: Session, rows: Iterable[object]) -> None:
    """Before new rows are written. Raises SiteClosed."""
    sites = {row.site for row in rows if isinstance(row, _DOORS) and row.site}
    if fresh := sites - _known_open(session):
        refuse_if_closed(session, fresh)
        _known_open(session).update(fresh)


def _known_open(session: Session) -> set[str]:
    known: set[str] = session.info.setdefault("open sites", set())
    return known


def _refuse(session: Session, *_: Any) -> None:
    refuse_for_closed(session, session.new)


event.listen(WritingSession, "before_flush", _refuse)
