"""For operators: liveness, readiness, metrics."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Gauge, generate_latest
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from tts_service.db.tables import ClipRow, JobRow, ReportRow
from tts_service.errors import DatabaseUnavailable, DiskFull, StoreUnavailable
from tts_service.web.doors.proxy import contradictions
from tts_service.web.given import GivenParts
from tts_service.web.responses import problems, reply, text

router = APIRouter(tags=["operation"])
_EXPOSITION = text("text/plain", 'tts_jobs{state="queued"} 3\n')
_JOB_STATES = ("queued", "running", "succeeded", "failed", "cancelled", "superseded")
_COUNTED = (
    ("tts_jobs", "Jobs by state", JobRow.state, _JOB_STATES),
    ("tts_clips", "Clips by state", ClipRow.state, ()),
    ("tts_reports", "Reports by state", ReportRow.state, ()),
)


class Health(BaseModel):
    """The process is running."""

    status: Literal["ok"]
    instance: str | None = Field(None, description="Name of the process, if it has one")
    proxy: list[str] | None = Field(
        None,
        description="How the headers of the proxy that forwarded this request contradict the settings",
        examples=[None],
    )


class Readiness(BaseModel):
    """The database and the store are available."""

    status: Literal["ok"]
    database: Literal["ok"]
    store: Literal["ok"]


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

    503 or 507 if they aren't. The store is checked for free space, and once a minute by writing to it. The broker isn't
    checked: articles can be sent while it is down.
    """
    parts.database.ping()
    request.app.state.store_watch.require()
    return Readiness(status="ok", database="ok", store="ok")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: reply("The metrics.", _EXPOSITION), **problems(DatabaseUnavailable)},
)
def metrics(request: Request, parts: GivenParts) -> Response:
    """Get metrics in Prometheus' text format (exposition format 0.0.4)."""
    registry = CollectorRegistry()
    with parts.database.reading() as session:
        for name, meaning, column, expected in _COUNTED:
            gauge = Gauge(name, meaning, ["state"], registry=registry)
            for state in expected:
                gauge.labels(state).set(0)
            for state, count in session.execute(select(column, func.count()).group_by(column)):
                gauge.labels(state).set(count)
    live = Gauge("tts_live_revisions", "Renditions listened to while they are made, by this process", registry=registry)
    live.set(request.app.state.hub.following_now)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
