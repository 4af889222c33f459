"""For operators: liveness and readiness."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from tts_service.errors import DatabaseUnavailable, DiskFull, StoreUnavailable
from tts_service.web.doors.proxy import contradictions
from tts_service.web.given import GivenParts
from tts_service.web.responses import problems

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """The process is running."""

    status: Literal["ok"]
    instance: str | None = Field(None, description="Name of the process, if it has one")
    proxy: list[str] | None = Field(
        None,
        description="How the headers of the proxy that forwarded this request contradict the settings",
        examples=[None],
    )


class DownPart(BaseModel):
    """A part that doesn't do its work."""

    part: Literal["broker", "beat", "workers", "disk", "store"] = Field(examples=["beat"])
    message: str = Field(
        description="What is wrong, and what to do",
        examples=["Beat was last seen 90 s ago: start `tts-service beat`, or look at its log."],
    )


class Readiness(BaseModel):
    """The database and the store are available."""

    status: Literal["ok", "degraded"] = Field(description="degraded: another part is down", examples=["degraded"])
    database: Literal["ok"]
    store: Literal["ok"]
    down: list[DownPart] = Field(description="Parts that are down, though articles are accepted and audio is served")


@router.get("/healthz", response_description="The process is running.", response_model_exclude_none=True)
def alive(request: Request, parts: GivenParts) -> Health:
    """Check that the process is running. The response also says where the proxy's headers contradict the settings."""
    return Health(
        status="ok", instance=parts.settings.instance or None, proxy=contradictions(request, parts.settings) or None
    )


@router.get(
    "/readyz",
    response_description="Database and store are available.",
    responses=problems(DatabaseUnavailable, DiskFull, StoreUnavailable),
)
def ready(request: Request, parts: GivenParts) -> Readiness:
    """Check that the database and the store are available.

    503 or 507 if they aren't. The store is checked for free space, and once a minute by writing to it. Other parts that
    are down are named in a 200: articles can be sent meanwhile.
    """
    parts.database.ping()
    request.app.state.store_watch.require()
    down = [DownPart.model_validate(one, from_attributes=True) for one in request.app.state.outages.down()]
    return Readiness(status="degraded" if down else "ok", database="ok", store="ok", down=down)
