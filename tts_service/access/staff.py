"""Staff accounts, roles and passwords. Signing in is in sessions.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tts_service.access import passwords
from tts_service.access.audit import Deed, note
from tts_service.access.sites import SITE_NAME, Sites, account_refusal, may_see
from tts_service.access.tokens import digest
from tts_service.db.session import Database, new_id
from tts_service.db.tables import StaffLinkRow, StaffRow, StaffSessionRow
from tts_service.errors import Conflict, InputRefused, NotFound, SignInRefused

Role = Literal["staff", "admin"]
ROLES: tuple[Role, ...] = ("staff", "admin")
"""staff: reports, articles and the lexicon, of all sites or of some. admin: everything, of all sites."""
OPERATOR = "operator"
"""Account of the service's operator, which `run` and `staff link` sign in to."""
MAX_SITES = 200
"""Sites of one account."""
_NAME = re.compile(r"[^\s\x00-\x20\x7f<>\"'&]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A signed-in person."""

    id: str
    name: str
    role: Role
    sites: Sites
    """The sites they see and change; None: all sites, as for every admin."""
    token: str
    """The session's token: the cookie's value."""

    @property
    def who(self) -> str:
        """Name in the audit log."""
        return f"staff:{self.id}"

    def may_see(self, site: str | None) -> bool:
        """Whether they have access to a site; None: to all sites."""
        return may_see(self.sites, site)

    def require_site(self, site: str | None) -> None:
        """Raises NotAllowed for another site, or for what belongs to all sites."""
        if self.sites is not None and not self.may_see(site):
            raise account_refusal(self.sites)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An identity asserted by an OpenID Connect issuer."""

    issuer: str
    subject: str
    """Permanent and never reassigned, unlike the email address."""
    email: str | None
    """In lower case; only if verified by the issuer."""


def add_person(database: Database, name: str, role: Role, who: str, sites: Sequence[str] | None = None) -> StaffRow:
    """Creates an account without a password; `sites` None: for all sites, as for every admin.

    Raises InputRefused (name, role, sites), Conflict (the name is taken).
    """
    plain = name.strip().lower()
    if not _NAME.fullmatch(plain):
        raise InputRefused(
            "The name must be an e-mail address: 1 to 200 characters, no spaces, quotes or angle brackets."
        )
    if role not in ROLES:
        raise InputRefused(f"The role must be one of {', '.join(ROLES)}.")
    kept = _sites_for(role, sites)
    try:
        with database.writing() as session:
            row = StaffRow(id=new_id("stf"), name=plain, role=role, sites=kept, created_ms=database.now_ms(session))
            session.add(row)
            details = {"role": role, "sites": kept}
            note(database, session, Deed(who=who, what="staff.added", subject=row.id, details=details))
    except IntegrityError as error:
        raise Conflict(f"There is already an account called {plain}.") from error
    return row


def operator(database: Database, who: str) -> StaffRow:
    """The operator's account (admin), created on first use."""
    with database.reading() as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == OPERATOR)).one_or_none()
    return row or add_person(database, OPERATOR, "admin", who)


def person_sites(row: StaffRow) -> Sites:
    """The sites of an account; an admin has all sites whatever is stored."""
    return None if row.sites is None or row.role == "admin" else tuple(row.sites)


def people(database: Database) -> list[StaffRow]:
    """All accounts by name, including disabled ones."""
    with database.reading() as session:
        return list(session.scalars(select(StaffRow).order_by(StaffRow.name)))


def staff_named(database: Database, name: str) -> StaffRow:
    """The account with this name. Raises NotFound."""
    with database.reading() as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == name.strip().lower())).one_or_none()
    if row is None:
        raise NotFound(f"There is no account called {name[:80]}.")
    return row


def with_password(database: Database, name: str, password: str) -> StaffRow:
    """The account with this password. Raises SignInRefused, with the same text and timing whatever is wrong."""
    with database.reading() as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == name.strip().lower())).one_or_none()
    right = passwords.fits(row.password_hash if row else None, password)
    if row is None or not right or row.disabled_ms is not None:
        raise SignInRefused("Wrong name or password.")
    if passwords.outdated(row.password_hash or ""):
        kept = passwords.hashed(password, row.name)
        with database.writing() as session:
            _found(session, row.id).password_hash = kept
    return row


def staff_by_identity(database: Database, identity: Identity) -> StaffRow:
    """The account for an issuer's identity: by its subject, or the first time by a verified email address.

    Raises SignInRefused for a person without an account, or whose account belongs to another subject.
    """
    mine = StaffRow.oidc_issuer == identity.issuer, StaffRow.oidc_subject == identity.subject
    with database.writing() as session:
        row = session.scalars(select(StaffRow).where(*mine)).one_or_none()
        if row is None and identity.email:
            unbound = StaffRow.name == identity.email, StaffRow.oidc_subject.is_(None)
            row = session.scalars(select(StaffRow).where(*unbound)).one_or_none()
        if row is None or row.disabled_ms is not None:
            raise SignInRefused("There is no account with this address: ask an admin for an invitation.")
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
    """Changes the person's own password and ends all their other sessions.

    `first` is called after the password is validated and before it is stored. Raises InputRefused, and `first`'s
    errors.
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
    """Changes a role; an admin has all sites. Raises NotFound, InputRefused; Conflict for the last admin."""
    if role not in ROLES:
        raise InputRefused(f"The role must be one of {', '.join(ROLES)}.")
    with database.writing() as session:
        row = _found(session, staff_id)
        if role != "admin":
            _not_the_last(session, row)
        row.role = role
        row.sites = _sites_for(role, row.sites)
        note(database, session, Deed(who=who, what="staff.role", subject=row.id, details={"role": role}))


def set_sites(database: Database, staff_id: str, sites: Sequence[str] | None, who: str) -> None:
    """Limits an account to some sites; None: all sites. Raises NotFound, InputRefused; Conflict for an admin."""
    with database.writing() as session:
        row = _found(session, staff_id)
        if row.role == "admin" and sites is not None:
            raise Conflict("Admins have access to all sites: change the role first.")
        row.sites = _sites_for("staff", sites)
        note(database, session, Deed(who=who, what="staff.sites", subject=row.id, details={"sites": row.sites}))


def shut_out(database: Database, staff_id: str, who: str) -> None:
    """Disables an account and ends its sessions and links at once. Raises NotFound, Conflict (the last admin)."""
    with database.writing() as session:
        row = _found(session, staff_id)
        _not_the_last(session, row)
        row.disabled_ms = row.disabled_ms or database.now_ms(session)
        for table in (StaffSessionRow, StaffLinkRow):
            session.execute(delete(table).where(table.staff_id == row.id))
        note(database, session, Deed(who=who, what="staff.shut-out", subject=row.id))


def let_back(database: Database, staff_id: str, who: str) -> None:
    """Enables a disabled account. Raises NotFound."""
    with database.writing() as session:
        row = _found(session, staff_id)
        row.disabled_ms = None
        note(database, session, Deed(who=who, what="staff.let-back", subject=row.id))


def _sites_for(role: Role, sites: Sequence[str] | None) -> list[str] | None:
    """Sites as they are stored. Raises InputRefused."""
    if sites is None or role == "admin":
        return None
    wrong = next((site for site in sites if not SITE_NAME.fullmatch(site)), None)
    if wrong is not None:
        raise InputRefused(f"{wrong[:80]!r} is not a valid site name.")
    if not 0 < len(sites) <= MAX_SITES:
        raise InputRefused(f"An account is for all sites, or for 1 to {MAX_SITES} of them.")
    return sorted(set(sites))


def _found(session: Session, staff_id: str) -> StaffRow:
    row = session.get(StaffRow, staff_id)
    if row is None:
        raise NotFound(f"There is no account with the id {staff_id[:40]}.")
    return row


def _not_the_last(session: Session, row: StaffRow) -> None:
    """Locks all admins until the session ends: two who demote each other must not both find the other still there."""
    admins = select(StaffRow).where(StaffRow.role == "admin", StaffRow.disabled_ms.is_(None)).order_by(StaffRow.id)
    locked = session.scalars(admins.with_for_update().execution_options(populate_existing=True)).all()
    if [one.id for one in locked] == [row.id]:
        raise Conflict("This is the last admin: make someone else an admin first.")
