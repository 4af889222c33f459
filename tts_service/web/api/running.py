"""The service as it runs now, for operators' own tools."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from tts_service.monitoring.running import Running, running_now
from tts_service.web.auth import MayReadJobs
from tts_service.web.given import GivenParts
from tts_service.web.reading import iso
from tts_service.web.responses import KEYED, problems
from tts_service.web.schemas.running import RunningOut

router = APIRouter(prefix="/v1", tags=["operation"])


@router.get("/running", responses=problems(*KEYED))
def show_running(request: Request, caller: MayReadJobs, parts: GivenParts) -> RunningOut:
    """Show what is down, what waits, what is being made, what failed and what is kept.

    A key for one site gets that site's part of it.
    """
    sites = None if caller.site is None else (caller.site,)
    return RunningOut.model_validate(running_as_json(running_now(parts, request.app.state.parts_check, sites)))


def running_as_json(now: Running) -> dict[str, Any]:
    """As the API writes it: times as ISO 8601, ages in seconds."""

    def age_s(ms: int | None) -> int | None:
        return None if ms is None else max(0, now.at_ms - ms) // 1000

    def at(ms: int | None) -> str | None:
        return None if ms is None else iso(ms)

    def listed(one: Any) -> dict[str, Any]:
        return {"id": one.id, "site": one.site, "article": one.external_id, "title": one.title}

    keeping = now.keeping
    return {
        "at": iso(now.at_ms),
        "down": [{"part": one.part, "message": one.message, "section": one.section} for one in now.down],
        "queues": [
            {
                "queue": one.queue,
                "waiting": one.waiting,
                "oldest_s": age_s(one.oldest_due_ms),
                "running": one.running,
                "taken_at": at(one.taken_ms),
            }
            for one in now.queues
        ],
        "put_back": now.put_back,
        "jobs": [
            {
                **listed(one),
                "queue": one.queue,
                "stage": one.stage,
                "done": one.done,
                "total": one.total,
                "started_at": at(one.started_ms),
                "left_behind": one.left_behind,
            }
            for one in now.jobs
        ],
        "failed": [
            {
                **listed(one),
                "failed_at": at(one.failed_ms),
                "code": one.error.get("code", ""),
                "reason": one.error.get("detail") or one.error.get("title", ""),
            }
            for one in now.failed
        ],
        "endpoints": [
            {
                "id": one.id,
                "site": one.site,
                "host": one.host,
                "waiting": one.waiting,
                "oldest_s": age_s(one.oldest_due_ms),
                "failures": one.failures,
                "disabled_reason": one.disabled_reason,
            }
            for one in now.endpoints
        ],
        "feeds": [{"site": one.site, "url": one.url, "tries": one.tries, "error": one.error} for one in now.feeds],
        "webhooks": now.events,
        "reached": [{"part": one.part, "took_ms": one.took_ms, "works": one.down is None} for one in now.reached],
        "processes": [
            {
                "part": one.part,
                "machine": one.machine,
                "pid": one.pid,
                "version": one.version,
                "alive": one.alive,
                "started_at": at(one.started_ms),
                "seen_at": at(one.seen_ms),
            }
            for one in now.processes
        ],
        "engine_deaths": now.deaths if now.everything else {},
        "stuck_workers": now.stuck if now.everything else {},
        "storage": keeping
        and {
            "free_mb": keeping.free_mb,
            "weighed_at": at(keeping.weighed_ms),
            "bytes": keeping.bytes,
            "sites": [{"site": one.site, "bytes": one.bytes, "quota": one.quota} for one in keeping.sites],
            "prunable_bytes": keeping.prunable_bytes,
            "doomed": keeping.doomed,
            "pruned_at": at(keeping.pruned_ms),
            "held_until": at(keeping.held_until_ms),
            "backup_at": at(keeping.backup_ms),
        },
    }
