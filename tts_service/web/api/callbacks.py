"""Callbacks: a publisher's endpoints, their secrets and deliveries."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Security
from pydantic import Field

from tts_service.callbacks.endpoints import (
    Change,
    EndpointDraft,
    add_endpoint,
    change_endpoint,
    find_endpoint,
    list_endpoints,
    remove_endpoint,
)
from tts_service.callbacks.log import Filter, attempts, deliveries, find_delivery, replay, send_test
from tts_service.callbacks.secret import Signing, rotate, show_secret, site_owner
from tts_service.db.tables import CallbackEndpointRow, DeliveryAttemptRow, DeliveryRow
from tts_service.errors import AddressRefused, Conflict, InputRefused, InvalidRequest, NotFound
from tts_service.parts import Parts
from tts_service.public_addresses import public_url
from tts_service.web.auth import Caller, MayCallBack
from tts_service.web.given import GivenParts, SiteInPath
from tts_service.web.reading import iso
from tts_service.web.responses import JSON_BODY, STAFF, problems
from tts_service.web.schemas.callbacks import (
    AttemptOut,
    DeliveryList,
    DeliveryOut,
    DeliveryShown,
    DeliveryState,
    EndpointIn,
    EndpointList,
    EndpointMade,
    EndpointOut,
    EndpointPatch,
    HealthOut,
    Rotation,
    SecretOut,
)
from tts_service.web.schemas.fields import Maybe
from tts_service.web.schemas.paging import PageQuery
from tts_service.web.security import SESSION

router = APIRouter(prefix="/v1/callbacks", tags=["callbacks"], dependencies=[Security(SESSION)])


class DeliveryFilter(PageQuery):
    """Filters for a list of deliveries."""

    endpoint: str | None = Field(
        None, max_length=64, description="The endpoint's id", examples=["end_019b4c5e77f37d01"]
    )
    state: Maybe[DeliveryState] = Field(None, description="Only deliveries in this state")
    type: str | None = Field(
        None, max_length=40, description="Only deliveries of this event type", examples=["clip.ready"]
    )


_EndpointId = Annotated[str, Path(max_length=64, description="The endpoint's id", examples=["end_019b4c5e77f37d01"])]
_DeliveryId = Annotated[str, Path(max_length=64, description="The delivery's id", examples=["dlv_019b4c5e77f47e11"])]


def _own_endpoint(endpoint: _EndpointId, caller: MayCallBack, parts: GivenParts) -> str:
    """A dependency: the endpoint's id, if it is the caller's. Raises NotFound."""
    with parts.database.reading() as session:
        row = find_endpoint(session, endpoint)
    if not _hears(caller, row.site):
        raise NotFound(f"There is no endpoint {endpoint[:64]}.")
    return endpoint


def _own_delivery(delivery: _DeliveryId, caller: MayCallBack, parts: GivenParts) -> str:
    """A dependency: the delivery's id, if it is the caller's. Raises NotFound."""
    with parts.database.reading() as session:
        row = find_delivery(session, delivery)
        endpoint = session.get_one(CallbackEndpointRow, row.endpoint_id)
    if not _hears(caller, endpoint.site):
        raise NotFound(f"There is no delivery {delivery[:64]}.")
    return delivery


def _own_site(site: SiteInPath, caller: MayCallBack) -> str:
    """A dependency: the site's name, if the key is for it. Raises NotAllowed."""
    caller.require_site(site)
    return site


OwnEndpoint = Annotated[str, Depends(_own_endpoint)]
OwnDelivery = Annotated[str, Depends(_own_delivery)]
OwnSite = Annotated[str, Depends(_own_site)]


@router.get("/endpoints", responses=problems(*STAFF))
def show_endpoints(caller: MayCallBack, parts: GivenParts) -> EndpointList:
    """List endpoints, and the hosts of jobs' `callback_url`s. A key for one site sees only that site's."""
    return EndpointList(endpoints=[_endpoint(row) for row in list_endpoints(parts.database, caller.site)])


@router.post(
    "/endpoints", status_code=201, responses=problems(*STAFF, *JSON_BODY, AddressRefused, Conflict, InputRefused)
)
def register_endpoint(wanted: EndpointIn, caller: MayCallBack, parts: GivenParts) -> EndpointMade:
    """Register an endpoint. Its address must be https, unless the operator allows the host."""
    site = wanted.site or caller.site
    if site is not None:
        caller.require_site(site)
    wish = EndpointDraft(url=wanted.url, site=site, events=tuple(dict.fromkeys(wanted.events)), note=wanted.note)
    row, secret = add_endpoint(parts, wish, who=caller.who)
    return EndpointMade(**_endpoint(row).model_dump(), secret=secret, older_until=None)


@router.get("/endpoints/{endpoint}", responses=problems(*STAFF, InvalidRequest, NotFound))
def show_endpoint(endpoint: OwnEndpoint, parts: GivenParts) -> EndpointOut:
    """Show an endpoint and its delivery health."""
    with parts.database.reading() as session:
        return _endpoint(find_endpoint(session, endpoint))


@router.patch(
    "/endpoints/{endpoint}", responses=problems(*STAFF, *JSON_BODY, AddressRefused, Conflict, InputRefused, NotFound)
)
def update_endpoint(
    endpoint: OwnEndpoint, wanted: EndpointPatch, caller: MayCallBack, parts: GivenParts
) -> EndpointOut:
    """Change an endpoint, or turn it off or on."""
    events = None if wanted.events is None else tuple(dict.fromkeys(wanted.events))
    change = Change(url=wanted.url, events=events, note=wanted.note, enabled=wanted.enabled)
    return _endpoint(change_endpoint(parts, endpoint, change, who=caller.who))


@router.delete("/endpoints/{endpoint}", status_code=204, responses=problems(*STAFF, Conflict, InvalidRequest, NotFound))
def unregister_endpoint(endpoint: OwnEndpoint, caller: MayCallBack, parts: GivenParts) -> None:
    """Remove an endpoint. Pending deliveries to it are not sent."""
    remove_endpoint(parts, endpoint, who=caller.who)


@router.post("/endpoints/{endpoint}/rotate", responses=problems(*STAFF, *JSON_BODY, Conflict, NotFound))
def rotate_endpoint_secret(
    endpoint: OwnEndpoint, caller: MayCallBack, parts: GivenParts, wanted: Rotation | None = None
) -> SecretOut:
    """Rotate an endpoint's secret. During the overlap, callbacks are signed with both secrets."""
    with parts.database.reading() as session:
        row = find_endpoint(session, endpoint)
    if row.jobs_key is not None:
        address = public_url(parts.settings, f"/v1/callbacks/sites/{row.site}/rotate")
        raise Conflict(f"{endpoint} is signed with the secret of its site: {address}.")
    return _rotated(parts, caller, row.secret_owner, row.site, wanted or Rotation())


@router.post(
    "/endpoints/{endpoint}/test", status_code=202, responses=problems(*STAFF, Conflict, InvalidRequest, NotFound)
)
def test_endpoint(endpoint: OwnEndpoint, caller: MayCallBack, parts: GivenParts) -> DeliveryOut:
    """Send a `callback.test` event to an endpoint. Its delivery shows the result."""
    return _delivery(send_test(parts, endpoint, who=caller.who))


@router.get("/sites/{site}/secret", responses=problems(*STAFF, InvalidRequest))
def show_site_secret(site: OwnSite, parts: GivenParts) -> SecretOut:
    """Show the secret that signs callbacks to the `callback_url`s of a site's jobs."""
    return _secret(show_secret(parts.database, site_owner(site)))


@router.post("/sites/{site}/rotate", responses=problems(*STAFF, *JSON_BODY))
def rotate_site_secret(
    site: OwnSite, caller: MayCallBack, parts: GivenParts, wanted: Rotation | None = None
) -> SecretOut:
    """Rotate the secret that signs callbacks to the `callback_url`s of a site's jobs."""
    return _rotated(parts, caller, site_owner(site), site, wanted or Rotation())


@router.get("/deliveries", responses=problems(*STAFF, InputRefused, InvalidRequest))
def show_deliveries(caller: MayCallBack, parts: GivenParts, wanted: Annotated[DeliveryFilter, Query()]) -> DeliveryList:
    """List deliveries, newest first."""
    chosen = Filter(
        site=caller.site,
        endpoint=wanted.endpoint,
        state=wanted.state,
        type=wanted.type,
        before=wanted.place(),
        limit=wanted.limit + 1,
    )
    with parts.database.reading() as session:
        rows = deliveries(session, chosen)
    shown = [_delivery(row) for row in rows[: wanted.limit]]
    return DeliveryList(deliveries=shown, next=wanted.cursor_after(shown[-1].id) if len(rows) > wanted.limit else None)


@router.get("/deliveries/{delivery}", responses=problems(*STAFF, InvalidRequest, NotFound))
def show_delivery(delivery: OwnDelivery, parts: GivenParts) -> DeliveryShown:
    """Show a delivery with its body and attempts."""
    with parts.database.reading() as session:
        row = find_delivery(session, delivery)
        tries = attempts(session, delivery)
    return DeliveryShown(**_delivery(row).model_dump(), body=json.loads(row.body), tries=[_try(one) for one in tries])


@router.post(
    "/deliveries/{delivery}/replay", status_code=202, responses=problems(*STAFF, Conflict, InvalidRequest, NotFound)
)
def replay_delivery(delivery: OwnDelivery, caller: MayCallBack, parts: GivenParts) -> DeliveryOut:
    """Send a delivery again now. It keeps its event id and body, and gets eight new attempts."""
    return _delivery(replay(parts, delivery, who=caller.who))


def _rotated(parts: Parts, caller: Caller, owner: str, site: str | None, wanted: Rotation) -> SecretOut:
    """Rotate the secret of an endpoint or a site."""
    return _secret(rotate(parts.database, owner, wanted.overlap_h, site=site, who=caller.who))


def _hears(caller: Caller, site: str | None) -> bool:
    """Whether an endpoint is the caller's: one for every site belongs to keys for every site."""
    return caller.may_touch(site)


def _endpoint(row: CallbackEndpointRow) -> EndpointOut:
    health = HealthOut(
        failures=row.failures, failing_since=_iso(row.failing_since_ms), paused_until=_iso(row.paused_until_ms)
    )
    return EndpointOut(
        id=row.id,
        site=row.site,
        url=row.url,
        from_jobs=row.jobs_key is not None,
        note=row.note,
        health=health,
        events=row.events.split(",") if row.events else [],
        enabled=row.disabled_ms is None,
        disabled_reason=row.disabled_reason,
        created_at=iso(row.created_ms),
        updated_at=iso(row.updated_ms),
    )


def _secret(signing: Signing) -> SecretOut:
    return SecretOut(secret=signing.secret, older_until=_iso(signing.older_until_ms))


def _delivery(row: DeliveryRow) -> DeliveryOut:
    pending = row.state == "pending"
    return DeliveryOut(
        id=row.id,
        event=row.event_id,
        type=row.type,
        site=row.site,
        endpoint=row.endpoint_id,
        state=row.state,
        reason=row.reason,
        attempts=row.attempts,
        next_try_at=iso(row.due_ms) if pending else None,
        created_at=iso(row.created_ms),
        ended_at=_iso(row.done_ms),
    )


def _try(row: DeliveryAttemptRow) -> AttemptOut:
    return AttemptOut(
        number=row.number,
        url=row.url,
        at=iso(row.started_ms),
        took_ms=row.took_ms,
        status=row.status,
        reason=row.reason,
        answer=row.answer,
    )


def _iso(ms: int | None) -> str | None:
    return None if ms is None else iso(ms)
