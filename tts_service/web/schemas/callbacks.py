"""Callbacks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from tts_service.callbacks.endpoints import MAX_NOTE, TYPES
from tts_service.callbacks.secret import LONGEST_OVERLAP_H, USUAL_OVERLAP_H
from tts_service.web.schemas.fields import WHOLE, CalledAddress, Cleaned, SiteName, WithoutEmpty

EventType = Literal["clip.ready", "clip.failed", "clip.withdrawn", "report.received", "report.resolved"]
assert set(TYPES) == set(EventType.__args__)  # type: ignore[attr-defined]
EventTypes = Annotated[list[EventType], WithoutEmpty(len(TYPES))]
Note = Annotated[str, Field(max_length=MAX_NOTE, description="For people")]
DeliveryState = Literal["pending", "delivered", "failed"]


class EndpointIn(Cleaned):
    """An address that is to hear of results."""

    url: CalledAddress
    site: SiteName | None = Field(None, description="Left out: of every site (only with a key for all sites)")
    events: EventTypes = Field(default=[], description="Left out or empty: all")
    note: Note = ""


class EndpointPatch(Cleaned):
    """What is to change."""

    EMPTY_COUNTS = frozenset({"note"})

    url: CalledAddress | None = None
    events: EventTypes | None = None
    note: Note | None = None
    enabled: bool | None = Field(None, strict=True, description="true also after it was switched off for its answers")


class HealthOut(BaseModel):
    """How an endpoint does."""

    failures: int = Field(description="Failed tries since the last success")
    failing_since: str | None
    paused_until: str | None = Field(description="Nothing is sent before this moment")


class EndpointOut(BaseModel):
    """An endpoint, or a host that `callback_url`s lead to."""

    id: str
    site: str | None
    url: str
    from_jobs: bool = Field(description="It stands for the callback_url of jobs, and goes by what they say")
    events: list[str] = Field(description="Empty: all")
    note: str
    enabled: bool
    disabled_reason: str
    health: HealthOut
    created_at: str
    updated_at: str


class EndpointList(BaseModel):
    endpoints: list[EndpointOut]


class SecretOut(BaseModel):
    """What callbacks are signed with (Standard Webhooks)."""

    secret: str
    older_until: str | None = Field(description="Until then the secret before it signs too")


class EndpointMade(EndpointOut, SecretOut):
    """A new endpoint with its secret."""


class Rotation(Cleaned):
    """How a secret is replaced."""

    overlap_h: Annotated[int, Field(ge=0, le=LONGEST_OVERLAP_H), WHOLE] = Field(
        USUAL_OVERLAP_H, description="Hours for which the old secret signs too"
    )


class DeliveryOut(BaseModel):
    """One event on its way to one endpoint."""

    id: str
    event: str = Field(description="The webhook-id")
    type: str
    site: str
    endpoint: str
    state: DeliveryState
    reason: str
    attempts: int
    next_try_at: str | None
    created_at: str
    ended_at: str | None


class DeliveryList(BaseModel):
    deliveries: list[DeliveryOut]
    next: str | None = Field(description="Cursor of the next page; null: this is the last")


class AttemptOut(BaseModel):
    """One try."""

    number: int
    url: str
    at: str
    took_ms: int
    status: int | None = Field(description="null: there was no answer")
    reason: str
    answer: str = Field(description="What the receiver said: plain text from outside")


class DeliveryShown(DeliveryOut):
    """A delivery with all that was sent and heard."""

    body: dict[str, Any]
    tries: list[AttemptOut]
