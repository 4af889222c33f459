"""The desk's pages of corrections: failed clips tried again, taking back by whoever may, sound where it changed."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.parts.correction_rows import corrected
from tests.parts.desk_rows import PAYLOAD, desk
from tests.parts.staff import Signed, signed
from tests.parts.web_rows import ready_clip
from tests.web.test_desk_pages import post, read, takes_few_statements
from tts_service.corrections.accept import accept_proposal
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.db.tables import CaseRow, CorrectionClipRow, CorrectionRow, LexiconEntryRow
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme
from tts_service.web.staff.desk import corrections

FOR_ALL_CLIPS, FOR_ONE = "Take back everywhere", "Take back for “"


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


def accepted(parts: Parts, anna: Signed) -> tuple[str, str]:
    """A case and the correction that was accepted for it."""
    case = desk(parts)["case"]
    lexeme = Lexeme(graphemes=("Holyrood",), language="en", alias="Holly rood")
    proposal = LexiconProposal(place=Place.of("gazette"), lexeme=lexeme)
    done = accept_proposal(parts, proposal, case_id=case, version=1, why=f"A name. {PAYLOAD}", who=anna.person.who)
    return case, done.correction_id


def test_failed_clips_are_named_and_the_case_stays_open(client: TestClient, parts: Parts, anna: Signed) -> None:
    case, correction = accepted(parts, anna)
    with parts.database.writing() as session:
        for row in session.scalars(select(CorrectionClipRow)):
            failed = row.clip_id == "clip_second"
            row.state, row.reason = ("failed", "The voice isn't installed any more.") if failed else ("done", "")
        session.get_one(CorrectionRow, correction).state = "failed"
    for path in (f"/staff/cases/{case}", f"/staff/corrections/{correction}"):
        page = read(client, path, anna)
        assert "The voice isn&#39;t installed any more." in page
        assert "Try the failed ones again" in page
        assert "failed for some clips" in page
        assert PAYLOAD not in page
    assert read(client, f"/staff/corrections/{correction}", anna).count('role="status"') == 1
    takes_few_statements(client, parts, anna, f"/staff/cases/{case}")
    got = post(client, f"/staff/corrections/{correction}", anna, do="retry", case=case)
    assert (got.status_code, got.headers["location"]) == (303, f"/staff/cases/{case}?did=correction.retried")
    with parts.database.reading() as session:
        assert {row.state for row in session.scalars(select(CorrectionClipRow))} == {"done", "waiting"}


def test_one_is_taken_back_once(client: TestClient, parts: Parts, anna: Signed) -> None:
    _, correction = accepted(parts, anna)
    at = f"/staff/corrections/{correction}"
    assert post(client, at, anna, do="take-back").headers["location"] == f"{at}?did=correction.taken_back"
    with parts.database.reading() as session:
        assert session.scalars(select(LexiconEntryRow)).all() == []
    again = post(client, at, anna, do="take-back")
    assert again.status_code == 409
    assert "was taken back already" in again.text
    assert 'value="take-back"' not in again.text
    assert post(client, at, anna, do="erase").status_code == 400


def test_an_editor_sees_only_their_sites_corrections(client: TestClient, parts: Parts, anna: Signed) -> None:
    _, correction = accepted(parts, anna)
    editor = signed(parts, "editor@example.org", "staff", ["bote"])
    assert "Holly rood" not in read(client, "/staff/corrections", editor)
    read(client, f"/staff/corrections/{correction}", editor, 403)
    assert post(client, f"/staff/corrections/{correction}", editor, do="take-back").status_code == 403


def test_an_editor_sees_the_clips_of_their_sites_from_the_first_page_on(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, site in (("1", "herald"), ("2", "herald"), ("3", "herald"), ("4", "gazette")):
        ready_clip(parts, name=name, site=site)
    correction = corrected(parts, "clip_1", "clip_2", "clip_3", "clip_4", site=None)
    monkeypatch.setattr(corrections, "_PER_PAGE", 2)
    editor = signed(parts, "editor@example.org", "staff", ["gazette"])
    page = read(client, f"/staff/corrections/{correction}", editor)
    assert ("art_4" in page, "herald" in page, "after=" in page) == (True, False, False)
    of_all = read(client, f"/staff/corrections/{correction}", signed(parts))
    assert ("art_2" in of_all, "art_3" in of_all, "?after=clip_2" in of_all) == (True, False, True)


def test_taking_back_for_all_sites_is_offered_to_whoever_may(client: TestClient, parts: Parts, anna: Signed) -> None:
    case = desk(parts)["case"]
    correction = corrected(parts, "clip_holyrood", site=None)
    with parts.database.writing() as session:
        session.get_one(CaseRow, case).correction_id = correction
    editor = signed(parts, "editor@example.org", "staff", ["gazette"])
    mine, theirs = (read(client, f"/staff/cases/{case}", who) for who in (anna, editor))
    assert ('value="take-back"' in mine, 'value="take-back"' in theirs) == (True, False)
    assert 'id="next-case"' in theirs


@pytest.mark.parametrize(
    "values",
    [{"kind": "sentence"}, {"kind": "voice", "after": {}}, {"after": {"graphemes": ["Monday"], "scope": "article"}}],
    ids=["sentence", "voice", "article"],
)
def test_a_correction_of_one_article_is_taken_back_as_a_whole(
    client: TestClient, parts: Parts, anna: Signed, values: dict[str, object]
) -> None:
    ready_clip(parts)
    page = read(client, f"/staff/corrections/{corrected(parts, 'clip_1', **values)}", anna)
    assert (FOR_ALL_CLIPS in page, FOR_ONE in page) == (True, False)
    assert FOR_ONE in read(client, f"/staff/corrections/{corrected(parts, 'clip_1')}", anna)


def test_each_clip_plays_from_its_corrected_sentence(client: TestClient, parts: Parts, anna: Signed) -> None:
    ready_clip(parts)
    page = read(client, f"/staff/corrections/{corrected(parts, 'clip_1')}", anna)
    assert re.findall(r'href="/staff/sound/clip_1/(\d)#t=([\d.,]+)"', page) == [("2", "1,2.7")]
