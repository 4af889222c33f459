"""Cases by API: the queue, decisions, notes, several at once, and the stream of changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.corrections.reporting import case_of, gathered, report, report_of
from tests.parts.staff import signed
from tests.parts.web_rows import clip_token, ready_clip
from tests.web.test_jobs import is_problem
from tts_service.access.keys import create_key
from tts_service.access.staff import add_person
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import CaseNoteRow, CaseRow
from tts_service.parts import Parts
from tts_service.web.api import case_events

TEXTS = ("The parliament at Holyrood voted on Monday.", "The bandage was wound twice.")


@pytest.fixture(autouse=True)
def _clip(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    ready_clip(parts, name="2", site="herald", sentences=TEXTS)


def key(parts: Parts, site: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_key(parts.database, 'desk', ('reports',), site)}"}


def decide(client: TestClient, parts: Parts, case: CaseRow, **values: Any) -> Any:
    return client.patch(f"/v1/cases/{case.id}", json={"version": case.version} | values, headers=key(parts))


def test_a_report_that_is_sent_is_in_a_case_at_once(client: TestClient, parts: Parts) -> None:
    sent = {"clip": "clip_1", "category": "pronunciation", "position_ms": 1100, "token": 3}
    answer = client.post(
        "/v1/feedback", json=sent | {"clip_token": clip_token(client)}, headers={"Accept-Language": "de"}
    )
    row = report_of(parts, answer.json()["reference"])
    assert (row.language, row.written, row.locale) == ("en", "Holyrood", "de")
    (case,) = client.get("/v1/cases", headers=key(parts)).json()["cases"]
    assert (case["id"], case["written"], case["reports"], case["heard"]["clip"]) == (
        row.case_id,
        "Holyrood",
        1,
        "clip_1",
    )


def test_the_queue_is_filtered_and_paged(client: TestClient, parts: Parts) -> None:
    first, second = gathered(parts, word=3), gathered(parts, clip="clip_2", word=3)
    headers = key(parts)
    page = client.get("/v1/cases?limit=1", headers=headers).json()
    rest = client.get("/v1/cases", params={"limit": 1, "cursor": page["next"]}, headers=headers).json()
    assert {page["cases"][0]["id"], rest["cases"][0]["id"]} == {first.id, second.id}
    assert (rest["next"], page["by_state"]["new"]) == (None, 2)
    for query in ("site=gazette", "q=holyrood&site=gazette", "assigned_to=nobody&site=gazette", "state=&site=gazette"):
        assert [one["id"] for one in client.get(f"/v1/cases?{query}", headers=headers).json()["cases"]] == [first.id]
    assert client.get("/v1/cases?older_than_h=1", headers=headers).json()["cases"] == []
    assert is_problem(client.get("/v1/cases?cursor=x", headers=headers), 400, "input_refused")


def test_a_key_for_a_site_sees_and_decides_only_its_cases(client: TestClient, parts: Parts) -> None:
    own, other = gathered(parts, word=3), gathered(parts, clip="clip_2", word=3)
    headers = key(parts, "gazette")
    assert [one["id"] for one in client.get("/v1/cases", headers=headers).json()["cases"]] == [own.id]
    assert client.get("/v1/cases?site=herald", headers=headers).json()["cases"] == []
    assert is_problem(client.get(f"/v1/cases/{other.id}", headers=headers), 404, "not_found")
    both = [{"id": one.id, "version": 1} for one in (own, other)]
    merged = client.post(f"/v1/cases/{own.id}/merge", json={"version": 1, "cases": both[1:]}, headers=headers)
    assert is_problem(merged, 404, "not_found")
    decided = client.post("/v1/cases/decide", json={"cases": both, "state": "confirmed"}, headers=headers).json()
    assert [(one["version"], one["error"]) for one in decided["cases"]] == [(2, None), (None, "not_found")]
    assert case_of(parts, other.id).state == "new"


def test_a_rejected_case_tells_the_listener_why(client: TestClient, parts: Parts) -> None:
    reference = report(parts, word=3)
    case = case_of(parts, gather(parts, reference))
    answer = decide(client, parts, case, state="rejected", reason="The members say it so.")
    assert (answer.status_code, answer.json()["state"], answer.json()["version"]) == (200, "rejected", 2)
    seen = client.get(f"/v1/feedback/{reference}").json()
    assert (seen["state"], seen["reason"]) == ("rejected", "The members say it so.")
    undone = client.post(f"/v1/cases/{case.id}/undo", json={"version": 2}, headers=key(parts)).json()
    assert (undone["state"], undone["can_undo"]) == ("new", False)
    assert client.get(f"/v1/feedback/{reference}").json()["state"] == "new"


def test_the_second_who_decides_gets_a_409_with_who_was_first(client: TestClient, parts: Parts) -> None:
    case = gathered(parts, word=3)
    assert decide(client, parts, case, state="confirmed").status_code == 200
    late = decide(client, parts, case, state="rejected", reason="No.")
    assert is_problem(late, 409, "case_changed")
    assert (late.json()["who"], late.json()["version"], late.json()["what"]) == ("desk", 2, "case.confirmed")
    assert case_of(parts, case.id).state == "confirmed"


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"state": "confirmed", "assigned_to": ""},
        {"state": "duplicate"},
        {"state": "confirmed", "reason": "x"},
        {"state": "rejected"},
        {"state": "confirmed", "duplicate_of": "case_x"},
        {"assigned_to": "stf_nobody"},
    ],
)
def test_a_decision_that_says_too_little_or_too_much_is_refused(
    client: TestClient, parts: Parts, wanted: dict[str, Any]
) -> None:
    case = gathered(parts, word=3)
    answer = decide(client, parts, case, **wanted)
    assert answer.status_code in (400, 404), answer.text
    assert case_of(parts, case.id).version == case.version


def test_a_case_is_assigned_and_given_back(client: TestClient, parts: Parts) -> None:
    anna = add_person(parts.database, "anna@example.org", "staff", "command line")
    case = gathered(parts, word=3)
    assert decide(client, parts, case, assigned_to=anna.id).json()["assigned_name"] == "anna@example.org"
    assert decide(client, parts, case_of(parts, case.id), assigned_to="").json()["assigned_to"] is None


def test_cases_are_merged_and_split(client: TestClient, parts: Parts) -> None:
    reference = report(parts, word=3)
    case = case_of(parts, gather(parts, reference))
    other = gathered(parts, sentence=1, word=3)
    headers = key(parts)
    wanted = {"version": case.version, "cases": [{"id": other.id, "version": other.version}]}
    merged = client.post(f"/v1/cases/{case.id}/merge", json=wanted, headers=headers).json()
    assert (merged["reports"], case_of(parts, other.id).duplicate_of) == (2, case.id)
    own = client.post(
        f"/v1/cases/{case.id}/split", json={"version": merged["version"], "reports": [reference]}, headers=headers
    )
    assert own.status_code == 201
    assert [one["reference"] for one in own.json()["all_reports"]] == [reference]
    assert own.headers["Location"] == f"/v1/cases/{own.json()['id']}"


def test_notes_are_for_colleagues(client: TestClient, parts: Parts) -> None:
    reference = report(parts, word=3)
    case = gather(parts, reference)
    note = {"text": "<script>alert(1)</script> Ask the minister."}
    with parts.database.writing() as session:
        late = {"who": "staff:stf_9", "text": "A colleague's.", "created_ms": parts.database.now_ms(session) + 60_000}
        session.add(CaseNoteRow(id="note_9", case_id=case, **late))
    answer = client.post(f"/v1/cases/{case}/notes", json=note, headers=key(parts))
    assert (answer.status_code, answer.json()["name"]) == (201, "desk")
    shown = client.get(f"/v1/cases/{case}", headers=key(parts)).json()
    assert ([one["text"] for one in shown["notes"]][:1], shown["history"][0]["what"]) == ([note["text"]], "case.noted")
    assert "minister" not in client.get(f"/v1/feedback/{reference}").text


def test_staff_decide_with_their_session_and_its_token(client: TestClient, parts: Parts) -> None:
    case = gathered(parts, word=3)
    who = signed(parts, "anna@example.org", "staff", ("gazette",))
    cookie = {"Cookie": who.headers["Cookie"]}
    path, wanted = f"/staff/v1/cases/{case.id}", {"version": 1, "state": "confirmed"}
    assert client.get("/staff/v1/cases", headers=cookie).json()["cases"][0]["id"] == case.id
    assert client.patch(path, json=wanted, headers=who.headers).status_code == 403
    done = client.patch(path, json=wanted, headers=who.changing)
    assert (done.status_code, done.json()["history"][0]["name"]) == (200, "anna@example.org")


def test_a_state_set_for_a_single_report_leaves_its_case_alone(client: TestClient, parts: Parts) -> None:
    reference, other = report(parts, word=3), report(parts, word=3)
    case = gather(parts, reference)
    gather(parts, other)
    client.patch(f"/v1/reports/{reference}", json={"state": "rejected", "note": "No."}, headers=key(parts))
    assert case_of(parts, case).state == "new"
    decide(client, parts, case_of(parts, case), state="corrected")
    assert [report_of(parts, one).state for one in (reference, other)] == ["rejected", "corrected"]


def test_a_single_report_that_is_opened_again_is_on_the_desk_again(client: TestClient, parts: Parts) -> None:
    reference, other = report(parts, word=3), report(parts, word=3)
    case = gather(parts, reference)
    gather(parts, other)
    decide(client, parts, case_of(parts, case), state="rejected", reason="No.")
    client.patch(f"/v1/reports/{reference}", json={"state": "confirmed"}, headers=key(parts))
    (shown,) = client.get("/v1/cases", headers=key(parts)).json()["cases"]
    assert (shown["id"] != case, shown["state"], shown["reports"]) == (True, "confirmed", 1)
    assert (case_of(parts, case).reports, report_of(parts, other).state) == (1, "rejected")
    client.patch(f"/v1/reports/{other}", json={"state": "new"}, headers=key(parts))
    assert (case_of(parts, case).state, report_of(parts, other).state) == ("new", "new")


def events(client: TestClient, headers: dict[str, str]) -> list[tuple[str, str, dict[str, Any]]]:
    """(name, id, data) of what a stream tells at once."""
    text = client.get("/v1/cases/events?for_s=0", headers=headers).text
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"], fields["id"], json.loads(fields["data"])))
    return found


def test_open_desks_hear_of_new_and_decided_cases_of_their_sites(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_events, "EVENT_POLL_S", 0.0001)
    headers, foreign = key(parts, "gazette"), key(parts, "herald")
    ((name, seen, _),) = events(client, headers)
    assert name == "open"
    case = gathered(parts, word=3)
    decide(client, parts, case, state="confirmed")
    told = events(client, headers | {"Last-Event-ID": seen})
    assert [name for name, *_ in told] == ["open", "case", "reports"]
    assert (told[1][2]["id"], told[1][2]["state"], told[2][2]) == (case.id, "confirmed", {"new": 1})
    assert [name for name, *_ in events(client, foreign | {"Last-Event-ID": seen})] == ["open"]
    assert [name for name, *_ in events(client, headers | {"Last-Event-ID": told[-1][1]})] == ["open"]


@pytest.mark.parametrize("seen", ["", "x-1", "-", "99999999999999999999"])
def test_an_unknown_event_id_begins_with_what_is_new(client: TestClient, parts: Parts, seen: str) -> None:
    headers = key(parts) | {"Last-Event-ID": seen}
    assert [name for name, *_ in events(client, headers)] == ["open"]
