"""The client at the desk, against the whole app: from a report to a corrected clip, conflicts, pages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import httpx
import pytest

from tests.client.test_client import ARTICLE, URL, client_of, to_app
from tests.corrections.reporting import gathered
from tests.measure.openapi_document import document
from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tests.parts.quick_render import Workers
from tests.parts.web_rows import ready_clip
from tts_service import client
from tts_service.access.keys import SCOPES, create_key
from tts_service.client import (
    AsyncClient,
    CaseChanged,
    Client,
    ClipSentence,
    Conflict,
    Lexeme,
    NotFound,
    NotReached,
    TypedSentence,
)
from tts_service.corrections.follow_up import follow_up
from tts_service.parts import Parts
from tts_service.web.app import create_app

TEXTS = ("The parliament at Holyrood voted on Monday.", "The bandage was wound twice.")
HOLYROOD = Lexeme(site="gazette", language="en", graphemes=("Holyrood",), alias="Holly rood", note="as locals say it")


@pytest.fixture
def key(parts: Parts) -> str:
    return create_key(parts.database, "desk", SCOPES)


@pytest.fixture
def desk(parts: Parts, key: str) -> Iterator[Client]:
    with client_of(to_app(parts), key, pause=lambda _: None) as audio:
        yield audio


def test_a_report_becomes_a_corrected_clip(parts: Parts, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(parts, monkeypatch)
    job = desk.request(replace(ARTICLE, text=" ".join(TEXTS)), voice="tone:beep")
    assert workers.render(job.id)
    clip = desk.clip(job.clip_id)
    reference = desk.send_report(clip, "pronunciation", position_ms=2500, token=3, comment="It's HOLLY-rood.")

    (case,) = desk.cases(q=reference).cases
    assert (case.written, case.reports, case.comment) == ("Holyrood", 1, "It's HOLLY-rood.")
    weighed = desk.impact(HOLYROOD)
    (affected,) = weighed.clips
    (change,) = affected.changes
    assert (affected.clip, weighed.sentences, change.text) == (clip.id, 1, TEXTS[0])
    accepted = desk.accept(HOLYROOD, case=case, why="As locals say it.")
    assert (accepted.state, accepted.clips, accepted.case) == ("rendering", 1, case.id)

    (waiting,) = desk.correction(accepted.id).affected
    assert waiting.job is not None
    assert workers.render(waiting.job)
    follow_up(parts)

    done = desk.correction(accepted.id)
    assert (done.state, done.by_state, done.affected[0].to_revision) == ("done", {"done": 1}, 2)
    assert done.affected[0].changes[0].after == "The parliament at Holly rood voted on Monday."
    assert desk.case(case.id).state == desk.report_state(reference).state == "corrected"
    assert desk.clip(clip.id).revision == 2
    assert accepted.entry is not None
    assert desk.entry(accepted.entry).lexeme() == HOLYROOD
    assert desk.take_back(accepted.id).taken_back_at
    with pytest.raises(NotFound):
        desk.entry(accepted.entry)


def test_the_second_decision_raises_what_was_decided_and_by_whom(parts: Parts, desk: Client) -> None:
    ready_clip(parts, sentences=TEXTS)
    case = desk.case(gathered(parts, word=3).id)
    confirmed = desk.confirm_case(case)
    assert (confirmed.state, confirmed.version) == ("confirmed", case.version + 1)

    with pytest.raises(CaseChanged) as raised:
        desk.reject_case(case, "The members say it so.")
    changed = raised.value
    assert (changed.version, changed.who, changed.what) == (confirmed.version, "desk", "case.confirmed")
    with pytest.raises(CaseChanged):
        desk.accept(HOLYROOD, case=case)
    assert desk.entries().entries == ()
    assert desk.undo_case(confirmed).state == "new"


def test_a_decision_whose_answer_was_lost_isnt_sent_again(parts: Parts, key: str) -> None:
    ready_clip(parts, sentences=TEXTS)
    case_id = gathered(parts, word=3).id
    app, sent = to_app(parts), list[str]()

    def cut(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        answer = app(request)
        if request.method != "GET":
            raise httpx.ReadError("cut", request=request)
        return answer

    with client_of(cut, key, pause=lambda _: None) as audio:
        with pytest.raises(NotReached):
            audio.add_case_note(case_id, "Ask the correspondent.")
        assert [note.text for note in audio.case(case_id).notes] == ["Ask the correspondent."]
    assert sent == ["POST", "GET"]


def test_a_decision_that_never_left_is_sent_again(parts: Parts, key: str) -> None:
    ready_clip(parts, sentences=TEXTS)
    case_id = gathered(parts, word=3).id
    app, away = to_app(parts), [True]

    def handle(request: httpx.Request) -> httpx.Response:
        if away and away.pop():
            raise httpx.ConnectError("nobody there", request=request)
        return app(request)

    with client_of(handle, key, pause=lambda _: None) as audio:
        assert audio.add_case_note(case_id, "Ask the correspondent.").text == "Ask the correspondent."


def test_cases_are_filtered_paged_and_decided_together(parts: Parts, desk: Client) -> None:
    ready_clip(parts, sentences=TEXTS)
    ready_clip(parts, name="2", site="herald", sentences=TEXTS)
    made = {gathered(parts, word=3).id, gathered(parts, sentence=1, word=1).id, gathered(parts, clip="clip_2").id}
    seen, page = list[client.Case](), desk.cases(limit=1)
    while page.next:
        seen += page.cases
        page = desk.cases(limit=1, cursor=page.next)
    seen += page.cases
    assert [len(seen), {case.id for case in seen}] == [3, made]
    (herald,) = desk.cases(site="herald", assigned_to="nobody").cases
    assert desk.case(herald.id).now is None

    stale = replace(herald, version=7)
    outcomes = desk.decide_cases([seen[0], stale], state="rejected", reason="They say it so.")
    assert {one.id: one.error for one in outcomes} == {seen[0].id: None} | {herald.id: "case_changed"}
    assert desk.cases(state="rejected").by_state == {
        "new": 2,
        "confirmed": 0,
        "corrected": 0,
        "rejected": 1,
        "duplicate": 0,
    }


def test_cases_are_merged_and_split(parts: Parts, desk: Client) -> None:
    ready_clip(parts, sentences=TEXTS)
    first, second = (desk.case(gathered(parts, sentence=n, word=n or 3).id) for n in (0, 1))
    merged = desk.merge_cases(first, [second])
    assert (merged.reports, desk.case(second.id).duplicate_of) == (2, first.id)
    own = desk.split_case(merged, [merged.all_reports[0].reference])
    assert (own.reports, desk.case(first.id).reports) == (1, 1)
    assert [step.what for step in desk.case(first.id).history] == ["case.merged", "case.split"]
    with pytest.raises(NotFound):
        desk.mark_case_duplicate(own, "case_unknown")
    assert desk.mark_case_duplicate(own, first.id).state == "duplicate"


def test_an_entry_is_added_changed_listed_and_removed(desk: Client) -> None:
    entry = desk.add_entry(HOLYROOD)
    with pytest.raises(Conflict):
        desk.add_entry(HOLYROOD)
    left_out = client.ArticleName(site="gazette", article="7")
    changed = desk.change_entry(entry.id, ipa="ˈhɒlɪˌruːd", except_articles=[left_out])
    assert (changed.alias, changed.ipa, changed.except_articles[0].article) == (None, "ˈhɒlɪˌruːd", "7")
    assert [one.id for one in desk.entries(q="Holy", site="gazette").entries] == [entry.id]
    desk.remove_entry(entry.id)
    with pytest.raises(NotFound):
        desk.entry(entry.id)


def test_a_document_is_weighed_imported_and_exported(parts: Parts, desk: Client) -> None:
    insert_clips(parts, [RowArticle(external_id="1", blocks=paragraphs("Holyrood met."))])
    desk.add_entry(HOLYROOD)
    document = desk.export_pls(site="gazette").replace(b"Holly rood", b"Hollow rude")
    assert desk.impact_of_import(document, site="gazette", replace=True).sentences == 1
    with pytest.raises(Conflict):
        desk.import_pls(document, site="gazette")
    done = desk.import_pls(document, site="gazette", replace=True)
    assert (done.replaced, done.unchanged, done.dry_run) == (1, 0, False)
    assert desk.entries().entries[0].alias == "Hollow rude"
    with pytest.raises(client.Refused) as raised:
        desk.import_pls(b"<lexicon>", site="gazette")
    assert raised.value.problem["line"] == 1


def test_one_article_is_repaired(parts: Parts, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(parts, monkeypatch)
    job = desk.request(replace(ARTICLE, text=" ".join(TEXTS)), voice="tone:beep")
    workers.render(job.id)
    heard = ClipSentence(clip=job.clip_id, revision=1, position=2)
    sentence = desk.repair_sentence(heard, alias="wownd", start=16, end=21, why="A verb.")
    assert (sentence.kind, sentence.clips, sentence.why) == ("sentence", 1, "A verb.")
    voice = desk.repair_voice(job.clip_id, rate=0.9)
    assert (voice.kind, voice.state) == ("voice", "rendering")


def test_a_sentence_is_heard_before_and_after(parts: Parts, key: str) -> None:
    insert_clips(parts, [RowArticle(external_id="1", blocks=paragraphs("A headline.", "Holyrood met."))])

    async def ask() -> tuple[client.Preview, client.Preview, bytes, client.IpaCheck]:
        app = create_app(parts)
        async with app.router.lifespan_context(app), AsyncClient(URL, key, transport=httpx.ASGITransport(app)) as audio:
            place = ClipSentence(clip="clip_gazette_1", position=1)
            heard = await audio.preview(place, HOLYROOD)
            typed = await audio.preview(TypedSentence(text="Holyrood met.", language="en"), voice="tone:beep")
            (spelled,) = (one for one in await audio.suggestions("NATO", "en") if one.kind == "spelled")
            assert (spelled.alias or "").split() == ["N", "A", "T", "O"]
            return heard, typed, await audio.sound(heard.after[0]), await audio.check_ipa("ˈhɒlɪˌruːd", "en")

    heard, typed, sound, checked = asyncio.run(ask())
    assert (heard.before[0].words, heard.after[0].words, heard.same) == ("Holyrood met.", "Holly rood met.", False)
    assert sound.startswith(b"RIFF")
    assert (typed.same, typed.before[0].segment) == (True, heard.before[0].segment)
    assert {voice.says for voice in checked.voices if not voice.unknown} == {True}
    assert {voice.says for voice in checked.voices if voice.unknown} == {False}


@pytest.mark.parametrize(
    ("ours", "schema"),
    [
        (client.Case, "CaseOut"),
        (client.CaseDetail, "CaseDetail"),
        (client.CaseReport, "CaseReport"),
        (client.CaseNote, "CaseNote"),
        (client.CaseStep, "CaseStep"),
        (client.CaseOutcome, "CaseOutcome"),
        (client.HeardAt, "HeardAt"),
        (client.SaidWord, "WordSaid"),
        (client.Entry, "EntryOut"),
        (client.Lexeme, "EntryIn"),
        (client.Impact, "ImpactOut"),
        (client.Import, "ImportOut"),
        (client.AffectedClip, "AffectedClipOut"),
        (client.Change, "ChangeOut"),
        (client.Doubt, "DoubtOut"),
        (client.Preview, "PreviewOut"),
        (client.Sound, "SoundOut"),
        (client.Suggestion, "SuggestionOut"),
        (client.IpaCheck, "IpaOut"),
        (client.IpaVoice, "IpaVoiceOut"),
        (client.Correction, "CorrectionAccepted"),
        (client.CorrectionDetail, "CorrectionDetail"),
        (client.CorrectedClip, "CorrectedClipOut"),
        (client.CorrectedSentence, "ChangedOut"),
    ],
)
def test_the_values_of_the_desk_are_the_documents(ours: Any, schema: str) -> None:
    properties = document()["components"]["schemas"][schema]["properties"]
    just_accepted = {"spelled_by"} if ours is client.CorrectionDetail else set()
    assert {one.name for one in fields(ours)} - {"raw"} - just_accepted <= set(properties)
