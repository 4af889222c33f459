"""Staff pages below /staff."""

from __future__ import annotations

from tts_service.web.staff import (
    account,
    article,
    articles,
    checks,
    deliveries,
    elsewhere,
    events,
    first_page,
    hearing,
    listening,
    people,
    reports,
    sign_in,
)

ROUTERS = (
    first_page.router,
    sign_in.router,
    elsewhere.router,
    reports.router,
    account.router,
    articles.router,
    article.router,
    people.router,
    events.router,
    checks.router,
    deliveries.router,
    listening.router,
    hearing.router,
)
