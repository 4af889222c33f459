"""create_app(parts): the HTTP side of the service, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from tts_service import __version__
from tts_service.hooks.inbox import Inbox
from tts_service.parts import Parts
from tts_service.web import (
    api_callbacks,
    api_clips,
    api_explain,
    api_feedback,
    api_jobs,
    api_lexicon,
    api_reports,
    api_sites,
    api_texts,
    api_webhooks,
    feedback_page,
    health,
    pages,
    problems,
    staff,
)
from tts_service.web.following import Hub
from tts_service.web.headers import SecurityHeaders
from tts_service.web.limits import BodyLimit
from tts_service.web.sessions import UsedOnce, staff_secret

_STATIC = Path(__file__).parent / "web" / "static"


def create_app(parts: Parts) -> FastAPI:
    """The application around these parts; it closes them when it stops."""

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        yield
        parts.close()

    app = FastAPI(
        title="Listen to the article", version=__version__, lifespan=life, docs_url=None, redoc_url=None,
        description="Turns published articles into audio clips, and listeners' reports into corrections.",
    )  # fmt: skip
    app.state.parts = parts
    app.state.hub = Hub(parts)
    app.state.inbox = Inbox(parts)
    app.state.staff_secret = staff_secret(parts.settings)
    app.state.used_links = UsedOnce()
    problems.install(app)
    for module in (
        api_jobs, api_texts, api_clips, api_explain, api_feedback, api_reports, api_sites, api_lexicon, api_webhooks,
        api_callbacks,
        feedback_page, health, pages, staff,
    ):  # fmt: skip
        app.include_router(module.router)
    # Below /staff as well: a staff session's cookie goes there only.
    app.include_router(api_lexicon.router, prefix="/staff", include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders, settings=parts.settings)
    return app
