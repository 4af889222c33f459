"""What pages say in four languages: every text is there in each, and every reason that the golden pages meet."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.parts.places import DATA
from tests.parts.staff import BASE
from tests.parts.web_rows import ready_clip
from tts_service.app import create_app
from tts_service.db.tables import ArticleRow
from tts_service.narration import NOTICES
from tts_service.parts import Parts
from tts_service.web.pages.reasons import reason_in
from tts_service.web.pages.wording import TRANSLATED, language_asked, words_for
from tts_service.web.pages.words import english, german

PAGES = DATA / "articles"
PLAYER = Path(english.__file__).parent.parent.parent / "player"


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts), base_url=BASE) as client:
        yield client


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_text_is_there_in_every_language(lang: str) -> None:
    words = TRANSLATED[lang].WORDS
    assert set(words) == set(english.WORDS)
    assert words["lang"] == lang
    assert [name for name, text in words.items() if not text.strip()] == []
    assert [name for name, text in words.items() if fields(text) != fields(english.WORDS[name])] == []
    same = {name for name, text in words.items() if text == english.WORDS[name] and len(text) > 12}
    assert same <= {"moment"}
    assert words_for(f"{lang}-XX")["notice"] == NOTICES[lang]


@pytest.mark.parametrize("file", ["texts", "report_texts"])
def test_every_text_of_the_player_is_there_in_every_language(file: str) -> None:
    text = (PLAYER / f"{file}.js").read_text("utf-8")
    found = {
        lang: dict(re.findall(r'(\w+): "((?:[^"\\]|\\.)+)"', inner))
        for lang, inner in re.findall(r"^  (\w\w): \{\n(.*?)^  \},", text, re.MULTILINE | re.DOTALL)
    }
    assert set(found) == {"en", *TRANSLATED}
    for lang, texts in found.items():
        assert set(texts) == set(found["en"]), lang
        assert {name: fields(said) for name, said in texts.items()} == {
            name: fields(said) for name, said in found["en"].items()
        }, lang


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_reason_of_the_golden_pages_has_words(lang: str) -> None:
    met = set()
    for path in PAGES.glob("*.blocks.json"):
        document = json.loads(path.read_text("utf-8"))
        blocks = document["blocks"] if isinstance(document, dict) else document
        met |= {block["skip_reason"] for block in blocks if block.get("skip_reason")}
    assert len(met) > 20
    assert sorted(met - set(TRANSLATED[lang].REASONS)) == []
    for name in ("KINDS", "REASONS", "OPENINGS"):
        assert set(getattr(TRANSLATED[lang], name)) == set(getattr(german, name)), name


def test_what_a_reason_names_is_kept() -> None:
    assert reason_in("announced: Hier steht eine Tabelle", "de") == "angekündigt: Hier steht eine Tabelle"
    assert reason_in("announced: There is a table here", "en") == "Announced: There is a table here"
    assert reason_in("byline", "de") == "Autorenzeile"


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("it, es;q=0.4, de;q=0.5", "de"),
        ("", "en"),
        ("*;q=x,,;", "en"),
        ("ES_mx", "es"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("ru, zh", "en"),
        ("de;q=nan", "en"),
    ],
)
def test_the_language_a_browser_wants_most_is_taken(accepted: str, lang: str) -> None:
    assert language_asked(accepted) == lang


@pytest.mark.parametrize("lang", ["fr", "es"])
def test_the_pages_of_a_clip_speak_its_language(client: TestClient, parts: Parts, lang: str) -> None:
    ready_clip(parts, language=f"{lang}-XX")
    words = words_for(lang)
    for page, names in {
        "/listen/clip_1": ("listen", "notice", "more", "feedback", "text"),
        "/embed/clip_1": ("listen", "notice", "more", "feedback"),
        "/about/clip_1": ("about_title", "rules", "account_some", "errors_text", "back"),
        "/feedback?clip=clip_1": ("feedback_title", "pronunciation", "comment", "send"),
    }.items():
        text = client.get(page).text
        assert f'<html lang="{lang}">' in text
        assert [name for name in names if words[name] not in text] == [], page


@pytest.mark.parametrize("lang", ["en", *TRANSLATED])
def test_error_pages_speak_the_browsers_language(client: TestClient, parts: Parts, lang: str) -> None:
    ready_clip(parts)
    headers = {"Accept": "text/html", "Accept-Language": f"{lang}, en;q=0.2"}
    unknown = client.get("/listen/clip_9", headers=headers)
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).values(withdrawn_ms=1))
    gone = client.get("/embed/clip_1", headers=headers)
    wrong = client.put("/listen/clip_1", headers=headers)
    words = words_for(lang)
    for answer, status, name in ((unknown, 404, "missing"), (gone, 404, "gone"), (wrong, 405, "wrong")):
        assert answer.status_code == status
        text = unescape(answer.text)
        assert f'<html lang="{lang}">' in text
        assert f"<h1>{words[f'error_{name}']}</h1>" in text
        assert words[f"error_{name}_text"] in text
