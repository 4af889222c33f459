"""Staff accounts, roles and passwords. Signing in is in sessions.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tts_service.access import passwords
from tts_service.access.audit import Deed, note
from tts_service.access.tokens import digest
from tts_service.db.session import Database, new_id
from tts_service.db.tables import StaffLinkRow, StaffRow, StaffSessionRow
from tts_service.errors import Conflict, InputRefused, NotFound, SignInRefused

Role = Literal["staff", "admin"]
ROLES: tuple[Role, ...] = ("staff", "admin")
"""staff: reports and the lexicon. admin: also people and the audit log."""
OPERATOR = "operator"
"""Account of whoever runs the service: `run` and `staff link` let them in."""
_NAME = re.compile(r"[^\s\x00-\x20\x7f<>\"'&]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is signed in."""

    id: str
    name: str
    role: Role
    token: str
    """Of their session: the cookie's value."""

    @property
    def who(self) -> str:
        """As the audit log names them."""
        return f"staff:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is, as an OpenID Connect issuer says."""

    issuer: str
    subject: str
    """Never changes and is never given to another, unlike the address."""
    email: str | None
    """Only if the issuer verified it; in lower case."""


def add_person(database: Database, name: str, role: Role, who: str) -> StaffRow:
    """Make an account without a password. Raises InputRefused (name, role), Conflict (the name is taken)."""
    plain = name.strip().lower()
    if not _NAME.fullmatch(plain):
        raise InputRefused("A name has 1 to 200 characters, no blanks, quotes or angle brackets: an e-mail address.")
    if role not in ROLES:
        raise InputRefused(f"A role is one of {', '.join(ROLES)}.")
    try:
        with database.writing() as session:
            row = StaffRow(id=new_id("stf"), name=plain, role=role, created_ms=database.now_ms(session))
            session.add(row)
            note(database, session, Deed(who=who, what="staff.added", subject=row.id, details={"role": role}))
    except IntegrityError as error:
        raise Conflict(f"There is somebody called {plain} already.") from error
    return row


def operator(database: Database, who: str) -> StaffRow:
    """The operator's own account, an admin's; made when it is first asked for."""
    with database.reading() as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == OPERATOR)).one_or_none()
    return row or add_person(database, OPERATOR, "admin", who)


def people(database: Database) -> list[StaffRow]:
    """Everybody, by name; also those who are shut out."""
    with database.reading() as session:
        return list(session.scalars(select(StaffRow).order_by(StaffRow.name)))


def named(database: Database, name: str) -> StaffRow:
    """The account of a name. Raises NotFound."""
    with database.reading() as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == name.strip().lower())).one_or_none()
    if row is None:
        raise NotFound(f"There is nobody called {name[:80]} here.")
    return row


def with_password(database: Database, name: str, password: str) -> StaffRow:
    """Who this is. Raises SignInRefused, after the same time and in the same words whatever is wrong."""
    with database.reading() as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == name.strip().lower())).one_or_none()
    right = passwords.fits(row.password_hash if row else None, password)
    if row is None or not right or row.disabled_ms is not None:
        raise SignInRefused("This name and password don't belong together here.")
    if passwords.outdated(row.password_hash or ""):
        kept = passwords.hashed(password, row.name)
        with database.writing() as session:
            _found(session, row.id).password_hash = kept
    return row


def known_elsewhere(database: Database, identity: Identity) -> StaffRow:
    """The account of somebody an issuer vouches for: by its own id for them, the first time by a verified address.

    Raises SignInRefused for who was not invited here, or whose account belongs to another at the issuer.
    """
    mine = StaffRow.oidc_issuer == identity.issuer, StaffRow.oidc_subject == identity.subject
    with database.writing() as session:
        row = session.scalars(select(StaffRow).where(*mine)).one_or_none()
        if row is None and identity.email:
            unbound = StaffRow.name == identity.email, StaffRow.oidc_subject.is_(None)
            row = session.scalars(select(StaffRow).where(*unbound)).one_or_none()
        if row is None or row.disabled_ms is not None:
            raise SignInRefused("Nobody by this address works here: ask an admin for an invitation.")
        if row.oidc_subject is None:
            row.oidc_issuer, row.oidc_subject = identity.issuer, identity.subject
            note(
                database,
                session,
                Deed(
                    who=f"staff:{row.id}",
                    what="staff.known-elsewhere",
                    subject=row.id,
                    details={"issuer": identity.issuer},
                ),
            )
    return row


def set_password(database: Database, person: Person, new: str, first: Callable[[], object] | None = None) -> None:
    """Change one's own password; every other session of this person ends.

    `first`: done once the password is found good, before it is kept. Raises InputRefused, and what `first` raises.
    """
    kept = passwords.hashed(new, person.name)
    if first is not None:
        first()
    with database.writing() as session:
        _found(session, person.id).password_hash = kept
        session.execute(
            delete(StaffSessionRow).where(
                StaffSessionRow.staff_id == person.id, StaffSessionRow.token_sha256 != digest(person.token)
            )
        )
        note(database, session, Deed(who=person.who, what="staff.password", subject=person.id))


def set_role(database: Database, staff_id: str, role: Role, who: str) -> None:
    """Raises NotFound, InputRefused; Conflict when nobody would be left who may do this."""
    if role not in ROLES:
        raise InputRefused(f"A role is one of {', '.join(ROLES)}.")
    with database.writing() as session:
        row = _found(session, staff_id)
        if role != "admin":
            _not_the_last(session, row)
        row.role = role
        note(database, session, Deed(who=who, what="staff.role", subject=row.id, details={"role": role}))


def shut_out(database: Database, staff_id: str, who: str) -> None:
    """End an account at once: its sessions and links too. Raises NotFound, Conflict (the last admin)."""
    with database.writing() as session:
        row = _found(session, staff_id)
        _not_the_last(session, row)
        row.disabled_ms = row.disabled_ms or database.now_ms(session)
        for table in (StaffSessionRow, StaffLinkRow):
            session.execute(delete(table).where(table.staff_id == row.id))
        note(database, session, Deed(who=who, what="staff.shut-out", subject=row.id))


def let_back(database: Database, staff_id: str, who: str) -> None:
    """Open an account again. Raises NotFound."""
    with database.writing() as session:
        row = _found(session, staff_id)
        row.disabled_ms = None
        note(database, session, Deed(who=who, what="staff.let-back", subject=row.id))


def _found(session: Session, staff_id: str) -> StaffRow:
    row = session.get(StaffRow, staff_id)
    if row is None:
        raise NotFound(f"There is nobody with the id {staff_id[:40]} here.")
    return row


def _not_the_last(session: Session, row: StaffRow) -> None:
    others = (
        select(func.count())
        .select_from(StaffRow)
        .where(StaffRow.role == "admin", StaffRow.disabled_ms.is_(None), StaffRow.id != row.id)
    )
    if row.role == "admin" and row.disabled_ms is None and not session.scalar(others):
        raise Conflict("This is the last admin: make somebody else one first.")
