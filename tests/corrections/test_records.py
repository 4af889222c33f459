"""Corrections as their API, their clips and the public page of a clip show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.corrections.desk_bench import Newsroom
from tests.web.test_jobs import is_problem, keyed
from tts_service.corrections.repairs import Reason, SentenceProposal, repair_sentence
from tts_service.corrections.taking_back import take_back_clip
from tts_service.db.tables import ArticleRepairRow, CorrectionClipRow, CorrectionRow
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.retention.erasure import erase_article
from tts_service.web.app import create_app

LEXEME = {"site": "gazette", "language": "en", "graphemes": ["Elmsworth"], "alias": "Emsworth"}


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(
        create_app(parts), headers=keyed(parts, "lexicon", "reports"), raise_server_exceptions=False
    ) as client:
        yield client


def sent(client: TestClient, **values: Any) -> dict[str, Any]:
    answer = client.post("/v1/corrections", json={"lexeme": LEXEME, "why": "as locals say it", **values})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/corrections/{body['id']}"
    return body


def test_a_correction_by_api_is_followed_clip_by_clip_and_taken_back(client: TestClient, newsroom: Newsroom) -> None:
    clips = sorted(newsroom.publish(str(number)) for number in range(3))
    made = sent(client)
    assert (made["state"], made["clips"], made["sentences"], made["before"]) == ("rendering", 3, 3, None)
    newsroom.work()

    shown = client.get(f"/v1/corrections/{made['id']}", params={"limit": 2}).json()
    assert (shown["state"], shown["by_state"]) == ("done", {"done": 3})
    assert [one["clip"] for one in shown["affected"]] == clips[:2]
    assert (shown["affected"][0]["from_revision"], shown["affected"][0]["to_revision"]) == (1, 2)
    rest = client.get(f"/v1/corrections/{made['id']}", params={"cursor": shown["next"]}).json()
    assert [one["clip"] for one in rest["affected"]] == clips[2:]

    back = client.post(f"/v1/corrections/{made['id']}/clips/{clips[0]}/take-back")
    assert back.status_code == 200
    newsroom.work()
    assert client.post(f"/v1/corrections/{made['id']}/take-back").json()["taken_back_at"]
    is_problem(client.post(f"/v1/corrections/{made['id']}/take-back"), 409, "conflict")
    is_problem(client.post(f"/v1/corrections/{made['id']}/retry"), 409, "conflict")
    newsroom.work()
    assert client.get("/v1/corrections", params={"state": "taken_back"}).json()["corrections"][0]["id"] == made["id"]


def test_an_entry_is_changed_and_removed_by_corrections(client: TestClient, newsroom: Newsroom) -> None:
    newsroom.publish()
    first = sent(client)
    second = sent(client, entry=first["entry"], lexeme={**LEXEME, "alias": "Elms worth"})
    assert (second["before"]["alias"], second["after"]["alias"]) == ("Emsworth", "Elms worth")
    third = sent(client, entry=first["entry"], lexeme=None)
    assert third["after"] is None
    listed = client.get("/v1/corrections", params={"entry": first["entry"], "limit": 2}).json()
    assert [one["id"] for one in listed["corrections"]] == [third["id"], second["id"]]
    older = client.get("/v1/corrections", params={"entry": first["entry"], "cursor": listed["next"]}).json()
    assert ([one["id"] for one in older["corrections"]], older["next"]) == ([first["id"]], None)


def test_what_cannot_be_accepted_is_named(client: TestClient, newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    case = newsroom.case(clip)

    def refused(status: int, code: str, **values: Any) -> str:
        answer = client.post("/v1/corrections", json={"lexeme": LEXEME, **values})
        return str(is_problem(answer, status, code)["detail"])

    ipa = {"site": "gazette", "language": "en", "graphemes": ["Elmsworth"], "ipa": "ˈɛm♥zwəθ"}
    assert "♥" in refused(400, "input_refused", lexeme=ipa)
    assert "entry" in refused(400, "input_refused", lexeme=None)
    refused(404, "not_found", entry="lex_0")
    refused(404, "not_found", case="case_0", version=1)
    refused(409, "case_changed", case=case, version=7)
    sent(client, case=case, version=1)
    assert "already has an entry" in refused(409, "conflict")


def test_a_key_of_another_site_sees_and_changes_nothing(parts: Parts, client: TestClient, newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    case = newsroom.case(clip)
    made = sent(client)
    for everywhere in (False, True):
        if everywhere:
            made = sent(client, lexeme={**LEXEME, "site": None, "scope": "global", "graphemes": ["dark"]})
        own, path = keyed(parts, "lexicon", "reports", site="herald"), f"/v1/corrections/{made['id']}"
        assert client.get(path, headers=own).status_code == (200 if everywhere else 404)
        for action in ("take-back", "retry", f"clips/{clip}/take-back"):
            answer = client.post(f"{path}/{action}", headers=own)
            assert answer.status_code == (403 if everywhere else 404)
    # A correction of all sites, with none of the other site's clips.
    assert client.get(path, headers=own).json()["affected"] == []
    foreign = {**LEXEME, "site": "herald"}
    answer = client.post("/v1/corrections", headers=own, json={"lexeme": foreign, "case": case, "version": 1})
    is_problem(answer, 404, "not_found")


def test_a_clip_lists_its_corrections_and_its_page_tells_them_without_names(
    client: TestClient, newsroom: Newsroom
) -> None:
    clip = newsroom.publish()
    assert client.get(f"/v1/clips/{clip}").json()["corrections"] == []
    made = newsroom.correct(why="as <b>locals</b> say it", who="staff:stf_secret")
    assert client.get(f"/v1/clips/{clip}").json()["corrections"] == []
    newsroom.work()

    [one] = client.get(f"/v1/clips/{clip}").json()["corrections"]
    change = {"text": "Elmsworth was dark.", "before": "Elmsworth was dark.", "after": "Emsworth was dark."}
    assert (one["revision"], one["sentences"], one["taken_back_at"]) == (2, [change], None)
    page = client.get(f"/about/{clip}").text
    assert "as &lt;b&gt;locals&lt;/b&gt; say it" in page
    assert "Emsworth was dark." in page
    assert "stf_secret" not in page

    take_back_clip(newsroom.parts, made.correction_id, clip, "staff:2")
    newsroom.work()
    [one] = client.get(f"/v1/clips/{clip}").json()["corrections"]
    assert (one["revision"], one["sentences"]) == (2, [change])
    assert one["taken_back_at"]
    assert "Taken back on" in client.get(f"/about/{clip}").text


def test_an_erased_article_leaves_no_sentence_of_its_corrections(newsroom: Newsroom) -> None:
    gone, stays = newsroom.publish("1"), newsroom.publish("2")
    entry = newsroom.correct()
    newsroom.correct("dark", "very dark", place=Place.of("gazette", "1"))
    proposal = SentenceProposal(revision=1, position=0, alias="First of all.")
    newsroom.work()
    repair_sentence(
        newsroom.parts, gone, replace(proposal, revision=newsroom.current(gone) or 0), Reason(who="staff:1")
    )
    newsroom.work()
    erase_article(newsroom.parts, "gazette", "1", "staff:1")

    with newsroom.parts.database.reading() as session:
        assert session.scalars(select(CorrectionRow.id)).all() == [entry.correction_id]
        assert session.scalars(select(CorrectionClipRow.clip_id)).all() == [stays]
        assert session.scalars(select(ArticleRepairRow)).all() == []
