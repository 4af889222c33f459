"""Refuses new rows for a site that is being erased, whatever code adds them."""

from __future__ import annotations

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


def _refuse(session: Session, *_: Any) -> None:
    sites = {row.site for row in session.new if isinstance(row, _DOORS) and row.site}
    known: set[str] = session.info.setdefault("open sites", set())
    if fresh := sites - known:
        refuse_if_closed(session, fresh)
        known |= fresh


event.listen(WritingSession, "before_flush", _refuse)
