"""Merging cases at the desk: the other case named by its word, the history of both, and the way back."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from tests.parts.cases import case_row
from tests.parts.correction_rows import corrected
from tests.parts.desk_rows import desk
from tests.parts.staff import Signed, signed
from tests.web.test_desk_pages import post, read, state_of
from tts_service.db.tables import CaseRow
from tts_service.parts import Parts


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


def add_case(parts: Parts, number: int, **values: str) -> str:
    """A case about "Holyrood" as another voice says it, or otherwise."""
    row = case_row(number, at_ms=1)
    for name, value in {"written": "Holyrood", "voice": "tone:low", **values}.items():
        setattr(row, name, value)
    with parts.database.writing() as session:
        session.add(row)
    return row.id


def merge(client: TestClient, who: Signed, case: str, version: int = 1, **form: str) -> str:
    """Where a merge leads to; the page where it is refused."""
    got = post(client, f"/staff/cases/{case}/decide", who, do="duplicate", version=str(version), **form)
    return str(got.headers.get("location", got.text))


@pytest.mark.parametrize("typed", ["Holyrood", " holyrood ", "“Holyrood”"])
def test_the_only_open_case_about_a_word_is_named_by_it(
    client: TestClient, parts: Parts, anna: Signed, typed: str
) -> None:
    case = desk(parts)["case"]
    own = add_case(parts, 1)
    assert merge(client, anna, own, other=typed) == f"/staff/cases/{case}?did=case.merged"
    assert state_of(parts, own)[0] == "duplicate"


def test_an_inflected_word_in_another_alphabetic_case_is_found(client: TestClient, parts: Parts, anna: Signed) -> None:
    case = desk(parts)["Müllers"]
    own = add_case(parts, 1, site="bote", language="de-DE", written="Mullers")
    assert merge(client, anna, own, other="MÜLLERS") == f"/staff/cases/{case}?did=case.merged"


def test_cases_of_other_sites_languages_and_settled_ones_are_not_meant(
    client: TestClient, parts: Parts, anna: Signed
) -> None:
    desk(parts)
    own = add_case(parts, 1, written="Elmsworth")
    for number, values in enumerate(({"site": "bote"}, {"language": "de"}, {"state": "rejected"}), 2):
        add_case(parts, number, written="Xanadu", **values)
    page = merge(client, anna, own, other="Xanadu")
    assert "No other open case of this site and language is about" in page
    assert state_of(parts, own) == ("new", 1)


def test_of_several_one_is_chosen_on_the_page(client: TestClient, parts: Parts, anna: Signed) -> None:
    case = desk(parts)["case"]
    own, second = (add_case(parts, number, voice=voice) for number, voice in ((1, "tone:low"), (2, "tone:high")))
    page = merge(client, anna, own, other="Holyrood")
    assert "2 open cases are about" in page
    offered = re.findall(r'name="into" value="(\w+)".*?href="/staff/cases/(\w+)"', page)
    assert offered == [(case, case), (second, second)]
    assert merge(client, anna, own, other="Holyrood", into=second) == f"/staff/cases/{second}?did=case.merged"


def test_both_cases_tell_of_the_merge_and_it_is_undone_where_it_leads_to(
    client: TestClient, parts: Parts, anna: Signed
) -> None:
    case = desk(parts)["case"]
    own = add_case(parts, 1)
    page = read(client, merge(client, anna, own, other="Holyrood"), anna)
    assert "<p>Cases merged.</p>" in page
    assert "<li><span>cases merged</span>" in page
    assert "Undo: cases merged by anna" in page
    assert "<li><span>case marked as duplicate</span>" in read(client, f"/staff/cases/{own}", anna)
    version = str(state_of(parts, case)[1])
    post(client, f"/staff/cases/{case}/decide", anna, do="undo", version=version)
    assert state_of(parts, own)[0] == "new"


def test_who_cannot_take_a_correction_back_is_told_where_it_is_done(
    client: TestClient, parts: Parts, anna: Signed
) -> None:
    case = desk(parts)["case"]
    correction = corrected(parts, "clip_holyrood", site=None)
    with parts.database.writing() as session:
        session.get_one(CaseRow, case).correction_id = correction
    editor = signed(parts, "editor@example.org", "staff", ["gazette"])
    mine, theirs = (read(client, f"/staff/cases/{case}", who) for who in (anna, editor))
    assert ('id="take-back"' in mine, 'id="cannot-take-back"' in mine) == (True, False)
    assert ('id="take-back"' in theirs, 'id="cannot-take-back"' in theirs) == (False, True)
