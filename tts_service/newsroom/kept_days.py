"""How long rows of a site are kept, as a condition of a query."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tts_service.db.tables import SiteRow
from tts_service.values.moments import DAY_MS
from tts_service.values.site_options import USUAL, read_options

DaysOption = Literal["keep_webhooks_days", "keep_audit_days"]


def kept_long_enough(
    session: Session,
    option: DaysOption,
    site: InstrumentedAttribute[Any],
    at_ms: InstrumentedAttribute[Any],
    now_ms: int,
) -> ColumnElement[bool]:
    """The condition that a row is older than its site's option says. Rows without a site have the default."""
    given = session.execute(select(SiteRow.name, SiteRow.options).where(SiteRow.options.is_not(None)))
    usual = getattr(USUAL, option)
    days = {name: getattr(read_options(options or {}), option) for name, options in given}
    own = {name: kept for name, kept in days.items() if kept != usual}
    return or_(
        and_(or_(site.is_(None), site.not_in(own)), at_ms < now_ms - usual * DAY_MS),
        *(and_(site == name, at_ms < now_ms - kept * DAY_MS) for name, kept in own.items()),
    )
