"""How staff come in and what they may change: passwords, links, sessions, the own page's Origin and token."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from typer.testing import CliRunner

from tests.parts.factories import make_settings
from tests.parts.staff import BASE, PASSWORD, Signed, signed, signed_with_password, uses_at_once
from tests.parts.web_rows import ready_clip
from tests.web.test_jobs import is_problem
from tts_service.access import passwords
from tts_service.access.audit import deeds
from tts_service.access.links import invitation_link, staff_link
from tts_service.access.sessions import IDLE_S, SESSION_S, look_at_link, make_link, person_of
from tts_service.access.staff import add_person, people, set_password, shut_out, staff_named, with_password
from tts_service.commands import app as command_line
from tts_service.db.tables import StaffLinkRow, StaffRow, StaffSessionRow
from tts_service.errors import Conflict, InputRefused, SignInRefused
from tts_service.parts import Parts
from tts_service.web.app import create_app

OWN = {"Origin": BASE}


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed_with_password(parts)


def token_in(link: str) -> str:
    return link.partition("token=")[2]


# --- links ---


def test_a_sign_in_link_works_once_in_whatever_process(parts: Parts) -> None:
    link = staff_link(parts.settings, parts.database, "test").removeprefix(BASE)
    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False) as one:
        shown = one.get(link)
        assert shown.status_code == 200  # looking doesn't use it up: mail scanners look
        assert one.get(link).status_code == 200
        form = {"token": token_in(link)}
        came = one.post("/staff/sign-in", data=form, headers=OWN)
        assert (came.status_code, came.headers["location"]) == (303, "/staff")
        assert one.get("/staff").status_code == 200
    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False) as another:
        assert another.post("/staff/sign-in", data=form, headers=OWN).status_code == 401
        is_problem(another.get("/staff"), 401, "sign_in_needed")


def test_of_many_tries_at_once_one_uses_a_link(parts: Parts) -> None:
    assert uses_at_once(parts.database, token_in(staff_link(parts.settings, parts.database, "test"))) == 1


def test_what_lies_in_the_database_opens_nothing(parts: Parts, anna: Signed) -> None:
    token = token_in(staff_link(parts.settings, parts.database, "test"))
    with parts.database.reading() as session:
        kept = [row.token_sha256 for row in session.scalars(select(StaffLinkRow))]
        kept += [row.token_sha256 for row in session.scalars(select(StaffSessionRow))]
        hashed = session.scalars(select(StaffRow.password_hash).where(StaffRow.name == anna.person.name)).one()
    assert token not in kept
    assert anna.person.token not in kept
    for found in kept:
        assert person_of(parts.database, found) is None
        assert look_at_link(parts.database, "sign-in", found) is None
    assert hashed is not None
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_old_foreign_and_forged_links_open_nothing(client: TestClient, parts: Parts) -> None:
    person = add_person(parts.database, "ben@example.org", "staff", "test")
    invitation = make_link(parts.database, person.id, "invitation", "test")
    old = make_link(parts.database, person.id, "sign-in", "test")
    with parts.database.writing() as session:
        session.execute(update(StaffLinkRow).where(StaffLinkRow.kind == "sign-in").values(expires_ms=1))
    for token in (invitation, old, old + "x", "ü", "x" * 5000):
        got = client.post("/staff/sign-in", data={"token": token}, headers=OWN)
        assert got.status_code == 401, token
        assert "set-cookie" not in got.headers


# --- passwords ---


def test_an_invitation_becomes_an_account_with_a_password(client: TestClient, parts: Parts) -> None:
    row = add_person(parts.database, "Ben@Example.org", "staff", "test")
    link = invitation_link(parts.settings, parts.database, row.id, "test").removeprefix(BASE)
    assert "ben@example.org" in client.get(link).text
    form = {"token": token_in(link), "password": "too short"}
    assert client.post("/staff/invitation", data=form, headers=OWN).status_code == 422
    came = client.post("/staff/invitation", data=form | {"password": PASSWORD}, headers=OWN)
    assert came.status_code == 303
    client.cookies.clear()
    again = client.post("/staff/invitation", data=form | {"password": "another fine password"}, headers=OWN)
    assert again.status_code == 401
    sign_in = {"name": " BEN@example.org", "password": PASSWORD}
    assert client.post("/staff/sign-in", data=sign_in, headers=OWN).status_code == 303
    assert client.get("/staff").status_code == 200


@pytest.mark.parametrize(
    "password", ["short", "x" * 201, "aaaaaaaaaaaaaaaa", "my name is anna@example.org", "ANNA@EXAMPLE.ORG 1234"]
)
def test_easy_passwords_are_refused(password: str) -> None:
    with pytest.raises(InputRefused):
        passwords.hashed(password, "anna@example.org")


def test_who_is_wrong_and_why_is_not_said(client: TestClient, parts: Parts, anna: Signed) -> None:
    ben = add_person(parts.database, "ben@example.org", "staff", "test")
    gone = add_person(parts.database, "gone@example.org", "staff", "test")
    set_password(parts.database, replace(anna.person, id=gone.id, name=gone.name), PASSWORD)
    shut_out(parts.database, gone.id, "test")
    answers = set()
    for name, password in (
        (anna.person.name, "wrong password"),
        ("nobody@example.org", PASSWORD),
        (ben.name, ""),
        (gone.name, PASSWORD),
    ):
        got = client.post("/staff/sign-in", data={"name": name, "password": password}, headers=OWN)
        assert got.status_code == 401
        answers.add(re.sub(r'value="[^"]*"', "", got.text))
    assert len(answers) == 1


def test_a_name_nobody_has_takes_a_hash_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    real = passwords._HASHER.verify

    class Watching:
        hash = staticmethod(passwords._HASHER.hash)

        @staticmethod
        def verify(kept: str, password: str) -> bool:
            verified.append(kept)
            return bool(real(kept, password))

    monkeypatch.setattr(passwords, "_HASHER", Watching)
    assert not passwords.fits(None, PASSWORD)
    assert not passwords.fits(None, "nobody has this password")
    assert len(verified) == 2


def test_a_changed_password_ends_every_other_session(client: TestClient, parts: Parts, anna: Signed) -> None:
    other = signed(parts, anna.person.name)
    form = {"form_token": anna.token, "present": "wrong", "password": "eight white swans at dawn"}
    assert client.post("/staff/account/password", data=form, headers=anna.headers).status_code == 422
    got = client.post("/staff/account/password", data=form | {"present": PASSWORD}, headers=anna.headers)
    assert got.status_code == 303
    assert client.get("/staff", headers=anna.headers).status_code == 200
    is_problem(client.get("/staff", headers=other.headers), 401, "sign_in_needed")
    with pytest.raises(SignInRefused):
        with_password(parts.database, anna.person.name, PASSWORD)


def test_passwords_can_be_switched_off(parts: Parts, anna: Signed) -> None:
    settings = parts.settings.model_copy(update={"staff_passwords": False})
    with TestClient(create_app(replace(parts, settings=settings)), base_url=BASE, follow_redirects=False) as client:
        form = {"name": anna.person.name, "password": PASSWORD}
        assert client.post("/staff/sign-in", data=form, headers=OWN).status_code == 401
        assert 'name="password"' not in client.get("/staff/sign-in").text


# --- sessions ---


def test_signing_out_ends_the_session_here_or_everywhere_else(client: TestClient, parts: Parts, anna: Signed) -> None:
    second, third = signed(parts, anna.person.name), signed(parts, anna.person.name)
    form = {"form_token": second.token}
    assert client.post("/staff/account/sign-out-elsewhere", data=form, headers=second.headers).status_code == 303
    for gone in (anna, third):
        is_problem(client.get("/staff/account", headers=gone.headers), 401, "sign_in_needed")
    assert "test browser" in client.get("/staff/account", headers=second.headers).text
    left = client.post("/staff/sign-out", data=form, headers=second.headers)
    assert left.headers["location"] == "/staff/sign-in"
    assert 'tts_staff=""' in left.headers["set-cookie"]
    is_problem(client.get("/staff/account", headers=second.headers), 401, "sign_in_needed")


@pytest.mark.parametrize(("column", "seconds"), [("created_ms", SESSION_S), ("seen_ms", IDLE_S)])
def test_a_session_ends_by_age_and_by_silence(parts: Parts, anna: Signed, column: str, seconds: int) -> None:
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        session.execute(update(StaffSessionRow).values({column: now - seconds * 1000 + 60_000}))
    assert person_of(parts.database, anna.person.token) is not None
    with parts.database.writing() as session:
        session.execute(update(StaffSessionRow).values({column: now - seconds * 1000 - 1}))
    assert person_of(parts.database, anna.person.token) is None


def test_who_is_shut_out_is_out_at_once(client: TestClient, parts: Parts, anna: Signed) -> None:
    ben = signed(parts, "ben@example.org", "staff")
    shut_out(parts.database, ben.person.id, anna.person.who)
    is_problem(client.get("/staff", headers=ben.headers), 401, "sign_in_needed")
    with pytest.raises(Conflict, match="last admin"):
        shut_out(parts.database, anna.person.id, anna.person.who)


def test_a_browser_is_shown_the_way_to_sign_in(client: TestClient) -> None:
    got = client.get("/staff", headers={"Accept": "text/html"})
    assert (got.status_code, got.headers["location"]) == (303, "/staff/sign-in")


# --- where the cookie goes ---


def test_over_https_the_cookie_is_bound_to_this_host_alone(parts: Parts) -> None:
    settings = parts.settings.model_copy(update={"public_url": "https://audio.example/"})
    there = "https://audio.example"
    with TestClient(create_app(replace(parts, settings=settings)), base_url=there, follow_redirects=False) as client:
        token = token_in(staff_link(settings, parts.database, "test"))
        got = client.post("/staff/sign-in", data={"token": token}, headers={"Origin": there})
        cookie = got.headers["set-cookie"]
        assert cookie.startswith("__Host-tts_staff=")
        for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/;"):
            assert part in cookie, part
        assert "Domain" not in cookie
        plain = cookie.split(";")[0].removeprefix("__Host-")
        is_problem(client.get("/staff", headers={"Cookie": plain}), 401, "sign_in_needed")


def test_nobody_signs_in_in_the_clear_but_on_this_machine(parts: Parts, tmp_path: Path) -> None:
    for url, allowed, status in (
        ("http://news.lan", False, 403),
        ("http://news.lan", True, 200),
        ("http://localhost:8000", False, 200),
        ("http://[::1]:8000", False, 200),
    ):
        settings = make_settings(tmp_path, public_url=url, staff_over_http=allowed)
        with TestClient(create_app(replace(parts, settings=settings))) as client:
            assert client.get("/staff/sign-in").status_code == status, url
            assert (client.post("/staff/sign-in", headers={"Origin": url}).status_code == 403) == (status == 403)


# --- changes ---


def changes(parts: Parts, staff_id: str) -> list[tuple[str, dict[str, str]]]:
    """Every change a staff page can send."""
    from tts_service.corrections.cases.gathering import gather
    from tts_service.listeners.reports import ReportDraft, receive

    ready_clip(parts)
    case = gather(parts, receive(parts, ReportDraft(clip_id="clip_1", category="other")))
    return [
        (f"/staff/cases/{case}/decide", {"do": "confirm", "version": "1"}),
        ("/staff/cases", {"do": "reject", "reason": "x", f"case-{case}": "2"}),
        ("/staff/account/password", {"present": PASSWORD, "password": "eight white swans at dawn"}),
        ("/staff/account/sign-out-elsewhere", {}),
        ("/staff/people", {"name": "carl@example.org", "role": "staff", "reach": "all"}),
        (f"/staff/people/{staff_id}", {"do": "admin"}),
        ("/staff/sign-out", {}),
    ]


def test_no_change_without_the_own_pages_origin_and_the_sessions_token(
    client: TestClient, parts: Parts, anna: Signed
) -> None:
    ben = add_person(parts.database, "ben@example.org", "staff", "test")
    cookie = {"Cookie": anna.headers["Cookie"]}
    sent = changes(parts, ben.id)
    done_before = len(deeds(parts.database))
    for path, form in sent:
        own = form | {"form_token": anna.token}
        for origin in (
            {},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:9"},
            {"Origin": "https://127.0.0.1:8000"},
            {"Referer": "https://evil.example/staff"},
        ):
            is_problem(client.post(path, data=own, headers=cookie | origin), 403, "not_allowed")
        is_problem(client.post(path, data=form, headers=anna.headers), 403, "not_allowed")
    assert len(deeds(parts.database)) == done_before
    for path, form in sent:
        got = client.post(path, data=form | {"form_token": anna.token}, headers=anna.headers)
        assert got.status_code in (200, 303), path


def test_signing_in_is_a_change_too(client: TestClient, anna: Signed) -> None:
    form = {"name": anna.person.name, "password": PASSWORD}
    is_problem(client.post("/staff/sign-in", data=form, headers={"Origin": "https://evil.example"}), 403, "not_allowed")
    is_problem(client.post("/staff/sign-in", data=form), 403, "not_allowed")
    assert client.post("/staff/sign-in", data=form, headers={"Referer": f"{BASE}/staff/sign-in"}).status_code == 303


def test_without_settings_this_machines_other_names_are_its_own(parts: Parts) -> None:
    with TestClient(create_app(parts), base_url="http://localhost:8000", follow_redirects=False) as client:
        token = token_in(staff_link(parts.settings, parts.database, "test"))
        own = {"Origin": "http://localhost:8000"}
        assert client.post("/staff/sign-in", data={"token": token}, headers=own).status_code == 303


def test_people_are_the_admins_business(client: TestClient, parts: Parts, anna: Signed) -> None:
    ben = signed(parts, "ben@example.org", "staff")
    for path in ("/staff/people", "/staff/log"):
        is_problem(client.get(path, headers=ben.headers), 403, "not_allowed")
        assert client.get(path, headers=anna.headers).status_code == 200
    form = {"form_token": ben.token, "name": "eve@example.org", "role": "admin"}
    is_problem(client.post("/staff/people", data=form, headers=ben.headers), 403, "not_allowed")
    assert [row.name for row in people(parts.database)] == ["anna@example.org", "ben@example.org"]


def test_an_admin_invites_changes_and_shuts_out(client: TestClient, parts: Parts, anna: Signed) -> None:
    form = {"form_token": anna.token}
    shown = client.post(
        "/staff/people", data=form | {"name": "Eve@x.org", "role": "staff", "reach": "all"}, headers=anna.headers
    )
    link = re.search(r"<code>([^<]+)</code>", shown.text)
    assert link
    assert client.get(link.group(1).removeprefix(BASE)).status_code == 200
    eve = staff_named(parts.database, "eve@x.org")
    path = f"/staff/people/{eve.id}"
    for do, role, out in (
        ("admin", "admin", False),
        ("shut-out", "admin", True),
        ("let-back", "admin", False),
        ("staff", "staff", False),
    ):
        assert client.post(path, data=form | {"do": do}, headers=anna.headers).status_code == 303
        eve = staff_named(parts.database, "eve@x.org")
        assert (eve.role, eve.disabled_ms is not None) == (role, out), do
    for do in ("god", ""):
        assert client.post(path, data=form | {"do": do}, headers=anna.headers).status_code == 422
    bad: list[dict[str, Any]] = [
        {"name": "eve@x.org", "role": "staff"},
        {"name": "a b", "role": "staff"},
        {"name": "<b>", "role": "staff"},
        {"name": "f@x.org", "role": "god"},
    ]
    for fields in bad:
        assert (
            client.post("/staff/people", data=form | {"reach": "all"} | fields, headers=anna.headers).status_code == 422
        )
    log = client.get("/staff/log", headers=anna.headers).text
    for what in ("staff.added", "staff.role", "staff.shut-out", "staff.let-back"):
        assert what in log
    assert anna.person.name in log


def test_staff_by_command(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    run = CliRunner()
    assert "/staff/sign-in?token=" in run.invoke(command_line, ["staff", "link"]).stdout
    link = run.invoke(command_line, ["staff", "invite", "ben@example.org", "--role", "admin"]).stdout.strip()
    assert look_at_link(parts.database, "invitation", token_in(link)) is not None
    again = run.invoke(command_line, ["staff", "invite", "ben@example.org"]).stdout.strip()
    assert look_at_link(parts.database, "invitation", token_in(link)) is None  # the newest counts
    assert look_at_link(parts.database, "invitation", token_in(again)) is not None
    assert run.invoke(command_line, ["staff", "role", "ben@example.org", "staff"]).exit_code == 0
    assert run.invoke(command_line, ["staff", "shut-out", "ben@example.org"]).exit_code == 0
    listed = run.invoke(command_line, ["staff", "--json"]).stdout
    assert '"shut_out": true' in listed
    assert run.invoke(command_line, ["staff", "let-back", "ben@example.org"]).exit_code == 0
    assert "staff.shut-out" in run.invoke(command_line, ["log"]).stdout


@pytest.mark.parametrize("given", [[], ["--site", "gazette", "--all-sites"]])
def test_all_sites_are_given_by_command_only_when_they_are_asked_for(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, given: list[str]
) -> None:
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    run = CliRunner()
    name = "ben@example.org"
    assert run.invoke(command_line, ["staff", "invite", name, *given]).exit_code == 2
    assert people(parts.database) == []
    for sites, kept in ((["--site", "gazette"], ["gazette"]), (["--all-sites"], None)):
        other = f"{len(sites)}@example.org"
        assert run.invoke(command_line, ["staff", "invite", other, *sites]).exit_code == 0
        assert staff_named(parts.database, other).sites == kept
    other = "2@example.org"
    assert (
        run.invoke(command_line, ["staff", "sites", other, *(["gazette", "--all-sites"] if given else [])]).exit_code
        == 2
    )
    assert staff_named(parts.database, other).sites == ["gazette"]
    assert run.invoke(command_line, ["staff", "sites", other, "--all-sites"]).exit_code == 0
    assert staff_named(parts.database, other).sites is None
