"""What readers and staff see, and the reports that go from the ones to the others."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select, update

from tests.parts.staff import signed
from tests.parts.web_rows import clip_token, provenance, ready_clip, rendering_clip
from tests.web.test_jobs import is_problem, keyed
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import ClipRevisionRow, ReportRow, UtteranceRow
from tts_service.errors import InputRefused
from tts_service.listeners.reports import ReportDraft, change_report, receive
from tts_service.narration import tags_of
from tts_service.parts import Parts
from tts_service.provenance.record import Provenance, record_from
from tts_service.values import DigitalSourceType


def report(parts: Parts, **values: Any) -> ReportRow:
    reference = receive(parts, ReportDraft(**({"clip_id": "clip_1", "category": "pronunciation"} | values)))
    with parts.database.reading() as session:
        return session.scalars(select(ReportRow).where(ReportRow.id == reference)).one()


# --- pages ---


def test_the_page_says_what_it_must_in_english(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    text = client.get("/listen/clip_1").text
    assert '<html lang="en">' in text
    assert '<p class="notice">This audio version is artificially generated.</p>' in text
    assert '<a href="/about/clip_1">More information</a>' in text
    assert 'href="/feedback?clip=clip_1&amp;r=1">Send feedback</a>' in text
    assert "Listen to the article" in text
    assert 'src="/v1/clips/clip_1/r/1/audio.mp3">' in text
    track = '<track kind="captions" default srclang="en" label="Captions" src="/v1/clips/clip_1/r/1/captions.vtt">'
    assert track in text
    assert track in client.get("/embed/clip_1").text
    assert "Three hundred people came." in text
    assert "dawn" not in text  # a skipped caption isn't part of what is read


def test_the_page_says_what_it_must_in_german(client: TestClient, parts: Parts) -> None:
    ready_clip(parts, language="de-AT")
    text = client.get("/listen/clip_1").text
    assert '<html lang="de">' in text
    assert '<p class="notice">Diese Audioversion wurde künstlich generiert.</p>' in text
    assert ">Mehr Informationen</a>" in text
    assert ">Feedback senden</a>" in text
    about = client.get("/about/clip_1").text
    assert "nach Regeln berechnet" in about
    assert "Bildunterschrift" in about
    assert "Was haben Sie gehört?" in client.get("/feedback?clip=clip_1").text


def test_a_rendering_is_played_while_it_is_made(client: TestClient, parts: Parts) -> None:
    made = rendering_clip(parts)
    text = client.get("/listen/clip_1").text
    assert "still being made" in text
    assert 'src="/v1/clips/clip_1/audio.mp3">' in text
    assert 'src="/v1/clips/clip_1/captions.vtt">' in text
    made.fail()
    text = client.get("/listen/clip_1").text
    assert "could not be made" in text
    assert "<audio" not in text


def test_more_information_tells_voice_licence_and_what_was_skipped(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    text = client.get("/about/clip_1").text
    for said in (
        "tone",
        "beep",
        "Apache-2.0",
        "23 December 2025",
        "computed by rules",
        "How errors are fixed",
        "The bridge &lt;at&gt; dawn",
        "Caption",
        "96 of 116 characters",
    ):
        assert said in text, said


def test_more_information_names_every_voice(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    neural = provenance(
        voice="piper:joe", engine="piper", language="en-US", licence="CC0-1.0", source=DigitalSourceType.TRAINED
    ).main
    record = replace(provenance(), voices=(provenance().main, neural))
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(provenance=record.as_json()))
    text = client.get("/about/clip_1").text
    for said in ("tone", "Apache-2.0", "piper", "joe", "CC0-1.0", "Several voices speak"):
        assert said in text, said
    assert text.count("23 December 2025") == 1


def test_the_record_drives_everything_that_is_said_of_the_voice(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    kept: list[Provenance] = [
        provenance(),
        provenance(voice="piper:kim", engine="piper", licence="CC0-1.0", source=DigitalSourceType.TRAINED),
    ]
    told = []
    for record in kept:
        with parts.database.writing() as session:
            session.execute(update(ClipRevisionRow).values(provenance=record.as_json()))
        page, about = client.get("/listen/clip_1").text, client.get("/about/clip_1").text
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert found
        data = json.loads(found.group(1))
        tags = tags_of(record_from(client.get("/v1/clips/clip_1").json()["provenance"]), "en", title="Bridge")
        told.append(
            {
                "line": re.findall(r'class="notice">([^<]+)', page + about),
                "json_ld": data["digitalSourceType"],
                "credit": data["creditText"],
                "how": re.findall(r"(neural network|computed by rules)", about),
                "voice": re.findall(r"<dd>(\w+)</dd>", about)[:2],
                "feed": client.get("/feeds/gazette.rss").text,
                "tags": (tags.digital_source_type, tags.encoder),
            }
        )
    rules, trained = told
    assert rules["line"] == trained["line"] == ["This audio version is artificially generated."] * 2
    assert rules["json_ld"].endswith("/AlgorithmicMediaDigitalSource")
    assert trained["json_ld"].endswith("/TrainedAlgorithmicMediaDigitalSource")
    assert (rules["credit"], trained["credit"]) == ("tone:beep (Apache-2.0)", "piper:kim (CC0-1.0)")
    assert (rules["how"], trained["how"]) == (["computed by rules"], ["neural network"])
    assert (rules["voice"], trained["voice"]) == (["tone", "beep"], ["piper", "kim"])
    assert ("tone:beep (Apache-2.0)" in rules["feed"], "piper:kim (CC0-1.0)" in trained["feed"]) == (True, True)
    assert rules["tags"] == (DigitalSourceType.RULES, "tts-service 0.1.0, tone:beep")
    assert trained["tags"] == (DigitalSourceType.TRAINED, "tts-service 0.1.0, piper:kim")


def test_a_clip_that_cannot_say_how_it_was_made_says_that(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(provenance={"voice": "tone:beep"}))
    assert "There is no record of how this audio version was made." in client.get("/about/clip_1").text
    assert "ld+json" not in client.get("/listen/clip_1").text


def test_what_comes_from_outside_is_never_markup(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    evil = "<script>alert(1)</script>"
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(title=evil, author=evil))
    case = gather(parts, report(parts, comment=evil + "\u202e").id)
    staff = signed(parts).headers
    for page in ("/listen/clip_1", "/about/clip_1", "/feedback?clip=clip_1&t=%22%3E" + evil, "/staff"):
        text = client.get(page, headers=staff).text
        assert evil not in text
        assert "&lt;script&gt;" in text
        assert evil not in client.get(f"/staff/cases/{case}", headers=staff).text
    assert "⟦U+202E⟧" in client.get("/staff", headers=staff).text
    assert "⟦U+202E⟧" in client.get(f"/staff/cases/{case}", headers=staff).text


def test_every_page_carries_the_policy_and_no_inline_code(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    staff = signed(parts).headers
    for page in ("/", "/listen/clip_1", "/about/clip_1", "/feedback?clip=clip_1", "/staff"):
        headers = staff if page == "/staff" else {}
        got = client.get(page, headers=headers)
        assert got.status_code == 200
        assert got.headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self' blob:; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["referrer-policy"] == "same-origin"
        assert not re.search(r'<script(?! src=| type="application/ld\+json">)|<style|style=|\son\w+=', got.text)
        assert got.text.count("<main") == got.text.count("<h1") == 1
        assert client.head(page, headers=headers).status_code == 200


def test_every_field_has_a_label(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    case = gather(parts, report(parts).id)
    for page in ("/feedback?clip=clip_1", "/staff", f"/staff/cases/{case}"):
        tree = LexborHTMLParser(client.get(page, headers=signed(parts).headers).text)
        named = {label.attributes.get("for") for label in tree.css("label")}
        inside = {node.mem_id for node in tree.css("label input, label select, label textarea")}
        for field in tree.css("input:not([type=hidden]), select, textarea"):
            labelled = field.attributes.get("aria-label") or field.mem_id in inside
            assert labelled or field.attributes.get("id") in named, field.html


def test_captions_and_transcript_are_the_clips_text(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    captions = client.get("/v1/clips/clip_1/r/1/captions.vtt")
    assert captions.headers["content-type"] == "text/vtt; charset=utf-8"
    assert captions.text.startswith("WEBVTT\n")
    assert "00:00:03.000 --> 00:00:04.000\nThree hundred people came." in captions.text
    assert (
        client.get("/v1/clips/clip_1/transcript").text.split()
        == " ".join(("The bridge opened on Monday.", "Three hundred people came.", "Traffic starts tomorrow.")).split()
    )
    marks = client.get("/v1/clips/clip_1/r/1/marks.json").json()
    assert (marks["revision"], len(marks["sentences"])) == (1, 3)
    assert client.get("/v1/clips/clip_1/r/1/marks.json").headers["cache-control"] == "public, max-age=86400"
    assert client.get("/v1/clips/clip_1/marks.json").headers["cache-control"] == "no-store"


# --- feedback ---


@pytest.mark.parametrize(
    ("position_ms", "sentence"),
    [(0, 0), (1000, 0), (2999, 0), (3000, 1), (3999, 1), (4999, 1), (5000, 2), (10**9, 2)],
)
def test_a_report_is_pinned_to_the_sentence_that_was_heard(parts: Parts, position_ms: int, sentence: int) -> None:
    made = ready_clip(parts)
    kept = report(parts, position_ms=position_ms)
    assert (kept.utterance, kept.sentence, kept.revision) == (sentence, made.sentences[sentence], 1)


def test_a_report_names_the_voice_that_was_heard(parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.execute(update(UtteranceRow).filter_by(position=1).values(voice="tone:low"))

    assert [report(parts, position_ms=ms).voice for ms in (1500, 3500)] == ["tone:beep", "tone:low"]


def test_a_report_while_rendering_is_pinned_to_what_was_spoken_so_far(parts: Parts) -> None:
    made = rendering_clip(parts)
    assert (report(parts).utterance, report(parts).sentence) == (None, "")
    made.speak(0)
    assert report(parts, position_ms=9000).utterance == 0


def test_a_report_may_name_the_word(parts: Parts) -> None:
    ready_clip(parts)
    assert report(parts, position_ms=3000, token=3).token == 3
    with pytest.raises(InputRefused):
        receive(parts, ReportDraft(clip_id="clip_1", category="number", position_ms=3000, token=4))


def form_token_of(client: TestClient, clip_id: str = "clip_1") -> str:
    found = re.search(r'name="clip_token" value="([^"]+)"', client.get(f"/feedback?clip={clip_id}").text)
    assert found
    return found.group(1)


def test_a_form_without_javascript_gets_a_page_with_the_reference(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    form = {
        "clip": "clip_1",
        "revision": "1",
        "category": "pronunciation",
        "position": "0:03",
        "comment": "Näme",
        "email": "",
        "clip_token": form_token_of(client),
    }
    sent = client.post("/v1/feedback", data=form)
    assert sent.status_code == 303
    reference = sent.headers["location"].removeprefix("/feedback/")
    assert re.fullmatch(r"R-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference)
    page = client.get(sent.headers["location"])
    assert reference in page.text
    assert "Thank you" in page.text
    with parts.database.reading() as session:
        kept = session.scalars(select(ReportRow)).one()
    assert (kept.position_ms, kept.sentence, kept.comment, kept.email) == (
        3000,
        "Three hundred people came.",
        "Näme",
        None,
    )


@pytest.mark.parametrize(
    ("field", "value"), [("position", "later"), ("email", "nobody"), ("category", "rude"), ("comment", "x" * 1001)]
)
def test_a_form_with_an_error_comes_back_with_what_was_entered(
    client: TestClient, parts: Parts, field: str, value: str
) -> None:
    ready_clip(parts)
    form = {"clip": "clip_1", "category": "number", "position": "1:02", "comment": "Keep me"} | {field: value}
    form["clip_token"] = form_token_of(client)
    got = client.post("/v1/feedback", data=form)
    assert got.status_code == 422
    assert 'role="alert"' in got.text
    assert form["comment"] in unescape(got.text)
    with parts.database.reading() as session:
        assert session.scalars(select(ReportRow)).all() == []


def test_json_gets_json_and_the_reference_shows_the_state(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    sent = client.post(
        "/v1/feedback",
        json={
            "clip": "clip_1",
            "category": "number",
            "position_ms": 3100,
            "comment": "thirty",
            "email": "a@example.org",
            "clip_token": clip_token(client),
        },
    )
    reference = sent.json()["reference"]
    assert (sent.status_code, sent.headers["location"]) == (201, f"/v1/feedback/{reference}")
    lower = reference.lower().replace("0", "o").replace("1", "l")
    got = client.get(f"/v1/feedback/{lower}").json()
    assert (got["reference"], got["state"], got["category"]) == (reference, "new", "number")
    assert not {"comment", "email", "note", "sentence"} & got.keys()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"clip": "nope", "category": "other"}', "application/json", 404),
        (b'{"clip": "clip_1", "category": "rude"}', "application/json", 422),
        (b'{"clip": "clip_1", "category": "other", "position_ms": -1}', "application/json", 422),
        (b'{"clip": "clip_1", "category": "other", "comment": "' + b"x" * 1001 + b'"}', "application/json", 422),
        (b"[]", "application/json", 422),
        (b"{", "application/json", 400),
        (b'"\xff"', "application/json", 400),
        (b"clip=%FF", "application/x-www-form-urlencoded", 400),
        (b"clip=nope&category=other", "application/x-www-form-urlencoded", 404),
        (b"&a=b" * 30, "application/x-www-form-urlencoded", 400),
        (b"clip=clip_1", "text/plain", 415),
    ],
)
def test_bad_feedback_is_a_problem(client: TestClient, parts: Parts, body: bytes, kind: str, status: int) -> None:
    ready_clip(parts)
    got = client.post("/v1/feedback", content=body, headers={"Content-Type": kind})
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json")


def test_a_revision_or_word_that_is_not_there_is_said(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    sent = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client)}
    is_problem(client.post("/v1/feedback", json=sent | {"revision": 9}), 404, "not_found")
    is_problem(client.post("/v1/feedback", json=sent | {"token": 99}), 400, "input_refused")


def test_reports_are_read_and_settled_by_api(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    references = [report(parts, position_ms=i).id for i in range(5)]
    headers = keyed(parts, "reports")
    seen, cursor = [], None
    for _ in range(3):
        page = client.get("/v1/reports", params={"limit": 2} | ({"cursor": cursor} if cursor else {}), headers=headers)
        seen += [item["reference"] for item in page.json()["reports"]]
        cursor = page.json()["next"]
    assert sorted(seen) == sorted(references)
    assert cursor is None
    got = client.patch(
        f"/v1/reports/{seen[0]}", json={"state": "confirmed", "note": "heard it"}, headers=headers
    ).json()
    assert (got["state"], got["note"]) == ("confirmed", "heard it")
    got = client.patch(f"/v1/reports/{seen[0]}", json={"state": "corrected"}, headers=headers).json()
    assert (got["state"], got["note"]) == ("corrected", "heard it")
    assert [
        r["reference"] for r in client.get("/v1/reports?state=corrected", headers=headers).json()["reports"]
    ] == seen[:1]
    is_problem(client.patch(f"/v1/reports/{seen[0]}", json={"state": "done"}, headers=headers), 422, "invalid_request")
    is_problem(client.patch("/v1/reports/R-0", json={}, headers=headers), 404, "not_found")
    is_problem(client.get("/v1/reports?cursor=x", headers=headers), 400, "input_refused")
    with pytest.raises(InputRefused):
        change_report(parts, seen[0], "done")


def test_a_reference_that_is_taken_is_not_given_twice(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_clip(parts)
    letters = iter("A" * 16 + "B" * 8)
    monkeypatch.setattr("tts_service.listeners.reports.secrets.choice", lambda _: next(letters))
    assert [report(parts).id, report(parts).id] == ["R-AAAA-AAAA", "R-BBBB-BBBB"]


# --- staff ---
