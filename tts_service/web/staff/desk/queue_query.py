"""Which cases the queue shows, as its address says. The pages of these cases carry it along."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, Field, ValidationError

from tts_service.access.staff import Person
from tts_service.corrections.cases.case_filter import NOBODY, STATES, CaseFilter
from tts_service.db.tables.listeners import OPEN

MOST_CHARACTERS = 2000
"""Of an address's query that another page carries."""
SHOWN_STATES: dict[str, tuple[str, ...]] = {"open": OPEN, **{state: (state,) for state in STATES}, "all": STATES}
_AGES_MS = {"day": 86_400_000, "week": 7 * 86_400_000, "month": 30 * 86_400_000}
NOBODY_NAMED = "nobody"
"""What `assigned` says for NOBODY."""
ME = "me"


class QueueQuery(BaseModel):
    """Which cases; empty: any."""

    state: str = Field("open", max_length=20)
    site: str = Field("", max_length=64)
    language: str = Field("", max_length=35)
    category: str = Field("", max_length=20)
    voice: str = Field("", max_length=200)
    age: str = Field("", max_length=10)
    assigned: str = Field("", max_length=64)
    q: str = Field("", max_length=100)
    after: str = Field("", max_length=100)

    def query(self, **other: str) -> str:
        """Of the address of the same list, with something changed; without what is as usual."""
        chosen = self.model_dump() | {"after": ""} | other
        return urlencode(
            {name: value for name, value in chosen.items() if value and (name, value) != ("state", "open")}
        )

    @property
    def carried(self) -> str:
        """How the addresses of its cases name this list: `?queue=…`; empty: as usual."""
        query = self.query(after=self.after)
        return f"?{urlencode({'queue': query})}" if query else ""

    def filter(self, person: Person, now_ms: int) -> CaseFilter:
        """The cases that it names, of the person's sites. Raises NotAllowed for another site."""
        if self.site:
            person.require_site(self.site)
        assigned = {"": None, NOBODY_NAMED: NOBODY, ME: person.id}.get(self.assigned, self.assigned)
        age_ms = _AGES_MS.get(self.age)
        return CaseFilter(
            states=SHOWN_STATES.get(self.state, OPEN),
            sites=(self.site,) if self.site else person.sites,
            language=self.language or None,
            category=self.category or None,
            voice=self.voice or None,
            assigned_to=assigned,
            older_than_ms=None if age_ms is None else now_ms - age_ms,
            words=self.q,
        )


def carried_query(text: str) -> QueueQuery:
    """The list that a query names; the usual one where it can't be read."""
    try:
        return QueueQuery.model_validate(dict(parse_qsl(text[:MOST_CHARACTERS])))
    except ValidationError:
        return QueueQuery.model_validate({})
