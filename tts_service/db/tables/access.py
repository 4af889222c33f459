"""Permissions and the audit log."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict


class ApiKeyRow(Base):
    """A key of a CMS or a staff tool; the secret itself is shown once and never kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    secret_sha256: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[str]
    """Comma-separated: jobs:write, jobs:read, reports, voices, sites, lexicon, callbacks, clips:grant."""
    site: Mapped[str | None]
    """Only this site's things; None: every site's."""
    created_ms: Mapped[int]
    expires_ms: Mapped[int | None]
    revoked_ms: Mapped[int | None]
    used_ms: Mapped[int | None]
    """Last used, to the minute."""
    follows: Mapped[str | None]
    """Id of the key whose place this one takes."""


class StaffRow(Base):
    """A person who works here."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("oidc_issuer", "oidc_subject"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    """What they sign in with, in lower case; an e-mail address for those who sign in elsewhere (OIDC)."""
    role: Mapped[str]
    """staff, admin."""
    password_hash: Mapped[str | None]
    """Argon2id; None: signs in by link or elsewhere."""
    oidc_issuer: Mapped[str | None]
    oidc_subject: Mapped[str | None]
    """Who this is at the issuer: kept at the first sign-in there, and believed ever after in place of the address."""
    created_ms: Mapped[int]
    disabled_ms: Mapped[int | None]


class StaffSessionRow(Base):
    """A browser in which somebody is signed in."""

    __tablename__ = "staff_sessions"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    """Of the cookie: what is read here opens nothing."""
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    how: Mapped[str]
    """link, password, oidc."""
    browser: Mapped[str]
    created_ms: Mapped[int]
    seen_ms: Mapped[int]
    """Last seen, to the minute."""


class StaffLinkRow(Base):
    """An address that lets somebody in once."""

    __tablename__ = "staff_links"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    """None: not known before the issuer says (kind oidc)."""
    kind: Mapped[str]
    """sign-in, invitation, oidc."""
    details: Mapped[JsonDict | None]
    """Of kind oidc: what the issuer's answer must fit."""
    created_ms: Mapped[int]
    expires_ms: Mapped[int]
    used_ms: Mapped[int | None]


class AuditRow(Base):
    """Who did what, when. Nothing here is ever changed."""

    __tablename__ = "audit_log"

    id: Mapped[str] = mapped_column(primary_key=True)
    at_ms: Mapped[int] = mapped_column(index=True)
    who: Mapped[str]
    """`key:` and its id, `staff:` and an id, or `command line`."""
    what: Mapped[str]
    """Such as key.revoked, site.policy."""
    subject: Mapped[str]
    """Id or name of the thing it was done to."""
    site: Mapped[str | None]
    details: Mapped[JsonDict]


class DailyKeyRow(Base):
    """A key that is drawn for one day and destroyed soon after, and with it what can be found out from its hashes."""

    __tablename__ = "daily_keys"

    day: Mapped[str] = mapped_column(primary_key=True)
    """UTC, such as 2026-11-23."""
    key: Mapped[str]
