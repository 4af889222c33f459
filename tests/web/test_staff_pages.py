"""The staff's pages of webhooks and callbacks: found, looked at, done again; in German too; nothing on them runs."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.parts.staff import Signed, signed
from tests.parts.staff_rows import PAYLOAD, delivery, events, kept_event
from tts_service.access.audit import deeds
from tts_service.callbacks.endpoints import Change, change_endpoint
from tts_service.cms.inbox.addresses import add_hook
from tts_service.db.tables import DeliveryRow, InboundEventRow
from tts_service.parts import Parts


@pytest.fixture
def colleague(parts: Parts) -> Signed:
    return signed(parts, "colleague@example.org", "admin")


def read(client: TestClient, path: str, who: Signed, language: str = "") -> str:
    got = client.get(path, headers={**who.headers, "Accept": "text/html", "Accept-Language": language})
    assert got.status_code == 200, got.text
    return got.text


def post(client: TestClient, path: str, who: Signed, **form: str) -> Any:
    return client.post(path, data={"form_token": who.token} | form, headers=who.headers | {"Accept": "text/html"})


class TestWebhooks:
    def test_they_are_found_by_state_site_and_source(self, client: TestClient, parts: Parts, colleague: Signed) -> None:
        events(parts)
        kept_event(parts, "other", site="herald", source="wordpress")

        def ids(query: str = "") -> set[str]:
            shown = read(client, f"/staff/events{query}", colleague)
            return {part.split('"')[0] for part in shown.split('id="head-')[1:]}

        every = {"evt_received0", "evt_done1", "evt_ignored2", "evt_failed3", "evt_refused", "evt_other"}
        assert ids() == ids("?state=&site=&source=") == every
        assert ids("?state=refused") == {"evt_refused"}
        assert ids("?site=herald") == ids("?source=wordpress") == {"evt_other"}
        assert ids("?state=done&site=gazette&source=ghost") == {"evt_done1"}
        assert ids("?state=nonsense") == set()

    def test_pages_go_on_where_the_one_before_ended(self, client: TestClient, parts: Parts, colleague: Signed) -> None:
        for number in range(120):
            kept_event(parts, f"{number:03}", state="failed")
        kept_event(parts, "200", state="done")
        path, seen = "/staff/events?state=failed", []
        while path:
            shown = read(client, path, colleague)
            seen += [part.split('"')[0] for part in shown.split('id="head-')[1:]]
            links = [part.split('"')[0] for part in shown.split('href="')[1:] if "below=" in part.split('"')[0]]
            path = links[0].replace("&amp;", "&") if links else ""
        assert seen == [f"evt_{number:03}" for number in reversed(range(120))]

    def test_one_is_shown_as_it_came_without_what_opens_something(
        self, client: TestClient, parts: Parts, colleague: Signed
    ) -> None:
        shown = read(client, f"/staff/events/{events(parts)}", colleague)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
        assert PAYLOAD not in shown
        assert "sha256=00, t=1" in shown
        assert "opens" not in shown
        assert "webhook_refused" in shown

    def test_a_long_body_is_cut_and_a_missing_one_is_said_so(
        self, client: TestClient, parts: Parts, colleague: Signed
    ) -> None:
        long = kept_event(parts, "long", body=b"\xff" + b"a" * 60_000)
        shown = read(client, f"/staff/events/{long}", colleague)
        assert "The first 50,000 of 60,001 bytes." in shown
        assert shown.count("a" * 1000) == 49
        gone = read(client, f"/staff/events/{kept_event(parts, 'gone', body=None)}", colleague)
        assert "The body was not kept" in gone
        assert "/replay" not in gone

    def test_one_is_done_again_and_the_log_says_by_whom(
        self, client: TestClient, parts: Parts, colleague: Signed
    ) -> None:
        events(parts)
        again = kept_event(parts, "again", hook_id=add_hook(parts.database, "ghost", "gazette").id, state="failed")
        got = post(client, f"/staff/events/{again}/replay", colleague)
        assert (got.status_code, got.headers["location"]) == (303, f"/staff/events/{again}?taken=true")
        assert "It has been queued again." in read(client, got.headers["location"], colleague)
        with parts.database.reading() as session:
            assert session.get_one(InboundEventRow, again).state == "received"
        newest = deeds(parts.database)[0]
        assert (newest.who, newest.what, newest.subject) == (colleague.person.who, "event.replayed", again)

    def test_what_isnt_genuine_stays_refused(self, client: TestClient, parts: Parts, colleague: Signed) -> None:
        refused = events(parts)
        got = post(client, f"/staff/events/{refused}/replay", colleague)
        assert got.status_code == 401
        assert 'role="alert"' in got.text
        with parts.database.reading() as session:
            assert session.get_one(InboundEventRow, refused).state == "refused"
        assert not [line for line in deeds(parts.database) if line.what == "event.replayed"]


class TestCallbacks:
    def test_a_delivery_is_shown_with_its_tries_and_not_its_address(
        self, client: TestClient, parts: Parts, colleague: Signed
    ) -> None:
        made = delivery(parts)
        for shown in (
            read(client, "/staff/callbacks?state=failed&site=gazette", colleague),
            read(client, f"/staff/callbacks/{made}", colleague),
        ):
            assert made in shown
            assert "cms.example" in shown
            assert "as-good-as-a-key" not in shown
            assert "HTTP 500" in shown
        assert shown.count("&lt;script&gt;") == 2
        assert PAYLOAD not in shown
        for other in ("?state=delivered", "?site=herald", "?type=clip.ready"):
            assert made not in read(client, f"/staff/callbacks{other}", colleague)

    def test_one_is_sent_again_and_the_log_says_by_whom(
        self, client: TestClient, parts: Parts, colleague: Signed
    ) -> None:
        made = delivery(parts)
        got = post(client, f"/staff/callbacks/{made}/replay", colleague)
        assert (got.status_code, got.headers["location"]) == (303, f"/staff/callbacks/{made}?taken=true")
        with parts.database.reading() as session:
            assert session.get_one(DeliveryRow, made).state == "pending"
        newest = deeds(parts.database)[0]
        assert (newest.who, newest.what, newest.subject) == (colleague.person.who, "callback.replayed", made)

    def test_an_endpoint_that_is_off_is_told(self, client: TestClient, parts: Parts, colleague: Signed) -> None:
        made = delivery(parts)
        with parts.database.reading() as session:
            endpoint = session.get_one(DeliveryRow, made).endpoint_id
        change_endpoint(parts, endpoint, Change(enabled=False))
        got = post(client, f"/staff/callbacks/{made}/replay", colleague)
        assert got.status_code == 409
        assert "is switched off" in got.text


def test_editors_find_the_checks_and_nothing_of_admins(client: TestClient, parts: Parts) -> None:
    shown = read(client, "/staff/checks", signed(parts, "editor@example.org", "staff", ["gazette"]))
    assert 'href="/staff/checks" aria-current="page"' in shown
    assert 'href="/staff/people"' not in shown


@pytest.mark.parametrize("path", ["/staff/events/{event}/replay", "/staff/callbacks/{delivery}/replay"])
def test_doing_something_again_needs_the_sessions_own_form(
    client: TestClient, parts: Parts, colleague: Signed, path: str
) -> None:
    path = path.format(event=events(parts), delivery=delivery(parts))
    other = signed(parts, "other@example.org", "staff")
    evil = {**colleague.headers, "Origin": "https://evil.example"}
    for form, headers in (
        ({}, colleague.headers),
        ({"form_token": other.token}, colleague.headers),
        ({"form_token": colleague.token}, evil),
    ):
        assert client.post(path, data=form, headers=headers).status_code == 403


def test_the_api_below_staff_takes_sessions_with_their_token_only(
    client: TestClient, parts: Parts, colleague: Signed
) -> None:
    sent = {"emoji": "named"}
    at = "/staff/v1/sites/gazette/policy"
    assert client.put(at, json=sent, headers=colleague.changing).status_code == 200
    assert client.put(at, json=sent, headers=colleague.headers).status_code == 403
    assert client.put(at, json=sent, headers=colleague.changing | {"Origin": "https://evil.example"}).status_code == 403
    assert client.get(at, headers=colleague.headers).json()["policy"] == sent
    assert client.get("/v1/sites/gazette/policy", headers=colleague.changing).status_code == 401
    staff = signed(parts, "staff@example.org", "staff")
    assert client.get("/staff/v1/callbacks/endpoints", headers=staff.changing).status_code == 403  # for admins
    assert client.get("/staff/v1/callbacks/endpoints", headers=signed(parts).headers).status_code == 200


# --- words ---


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en;q=0.5,de", "de"),
        ("fr,en", "fr"),
        ("pt", "en"),
        ("it", "it"),
        ("", "en"),
        ("de;q=0,en", "en"),
        ("de;q=x", "en"),
        ("*", "en"),
        ("," * 5000, "en"),
        ("pt, de;q=0.1", "de"),
    ],
)
def test_the_browser_says_which_language(client: TestClient, colleague: Signed, asked: str, language: str) -> None:
    shown = read(client, "/staff/events", colleague, asked)
    assert f'<html lang="{language}">' in shown
    assert ("Empfangene Webhooks" in shown) == (language == "de")
