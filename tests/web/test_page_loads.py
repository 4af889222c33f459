"""What each page of staff and readers asks of the database, in a site of true size: few statements, and no text that it
doesn't show."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from tests.measure.doors.authorisation import table
from tests.parts.correction_rows import corrected
from tests.parts.many_clips import many_clips
from tests.parts.staff import BASE, Signed, signed
from tests.parts.staff_rows import delivery, kept_event
from tests.parts.statements import Loaded, loaded
from tests.parts.whole_site import put
from tts_service.access.keys import SCOPES, create_key
from tts_service.cms.feeds.register import add_feed
from tts_service.cms.inbox.addresses import add_hook
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import ArticleCheckRow, DeliveryRow, ListeningRow
from tts_service.jobs.clip_words import index_clip
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.sites import set_origins
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.web.app import create_app

ARTICLES, REPORTS, ENTRIES = 60, 30, 60


def fill(parts: Parts) -> dict[str, str]:
    """A site with everything that its pages list. Returns the ids that their addresses need."""
    names = many_clips(parts, "gazette", ARTICLES)
    with parts.database.writing() as session:
        for name in names:
            index_clip(session, f"clip_{name}")
    for name in names:
        put(parts, ListeningRow, "g", clip_id=f"clip_{name}", revision=1, day="2026-11-23", what="start", times=7)
        put(parts, ArticleCheckRow, "gazette", article_id=f"art_{name}", site="gazette", verdict="open")
        event = kept_event(parts, name, body=b"x" * 20_000, headers={"a": "b" * 500})
    for number in range(REPORTS):
        draft = ReportDraft(
            clip_id=f"clip_{names[number % ARTICLES]}",
            category="pronunciation",
            position_ms=1000 + number % 30 * 2000,
            token=number % 5,
            comment="It is said otherwise here. " * 10,
        )
        reference = receive(parts, draft)
        case = gather(parts, reference)
    for number in range(ENTRIES):
        word = Lexeme(graphemes=(f"Word{number}",), language="en", alias=f"said {number}", scope=Scope.SITE)
        entry = add(parts.database, parts.voices, Place.of("gazette"), word, author="t").row.id
    correction = corrected(parts, *(f"clip_{name}" for name in names))
    for number in range(20):
        corrected(parts, f"clip_{names[number]}", why=f"reason {number}")
    sent = delivery(parts)
    for number in range(ARTICLES):
        with parts.database.reading() as session:
            endpoint = session.get_one(DeliveryRow, sent).endpoint_id
        put(
            parts,
            DeliveryRow,
            "gazette",
            id=f"dlv_{number}",
            endpoint_id=endpoint,
            event_id=f"{number}",
            site="gazette",
            body="y" * 5000,
        )
    add_hook(parts.database, "ghost", "gazette")
    add_feed(parts, "gazette", "https://gazette.example/rss", "t")
    create_key(parts.database, "cms", SCOPES, site="gazette")
    set_origins(parts.database, "gazette", ["https://gazette.example"])
    return {
        "article": f"art_{names[0]}",
        "clip": f"clip_{names[0]}",
        "external": names[0],
        "case": case,
        "correction": correction,
        "reference": reference,
        "entry": entry,
        "event": event,
        "delivery": sent,
    }


PAGES = (
    "/",
    "/staff",
    "/staff?q=sentence",
    "/staff/account",
    "/staff/articles",
    "/staff/articles/new",
    "/staff/articles/{article}",
    "/staff/articles/{article}/sentences/0",
    "/staff/articles?q=sentence",
    "/staff/callbacks",
    "/staff/callbacks/{delivery}",
    "/staff/cases/{case}",
    "/staff/cases/{case}/elsewhere",
    "/staff/cases/{case}/next",
    "/staff/cases/{case}/previous",
    "/staff/cases/{case}/suggestions",
    "/staff/checks",
    "/staff/corrections",
    "/staff/corrections/{correction}",
    "/staff/events",
    "/staff/events/{event}",
    "/staff/hear/{clip}",
    "/staff/lexicon",
    "/staff/lexicon/export.pls?site=gazette",
    "/staff/lexicon/import",
    "/staff/lexicon/new",
    "/staff/lexicon/{entry}",
    "/staff/listening",
    "/staff/listening/{clip}",
    "/staff/log",
    "/staff/overview",
    "/staff/overview.csv",
    "/staff/overview.json",
    "/staff/people",
    "/staff/reports",
    "/staff/reports/{reference}",
    "/staff/running",
    "/staff/sites",
    "/staff/sites/gazette",
    "/staff/sites/gazette/rules",
    "/staff/sites/gazette/audition",
    "/staff/sound/{clip}/1",
    "/staff/voices",
    "/about/{clip}",
    "/corrections/gazette",
    "/embed/{clip}",
    "/feedback/{reference}",
    "/feedback?clip={clip}",
    "/feeds.opml",
    "/feeds/gazette.opml",
    "/feeds/gazette.rss",
    "/feeds/gazette/corrections.rss",
    "/listen/{clip}",
    "/oembed?url=http://127.0.0.1:8000/listen/{clip}",
)
ELSEWHERE = {
    "/staff/articles/{article_id}/r/{revision}/audio.mp3": "sound",
    "/staff/elsewhere": "leads to the issuer",
    "/staff/elsewhere/back": "comes from the issuer",
    "/staff/sites/{site}/audition/{key}.wav": "sound",
    "/staff/invitation": "needs a link",
    "/staff/sign-in": "for nobody who is signed in",
}
"""Staff's addresses that list nothing."""
STATEMENTS = 12
MORE_STATEMENTS = {
    "/staff/articles/{article}": 17,
    "/staff/overview": 16,
    "/staff/overview.csv": 13,
    "/staff/overview.json": 13,
    "/staff/running": 13,
}
"""Pages with as many different things, each of which takes one."""
CHARACTERS = 60_000
MORE_CHARACTERS = {"/corrections/gazette": 80_000, "/feeds/gazette/corrections.rss": 80_000}
"""They show sentences of 40 clips."""


def test_every_page_takes_few_statements_and_loads_no_text_that_it_does_not_show(parts: Parts) -> None:
    ids, who = fill(parts), signed(parts)
    wrong = {}
    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False) as client:
        for page in PAGES:
            seen = load(parts, client, who, page.format(**ids))
            most = MORE_STATEMENTS.get(page, STATEMENTS), MORE_CHARACTERS.get(page, CHARACTERS)
            if len(seen.sent) > most[0] or seen.characters > most[1]:
                wrong[page] = (len(seen.sent), seen.rows, seen.characters)
    assert not wrong, wrong


def load(parts: Parts, client: TestClient, who: Signed, path: str) -> Loaded:
    """What a page that was seen before asks for."""
    headers = who.headers | {"Accept": "text/html"} if path.startswith("/staff") else {}
    assert client.get(path, headers=headers).status_code in (200, 303), path
    with loaded(parts.database.engine) as seen:
        client.get(path, headers=headers)
    return seen


def test_every_page_of_staff_is_looked_at(parts: Parts) -> None:
    looked_at = [re.compile(re.sub(r"\{\w+\}", "[^/]+", page.split("?")[0])) for page in PAGES]
    paths = {name.split()[1] for name in table() if name.startswith("GET /staff") and "/v1/" not in name}
    missing = {path for path in paths - set(ELSEWHERE) if not any(one.fullmatch(_filled(path)) for one in looked_at)}
    assert missing == set()


def _filled(path: str) -> str:
    """As PAGES write it."""
    return path.replace("{site}", "gazette").replace("{revision}", "1").replace("{position}", "0")
