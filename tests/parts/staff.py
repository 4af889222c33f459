"""Staff for tests: somebody with an account, signed in, with what their browser sends."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tts_service.access.sessions import open_session, person_of, use_link
from tts_service.access.staff import Person, Role, add_person, set_password, staff_named
from tts_service.access.tokens import form_token
from tts_service.db.session import Database
from tts_service.errors import NotFound, SignInRefused
from tts_service.parts import Parts
from tts_service.web.staff.session import cookie_name

BASE = "http://127.0.0.1:8000"
"""Where a service without settings is reached."""
PASSWORD = "seven grey herons at dusk"
STAFF_PAGES = (
    "/staff",
    "/staff/account",
    "/staff/people",
    "/staff/voices",
    "/staff/log",
    "/staff/checks",
    "/staff/events",
    "/staff/events/evt_failed",
    "/staff/callbacks",
    "/staff/listening",
    "/staff/listening/clip_1",
)
"""Pages that staff see once `fill` of prefix_world.py has put something of everything there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A browser in which somebody is signed in."""

    person: Person
    headers: dict[str, str]
    """Cookie and Origin."""

    @property
    def token(self) -> str:
        """What this session's forms carry."""
        return form_token(self.person.token)

    @property
    def changing(self) -> dict[str, str]:
        """Headers of a change by a script of our own pages."""
        return {**self.headers, "X-Form-Token": self.token}


def signed(
    parts: Parts, name: str = "anna@example.org", role: Role = "admin", sites: Sequence[str] | None = None
) -> Signed:
    """Somebody, signed in; made when there is nobody by this name."""
    try:
        row = staff_named(parts.database, name)
    except NotFound:
        row = add_person(parts.database, name, role, "test", sites)
    person = person_of(parts.database, open_session(parts.database, row.id, "link", "test browser"))
    assert person is not None
    cookie = f"{cookie_name(parts.settings)}={person.token}"
    return Signed(person=person, headers={"Cookie": cookie, "Origin": parts.settings.base_url})


def signed_with_password(parts: Parts) -> Signed:
    """An admin with a password."""
    somebody = signed(parts)
    set_password(parts.database, somebody.person, PASSWORD)
    return somebody


def uses_at_once(database: Database, token: str) -> int:
    """How many of sixteen browsers that use a sign-in link at once get in."""

    def use(_: int) -> bool:
        try:
            use_link(database, "sign-in", token)
        except SignInRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(use, range(16)))
