"""Staff sessions and one-time sign-in links, stored in the database so that all API processes know them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Literal, cast

from sqlalchemy import delete, select, update

from tts_service.access.audit import Deed, note
from tts_service.access.staff import Person, Role, person_sites
from tts_service.access.tokens import digest, fresh
from tts_service.db.session import Database
from tts_service.db.tables import StaffLinkRow, StaffRow, StaffSessionRow
from tts_service.errors import DatabaseUnavailable, SignInRefused

SESSION_S = 7 * 86_400
"""Maximum lifetime of a session in seconds."""
IDLE_S = 12 * 3600
"""Seconds without a request after which a session ends."""
LINK_S: dict[str, int] = {"sign-in": 86_400, "invitation": 7 * 86_400, "oidc": 600}
"""Lifetime of each kind of link in seconds."""
_SEEN_EVERY_MS = 60_000
_MAX_BROWSER = 200

LinkKind = Literal["sign-in", "invitation", "oidc"]


def open_session(database: Database, staff_id: str, how: str, browser: str = "") -> str:
    """Signs a person in; returns the cookie's value. Raises SignInRefused for a disabled account."""
    token = fresh()
    with database.writing() as session:
        row = session.get(StaffRow, staff_id)
        if row is None or row.disabled_ms is not None:
            raise SignInRefused("This account is locked: ask an admin.")
        now = database.now_ms(session)
        session.execute(delete(StaffSessionRow).where(StaffSessionRow.created_ms < now - SESSION_S * 1000))
        session.add(
            StaffSessionRow(
                token_sha256=digest(token),
                staff_id=staff_id,
                how=how,
                browser=browser[:_MAX_BROWSER],
                created_ms=now,
                seen_ms=now,
            )
        )
        note(
            database,
            session,
            Deed(who=f"staff:{staff_id}", what="staff.signed-in", subject=staff_id, details={"how": how}),
        )
    return token


def person_of(database: Database, token: str) -> Person | None:
    """The person whose session this cookie is; None if absent, ended or forged."""
    if not token:
        return None
    with database.reading() as session:
        query = select(StaffSessionRow, StaffRow).join(StaffRow, StaffRow.id == StaffSessionRow.staff_id)
        found = session.execute(query.where(StaffSessionRow.token_sha256 == digest(token))).one_or_none()
        now = database.now_ms(session)
    if found is None:
        return None
    kept, row = found
    if row.disabled_ms is not None:
        return None
    if now - kept.created_ms >= SESSION_S * 1000 or now - kept.seen_ms >= IDLE_S * 1000:
        return None
    if now - kept.seen_ms >= _SEEN_EVERY_MS:
        with suppress(DatabaseUnavailable), database.at_once() as connection:
            connection.execute(
                update(StaffSessionRow).where(StaffSessionRow.token_sha256 == kept.token_sha256).values(seen_ms=now)
            )
    return Person(id=row.id, name=row.name, role=cast("Role", row.role), sites=person_sites(row), token=token)


def sessions_of(database: Database, person: Person) -> list[StaffSessionRow]:
    """A person's sessions, newest first."""
    query = select(StaffSessionRow).where(StaffSessionRow.staff_id == person.id)
    with database.reading() as session:
        oldest = database.now_ms(session) - SESSION_S * 1000
        recent = query.where(StaffSessionRow.created_ms > oldest).order_by(StaffSessionRow.created_ms.desc())
        return list(session.scalars(recent))


def close_session(database: Database, person: Person) -> None:
    """Ends this session."""
    with database.writing() as session:
        session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_sha256 == digest(person.token)))


def close_others(database: Database, person: Person) -> None:
    """Ends all the person's other sessions."""
    with database.writing() as session:
        session.execute(
            delete(StaffSessionRow).where(
                StaffSessionRow.staff_id == person.id, StaffSessionRow.token_sha256 != digest(person.token)
            )
        )
        note(database, session, Deed(who=person.who, what="staff.signed-out-elsewhere", subject=person.id))


def make_link(
    database: Database, staff_id: str | None, kind: LinkKind, who: str, details: dict[str, Any] | None = None
) -> str:
    """The token of a one-time link. A new invitation invalidates earlier ones."""
    token = fresh()
    with database.writing() as session:
        now = database.now_ms(session)
        session.execute(delete(StaffLinkRow).where(StaffLinkRow.expires_ms < now))
        if kind == "invitation":
            session.execute(delete(StaffLinkRow).where(StaffLinkRow.staff_id == staff_id, StaffLinkRow.kind == kind))
        session.add(
            StaffLinkRow(
                token_sha256=digest(token),
                staff_id=staff_id,
                kind=kind,
                details=details,
                created_ms=now,
                expires_ms=now + LINK_S[kind] * 1000,
            )
        )
        if staff_id is not None:
            note(database, session, Deed(who=who, what=f"staff.{kind}-link", subject=staff_id))
    return token


def look_at_link(database: Database, kind: LinkKind, token: str) -> StaffLinkRow | None:
    """A valid link, without using it."""
    with database.reading() as session:
        row = session.get(StaffLinkRow, digest(token))
        now = database.now_ms(session)
    return row if row and row.kind == kind and row.used_ms is None and row.expires_ms > now else None


def use_link(database: Database, kind: LinkKind, token: str) -> StaffLinkRow:
    """Uses a link; of concurrent attempts only the first succeeds. Raises SignInRefused."""
    with database.writing() as session:
        now = database.now_ms(session)
        link_id = session.execute(
            update(StaffLinkRow)
            .where(
                StaffLinkRow.token_sha256 == digest(token),
                StaffLinkRow.kind == kind,
                StaffLinkRow.used_ms.is_(None),
                StaffLinkRow.expires_ms > now,
            )
            .values(used_ms=now)
            .returning(StaffLinkRow.token_sha256)
        ).scalar_one_or_none()
        if link_id is None:
            raise SignInRefused("This link has already been used, has expired or is not valid: ask for a new one.")
        return session.get_one(StaffLinkRow, link_id)
