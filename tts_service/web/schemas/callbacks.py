"""Callback endpoints, deliveries and secrets."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from tts_service.callbacks.endpoints import MAX_NOTE, TYPES
from tts_service.callbacks.secret import LONGEST_OVERLAP_H, USUAL_OVERLAP_H
from tts_service.web.schemas.fields import (
    WHOLE,
    CalledAddress,
    Cleaned,
    NextCursor,
    ShownSite,
    SiteName,
    Timestamp,
    WithoutEmpty,
    example,
)

EventType = Literal["clip.ready", "clip.failed", "clip.withdrawn", "report.received", "report.resolved"]
assert set(TYPES) == set(EventType.__args__)  # type: ignore[attr-defined]
EventTypes = Annotated[list[EventType], WithoutEmpty(len(TYPES))]
Note = Annotated[str, Field(max_length=MAX_NOTE, description="Free text for your own use")]
DeliveryState = Literal["pending", "delivered", "failed"]


class EndpointIn(Cleaned):
    """A callback endpoint to register."""

    model_config = example({"url": "https://cms.example.org/audio", "site": "gazette", "events": ["clip.ready"]})

    url: CalledAddress
    site: SiteName | None = Field(None, description="Default: the key's site; with a key for all sites, all sites")
    events: EventTypes = Field(default=[], description="Event types to send. Default, also if empty: all")
    note: Note = ""


class EndpointPatch(Cleaned):
    """Changes to an endpoint; omitted fields keep their values."""

    EMPTY_COUNTS = frozenset({"note"})

    model_config = example({"enabled": True})

    url: CalledAddress | None = None
    events: EventTypes | None = None
    note: Note | None = None
    enabled: bool | None = Field(
        None,
        strict=True,
        description="true turns the endpoint on, also after the service turned it off; false turns it off",
    )


class HealthOut(BaseModel):
    """Delivery health of an endpoint."""

    failures: int = Field(description="Failed attempts since the last success", examples=[0])
    failing_since: str | None
    paused_until: str | None = Field(description="Nothing is sent to the endpoint before this time")


class EndpointOut(BaseModel):
    """A registered endpoint, or the host of a `callback_url`."""

    id: str = Field(examples=["end_019b4c5e77f37d01"])
    site: ShownSite | None
    url: str = Field(examples=["https://cms.example.org/audio"])
    from_jobs: bool = Field(
        description="Whether it stands for the `callback_url` of jobs; each job then decides what is sent"
    )
    events: list[str] = Field(
        description="Event types that are sent; empty means all", examples=[["clip.ready", "clip.failed"]]
    )
    note: str = Field(examples=["The CMS"])
    enabled: bool
    disabled_reason: str = Field(examples=[""])
    health: HealthOut
    created_at: Timestamp
    updated_at: Timestamp


class EndpointList(BaseModel):
    endpoints: list[EndpointOut]


class SecretOut(BaseModel):
    """The secret that callbacks are signed with (Standard Webhooks)."""

    secret: str = Field(examples=["whsec_bm90IGEgc2VjcmV0LCBvbmx5IGFuIGV4YW1wbGUhISE="])
    older_until: Timestamp | None = Field(
        description="Until this time, callbacks are also signed with the previous secret"
    )


class EndpointMade(EndpointOut, SecretOut):
    """A new endpoint with its secret."""


class Rotation(Cleaned):
    """How to rotate a secret."""

    model_config = example({"overlap_h": 24})

    overlap_h: Annotated[int, Field(ge=0, le=LONGEST_OVERLAP_H), WHOLE] = Field(
        USUAL_OVERLAP_H, description="Hours during which callbacks are also signed with the old secret"
    )


class DeliveryOut(BaseModel):
    """One callback to one endpoint."""

    id: str = Field(examples=["dlv_019b4c5e77f47e11"])
    event: str = Field(description="The event's id, sent as `webhook-id`", examples=["evt_019b4c5e77f57f21"])
    type: str = Field(examples=["clip.ready"])
    site: ShownSite
    endpoint: str = Field(examples=["end_019b4c5e77f37d01"])
    state: DeliveryState = Field(examples=["delivered"])
    reason: str = Field(examples=[""])
    attempts: int = Field(examples=[1])
    next_try_at: str | None
    created_at: Timestamp
    ended_at: Timestamp | None


class DeliveryList(BaseModel):
    deliveries: list[DeliveryOut]
    next: NextCursor


class AttemptOut(BaseModel):
    """One attempt of a delivery."""

    number: int = Field(examples=[1])
    url: str = Field(examples=["https://cms.example.org/audio"])
    at: Timestamp
    took_ms: int = Field(examples=[84])
    status: int | None = Field(description="HTTP status of the response; null if there was none", examples=[204])
    reason: str = Field(examples=[""])
    answer: str = Field(
        description="Body of the receiver's response, as plain text. Don't trust its content", examples=[""]
    )


_SENT = {"type": "clip.ready", "timestamp": "2026-03-09T07:30:12.500Z", "data": {"clip": "clip_019b4c5e77f27c10"}}


class DeliveryShown(DeliveryOut):
    """A delivery with its body and attempts."""

    body: dict[str, Any] = Field(examples=[_SENT])
    tries: list[AttemptOut]
