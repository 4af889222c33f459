"""Staff pages below /staff."""

from __future__ import annotations

from tts_service.web.staff import first_page
from tts_service.web.staff.articles import article, block_rules, hearing, listening, sentence
from tts_service.web.staff.articles import index as articles
from tts_service.web.staff.desk import case, corrections, sound, trying
from tts_service.web.staff.desk import queue as desk
from tts_service.web.staff.figures import overview, running
from tts_service.web.staff.people import account, elsewhere, sign_in
from tts_service.web.staff.people import accounts as people
from tts_service.web.staff.pronunciations import pages as lexicon
from tts_service.web.staff.sites import audition, checks, deliveries, events
from tts_service.web.staff.sites import index as sites
from tts_service.web.staff.voices import index as voices

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
    sentence.router,
    people.router,
    events.router,
    checks.router,
    deliveries.router,
    listening.router,
    overview.router,
    running.router,
    hearing.router,
    sites.router,
    audition.router,
    block_rules.router,
    lexicon.router,
    voices.router,
)
