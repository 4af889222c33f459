"""The desk's pages: the queue, a case, decisions with and without somebody being quicker; nothing in them runs."""

from __future__ import annotations

import itertools
import re
from functools import partial
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from tests.parts.correction_rows import corrected
from tests.parts.desk_rows import BIDI, PAYLOAD, Tapped, case_of, desk, holyrood, report
from tests.parts.staff import Signed, signed
from tests.parts.statements import statements
from tts_service.corrections.cases import decisions
from tts_service.corrections.impact.weighing import impact
from tts_service.db.tables import ArticleRow, CaseRow, CorrectionRow, LexiconEntryRow, ReportRow
from tts_service.engines.tone import ToneEngine
from tts_service.jobs.control import withdraw
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import MAX_EXCEPTIONS, Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme
from tts_service.web.staff.desk import trying

HTML = {"Accept": "text/html"}
MOST_STATEMENTS = 12


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


def read(client: TestClient, path: str, who: Signed, status: int = 200) -> str:
    got = client.get(path, headers=who.headers | HTML)
    assert got.status_code == status, got.text
    return got.text


def post(client: TestClient, path: str, who: Signed, **form: str) -> Response:
    return client.post(path, data={"form_token": who.token} | form, headers=who.headers | HTML)


def listed(page: str) -> list[str]:
    """The words of the queue, from top to bottom."""
    return re.findall(r'<a class="open"[^>]*>([^<]*)</a>', page)


def decisions_offered(page: str) -> set[str]:
    return set(re.findall(r'name="do" value="([\w-]+)"', page))


def state_of(parts: Parts, case_id: str) -> tuple[str, int]:
    with parts.database.reading() as session:
        row = session.get_one(CaseRow, case_id)
    return row.state, row.version


def takes_few_statements(client: TestClient, parts: Parts, who: Signed, path: str) -> None:
    read(client, path, who)
    with statements(parts.database.engine) as seen:
        read(client, path, who)
    made = [one for one in seen if not one.startswith(("BEGIN", "SELECT 1", "PRAGMA"))]
    assert len(made) <= MOST_STATEMENTS, "\n\n".join(made)


class TestQueue:
    def test_it_shows_open_cases_with_the_word_marked_and_its_sound(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        desk(parts)
        page = read(client, "/staff", anna)
        assert listed(page)[0] == "Holyrood"  # three reports
        assert len(listed(page)) == 5
        assert "gathered at <mark>Holyrood</mark> on Tuesday" in page
        assert re.search(r'<a class="play" href="/staff/sound/clip_second/1#t=[\d.]+">', page)
        assert "&lt;script&gt;alert(1)&lt;/script&gt; ⟦U+202E⟧evil" in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=holy", {"Holyrood", "14:30", "the whole sentence"}),  # all of their sentences say it
            ("q=R-0000-0000", set()),
            ("site=bote", {"Müllers"}),
            ("language=de", {"Müllers"}),
            ("category=number", {"14:30"}),
            ("voice=tone:beep&category=sound", {"the whole sentence"}),
            ("state=confirmed", set()),
            ("age=week", set()),
            ("assigned=me", set()),
            ("assigned=nobody&category=number", {"14:30"}),
        ],
    )
    def test_it_is_narrowed(self, client: TestClient, parts: Parts, anna: Signed, query: str, found: set[str]) -> None:
        desk(parts)
        page = read(client, f"/staff?{query}", anna)
        assert set(listed(page)) == found
        assert "Show all open cases" in page or found

    def test_several_are_decided_at_once_and_that_is_undone(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        desk(parts)
        cases = [case_of(parts, word) for word in ("Holyrood", "Adeyemi")]
        chosen = {f"case-{case.id}": str(case.version) for case in cases}
        got = post(client, "/staff/cases", anna, do="reject", reason="It is right.", back="q=o", **chosen)
        assert got.status_code == 303
        assert got.headers["location"].startswith("/staff?q=o&did=reject&cases=")
        page = read(client, got.headers["location"], anna)
        assert "2 cases rejected." in page
        assert [state_of(parts, case.id) for case in cases] == [("rejected", 2)] * 2
        undo = re.search(r'id="undo" data-cases="([^"]+)"', page)
        assert undo
        got = post(client, "/staff/cases", anna, do="undo", cases=undo[1])
        assert got.status_code == 303
        assert [state_of(parts, case.id)[0] for case in cases] == ["new", "new"]

    def test_only_the_cases_that_changed_are_counted(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        desk(parts)
        confirmed, other = case_of(parts, "Holyrood"), case_of(parts, "Adeyemi")
        decisions.confirm_case(parts, confirmed.id, version=1, who=anna.person.who)
        chosen = {f"case-{confirmed.id}": "2", f"case-{other.id}": "1"}
        got = post(client, "/staff/cases", anna, do="confirm", **chosen)
        assert "1 case confirmed." in read(client, got.headers["location"], anna)

    def test_whoever_comes_second_is_told_and_the_others_are_decided(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        desk(parts)
        ben = signed(parts, "ben@example.org", "staff")
        holyrood_case, other = case_of(parts, "Holyrood"), case_of(parts, "Adeyemi")
        decisions.confirm_case(parts, holyrood_case.id, version=1, who=ben.person.who)
        chosen = {f"case-{case.id}": "1" for case in (holyrood_case, other)}
        got = post(client, "/staff/cases", anna, do="reject", reason="no", **chosen)
        assert got.status_code == 409
        assert 'role="alert"' in got.text
        assert "1 case rejected." in got.text
        assert state_of(parts, holyrood_case.id) == ("confirmed", 2)

    def test_a_refused_decision_keeps_what_was_selected_and_typed(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        desk(parts)
        case = case_of(parts, "Adeyemi")
        got = post(client, "/staff/cases", anna, do="reject", reason=" ", **{f"case-{case.id}": "1"})
        assert got.status_code == 409
        assert re.findall(r'name="case-(\w+)" value="1" checked', got.text) == [case.id]
        assert re.search(r'id="reason"[^>]* aria-invalid="true" aria-describedby="complaint" autofocus', got.text)
        long = post(client, "/staff/cases", anna, do="reject", reason="x" * 5000, **{f"case-{case.id}": "1"})
        assert "x" * 5000 in long.text

    def test_enter_in_the_reason_rejects_without_scripts_too(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        desk(parts)
        told = f"/staff?did=confirm&cases={case_of(parts, 'Adeyemi').id}.1"
        buttons = re.findall(r"<button[^>]*>", read(client, told, anna))
        assert any('value="undo"' in one for one in buttons)
        first = next(one for one in buttons if 'name="do"' in one)
        assert 'value="reject"' in first  # the browser presses a form's first button

    def test_a_list_that_nobody_wrote_is_refused(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        for form in (
            {"do": "undo", "cases": "x"},
            {"do": "undo"},
            {"do": "undo", "cases": "case_1.-1"},
            {"do": "erase"},
            {"do": "confirm"},
        ):
            assert post(client, "/staff/cases", anna, **form).status_code == 400

    def test_an_editor_neither_sees_nor_decides_another_sites_cases(self, client: TestClient, parts: Parts) -> None:
        desk(parts)
        editor = signed(parts, "editor@example.org", "staff", ["bote"])
        assert listed(read(client, "/staff?state=all", editor)) == ["Müllers"]
        mine, others = case_of(parts, "Müllers", "bote"), case_of(parts, "Holyrood")
        chosen = {f"case-{case.id}": "1" for case in (mine, others)}
        assert post(client, "/staff/cases", editor, do="confirm", **chosen).status_code == 403
        assert state_of(parts, mine.id) == ("new", 1)
        read(client, f"/staff/cases/{others.id}", editor, 403)
        read(client, "/staff?site=gazette", editor, 403)

    def test_old_addresses_lead_to_the_case(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        clip = holyrood(parts)
        reference = report(parts, clip, Tapped(sentence=0, word="Holyrood"))
        case = case_of(parts, "Holyrood")
        got = client.get(f"/staff/reports/{reference}", headers=anna.headers)
        assert (got.status_code, got.headers["location"]) == (303, f"/staff/cases/{case.id}#{reference}")
        assert client.get("/staff/reports", headers=anna.headers).headers["location"] == "/staff"


class TestCase:
    def test_it_shows_what_was_heard_and_what_listeners_say(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        case = desk(parts)["case"]
        page = read(client, f"/staff/cases/{case}", anna)
        assert "gathered at <mark>Holyrood</mark> on Tuesday" in page
        assert re.search(r'id="hear" href="/staff/sound/clip_second/1#t=[\d.]+"', page)
        assert "3 reports" in page
        assert "It is HOLLY-rood" in page
        assert "wants an answer" in page
        assert "ines@example.org" not in page
        assert PAYLOAD not in page
        assert BIDI not in page

    def test_decisions_are_made_and_told(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        case = desk(parts)["case"]
        at = f"/staff/cases/{case}/decide"
        assert (
            post(client, at, anna, do="confirm", version="1").headers["location"]
            == f"/staff/cases/{case}?did=case.confirmed"
        )
        assert post(client, at, anna, do="note", version="2", note="Asked the politics desk.").status_code == 303
        assert post(client, at, anna, do="assign", version="2", assignee=anna.person.id).status_code == 303
        page = read(client, f"/staff/cases/{case}", anna)
        assert "Asked the politics desk." in page
        assert "assigned to anna" in page
        assert "Undo: case confirmed by anna" in page
        assert post(client, at, anna, do="undo", version="3").status_code == 303
        assert state_of(parts, case)[0] == "new"

    @pytest.mark.parametrize("decision", [{"do": "corrected"}, {"do": "reject", "reason": "It is right."}])
    def test_a_case_that_no_correction_settled_is_opened_again(
        self, client: TestClient, parts: Parts, anna: Signed, decision: dict[str, str]
    ) -> None:
        case = desk(parts)["case"]
        at = f"/staff/cases/{case}/decide"
        fresh = decisions_offered(read(client, f"/staff/cases/{case}", anna))
        assert ("corrected" in fresh, "reopen" in fresh) == (True, False)
        assert post(client, at, anna, version="1", **decision).status_code == 303
        settled = decisions_offered(read(client, f"/staff/cases/{case}", anna))
        assert ("corrected" in settled, "reopen" in settled) == (False, True)
        assert post(client, at, anna, do="reopen", version="2").headers["location"].endswith("?did=case.new")
        assert state_of(parts, case) == ("new", 3)

    def test_a_case_that_a_correction_settled_is_opened_by_taking_that_back(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        case = desk(parts)["case"]
        decisions.mark_corrected(parts, case, version=1, who=anna.person.who)
        correction = corrected(parts, "clip_holyrood")
        with parts.database.writing() as session:
            session.get_one(CaseRow, case).correction_id = correction
        assert "reopen" not in decisions_offered(read(client, f"/staff/cases/{case}", anna))

    def test_nothing_is_overwritten_and_nothing_typed_is_lost(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        case = desk(parts)["case"]
        ben = signed(parts, "ben@example.org", "staff")
        decisions.reject(parts, case, version=1, who=ben.person.who, reason="It is right.")
        got = post(client, f"/staff/cases/{case}/decide", anna, do="reject", version="1", reason="<b>mine</b>")
        assert got.status_code == 409
        assert "ben was quicker: case rejected" in got.text
        assert "&lt;b&gt;mine&lt;/b&gt;" in got.text or "Nothing of what you typed is lost" in got.text
        assert state_of(parts, case) == ("rejected", 2)

    def test_reports_that_belong_elsewhere_get_a_case_of_their_own(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        case = desk(parts)["case"]
        with parts.database.reading() as session:
            one = session.scalars(select(ReportRow.id).where(ReportRow.case_id == case)).first()
        at = f"/staff/cases/{case}/decide"
        got = post(client, at, anna, **{"do": "split", "version": "1", f"report-{one}": "on"})
        own = got.headers["location"].removeprefix("/staff/cases/").removesuffix("?did=case.split")
        assert own != case
        got = post(
            client, f"/staff/cases/{own}/decide", anna, do="duplicate", version="1", other=f"see /staff/cases/{case}?x"
        )
        assert got.headers["location"] == f"/staff/cases/{case}?did=case.merged"
        with parts.database.reading() as session:
            assert session.get_one(CaseRow, case).reports == 3

    @pytest.mark.parametrize(
        "form",
        [
            {"do": "reject", "version": "1", "reason": " "},
            {"do": "reject", "version": "one", "reason": "x"},
            {"do": "split", "version": "1"},
            {"do": "duplicate", "version": "1", "other": "the other one"},
            {"do": "assign", "version": "1", "assignee": "stf_nobody"},
            {"do": "explode", "version": "1"},
            {"do": "note", "version": "1", "note": ""},
        ],
    )
    def test_what_cannot_be_decided_is_told_on_the_page(
        self, client: TestClient, parts: Parts, anna: Signed, form: dict[str, str]
    ) -> None:
        case = desk(parts)["case"]
        got = post(client, f"/staff/cases/{case}/decide", anna, **form)
        assert got.status_code == 400
        assert 'role="alert"' in got.text
        assert state_of(parts, case) == ("new", 1)

    def test_enter_in_a_field_presses_the_button_beside_it(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        page = read(client, f"/staff/cases/{desk(parts)['case']}", anna)
        forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
        for field, button in (("reason", "reject"), ("other", "duplicate"), ("assignee", "assign"), ("note", "note")):
            (own,) = (one for one in forms if f'id="{field}"' in one)
            assert re.findall(r'<button name="do" value="(\w+)"', own) == [button]

    def test_each_decision_is_told_where_the_focus_goes(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        case = desk(parts)["case"]
        told = r'<div id="told" role="status" tabindex="-1" autofocus[^>]*><p>Note added\.</p>'
        assert re.search(told, read(client, f"/staff/cases/{case}?did=case.noted", anna))
        assert "case.exploded" not in read(client, f"/staff/cases/{case}?did=case.exploded", anna)

    def test_what_was_typed_comes_back_as_it_was_sent(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        at, typed = f"/staff/cases/{desk(parts)['case']}/decide", f"see {BIDI}this"
        for field, do in (("reason", "reject"), ("other", "duplicate")):
            got = post(client, at, anna, do=do, version="9", **{field: typed})
            assert f'value="{typed}"' in got.text

    @pytest.mark.parametrize("other", ["case_unknown", "no number"])
    def test_a_wrong_number_is_a_complaint_at_its_field(
        self, client: TestClient, parts: Parts, anna: Signed, other: str
    ) -> None:
        at = f"/staff/cases/{desk(parts)['case']}/decide"
        got = post(client, at, anna, do="duplicate", version="1", other=other)
        assert got.status_code == 400
        assert re.search(rf'id="other"[^>]* value="{other}"[^>]* aria-describedby="other-wrong" autofocus>', got.text)
        assert '<p class="complaint" id="other-wrong">' in got.text

    def test_next_and_previous_follow_the_queue(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        desk(parts)
        order = re.findall(r'data-case="([^"]+)"', read(client, "/staff", anna))

        def beside(case: str, way: str) -> str:
            return client.get(f"/staff/cases/{case}/{way}", headers=anna.headers).headers["location"]

        for one, other in itertools.pairwise(order):
            assert beside(one, "next") == f"/staff/cases/{other}"
            assert beside(other, "previous") == f"/staff/cases/{one}"
        assert beside(order[-1], "next") == beside(order[0], "previous") == "/staff"

    def test_a_case_leads_through_the_list_that_it_was_opened_from(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        desk(parts)
        query = "site=gazette&q=a&state=all"
        listed_there = re.findall(r'<a class="open" href="([^"]+)"', read(client, f"/staff?{query}", anna))
        order = [unescape(one) for one in listed_there]
        assert 2 <= len(order) < 5
        for one, other in itertools.pairwise(order):
            page = read(client, one, anna)
            ways = {way: re.search(rf'id="{way}" href="([^"]+)"', page) for way in ("next", "previous", "up")}
            found = {way: unescape(at[1]) for way, at in ways.items() if at}
            assert client.get(found["next"], headers=anna.headers).headers["location"] == other
            assert found["up"].startswith("/staff?state=all&site=gazette&q=a#open-case_")
        last = client.get(order[-1].replace("?", "/next?"), headers=anna.headers).headers["location"]
        assert last == "/staff?state=all&site=gazette&q=a"

    def test_a_decision_stays_in_the_list_that_the_case_was_opened_from(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        desk(parts)
        first, second = re.findall(r'<a class="open" href="([^"]+)"', read(client, "/staff?state=new&q=g", anna))[:2]
        page = read(client, first, anna)
        (at,) = set(re.findall(r'action="(/staff/cases/[^"]+/decide[^"]*)"', page))
        decided = post(client, at, anna, do="confirm", version="1").headers["location"]
        assert decided == f"{first}&did=case.confirmed"
        follows = re.search(r'id="next" href="([^"]+)"', read(client, decided, anna))
        assert follows
        assert client.get(unescape(follows[1]), headers=anna.headers).headers["location"] == second
        editor = signed(parts, "editor@example.org", "staff", ["bote"])
        (own,) = re.findall(r'<a class="open" href="([^"]+)"', read(client, "/staff", editor))
        other = f"{own}/next?queue=site%3Dgazette"
        assert client.get(other, headers=editor.headers).status_code == 403

    def test_a_withdrawn_clip_is_named_and_has_no_sound(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        clip = holyrood(parts)
        report(parts, clip, Tapped(sentence=0, word="Holyrood"))
        case = case_of(parts, "Holyrood")
        withdraw(parts, "gazette", "holyrood")
        page = read(client, f"/staff/cases/{case.id}", anna)
        assert "the article was withdrawn" in page
        assert client.get("/staff/sound/clip_holyrood/1", headers=anna.headers).status_code == 404


@pytest.fixture
def beeping(client: TestClient, parts: Parts) -> None:
    """The engine of previews, in this process."""
    client.app.state.resident_engine = ToneEngine(parts.settings.voices_folder)  # type: ignore[attr-defined]


HOLYROOD = {
    "version": "1",
    "written": "Holyrood",
    "language": "en",
    "case_sensitive": "on",
    "voice": "tone:beep",
}
"""The form as the page shows it."""


@pytest.mark.usefixtures("beeping")
class TestTrying:
    def attempt(self, client: TestClient, who: Signed, case: str, **form: str) -> Response:
        return post(client, f"/staff/cases/{case}/try", who, **(HOLYROOD | form))

    def entries(self, parts: Parts) -> list[tuple[str, str | None, str | None]]:
        with parts.database.reading() as session:
            return [(row.scope, row.site, row.alias) for row in session.scalars(select(LexiconEntryRow))]

    def test_both_sounds_are_there_and_the_words_that_differ_are_marked(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        page = self.attempt(client, anna, desk(parts)["case"], step="hear", alias="Holly rood")
        assert page.status_code == 200, page.text
        assert "gathered at <mark>Holyrood</mark> on" in page.text
        assert "gathered at <mark>Holly rood</mark> on" in page.text
        for name in ("before", "after"):
            sound = re.search(rf'id="{name}" href="([^"]+)"', page.text)
            assert sound
            got = client.get(sound[1], headers=anna.headers)
            assert (got.status_code, got.headers["content-type"]) == (200, "audio/wav")
        assert self.entries(parts) == []

    def test_what_it_changes_is_counted_listed_and_left_out(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        case = desk(parts)["case"]
        page = self.attempt(client, anna, case, step="impact", alias="Holly rood").text
        assert "Changes 4 sentences in 2 articles" in page
        assert len(re.findall(r'name="except-clip_\w+" value="gazette/', page)) == 4
        less = self.attempt(
            client, anna, case, step="impact", alias="Holly rood", **{"except-clip_second": "gazette/second"}
        ).text
        assert "Changes 2 sentences in 1 article:" in less
        assert 'value="gazette/second" checked' in less
        assert re.search(r'<label for="out-1">leave out (?!second<)', less)
        out = {f"except-{name}": f"gazette/{name}" for name in ("holyrood", "second")}
        nothing = self.attempt(client, anna, case, step="impact", alias="Holly rood", **out).text
        assert re.findall(r'name="except-out-\d" value="gazette/(\w+)" checked', nothing) == ["holyrood", "second"]
        assert 'id="count-again"' in nothing

    def test_only_what_was_weighed_is_accepted(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        case = desk(parts)["case"]
        first = self.attempt(client, anna, case, step="accept", alias="Holly rood")
        assert first.status_code == 200
        assert "Changes 4 sentences" in first.text
        assert self.entries(parts) == []
        seen = re.search(r'name="seen" value="(\w+)"', first.text)
        assert seen
        other = self.attempt(client, anna, case, step="accept", alias="Hully rood", seen=seen[1])
        assert (other.status_code, self.entries(parts)) == (200, [])
        assert "Something was changed after it was counted" in other.text
        done = self.attempt(client, anna, case, step="accept", alias="Holly rood", seen=seen[1], why="It is a name.")
        assert (done.status_code, done.headers["location"]) == (303, f"/staff/cases/{case}?did=correction.accepted")
        assert self.entries(parts) == [("site", "gazette", "Holly rood")]
        page = read(client, f"/staff/cases/{case}", anna)
        assert "Holyrood → Holly rood" in page
        assert "0 of 2 clips done" in page
        listed_one = read(client, "/staff/corrections", anna)
        assert "Holyrood → Holly rood" in listed_one

    def test_an_entry_that_leaves_what_was_reported_alone_is_named(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        case, warning = desk(parts)["case"], "What was reported itself doesn’t change."
        assert warning not in self.attempt(client, anna, case, step="impact", alias="Holly rood").text
        assert warning in self.attempt(client, anna, case, step="impact", written="Tuesday", alias="Choose day").text
        left_out = {f"except-{name}": f"gazette/{name}" for name in ("holyrood", "second")}
        assert warning in self.attempt(client, anna, case, step="impact", alias="Holly rood", **left_out).text

    @pytest.mark.parametrize(
        ("typed", "public"),
        [
            ("“Holyrood” was pronounced wrongly.", "“Tuesday” was pronounced wrongly."),
            ("", "“Tuesday” was pronounced wrongly."),
            ("It is a day.", "It is a day."),
        ],
    )
    def test_the_public_reason_names_the_word_that_is_saved(
        self, client: TestClient, parts: Parts, anna: Signed, typed: str, public: str
    ) -> None:
        case, form = desk(parts)["case"], {"written": "Tuesday", "alias": "Choose day", "why": typed}
        seen = re.search(r'name="seen" value="(\w+)"', self.attempt(client, anna, case, step="impact", **form).text)
        assert seen
        assert self.attempt(client, anna, case, step="accept", seen=seen[1], **form).status_code == 303
        with parts.database.reading() as session:
            assert session.scalars(select(CorrectionRow.why)).all() == [public]

    def test_a_case_decided_meanwhile_is_told_and_the_respelling_stays(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        case = desk(parts)["case"]
        seen = re.search(
            r'name="seen" value="(\w+)"', self.attempt(client, anna, case, step="impact", alias="Holly rood").text
        )
        ben = signed(parts, "ben@example.org", "staff")
        decisions.reject(parts, case, version=1, who=ben.person.who, reason="It is right.")
        assert seen
        got = self.attempt(client, anna, case, step="accept", alias="Holly rood", seen=seen[1])
        assert got.status_code == 409
        assert "ben was quicker: case rejected" in got.text
        assert 'value="Holly rood"' in got.text
        assert self.entries(parts) == []

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"alias": ""}, "An entry needs either a respelling or IPA"),
            ({"alias": "x", "written": " "}, "Enter the word as it is written"),
            ({"alias": "x", "language": "?"}, "is not a language tag"),
            ({"way": "ipa", "ipa": "ˈhɒlɪǃ"}, "U+01C3"),
            ({"alias": "x" * 500}, "the limit is"),
            ({"use": "ipa:ǃ"}, "U+01C3"),
        ],
    )
    def test_what_cannot_be_said_is_named(
        self, client: TestClient, parts: Parts, anna: Signed, form: dict[str, str], said: str
    ) -> None:
        got = self.attempt(client, anna, desk(parts)["case"], step="hear", **form)
        assert got.status_code == 400
        assert said in unescape(got.text)

    @pytest.mark.parametrize(
        "form", [{"way": "song"}, {"scope": "universe"}, {"except-x": "gazette"}, {"use": "song:la"}, {"version": "x"}]
    )
    def test_a_form_that_no_page_sends_is_refused(
        self, client: TestClient, parts: Parts, anna: Signed, form: dict[str, str]
    ) -> None:
        case = desk(parts)["case"]
        seen = re.search(r'name="seen" value="(\w+)"', self.attempt(client, anna, case, step="impact", alias="H").text)
        assert seen
        got = self.attempt(client, anna, case, **({"step": "accept", "alias": "H", "seen": seen[1]} | form))
        assert (got.status_code, self.entries(parts)) == (400, [])

    def test_the_ipa_is_checked_while_it_is_typed(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        case = desk(parts)["case"]
        good = self.attempt(client, anna, case, step="check", way="ipa", ipa="ˈhɒlɪˌruːd")
        wrong = self.attempt(client, anna, case, step="check", way="ipa", ipa="ˈhɒlɪǃ")
        assert good.status_code == wrong.status_code == 200
        assert "U+01C3" in wrong.text
        assert "U+01C3" not in good.text
        assert 'data-sound="ʃ" tabindex="-1" aria-label="sh as in “shoe”"' in good.text

    @pytest.mark.parametrize(
        ("entry", "case_sensitive", "offered"),
        [("Holyrood Abbey", True, ""), ("holyrood", True, ""), ("holyrood", False, "Hollee rood")],
    )
    def test_the_site_s_own_entry_for_exactly_this_word_is_offered(
        self, client: TestClient, parts: Parts, anna: Signed, entry: str, case_sensitive: bool, offered: str
    ) -> None:
        case = desk(parts)["case"]
        lexeme = Lexeme(graphemes=(entry,), language="en", alias="Hollee rood", case_sensitive=case_sensitive)
        add(parts.database, parts.voices, Place.of("gazette"), lexeme, author="test")
        page = read(client, f"/staff/cases/{case}", anna)
        assert re.search(r'id="alias"[^>]* value="([^"]*)"', page)[1] == offered  # type: ignore[index]

    def test_as_many_articles_are_left_out_as_an_entry_can(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        case = desk(parts)["case"]
        left_out = {f"except-clip_{n}": f"gazette/{n}" for n in range(MAX_EXCEPTIONS)}
        got = self.attempt(client, anna, case, step="impact", alias="Holly rood", **left_out)
        assert got.status_code == 200
        too_many = self.attempt(client, anna, case, **{f"x{n}": "" for n in range(1000)})
        assert (too_many.status_code, "more than 1,000 fields" in too_many.text) == (400, True)

    def test_what_was_counted_in_the_newest_clips_only_is_not_said_of_all(
        self, client: TestClient, parts: Parts, anna: Signed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = desk(parts)["case"]
        monkeypatch.setattr(trying, "impact", partial(impact, most=1))
        left_out = {"except-clip_second": "gazette/second"}
        page = self.attempt(client, anna, case, step="impact", alias="Holly rood", **left_out).text
        assert "2 clips have this word; the newest 1 were counted, all of them will be corrected." in page
        assert "Changes nothing in the newest clips." in page
        assert "Save it all the same" not in page

    def test_an_entry_that_changes_nothing_says_why(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        case = desk(parts)["case"]
        never = self.attempt(client, anna, case, step="impact", written="Zzyzx", alias="Zizix").text
        assert "Changes nothing. No clip has this word." in never
        other_case = self.attempt(client, anna, case, step="impact", written="holyrood", alias="Holly rood").text
        assert "It occurs with other capitals only." in other_case

    def test_an_editor_of_one_site_changes_nothing_for_all(self, client: TestClient, parts: Parts) -> None:
        case = desk(parts)["case"]
        editor = signed(parts, "editor@example.org", "staff", ["gazette"])
        assert 'name="scope" value="global"' not in read(client, f"/staff/cases/{case}", editor)
        form = {"alias": "Holly rood", "scope": "global"}
        page = self.attempt(client, editor, case, step="impact", **form)
        seen = re.search(r'name="seen" value="(\w+)"', page.text)
        got = self.attempt(client, editor, case, step="accept", seen=seen[1] if seen else "", **form)
        assert got.status_code == 403
        assert self.entries(parts) == []


def test_a_report_whose_sentence_is_gone_is_obsolete(client: TestClient, parts: Parts, anna: Signed) -> None:
    case = desk(parts)["case"]
    with parts.database.writing() as session:
        for row in session.scalars(select(ReportRow).where(ReportRow.case_id == case)):
            row.obsolete_ms = 1
    page = read(client, f"/staff/cases/{case}", anna)
    assert page.count("obsolete: the sentence is gone from the article") == 3
    assert "The article doesn’t say this sentence any more." in page


def test_queue_and_case_take_few_statements(client: TestClient, parts: Parts, anna: Signed) -> None:
    case = desk(parts)["case"]
    decisions.confirm_case(parts, case, version=1, who=anna.person.who)
    decisions.add_note(parts, case, who=anna.person.who, text="Asked.")
    for path in ("/staff?q=holy", f"/staff/cases/{case}"):
        takes_few_statements(client, parts, anna, path)


def test_a_sound_of_a_closed_article_comes_with_a_grant(client: TestClient, parts: Parts, anna: Signed) -> None:
    holyrood(parts)
    open_one = client.get("/staff/sound/clip_holyrood/1", headers=anna.headers).headers["location"]
    assert open_one == "/v1/clips/clip_holyrood/r/1/audio.mp3"
    with parts.database.writing() as session:
        session.get_one(ArticleRow, "art_holyrood").visibility = "members"
    closed = client.get("/staff/sound/clip_holyrood/1", headers=anna.headers).headers["location"]
    assert closed.startswith("/v1/clips/clip_holyrood/r/1/audio.mp3?grant=")
    assert client.get(closed).status_code == 200
    assert client.get(open_one).status_code == 403
