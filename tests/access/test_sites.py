"""Staff belong to sites: what limits an account, and what its pages then show."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from tests.parts.staff import Signed, signed
from tests.parts.web_rows import ready_clip
from tts_service.access.sessions import open_session, person_of
from tts_service.access.sites import may_see
from tts_service.access.staff import add_person, people, set_role, set_sites, staff_named
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import StaffRow
from tts_service.errors import Conflict, InputRefused, NotAllowed
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.sites import set_origins
from tts_service.parts import Parts


def test_nobody_of_some_sites_has_what_belongs_to_all() -> None:
    assert may_see(None, None)
    assert may_see(None, "gazette")
    assert may_see(("gazette",), "gazette")
    assert not may_see(("gazette",), None)
    assert not may_see((), "gazette")


def test_an_account_keeps_its_sites_in_order_and_once(parts: Parts) -> None:
    row = add_person(parts.database, "ben@example.org", "staff", "test", ["herald", "gazette", "herald"])
    person = person_of(parts.database, open_session(parts.database, row.id, "link"))
    assert person is not None
    assert person.sites == ("gazette", "herald")
    person.require_site("herald")
    for other in ("times", None):
        with pytest.raises(NotAllowed, match="gazette, herald"):
            person.require_site(other)


def test_an_admin_has_all_sites_whatever_was_stored(parts: Parts) -> None:
    row = add_person(parts.database, "ben@example.org", "staff", "test", ["gazette"])
    set_role(parts.database, row.id, "admin", "test")
    assert staff_named(parts.database, "ben@example.org").sites is None
    with pytest.raises(Conflict):
        set_sites(parts.database, row.id, ["gazette"], "test")
    with parts.database.writing() as session:
        session.get_one(StaffRow, row.id).sites = ["gazette"]
    person = person_of(parts.database, open_session(parts.database, row.id, "link"))
    assert person is not None
    assert person.sites is None


@pytest.mark.parametrize("wrong", [[""], ["a b"], ["gazette", "../x"], [], ["s" * 65], [f"s{n}" for n in range(201)]])
def test_names_that_are_no_sites_are_refused(parts: Parts, wrong: list[str]) -> None:
    row = add_person(parts.database, "ben@example.org", "staff", "test")
    with pytest.raises(InputRefused):
        set_sites(parts.database, row.id, wrong, "test")
    with pytest.raises(InputRefused):
        add_person(parts.database, "eve@example.org", "staff", "test", wrong)
    assert {one.name for one in people(parts.database)} == {"ben@example.org"}


class TestThePeoplePage:
    def test_an_invitation_carries_sites(self, client: TestClient, parts: Parts) -> None:
        admin = signed(parts)
        for site in ("herald", "gazette"):
            set_origins(parts.database, site, ())
        form = {"form_token": admin.token, "name": "ben@example.org", "role": "staff", "sites": "herald, gazette"}
        assert client.post("/staff/people", data=form, headers=admin.headers).status_code == 200
        assert staff_named(parts.database, "ben@example.org").sites == ["gazette", "herald"]

    def test_sites_are_changed_and_opened_again(self, client: TestClient, parts: Parts) -> None:
        admin = signed(parts)
        row = add_person(parts.database, "ben@example.org", "staff", "test")
        set_origins(parts.database, "gazette", ())
        for reach, sent, kept in (("some", "gazette", ["gazette"]), ("all", "gazette", None)):
            form = {"form_token": admin.token, "do": "sites", "reach": reach, "sites": sent}
            got = client.post(f"/staff/people/{row.id}", data=form, headers=admin.headers, follow_redirects=False)
            assert got.headers["location"] == "/staff/people?done=staff.sites#told"
            assert 'id="told"' in client.get(got.headers["location"], headers=admin.headers).text
            assert staff_named(parts.database, "ben@example.org").sites == kept

    @pytest.mark.parametrize("wrong", [{}, {"reach": "some"}, {"sites": " , "}, {"sites": "gazete"}])
    def test_all_sites_must_be_chosen_and_others_must_exist(
        self, client: TestClient, parts: Parts, wrong: dict[str, str]
    ) -> None:
        admin = signed(parts)
        row = add_person(parts.database, "ben@example.org", "staff", "test")
        set_origins(parts.database, "gazette", ())
        set_sites(parts.database, row.id, ["gazette"], "test")
        for path, form, field in (
            ("/staff/people", {"name": "eve@example.org", "role": "staff"}, "sites"),
            (f"/staff/people/{row.id}", {"do": "sites"}, f"sites-{row.id}"),
        ):
            got = client.post(path, data={"form_token": admin.token} | form | wrong, headers=admin.headers)
            assert got.status_code == 422
            assert f'<a href="#{field}"' in got.text
            assert re.search(f'<input id="{field}" [^>]*aria-invalid="true"', got.text)
        assert {one.name: one.sites for one in people(parts.database) if one.role == "staff"} == {
            "ben@example.org": ["gazette"]
        }


class TestTheLexicon:
    @pytest.fixture
    def editor(self, parts: Parts) -> Signed:
        return signed(parts, "editor@example.org", "staff", ["gazette", "times"])

    def entry(self, **more: str) -> dict[str, object]:
        return {"language": "en", "graphemes": ["Weir"], "alias": "weer"} | more

    def test_an_editor_reads_entries_for_all_sites_and_changes_their_own(
        self, client: TestClient, parts: Parts, editor: Signed
    ) -> None:
        admin = signed(parts)

        def made(who: Signed, **more: str) -> tuple[int, str]:
            got = client.post("/staff/v1/lexicon", json=self.entry(**more), headers=who.changing)
            return got.status_code, got.json().get("id", "")

        _, every = made(admin, scope="global")
        _, foreign = made(admin, scope="site", site="herald")
        status, own = made(editor, scope="site", site="times")
        assert status == 201
        assert made(editor, scope="global")[0] == 403
        assert made(editor, scope="site", site="herald")[0] == 403
        assert made(editor, scope="site")[0] == 400  # of which of the two?
        listed = client.get("/staff/v1/lexicon", headers=editor.headers).json()["entries"]
        assert {one["id"] for one in listed} == {every, own}
        assert client.get(f"/staff/v1/lexicon/{foreign}", headers=editor.headers).status_code == 404
        for entry, status in ((every, 403), (foreign, 404), (own, 204)):
            assert client.delete(f"/staff/v1/lexicon/{entry}", headers=editor.changing).status_code == status


def test_an_editor_sees_their_sites_reports_only(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    gather(parts, receive(parts, ReportDraft(clip_id="clip_1", category="other", comment="the weir is read as where")))
    for site, seen in (("gazette", True), ("herald", False)):
        editor = signed(parts, f"{site}@example.org", "staff", [site])
        page = client.get("/staff", headers=editor.headers)
        assert page.status_code == 200
        assert ("the weir is read as where" in page.text) is seen
