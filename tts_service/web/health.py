"""For operators: liveness, readiness, metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
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
    with parts.database.reading() as session:
        jobs = _by_state(session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all())
        reports = _by_state(session.execute(select(ReportRow.state, func.count()).group_by(ReportRow.state)).all())
        clips = _by_state(session.execute(select(ClipRow.state, func.count()).group_by(ClipRow.state)).all())
    lines: list[str] = []
    _gauge(lines, "tts_jobs", "Jobs by state", dict.fromkeys(_JOB_STATES, 0) | jobs)
    _gauge(lines, "tts_clips", "Clips by state", clips)
    _gauge(lines, "tts_reports", "Reports by state", reports)
    lines += [
        "# HELP tts_live_revisions Renditions listened to while they are made, by this process",
        "# TYPE tts_live_revisions gauge",
        f"tts_live_revisions {request.app.state.hub.following_now}",
    ]
    return Response("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4; charset=utf-8")


def _by_state(rows: object) -> dict[str, int]:
    return {state: int(count) for state, count in rows}  # type: ignore[attr-defined]


def _gauge(lines: list[str], name: str, meaning: str, by_state: dict[str, int]) -> None:
    lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
    lines += [f'{name}{{state="{state}"}} {count}' for state, count in sorted(by_state.items())]
