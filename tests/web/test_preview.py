"""Impact and previews by API: what a change would change, how it sounds, and who may ask."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tests.parts.staff import signed
from tests.web.test_jobs import is_problem, keyed
from tts_service.parts import Parts
from tts_service.web.app import create_app

LEXEME = {"site": "gazette", "language": "en", "graphemes": ["Holyrood"], "alias": "Holly rood"}


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    texts = (("A headline.", "Holyrood met. Others did not."), ("Nothing here.",), ("In the Holyrood-Hall.",))
    insert_clips(parts, [RowArticle(external_id=str(n), blocks=paragraphs(*text)) for n, text in enumerate(texts)])
    insert_clips(parts, [RowArticle(external_id="9", site="herald", blocks=paragraphs("Holyrood met."))])
    with TestClient(create_app(parts), headers=keyed(parts, "lexicon"), raise_server_exceptions=False) as client:
        yield client


def weighed(client: TestClient, **sent: Any) -> dict[str, Any]:
    answer = client.post("/v1/lexicon/impact", json=sent)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_the_impact_of_an_entry(client: TestClient) -> None:
    found = weighed(client, lexeme=LEXEME)
    assert (found["sentences"], found["articles"], found["candidates"], found["complete"]) == (2, 2, 2, True)
    assert [clip["article"] for clip in found["clips"]] == ["2", "0"]
    (change,) = found["clips"][1]["changes"]
    assert (change["text"], change["before"], change["after"]) == (
        "Holyrood met.",
        "Holyrood met.",
        "Holly rood met.",
    )
    assert (change["block"], change["position"]) == (1, 1)
    assert 0 < change["start_ms"] < change["end_ms"]
    assert [(doubt["reason"], doubt["text"]) for doubt in found["doubtful"]] == [("hyphenated", "Holyrood")]
    assert weighed(client, lexeme=LEXEME, limit=1)["articles"] == 2
    assert len(weighed(client, lexeme=LEXEME, limit=1)["clips"]) == 1
    alone = {**LEXEME, "alone": True, "except_articles": [{"site": "gazette", "article": "0"}]}
    assert weighed(client, lexeme=alone)["nothing"] == "left_out"


def test_an_entry_that_changes_nothing_says_why(client: TestClient) -> None:
    found = weighed(client, lexeme={**LEXEME, "graphemes": ["Unheard"]})
    assert (found["articles"], found["nothing"], found["nothing_detail"]) == (0, "unseen", "No clip has these words.")


def test_a_removal_and_a_change_name_the_entry(client: TestClient) -> None:
    made = client.post("/v1/lexicon", json=LEXEME).json()
    # The clips were made without it: with it they would change, without it they wouldn't.
    assert weighed(client, entry=made["id"])["nothing"] == "same_sound"
    assert weighed(client, entry=made["id"], lexeme=LEXEME)["articles"] == 2
    assert weighed(client, entry=made["id"], lexeme={**LEXEME, "alias": "Hollow rude"})["articles"] == 2
    is_problem(client.post("/v1/lexicon/impact", json={"lexeme": LEXEME}), 409, "conflict")
    is_problem(client.post("/v1/lexicon/impact", json={}), 400, "input_refused")
    is_problem(client.post("/v1/lexicon/impact", json={"entry": "lex_0"}), 404, "not_found")


def test_a_preview_is_heard(client: TestClient) -> None:
    asked = {"sentence": {"clip": "clip_gazette_0", "position": 1}, "lexeme": LEXEME}
    answer = client.post("/v1/preview", json=asked).json()
    (before,), (after,) = answer["before"], answer["after"]
    assert (before["words"], after["words"], answer["same"]) == ("Holyrood met.", "Holly rood met.", False)
    sound = client.get(after["url"])
    assert (sound.status_code, sound.headers["content-type"]) == (200, "audio/wav")
    assert "immutable" in sound.headers["cache-control"]
    with wave.open(io.BytesIO(sound.content)) as opened:
        assert abs(opened.getnframes() * 1000 / opened.getframerate() - after["duration_ms"]) < 2
    typed = {"text": "Holyrood again.", "language": "en", "site": "gazette"}
    answer = client.post("/v1/preview", json={"sentence": typed, "lexeme": LEXEME, "voice": "tone:beep"}).json()
    assert answer["after"][0]["words"] == "Holly rood again."


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"sentence": {}}, 400, "input_refused"),
    ({"sentence": {"clip": "clip_gazette_0"}}, 400, "input_refused"),
    ({"sentence": {"clip": "clip_none", "position": 0}}, 404, "not_found"),
    ({"sentence": {"text": "Hello.", "language": "en"}, "voice": "tone:none"}, 422, "unknown_voice"),
    ({"sentence": {"text": "Hello."}}, 400, "input_refused"),
    ({"sentence": {"text": "Hello.", "language": "tlh"}}, 422, "unknown_language"),
    (
        {"sentence": {"text": "Hi.", "language": "en"}, "lexeme": {**LEXEME, "alias": None, "ipa": "ǃ"}},
        400,
        "input_refused",
    ),
]


def test_what_can_not_be_previewed_is_named(client: TestClient) -> None:
    for sent, status, code in WRONG:
        is_problem(client.post("/v1/preview", json=sent), status, code)


def test_an_unknown_sound_is_not_found(client: TestClient) -> None:
    is_problem(client.get(f"/v1/preview/{'0' * 64}.wav"), 404, "not_found")
    is_problem(client.get("/v1/preview/x.wav"), 422, "invalid_request")


def test_a_sites_key_hears_and_weighs_its_own_site(client: TestClient, parts: Parts) -> None:
    mine = {"headers": keyed(parts, "lexicon", site="herald")}
    is_problem(client.post("/v1/lexicon/impact", json={"lexeme": LEXEME}, **mine), 403, "not_allowed")  # type: ignore[arg-type]
    asked = {"sentence": {"clip": "clip_gazette_0", "position": 1}}
    is_problem(client.post("/v1/preview", json=asked, **mine), 404, "not_found")  # type: ignore[arg-type]
    asked = {"sentence": {"text": "Hi.", "language": "en", "site": "gazette"}}
    is_problem(client.post("/v1/preview", json=asked, **mine), 403, "not_allowed")  # type: ignore[arg-type]


def test_staff_use_it_below_staff(client: TestClient, parts: Parts) -> None:
    anna = signed(parts)
    del client.headers["Authorization"]
    asked = {"sentence": {"clip": "clip_gazette_0", "position": 1}, "lexeme": LEXEME}
    answer = client.post("/staff/v1/preview", json=asked, headers=anna.changing).json()
    assert answer["after"][0]["url"].startswith("/staff/v1/preview/")
    assert client.get(answer["after"][0]["url"], headers=anna.headers).status_code == 200
    is_problem(client.get(answer["after"][0]["url"]), 401, "sign_in_needed")


def test_a_pronunciation_is_checked_while_it_is_typed(client: TestClient) -> None:
    answer = client.post("/v1/preview/ipa", json={"ipa": "/ˈhɒlɪˌruːd/", "language": "en"}).json()
    says = {voice["voice"]: voice for voice in answer["voices"]}
    assert answer["ipa"] == "ˈhɒlɪˌruːd"
    assert says["pyttsx3:en-us"]["says"]
    assert says["pyttsx3:en-gb-x-gbcwmd"] == {"voice": "pyttsx3:en-gb-x-gbcwmd", "says": False, "unknown": ["h"]}
    half = client.post("/v1/preview/ipa", json={"ipa": "ǃ", "language": "en"}).json()
    assert not any(voice["says"] for voice in half["voices"])


@pytest.mark.parametrize("ipa", ["", "//", " ", "-"])
def test_a_pronunciation_without_a_sound_is_refused(client: TestClient, ipa: str) -> None:
    refused = client.post("/v1/preview/ipa", json={"ipa": ipa, "language": "en"})
    is_problem(refused, 422, "invalid_request")
    assert "at least one IPA symbol, such as ˈhɒlɪˌruːd" in refused.json()["errors"][0]["message"]


def test_suggestions_for_a_word(client: TestClient, parts: Parts) -> None:
    client.post("/v1/lexicon", json={**LEXEME, "graphemes": ["Holirood"]})
    client.post("/v1/lexicon", json={**LEXEME, "site": "herald", "graphemes": ["holyrood"], "alias": "Hollow rude"})
    asked = {"word": "Holyrood", "language": "en", "site": "gazette"}
    found = client.post("/v1/preview/suggestions", json=asked).json()["suggestions"]
    assert [(one["kind"], one["detail"], one["alias"]) for one in found[:3]] == [
        ("entry", "en/herald", "Hollow rude"),
        ("similar", "Holirood", "Holly rood"),
        ("spelled", "", "H O L Y R O O D"),
    ]
    mine = {"headers": keyed(parts, "lexicon", site="gazette")}
    found = client.post("/v1/preview/suggestions", json=asked, **mine).json()["suggestions"]  # type: ignore[arg-type]
    assert found[0]["kind"] == "similar"


def test_the_impact_of_a_file(client: TestClient) -> None:
    lexemes = "".join(f"<lexeme><grapheme>Word{n}</grapheme><alias>x</alias></lexeme>" for n in range(200))
    source = (
        '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en">'
        f"<lexeme><grapheme>Holyrood</grapheme><alias>Holly rood</alias></lexeme>{lexemes}</lexicon>"
    )
    at = "/v1/lexicon/impact/import?site=gazette"
    found = client.post(at, content=source).json()
    assert (found["articles"], found["sentences"]) == (2, 2)
    client.post("/v1/lexicon", json=LEXEME)
    is_problem(client.post(at, content=source.replace("Holly", "Hollow")), 409, "conflict")
    assert client.post(f"{at}&replace=true", content=source.replace("Holly", "Hollow")).json()["articles"] == 2
    assert client.post(at, content=source).json()["nothing"] == "unseen"  # the entry is there, word for word
    is_problem(client.post(at, content=source.replace("</lexicon>", "")), 422, "markup_refused")
