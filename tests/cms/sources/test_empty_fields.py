"""CMSs send an empty string for a field that nobody filled in: it means the same as leaving it out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.measure.openapi_document import document
from tests.parts.feed_turns import rows
from tests.parts.web_rows import clip_token, ready_clip
from tests.web.test_jobs import keyed
from tts_service.access.keys import SCOPES, create_key
from tts_service.db.tables import ArticleRevisionRow, JobRow
from tts_service.parts import Parts

ARTICLE = {"site": "gazette", "id": "1", "text": "The bridge is open.", "language": "en"}


def test_empty_strings_mean_not_given(client: TestClient, parts: Parts) -> None:
    empty = dict.fromkeys(
        ("url", "title", "author", "published_at", "section", "tags", "visibility", "html", "markdown", "ssml"), ""
    )
    wish = dict.fromkeys(("publish_at", "callback_url"), "")
    sent = {"article": ARTICLE | empty, "voice": "tone:beep", **wish}
    answer = client.post("/v1/jobs", json=sent, headers=keyed(parts))
    assert answer.status_code == 202, answer.text
    again = client.post("/v1/jobs", json={"article": ARTICLE, "voice": "tone:beep"}, headers=keyed(parts))
    assert again.status_code == 200, "the same job"

    [kept] = rows(parts, ArticleRevisionRow)
    assert [kept.url, kept.title, kept.author, kept.published_at, kept.section, kept.tags] == [None] * 6
    [job] = rows(parts, JobRow)
    assert (job.callback_url, job.queue) == (None, "normal")


@pytest.mark.parametrize("field", ["voice", "language"])
def test_an_empty_voice_or_language_is_the_usual_one(client: TestClient, parts: Parts, field: str) -> None:
    sent: dict[str, Any] = {
        "article": ARTICLE | {"language": "" if field == "language" else "en"},
        "voice": "tone:beep",
    }
    sent |= {"voice": ""} if field == "voice" else {}
    assert client.post("/v1/jobs", json=sent, headers=keyed(parts)).status_code == 202
    assert getattr(rows(parts, JobRow if field == "voice" else ArticleRevisionRow)[0], field) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": ""}, "empty_article"),
        ({"text": None}, "invalid_request"),
        ({"id": ""}, "invalid_request"),
        ({"site": ""}, "invalid_request"),
        ({"html": "<p>a</p>"}, "invalid_request"),
        ({"url": " "}, "invalid_request"),
    ],
)
def test_what_must_be_there_may_not_be_empty(
    client: TestClient, parts: Parts, change: dict[str, Any], code: str
) -> None:
    answer = client.post("/v1/jobs", json={"article": ARTICLE | change}, headers=keyed(parts))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_address_beyond_ascii_is_taken_and_kept_as_a_uri(client: TestClient, parts: Parts) -> None:
    sent = {"article": ARTICLE | {"url": "HTTPS://Müller.example:443/straße?q=ü"}, "voice": "tone:beep"}
    answer = client.post("/v1/jobs", json=sent, headers=keyed(parts))
    assert answer.status_code == 202
    assert rows(parts, ArticleRevisionRow)[0].url == "https://xn--mller-kva.example/stra%C3%9Fe?q=%C3%BC"


NOTHING = ("", None)
ENTRY = {"scope": "global", "language": "en", "alias": "Elms worth"}


def optional_of(method: str, path: str) -> list[str]:
    """Every field that a request's body may leave out, by the document."""
    body = document()["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    schema = document()["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    return [name for name in schema["properties"] if name not in schema.get("required", ())]


def test_every_optional_field_of_every_body_may_be_empty_or_null(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    key = {"Authorization": f"Bearer {create_key(parts.database, 'all', SCOPES)}"}
    for empty in NOTHING:
        answers = [
            client.post(path, json={**dict.fromkeys(optional_of("post", path), empty), **needed}, headers=key)
            for path, needed in (
                ("/v1/jobs", {"article": ARTICLE, "voice": "tone:beep"}),
                ("/v1/lexicon", ENTRY | {"graphemes": [f"Elmsworth{empty}"]}),
                ("/v1/explain", {"text": "Elmsworth"}),
                ("/v1/callbacks/endpoints", {"url": f"https://cms.example/{empty}"}),
                ("/v1/feedback", {"clip": "clip_1", "category": "other", "clip_token": clip_token(client)}),
                ("/v1/listening", {"clip": "clip_1", "revision": 1, "clip_token": clip_token(client)}),
            )
        ]
        assert [answer.text for answer in answers if not answer.is_success] == []
        made = {"endpoint": answers[3].json(), "entry": answers[1].json(), "reference": answers[4].json()["reference"]}
        for path, now in (
            ("/v1/callbacks/endpoints/{endpoint}", made["endpoint"]["id"]),
            ("/v1/lexicon/{entry_id}", made["entry"]["id"]),
            ("/v1/reports/{reference}", made["reference"]),
        ):
            changed = client.patch(
                re.sub(r"\{\w+\}", now, path), json=dict.fromkeys(optional_of("patch", path), empty), headers=key
            )
            assert changed.is_success, (path, changed.text)
        assert client.post("/v1/clips/clip_1/grants", json={"reader": empty}, headers=key).status_code in (201, 422)
    kept = client.get("/v1/lexicon", headers=key).json()["entries"]
    assert {(entry["language"], entry["alias"], entry["case_sensitive"]) for entry in kept} == {
        ("en", "Elms worth", True)
    }


@pytest.mark.parametrize("formats", ["", None, [""], [None, ""]])
def test_formats_and_priority_that_nobody_chose_are_the_usual_ones(
    client: TestClient, parts: Parts, formats: Any
) -> None:
    sent = {"article": ARTICLE | {"tags": ["", "harbour"]}, "voice": "tone:beep", "formats": formats, "priority": ""}
    answer = client.post("/v1/jobs", json=sent, headers=keyed(parts))
    assert (answer.json()["formats"], answer.json()["priority"]) == (["mp3"], "normal")
    assert rows(parts, ArticleRevisionRow)[0].tags == ["harbour"]


def test_an_empty_note_takes_the_note_away(client: TestClient, parts: Parts) -> None:
    key = {"Authorization": f"Bearer {create_key(parts.database, 'all', SCOPES)}"}
    made = client.post("/v1/lexicon", json=ENTRY | {"graphemes": ["Weir"], "note": "A river"}, headers=key).json()
    for note, left in ((None, "A river"), ("", "")):
        changed = client.patch(f"/v1/lexicon/{made['id']}", json={"note": note}, headers=key)
        assert changed.json()["note"] == left


def test_every_optional_parameter_of_every_address_may_be_empty(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    key = {"Authorization": f"Bearer {create_key(parts.database, 'all', SCOPES)}"}
    asked = 0
    for path, item in document()["paths"].items():
        operation = item.get("get", {})
        given = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
        optional = [name for name, one in given.items() if not one.get("required")]
        if not optional or "{" in path.replace("{clip_id}", "").replace("{site}", ""):
            continue
        asked += 1
        at = path.replace("{clip_id}", "clip_1").replace("{site}", "gazette")
        needed = dict.fromkeys(set(given) - set(optional), "http://127.0.0.1:8000/listen/clip_1")
        ended = {"for_s": "0"} if "for_s" in optional else {}  # a stream would go on for minutes
        answer = client.get(at, params=dict.fromkeys(optional, "") | needed | ended, headers=key)
        assert "invalid_request" not in answer.text, (path, answer.text)
    assert asked > 10
