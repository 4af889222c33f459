"""Callback endpoints: added, changed, paused, removed; and the hosts allowed for jobs' callback_url."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.callbacks.secret import secret_row, site_owner
from tts_service.db.session import Database, new_id
from tts_service.db.tables import CallbackEndpointRow, DeliveryRow
from tts_service.errors import Conflict, InputRefused, NotFound
from tts_service.http.rules import rules_of
from tts_service.http.target import read_target
from tts_service.parts import Parts
from tts_service.settings import Settings

TYPES = ("clip.ready", "clip.failed", "clip.withdrawn", "report.received", "report.resolved")
MAX_NOTE = 200
MAX_ENDPOINTS = 50
"""Maximum endpoints per site: each event goes to all interested ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDraft:
    """A new endpoint to register."""

    url: str
    site: str | None = None
    """None: receives events of all sites."""
    events: tuple[str, ...] = ()
    """Event types to receive; empty: all."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Changes to an endpoint; None leaves a field unchanged."""

    url: str | None = None
    events: tuple[str, ...] | None = None
    note: str | None = None
    enabled: bool | None = None


def check_address(settings: Settings, url: str) -> None:
    """Raises AddressRefused if the address would never be called: https only, unless the operator allows the host."""
    read_target(url, rules_of(settings), https_only=True)


def host_of(url: str) -> str:
    """The part of an address that may be disclosed: its path may contain a secret."""
    return urlsplit(url).hostname or ""


def add_endpoint(parts: Parts, draft: EndpointDraft, *, who: str = SERVICE) -> tuple[CallbackEndpointRow, str]:
    """Registers an endpoint; returns it with its secret. Raises AddressRefused, InputRefused, Conflict (too many)."""
    check_address(parts.settings, draft.url)
    _check(draft.events, draft.note)
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        if len(_entered(session, draft.site)) >= MAX_ENDPOINTS:
            raise Conflict(f"A site can have at most {MAX_ENDPOINTS} endpoints: remove one that you don't need.")
        endpoint_id = new_id("cbk")
        row = CallbackEndpointRow(
            id=endpoint_id,
            site=draft.site,
            url=draft.url,
            events=",".join(draft.events),
            note=draft.note,
            secret_owner=endpoint_id,
            disabled_reason="",
            created_ms=now,
            updated_ms=now,
        )
        session.add(row)
        secret = secret_row(session, endpoint_id, now).secret
        _note(parts, session, row, who, "callback.added")
    return row, secret


def list_endpoints(database: Database, site: str | None = None) -> list[CallbackEndpointRow]:
    """All endpoints and jobs' hosts, oldest first; with `site`, only the site's own."""
    query = select(CallbackEndpointRow).where(CallbackEndpointRow.removed_ms.is_(None))
    query = query.where(CallbackEndpointRow.site == site) if site else query
    with database.reading() as session:
        return list(session.scalars(query.order_by(CallbackEndpointRow.id)))


def find_endpoint(session: Session, endpoint_id: str, *, lock: bool = False) -> CallbackEndpointRow:
    """The endpoint with this id. Raises NotFound. `lock`: blocks other locking callers, but not new deliveries."""
    query = select(CallbackEndpointRow).where(
        CallbackEndpointRow.id == endpoint_id, CallbackEndpointRow.removed_ms.is_(None)
    )
    row = session.scalars(query.with_for_update(key_share=True) if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"There is no endpoint {endpoint_id[:64]}.")
    return row


def change_endpoint(parts: Parts, endpoint_id: str, change: Change, *, who: str = SERVICE) -> CallbackEndpointRow:
    """Changes an endpoint. Raises NotFound, Conflict (a jobs' host), AddressRefused, InputRefused."""
    if change.url is not None:
        check_address(parts.settings, change.url)
    _check(change.events or (), change.note or "")
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = _entered_one(session, endpoint_id)
        row.url = row.url if change.url is None else change.url
        row.events = row.events if change.events is None else ",".join(change.events)
        row.note = row.note if change.note is None else change.note
        row.updated_ms = now
        if change.enabled and row.disabled_ms is not None:
            row.disabled_ms, row.disabled_reason = None, ""
            row.failures, row.failing_since_ms, row.paused_until_ms = 0, None, None
        if change.enabled is False and row.disabled_ms is None:
            switch_off(session, row, "switched off manually", now)
        _note(parts, session, row, who, "callback.changed", on=row.disabled_ms is None)
    return row


def remove_endpoint(parts: Parts, endpoint_id: str, *, who: str = SERVICE) -> CallbackEndpointRow:
    """Removes an endpoint; its deliveries stay in the log. Raises NotFound, Conflict."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = _entered_one(session, endpoint_id)
        switch_off(session, row, "removed", now)
        row.removed_ms = now
        _note(parts, session, row, who, "callback.removed")
    return row


def switch_off(session: Session, row: CallbackEndpointRow, reason: str, now_ms: int) -> None:
    """Disables the endpoint and ends its pending deliveries."""
    row.disabled_ms, row.disabled_reason, row.updated_ms = now_ms, reason, now_ms
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.endpoint_id == row.id, DeliveryRow.state == "pending")
        .values(state="failed", reason=f"The endpoint was switched off: {reason}.", done_ms=now_ms)
    )


def jobs_endpoint(session: Session, site: str, callback_url: str, now_ms: int) -> CallbackEndpointRow:
    """The endpoint for the host of a job's callback_url: all addresses on a host share health and slots."""
    parts = urlsplit(callback_url)
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    query = select(CallbackEndpointRow).where(CallbackEndpointRow.jobs_key == f"{site} {origin}")
    row = session.scalars(query).one_or_none()
    if row is not None:
        return row
    secret_row(session, site_owner(site), now_ms)
    try:
        with session.begin_nested():
            row = CallbackEndpointRow(
                id=new_id("cbk"),
                site=site,
                url=origin,
                jobs_key=f"{site} {origin}",
                events="",
                note="",
                secret_owner=site_owner(site),
                disabled_reason="",
                created_ms=now_ms,
                updated_ms=now_ms,
            )
            session.add(row)
    except IntegrityError:  # another job of this site ended at the same time
        row = session.scalars(query).one()
    return row


def _note(parts: Parts, session: Session, row: CallbackEndpointRow, who: str, what: str, **details: str | bool) -> None:
    told = {"host": host_of(row.url), **details}
    note(parts.database, session, Deed(who=who, what=what, subject=row.id, site=row.site, details=told))


def _check(events: Sequence[str], text: str) -> None:
    unknown = [name for name in events if name not in TYPES]
    if unknown:
        raise InputRefused(f"Unknown event type {unknown[0][:40]!r}.", known=list(TYPES))
    if len(text) > MAX_NOTE:
        raise InputRefused(f"A note can have at most {MAX_NOTE} characters.")


def _entered(session: Session, site: str | None) -> list[str]:
    query = select(CallbackEndpointRow.id).where(
        CallbackEndpointRow.jobs_key.is_(None), CallbackEndpointRow.removed_ms.is_(None)
    )
    of_site = CallbackEndpointRow.site.is_(None) if site is None else CallbackEndpointRow.site == site
    return list(session.scalars(query.where(of_site)))


def _entered_one(session: Session, endpoint_id: str) -> CallbackEndpointRow:
    row = find_endpoint(session, endpoint_id, lock=True)
    if row.jobs_key is not None:
        raise Conflict(
            f"{endpoint_id} represents the callback_url of jobs and can't be changed: change callback_url in the jobs."
        )
    return row
