"""Permissions and the audit log."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict


class ApiKeyRow(Base):
    """An API key of a CMS or staff tool; the secret is shown once and never stored."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    secret_sha256: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[str]
    """Comma-separated: jobs:write, jobs:read, reports, voices, sites, lexicon, callbacks, clips:grant."""
    site: Mapped[str | None]
    """Limits the key to this site; None: all sites."""
    created_ms: Mapped[int]
    expires_ms: Mapped[int | None]
    revoked_ms: Mapped[int | None]
    used_ms: Mapped[int | None]
    """Last use, to the minute."""
    follows: Mapped[str | None]
    """Id of the key that this one replaces."""


class StaffRow(Base):
    """A staff account."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("oidc_issuer", "oidc_subject"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    """Sign-in name in lower case; an email address for sign-in by OIDC."""
    role: Mapped[str]
    """staff, admin."""
    sites: Mapped[list[Any] | None]
    """Names of the sites that they see and change; None: all sites, as for every admin."""
    summary: Mapped[str | None]
    """Language of the weekly summary that they get by mail; None: they get none."""
    summary_week: Mapped[str | None]
    """ISO week of the last summary, such as 2026-W48: each is sent once. None: none was sent."""
    password_hash: Mapped[str | None]
    """Argon2id; None: signs in by link or OIDC."""
    oidc_issuer: Mapped[str | None]
    oidc_subject: Mapped[str | None]
    """The issuer's subject, stored at the first OIDC sign-in and used from then on instead of the address."""
    created_ms: Mapped[int]
    disabled_ms: Mapped[int | None]


class StaffSessionRow(Base):
    """A signed-in browser."""

    __tablename__ = "staff_sessions"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    """Hash of the cookie: the table's contents can't be used to sign in."""
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    how: Mapped[str]
    """link, password, oidc."""
    browser: Mapped[str]
    created_ms: Mapped[int]
    seen_ms: Mapped[int]
    """Last request, to the minute."""


class StaffLinkRow(Base):
    """A one-time sign-in link."""

    __tablename__ = "staff_links"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    """None until the issuer identifies the person (kind oidc)."""
    kind: Mapped[str]
    """sign-in, invitation, oidc."""
    details: Mapped[JsonDict | None]
    """For kind oidc: what the issuer's response must match."""
    created_ms: Mapped[int]
    expires_ms: Mapped[int]
    used_ms: Mapped[int | None]


class AuditRow(Base):
    """Who did what and when. Append-only."""

    __tablename__ = "audit_log"

    id: Mapped[str] = mapped_column(primary_key=True)
    at_ms: Mapped[int] = mapped_column(index=True)
    who: Mapped[str]
    """`key:<id>`, `staff:<id>`, `command line` or `service`."""
    what: Mapped[str]
    """For example key.revoked, site.policy."""
    subject: Mapped[str] = mapped_column(index=True)
    """Id or name of the affected object."""
    site: Mapped[str | None]
    details: Mapped[JsonDict]


class DailyKeyRow(Base):
    """A random key for one day, destroyed soon after: its hashes can then no longer be attributed."""

    __tablename__ = "daily_keys"

    day: Mapped[str] = mapped_column(primary_key=True)
    """UTC date, for example 2026-11-23."""
    key: Mapped[str]
