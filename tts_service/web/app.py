"""create_app(parts): assembles the HTTP side of the service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from tts_service import __version__
from tts_service.access.daily import DailyKeys
from tts_service.access.grants import Grants
from tts_service.cms.inbox.receive import Inbox
from tts_service.engines.child.resident import ResidentEngine
from tts_service.jobs.idempotency import InFlight
from tts_service.monitoring.gauges import Gauges
from tts_service.monitoring.outages import OutageCheck
from tts_service.monitoring.parts_check import PartsCheck
from tts_service.parts import Parts
from tts_service.public_addresses import path_prefix
from tts_service.storage.watch import StoreWatch
from tts_service.telemetry.tracing import start_tracing, stop_tracing
from tts_service.web import api, health, metrics, openapi, pages, player_file, problems, staff
from tts_service.web.doors.bodies import BodyLimit
from tts_service.web.doors.client import trusted_networks
from tts_service.web.doors.clip_token import ClipTokens
from tts_service.web.doors.cors import Cors, Origins
from tts_service.web.doors.counting import UNCOUNTED, RateLimit, Visitors
from tts_service.web.doors.head import HeadAsGet
from tts_service.web.doors.headers import SecurityHeaders
from tts_service.web.doors.paths import PublicPaths
from tts_service.web.doors.rates import Rates
from tts_service.web.shared_poll import SharedPolls
from tts_service.web.sound.following import Hub
from tts_service.web.staff.people.elsewhere import issuer_of

_STATIC = Path(__file__).parent / "static"


class _Static(StaticFiles):
    """Files of the pages. Browsers ask for them each time: modules of two versions in one page don't fit together."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        answer = super().file_response(*args, **options)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def create_app(parts: Parts) -> FastAPI:
    """The application around these parts; it closes them when it stops."""

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await app.state.rates.close()
        await run_in_threadpool(app.state.resident_engine.close)
        await run_in_threadpool(stop_tracing)
        parts.close()

    app = FastAPI(
        telemetry=_telemetry(parts),
        version=__version__,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        webhooks=api.EVENTS,
        **openapi.service_facts(parts.settings),
    )
    app.state.parts = parts
    app.state.hub = Hub(parts)
    app.state.shared_polls = SharedPolls(parts.settings.max_followers)
    app.state.resident_engine = ResidentEngine(parts.settings)
    app.state.inbox = Inbox(parts)
    app.state.in_flight = InFlight()
    app.state.store_watch = StoreWatch(parts.store, parts.settings)
    app.state.gauges = Gauges(parts.database, parts.settings)
    app.state.outages = OutageCheck(parts)
    app.state.parts_check = PartsCheck(parts, app.state.store_watch)
    keys = DailyKeys(parts.database)
    app.state.clip_tokens = ClipTokens(keys)
    app.state.grants = Grants(keys)
    app.state.visitors = Visitors(keys, trusted_networks(parts.settings))
    app.state.rates = Rates(parts.settings)
    app.state.issuer = issuer_of(parts.settings)
    problems.install(app)
    app.router.routes.extend(_routes())
    openapi.install_document(app, parts.settings)
    app.mount("/static", _Static(directory=_STATIC), name="static")
    _add_doors(app, parts)
    return app


def _telemetry(parts: Parts) -> Any:
    """FastAPI's own spans, where traces are sent; of nothing that is polled."""
    return {
        "tracer_provider": start_tracing(parts.settings, "api"),
        "tracing": bool(parts.settings.traces_url),
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "exclude": lambda scope: any(polled in scope["path"] for polled in UNCOUNTED),
    }


@cache
def _routes() -> list[BaseRoute]:
    """Every route, included once per process: FastAPI needs about 50 ms to work out what their functions depend on."""
    root = APIRouter(generate_unique_id_function=lambda route: route.name)
    for router in (*api.ROUTERS, *pages.ROUTERS, *staff.ROUTERS, health.router, metrics.router, player_file.router):
        root.include_router(router)
    # Below /staff as well: a staff session counts there only.
    for router in api.FOR_STAFF:
        root.include_router(router, prefix="/staff", include_in_schema=False)
    return root.routes


def _add_doors(app: FastAPI, parts: Parts) -> None:
    """From the inside out: the last one added is the first a request meets."""
    app.add_middleware(HeadAsGet, routes=app.routes)
    app.add_middleware(BodyLimit)
    app.add_middleware(RateLimit, rates=app.state.rates, visitors=app.state.visitors)
    app.add_middleware(Cors, origins=Origins(parts.database))
    app.add_middleware(SecurityHeaders, settings=parts.settings)
    app.add_middleware(PublicPaths, prefix=path_prefix(parts.settings), routes=app.routes)
