"""Corrections by API: what must fit together, and which sites a key reaches."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.corrections.reporting import case_of, gathered
from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tests.parts.web_rows import ready_clip
from tests.web.test_jobs import is_problem, keyed
from tts_service.access.keys import create_key
from tts_service.parts import Parts

TEXTS = ("The parliament at Holyrood voted on Monday.", "The bandage was wound twice.")
SITES = ("gazette", "herald")
LEXEME = {"site": "gazette", "language": "en", "graphemes": ["Holyrood"], "alias": "Holly rood"}
EVERYWHERE = {"scope": "global", "language": "en", "graphemes": ["bandage"], "alias": "ban dage"}


@pytest.fixture(autouse=True)
def _clips(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    ready_clip(parts, name="2", site="herald", sentences=TEXTS)


def only(parts: Parts, site: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_key(parts.database, 'desk', ('lexicon', 'reports'), site)}"}


def accepted(client: TestClient, headers: dict[str, str], lexeme: dict[str, Any], **sent: Any) -> dict[str, Any]:
    answer = client.post("/v1/corrections", json={"lexeme": lexeme} | sent, headers=headers)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/corrections/{body['id']}"
    return body


def test_a_case_is_answered_with_its_version_and_on_its_site(client: TestClient, parts: Parts) -> None:
    headers = keyed(parts, "lexicon", "reports")
    case, other = gathered(parts, word=3), gathered(parts, clip="clip_2", word=3)
    for sent in (
        {"case": case.id},
        {"version": 1},
        {"case": "", "version": 1},
        {"case": other.id, "version": 1},
    ):
        answer = client.post("/v1/corrections", json={"lexeme": LEXEME} | sent, headers=headers)
        assert is_problem(answer, 400, "input_refused"), sent
    late = client.post("/v1/corrections", json={"lexeme": LEXEME, "case": case.id, "version": 2}, headers=headers)
    assert is_problem(late, 409, "case_changed")
    sent = {"lexeme": LEXEME, "case": case.id, "version": 1}
    mute = client.post("/v1/corrections", json=sent, headers=keyed(parts, "lexicon"))
    assert is_problem(mute, 403, "not_allowed")["scope"] == "reports"
    unknown = client.post("/v1/corrections", json={"lexeme": LEXEME, "case": "case_x", "version": 1}, headers=headers)
    assert is_problem(unknown, 404, "not_found")
    assert client.get("/v1/lexicon", headers=headers).json()["entries"] == []
    assert case_of(parts, case.id).state == case_of(parts, other.id).state == "new"


def test_a_change_keeps_what_it_does_not_name(client: TestClient, parts: Parts) -> None:
    def entry() -> tuple[list[dict[str, str]], str]:
        (kept,) = client.get("/v1/lexicon", headers=headers).json()["entries"]
        return kept["except_articles"], kept["note"]

    headers, left_out = keyed(parts, "lexicon"), [{"site": "gazette", "article": "7"}]
    accepted(client, headers, LEXEME | {"except_articles": left_out, "note": "as locals say it"})
    (kept,) = client.get("/v1/lexicon", headers=headers).json()["entries"]
    accepted(client, headers, LEXEME | {"alias": "Hollow rude"}, entry=kept["id"])
    assert entry() == (left_out, "as locals say it")
    accepted(client, headers, LEXEME | {"alias": "Holly rude", "except_articles": [], "note": ""}, entry=kept["id"])
    assert entry() == ([], "")


def test_a_case_stays_open_when_its_correction_changes_no_clip(client: TestClient, parts: Parts) -> None:
    case = gathered(parts, word=3)
    unheard = LEXEME | {"graphemes": ["Hollyrood"]}
    made = accepted(client, keyed(parts, "lexicon", "reports"), unheard, case=case.id, version=case.version)
    assert (made["state"], made["clips"]) == ("done", 0)
    assert case_of(parts, case.id).state == "confirmed"


def test_a_key_for_a_site_sees_corrections_of_all_sites_and_changes_only_its_own(
    client: TestClient, parts: Parts
) -> None:
    insert_clips(parts, [RowArticle(external_id="8", blocks=paragraphs(*TEXTS), site=site) for site in SITES])
    headers, gazette = keyed(parts, "lexicon"), only(parts, "gazette")
    everywhere = accepted(client, headers, EVERYWHERE)
    herald = accepted(client, headers, LEXEME | {"site": "herald"})
    own = accepted(client, gazette, {name: value for name, value in LEXEME.items() if name != "site"})
    listed = client.get("/v1/corrections", headers=gazette).json()["corrections"]
    assert [one["id"] for one in listed] == [own["id"], everywhere["id"]]
    assert is_problem(client.get(f"/v1/corrections/{herald['id']}", headers=gazette), 404, "not_found")
    shown = client.get(f"/v1/corrections/{everywhere['id']}", headers=gazette).json()
    assert (everywhere["clips"], [clip["site"] for clip in shown["affected"]]) == (2, ["gazette"])
    for what in ("take-back", "retry", "clips/clip_1/take-back"):
        for correction, status in ((everywhere, 403), (herald, 404)):
            answer = client.post(f"/v1/corrections/{correction['id']}/{what}", headers=gazette)
            assert answer.status_code == status, answer.text
    case = gathered(parts, clip="clip_2", word=3)
    sent = {"lexeme": LEXEME | {"graphemes": ["Monday"]}, "case": case.id, "version": 1}
    assert is_problem(client.post("/v1/corrections", json=sent, headers=gazette), 404, "not_found")


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"position": 2**63}, 422),
        ({"position": 2**31}, 404),
        ({"revision": 2**63}, 422),
        ({"end": 2**63}, 422),
        ({"alias": "."}, 400),
        ({"alias": "\N{GRINNING FACE}"}, 400),
        ({"start": 5, "end": 3}, 400),
    ],
)
def test_a_repair_that_cant_be_made_is_refused(
    client: TestClient, parts: Parts, wanted: dict[str, Any], status: int
) -> None:
    sent = {"clip": "clip_1", "revision": 1, "position": 0, "alias": "The parliament voted."} | wanted
    answer = client.post("/v1/corrections/sentence", json=sent, headers=keyed(parts, "lexicon"))
    assert answer.status_code == status, answer.text
    assert client.get("/v1/corrections", headers=keyed(parts, "lexicon")).json()["corrections"] == []


def test_the_impact_of_a_document_is_told_up_to_the_size_that_an_import_takes(client: TestClient, parts: Parts) -> None:
    document = b" " * 70_000 + b"<lexicon/>"
    headers = keyed(parts, "lexicon") | {"Content-Type": "application/pls+xml"}
    for path in ("/v1/lexicon/impact/import", "/v1/lexicon/import"):
        assert is_problem(client.post(path, content=document, headers=headers), 422, "markup_refused")
