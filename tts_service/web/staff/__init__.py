"""Staff pages below /staff."""

from __future__ import annotations

from tts_service.web.staff import (
    account,
    article,
    articles,
    case,
    checks,
    corrections,
    deliveries,
    desk,
    elsewhere,
    events,
    first_page,
    hearing,
    lexicon,
    listening,
    overview,
    people,
    sign_in,
    sites,
    sound,
    trying,
)

ROUTERS = (
    first_page.router,
    sign_in.router,
    elsewhere.router,
    desk.router,
    case.router,
    trying.router,
    corrections.router,
    sound.router,
    account.router,
    articles.router,
    article.router,
    people.router,
    events.router,
    checks.router,
    deliveries.router,
    listening.router,
    overview.router,
    hearing.router,
    sites.router,
    lexicon.router,
)
