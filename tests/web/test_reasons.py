"""What pages say in each language: every reason that the golden pages meet, the clip's pages, errors."""

from __future__ import annotations

import json
import string
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from starlette.requests import Request

from tests.parts.places import DATA
from tests.parts.web_rows import ready_clip
from tts_service.db.tables import ArticleRow
from tts_service.narration import NOTICES
from tts_service.parts import Parts
from tts_service.values import BlockKind
from tts_service.web import player_file
from tts_service.web.languages import catalogue, language_accepted, page_languages
from tts_service.web.pages.names import NAMES
from tts_service.web.pages.reasons import REASONS, reason_in

PAGES = DATA / "articles"
PLAYER = Path(player_file.__file__).parent / "player"


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}


def test_every_reason_of_the_golden_pages_has_words() -> None:
    met = set()
    for path in PAGES.glob("*.blocks.json"):
        document = json.loads(path.read_text("utf-8"))
        blocks = document["blocks"] if isinstance(document, dict) else document
        met |= {block["skip_reason"] for block in blocks if block.get("skip_reason")}
    assert len(met) > 20
    assert sorted(met - set(REASONS)) == []


def test_every_kind_of_block_has_a_name() -> None:
    assert {kind.value for kind in BlockKind} <= set(NAMES["block"])


def test_what_a_reason_names_is_kept() -> None:
    german, english = catalogue("de"), catalogue("en")
    assert reason_in("announced: Hier steht eine Tabelle", german) == "Angekündigt: Hier steht eine Tabelle"
    assert reason_in("announced: There is a table here", english) == "Announced: There is a table here"
    assert reason_in("byline", german) == "Autorenzeile"
    assert reason_in("a reason of tomorrow", german) == "A reason of tomorrow"


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("pt, es;q=0.4, de;q=0.5", "de"),
        ("", "en"),
        ("*;q=x,,;", "en"),
        ("ES_mx", "es"),
        ("de-AT", "de"),
        ("it-CH, de;q=0.9", "it"),
        ("fr;q=0.3, en;q=0.3", "fr"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("ru, zh", "en"),
        ("de;q=nan", "en"),
        ("de;q=0", "en"),
    ],
)
def test_the_language_a_browser_wants_most_is_taken(accepted: str, lang: str) -> None:
    request = Request({"type": "http", "headers": [(b"accept-language", accepted.encode())]})
    assert language_accepted(request) == lang


@pytest.mark.parametrize("lang", page_languages()[1:])
def test_the_pages_of_a_clip_speak_its_language(client: TestClient, parts: Parts, lang: str) -> None:
    ready_clip(parts, language=f"{lang}-XX")
    words = catalogue(lang)
    player = ("Listen to the article", "More information", "Send feedback")
    for page, messages in {
        "/listen/clip_1": (*player, "The text as it is read"),
        "/embed/clip_1": player,
        "/about/clip_1": ("About this audio version", "These parts of the page are not read:", "Back to the audio"),
        "/feedback?clip=clip_1": ("What is wrong with the audio?", "What should it be? (optional)", "Send"),
    }.items():
        text = unescape(client.get(page).text)
        assert f'<html lang="{lang}">' in text
        assert [message for message in messages if words.gettext(message) not in text] == [], page
    assert NOTICES.get(lang, NOTICES["en"]) in client.get("/listen/clip_1").text
    assert words.pgettext("voices", NAMES["voices"]["rules"]) in unescape(client.get("/about/clip_1").text)
    assert words.pgettext("category", NAMES["category"]["number"]) in unescape(client.get("/feedback?clip=clip_1").text)


@pytest.mark.parametrize("lang", page_languages())
def test_error_pages_speak_the_browsers_language(client: TestClient, parts: Parts, lang: str) -> None:
    ready_clip(parts)
    headers = {"Accept": "text/html", "Accept-Language": f"{lang}, en;q=0.2"}
    unknown = client.get("/listen/clip_9", headers=headers)
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).values(withdrawn_ms=1))
    gone = client.get("/embed/clip_1", headers=headers)
    wrong = client.put("/listen/clip_1", headers=headers)
    words = catalogue(lang)
    for answer, status, title, detail in (
        (unknown, 404, "There is nothing at this address", "Perhaps part of the address was lost on the way."),
        (gone, 404, "This audio version was withdrawn", "The newsroom has taken it offline."),
        (wrong, 405, "This request can’t be processed", "Something in the address or in the form is missing or wrong."),
    ):
        assert answer.status_code == status
        text = unescape(answer.text)
        assert f'<html lang="{lang}">' in text
        assert f"<h1>{words.gettext(title)}</h1>" in text
        assert (detail in text) is (lang == "en")
