"""A report that comes twice is kept once, and what became of it is told to who wrote it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from tests.parts.staff import BASE, signed
from tests.parts.web_rows import clip_token, ready_clip
from tests.web.test_jobs import is_problem, keyed
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, ReportRow, UtteranceRow
from tts_service.errors import InputRefused
from tts_service.listeners import reports as feedback
from tts_service.listeners.reports import ReportDraft, change_report, receive
from tts_service.parts import Parts
from tts_service.web.app import create_app

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    ready_clip(parts)
    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False) as client:
        yield client


def post(client: TestClient, **values: Any) -> Any:
    sent = {
        "clip": "clip_1",
        "category": "number",
        "position_ms": 3100,
        "token": 1,
        "sent_key": KEY,
        "clip_token": clip_token(client),
        "player": "0a1b2c3d4e5f",
        "comment": "Thirty",
    }
    return client.post("/v1/feedback", json=sent | values)


def rows(parts: Parts) -> list[ReportRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(ReportRow).order_by(ReportRow.created_ms)))


def columns(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def corrected(parts: Parts, sentences: tuple[str, ...], ready_ms: int = 2**41) -> None:
    """A second revision of the clip, finished, that says these sentences."""
    with parts.database.writing() as session:
        old = session.get_one(ClipRevisionRow, ("clip_1", 1))
        values = columns(old)
        blocks = [old.blocks[0], old.blocks[1] | {"text": " ".join(sentences)}, old.blocks[2]]
        session.add(ClipRevisionRow(**values | {"revision": 2, "blocks": blocks, "ready_ms": ready_ms}))
        session.flush()
        at = 0
        for place, sentence in enumerate(sentences):
            row = session.get_one(UtteranceRow, ("clip_1", 1, min(place, 2)))
            values = columns(row)
            start = (1 + 3 * place) * old.sample_rate_hz
            values |= {"revision": 2, "position": place, "start": at, "end": at + len(sentence), "start_sample": start}
            session.add(UtteranceRow(**values))
            at += len(sentence) + 1
        session.get_one(ClipRow, "clip_1").current_revision = 2


# --- once ---


def test_the_same_report_again_gets_the_same_reference(client: TestClient, parts: Parts) -> None:
    first = post(client)
    again = post(client, clip_token="too old by now")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    kept = rows(parts)
    assert [(row.id, row.player, row.sent_key) for row in kept] == [(first.json()["reference"], "0a1b2c3d4e5f", KEY)]


def test_two_posts_at_once_are_one_report(client: TestClient, parts: Parts) -> None:
    token, got = clip_token(client), []
    start = threading.Barrier(2)

    def send() -> None:
        start.wait()
        got.append(post(client, clip_token=token))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in got} <= {200, 201}
    assert {answer.json()["reference"] for answer in got} == {row.id for row in rows(parts)}
    assert len(rows(parts)) == 1


def test_who_comes_second_by_a_moment_is_given_the_firsts_reference(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = ReportDraft(clip_id="clip_1", category="other", sent_key=KEY)
    first = receive(parts, heard)
    look, seen = feedback._kept_before, []

    def blind_once(session: Any, sent: ReportDraft) -> str | None:
        """As two servers' transactions see it: the other one's report is not there yet."""
        seen.append(sent)
        return look(session, sent) if len(seen) > 1 else None

    monkeypatch.setattr(feedback, "_kept_before", blind_once)
    assert receive(parts, heard) == first
    assert len(seen) == 2
    assert len(rows(parts)) == 1


@pytest.mark.parametrize("other", [{"category": "other"}, {"comment": "Forty"}, {"position_ms": 1}])
def test_another_report_with_the_same_key_is_refused(client: TestClient, parts: Parts, other: dict[str, Any]) -> None:
    post(client)
    is_problem(post(client, **other), 409, "report_key_reused")
    assert len(rows(parts)) == 1


def test_a_repeated_report_is_known_after_its_comment_was_erased(client: TestClient, parts: Parts) -> None:
    first = post(client)
    with parts.database.writing() as session:
        session.execute(update(ReportRow).values(comment="", email=None))
    assert post(client).json() == first.json()


@pytest.mark.parametrize(
    ("name", "value"), [("sent_key", "short"), ("sent_key", "x" * 65), ("player", "<script>"), ("player", "1" * 65)]
)
def test_key_and_version_are_bounded(client: TestClient, parts: Parts, name: str, value: str) -> None:
    assert post(client, **{name: value}).status_code == 422
    assert rows(parts) == []


def test_a_form_sent_twice_is_one_report(client: TestClient, parts: Parts) -> None:
    page = client.get("/feedback?clip=clip_1").text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)) | {"category": "other"}
    first, again = (client.post("/v1/feedback", data=form) for _ in range(2))
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    assert len(rows(parts)) == 1
    wrong = client.post("/v1/feedback", data=form | {"category": "", "sent_key": "9" * 32})
    assert f'name="sent_key" value="{"9" * 32}"' in wrong.text


def test_a_report_of_an_old_revision_lands_on_its_sentence(client: TestClient, parts: Parts) -> None:
    corrected(parts, ("Traffic was let in.", "The bridge opened on Monday.", "Three hundred people came."))
    post(client, revision=1, position_ms=3100)
    row = rows(parts)[0]
    assert (row.revision, row.sentence) == (1, "Three hundred people came.")
    headers = signed(parts).headers
    found = client.get(f"/staff/reports/{row.id}", headers=headers)
    staff = client.get(found.headers["location"], headers=headers).text
    assert "revision 1" in staff
    assert "/staff/sound/clip_1/1#t=" in staff


# --- what became of it ---


def page_of(client: TestClient, reference: str) -> str:
    return unescape(re.sub(r"\s+", " ", client.get(f"/feedback/{reference}").text))


def test_a_corrected_report_can_be_heard_before_and_after(client: TestClient, parts: Parts) -> None:
    reference = post(client).json()["reference"]
    change_report(parts, reference, "corrected")
    state = client.get(f"/v1/feedback/{reference}").json()
    assert (state["state"], state["corrected_revision"], state["corrected_at"]) == ("corrected", None, None)
    assert "<audio" not in page_of(client, reference)
    corrected(parts, ("A new first sentence.", "The bridge opened on Monday.", "Three hundred people came."))
    state = client.get(f"/v1/feedback/{reference}").json()
    assert (state["corrected_revision"], state["corrected_at"][:4]) == (2, "2039")
    page = page_of(client, reference)
    assert "Corrected in revision 2" in page
    assert "September 2039" in page
    sounds = re.findall(r'<audio[^>]* src="([^"]+)"', page)
    assert sounds == ["/v1/clips/clip_1/r/1/audio.mp3#t=2.95,4.05", "/v1/clips/clip_1/r/2/audio.mp3#t=6.95,8.05"]


def test_a_sentence_with_new_words_is_found_by_its_likeness(client: TestClient, parts: Parts) -> None:
    reference = post(client).json()["reference"]
    corrected(parts, ("The bridge opened on Monday.", "Thirteen hundred people came.", "Traffic starts tomorrow."))
    change_report(parts, reference, "corrected")
    assert "/r/2/audio.mp3#t=3.95,5.05" in page_of(client, reference)
    assert rows(parts)[0].corrected_revision == 2


def test_a_sentence_that_is_gone_has_no_after(client: TestClient, parts: Parts) -> None:
    reference = post(client).json()["reference"]
    corrected(parts, ("Something else entirely.", "Weather: rain until noon, then more of it."))
    change_report(parts, reference, "corrected", revision=2)
    assert re.findall(r'src="(/v1/[^"]+)"', page_of(client, reference)) == [
        "/v1/clips/clip_1/r/1/audio.mp3#t=2.95,4.05"
    ]


def test_a_revision_that_cannot_be_it_is_refused(client: TestClient, parts: Parts) -> None:
    reference = receive(parts, ReportDraft(clip_id="clip_1", category="other"))
    for wrong in (1, 2):
        with pytest.raises(InputRefused, match="no revision"):
            change_report(parts, reference, "corrected", revision=wrong)


def test_a_rejected_report_says_why(client: TestClient, parts: Parts) -> None:
    reference = post(client).json()["reference"]
    headers = keyed(parts, "reports")
    client.patch(f"/v1/reports/{reference}", json={"state": "confirmed", "note": "seen by <b>Kim</b>"}, headers=headers)
    assert client.get(f"/v1/feedback/{reference}").json()["reason"] is None
    assert "Kim" not in page_of(client, reference)
    client.patch(f"/v1/reports/{reference}", json={"state": "rejected"}, headers=headers)
    assert client.get(f"/v1/feedback/{reference}").json()["reason"] == "seen by <b>Kim</b>"
    assert "seen by &lt;b&gt;Kim" in client.get(f"/feedback/{reference}").text


def test_a_withdrawn_clips_report_keeps_its_state_and_lets_nothing_be_heard(client: TestClient, parts: Parts) -> None:
    reference = post(client).json()["reference"]
    corrected(parts, ("The bridge opened on Monday.", "Three hundred people came."))
    change_report(parts, reference, "corrected")
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).values(withdrawn_ms=1))
    page = page_of(client, reference)
    assert "Corrected in revision 2" in page
    assert "/v1/clips" not in page
