"""For operators: liveness, readiness, metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from tts_service.db.tables import ClipRow, JobRow, ReportRow
from tts_service.errors import DatabaseUnavailable, DiskFull, StoreUnavailable
from tts_service.web.document.declare import Reply, gives, raises, spares
from tts_service.web.document.kept import METRICS
from tts_service.web.document.models import Health, Readiness
from tts_service.web.doors.proxy import contradictions
from tts_service.web.given import GivenParts

router = APIRouter(tags=["operation"])
_JOB_STATES = ("queued", "running", "succeeded", "failed", "cancelled", "superseded")
_COUNTED = (
    ("tts_jobs", "Jobs by state", JobRow.state, _JOB_STATES),
    ("tts_clips", "Clips by state", ClipRow.state, ()),
    ("tts_reports", "Reports by state", ReportRow.state, ()),
)


@router.get("/healthz")
@gives(Reply(status=200, says="It does.", content={"application/json": Health}))
@spares(DatabaseUnavailable)
def alive(request: Request, parts: GivenParts) -> dict[str, object]:
    """The process answers, by the name it was given if it was given one; and in which way the headers of the proxy on
    the request's way contradict the settings, if they do."""
    said: dict[str, object] = {"status": "ok"}
    if parts.settings.instance:
        said["instance"] = parts.settings.instance
    if found := contradictions(request, parts.settings):
        said["proxy"] = found
    return said


@router.get("/readyz")
@raises(StoreUnavailable, DiskFull)
@gives(Reply(status=200, says="They do.", content={"application/json": Readiness}))
def ready(request: Request, parts: GivenParts) -> dict[str, str]:
    """Database and store answer, the store takes what is written (tried once a minute), and there is room for more;
    503 or 507 when not. A broker that is down stops nobody from sending articles."""
    parts.database.ping()
    request.app.state.store_watch.require()
    return {"status": "ok", "database": "ok", "store": "ok"}


@router.get("/metrics")
@gives(METRICS)
def metrics(request: Request, parts: GivenParts) -> Response:
    """Counts in Prometheus' text format (exposition format 0.0.4)."""
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
