"""Colleagues that cases can be assigned to, and the reasons that are offered for rejecting one."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import NullTranslations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, may_see
from tts_service.db.tables import StaffRow
from tts_service.web.staff.desk.queue_view import short_person


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody with an account."""

    id: str
    name: str
    sites: Sites

    @property
    def short(self) -> str:
        return short_person(self.name)

    def works_on(self, site: str) -> bool:
        """Whether they have access to a site; empty: whichever."""
        return not site or may_see(self.sites, site)


def colleagues(session: Session) -> list[Colleague]:
    """Everybody whose account isn't locked, by name."""
    query = select(StaffRow.id, StaffRow.name, StaffRow.sites, StaffRow.role).where(StaffRow.disabled_ms.is_(None))
    return [
        Colleague(
            id=row.id, name=row.name, sites=None if row.sites is None or row.role == "admin" else tuple(row.sites)
        )
        for row in session.execute(query.order_by(StaffRow.name))
    ]


def reasons(words: NullTranslations) -> list[str]:
    """Reasons for rejecting that staff often give, as the listeners will read them."""
    return [
        words.gettext("This is how the name is pronounced."),
        words.gettext("We don’t hear what was reported."),
        words.gettext("The article says it like this."),
        words.gettext("The voice can’t say it better at present."),
    ]
