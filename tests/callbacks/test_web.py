"""Callbacks as the API and the command line show and change them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tests.parts.callbacks import URL, VOUCHED, Publisher, all_deliveries, happened, publisher, rings, set_row
from tests.parts.factories import Doorbell, make_parts
from tests.parts.small_internet import reply
from tts_service.callbacks.endpoints import TYPES
from tts_service.commands import app as command_line
from tts_service.db.tables import CallbackEndpointRow, DeliveryRow
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.auth import create_key

ENDPOINTS, DELIVERIES = "/v1/callbacks/endpoints", "/v1/callbacks/deliveries"


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, allow_hosts=VOUCHED)
    yield built
    built.close()


@pytest.fixture
def web(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts), headers=keyed(parts, "callbacks")) as client:
        yield client


@pytest.fixture
def theirs(parts: Parts) -> Iterator[Publisher]:
    with publisher(parts) as made:
        yield made


def keyed(parts: Parts, *scopes: str, site: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_key(parts.database, 'test', scopes, site)}"}


def enter(web: TestClient, **wanted: Any) -> dict[str, Any]:
    answer = web.post(ENDPOINTS, json={"url": URL, "site": "gazette", **wanted})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


class TestEndpoints:
    def test_one_is_entered_shown_changed_and_removed(self, web: TestClient) -> None:
        made = enter(web, events=["clip.ready", "clip.ready"], note="the CMS")
        at = f"{ENDPOINTS}/{made['id']}"
        changed = web.patch(at, json={"events": [], "enabled": False, "note": "off for now"}).json()
        shown = web.get(at).json()
        gone = web.delete(at)

        assert made["secret"].startswith("whsec_")
        assert (made["events"], made["enabled"]) == (["clip.ready"], True)
        assert shown == changed
        assert (shown["events"], shown["enabled"], shown["disabled_reason"]) == ([], False, "switched off manually")
        assert (gone.status_code, web.get(at).status_code) == (204, 404)
        assert web.get(ENDPOINTS).json() == {"endpoints": []}

    def test_a_secret_is_shown_when_it_is_made_and_never_in_a_list(self, web: TestClient) -> None:
        made = enter(web)
        listed = web.get(ENDPOINTS).text + web.get(f"{ENDPOINTS}/{made['id']}").text

        assert made["secret"] not in listed
        assert "whsec_" not in listed

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"url": "http://example.org/hook", "site": "gazette"}, 422, "address_refused"),
            ({"url": "https://10.0.0.1/hook", "site": "gazette"}, 422, "address_refused"),
            ({"url": "https://example.org/hook", "site": "no site"}, 422, "invalid_request"),
            ({"url": "https://example.org/hook", "events": ["clip.exploded"]}, 422, "invalid_request"),
            ({"url": "https://example.org/hook", "note": "x" * 201}, 422, "invalid_request"),
            ({"url": "https://example.org/hook", "secret": "mine"}, 422, "invalid_request"),
            ({"site": "gazette"}, 422, "invalid_request"),
        ],
    )
    def test_what_is_not_as_it_must_be_is_refused(
        self, web: TestClient, body: dict[str, Any], status: int, code: str
    ) -> None:
        answer = web.post(ENDPOINTS, json=body)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert web.get(ENDPOINTS).json() == {"endpoints": []}

    def test_a_site_has_a_bounded_number(self, web: TestClient) -> None:
        for _ in range(50):
            enter(web)

        assert web.post(ENDPOINTS, json={"url": URL, "site": "gazette"}).status_code == 409
        enter(web, site="courier")

    def test_a_secret_is_exchanged_with_both_live_for_a_while(self, web: TestClient) -> None:
        made = enter(web)
        at = f"{ENDPOINTS}/{made['id']}/rotate"
        first, second = web.post(at).json(), web.post(at, json={"overlap_h": 0}).json()

        assert len({made["secret"], first["secret"], second["secret"]}) == 3
        assert first["older_until"] is not None
        assert second["older_until"] is None
        assert web.post(at, json={"overlap_h": -1}).status_code == 422

    def test_a_sites_secret_for_its_jobs_stays_until_it_is_exchanged(self, web: TestClient) -> None:
        at = "/v1/callbacks/sites/gazette"
        shown = [web.get(f"{at}/secret").json()["secret"] for _ in range(2)]
        new = web.post(f"{at}/rotate").json()["secret"]

        assert shown[0] == shown[1] != new == web.get(f"{at}/secret").json()["secret"]

    def test_a_jobs_host_is_seen_and_not_changed(self, web: TestClient, parts: Parts) -> None:
        happened(parts, callback_url="http://cms.lan/done")
        [host] = web.get(ENDPOINTS).json()["endpoints"]
        at = f"{ENDPOINTS}/{host['id']}"

        assert (host["from_jobs"], host["url"]) == (True, "http://cms.lan")
        answers = [
            web.patch(at, json={"enabled": False}),
            web.delete(at),
            web.post(f"{at}/rotate"),
            web.post(f"{at}/test"),
        ]
        assert [answer.status_code for answer in answers] == [409] * 4


class TestDeliveries:
    def test_a_delivery_is_shown_with_what_was_sent_and_answered(self, web: TestClient, theirs: Publisher) -> None:
        theirs.answers += [reply(b"<script>no</script>\x00", status="500 Oops")]
        started = web.post(f"{ENDPOINTS}/{theirs.endpoint}/test")
        waiting = started.json()
        theirs.deliver(waiting["id"])
        shown = web.get(f"{DELIVERIES}/{waiting['id']}").json()

        assert (started.status_code, waiting["state"], waiting["type"]) == (202, "pending", "callback.test")
        assert shown["body"]["data"]["endpoint"] == theirs.endpoint
        [tried] = shown["tries"]
        assert (tried["number"], tried["status"], tried["url"]) == (1, 500, URL)
        assert tried["answer"] == "<script>no</script> "
        assert shown["next_try_at"] > shown["created_at"]

    def test_a_test_is_rung_for(self, web: TestClient, theirs: Publisher, bell: Doorbell) -> None:
        web.post(f"{ENDPOINTS}/{theirs.endpoint}/test").json()

        assert rings(bell) == 1

    def test_one_is_sent_again_by_hand_also_while_its_endpoint_is_left_alone(
        self, web: TestClient, theirs: Publisher
    ) -> None:
        event = theirs.test_event()
        theirs.deliver(event)
        set_row(theirs.parts, theirs.endpoint, CallbackEndpointRow, failures=9, paused_until_ms=99_999_999_999_999)
        again = web.post(f"{DELIVERIES}/{event}/replay")
        theirs.deliver(event)

        assert (again.status_code, again.json()["state"]) == (202, "pending")
        assert web.get(f"{DELIVERIES}/{event}").json()["attempts"] == 2
        assert web.post(f"{DELIVERIES}/dlv_nothing/replay").status_code == 404

    def test_they_are_listed_newest_first_page_by_page(self, web: TestClient, theirs: Publisher) -> None:
        for kind in TYPES:
            happened(theirs.parts, kind)
        first = web.get(DELIVERIES, params={"limit": 3}).json()
        second = web.get(DELIVERIES, params={"limit": 3, "cursor": first["next"]}).json()

        listed = [row["type"] for row in first["deliveries"] + second["deliveries"]]
        assert listed == list(reversed(TYPES))
        assert second["next"] is None

    def test_they_are_found_by_endpoint_state_and_type(self, web: TestClient, theirs: Publisher) -> None:
        happened(theirs.parts, "clip.ready")
        happened(theirs.parts, "clip.failed")
        done = all_deliveries(theirs.parts)[0].id
        set_row(theirs.parts, done, DeliveryRow, state="delivered")

        def found(**wanted: str) -> list[str]:
            return [row["id"] for row in web.get(DELIVERIES, params=wanted).json()["deliveries"]]

        assert found(state="delivered") == [done]
        assert found(type="clip.ready") == [done]
        assert len(found(endpoint=theirs.endpoint)) == 2
        assert found(endpoint="cbk_other") == []


class TestWhoMay:
    def test_a_key_without_the_right_may_nothing(self, web: TestClient, parts: Parts) -> None:
        made = enter(web)
        other = keyed(parts, "jobs:write", "jobs:read", "reports", "sites", "voices", "lexicon")
        routes = [
            ("GET", ENDPOINTS),
            ("POST", ENDPOINTS),
            ("GET", f"{ENDPOINTS}/{made['id']}"),
            ("PATCH", f"{ENDPOINTS}/{made['id']}"),
            ("DELETE", f"{ENDPOINTS}/{made['id']}"),
            ("POST", f"{ENDPOINTS}/{made['id']}/rotate"),
            ("POST", f"{ENDPOINTS}/{made['id']}/test"),
            ("GET", DELIVERIES),
            ("GET", f"{DELIVERIES}/x"),
            ("POST", f"{DELIVERIES}/x/replay"),
            ("GET", "/v1/callbacks/sites/gazette/secret"),
            ("POST", "/v1/callbacks/sites/gazette/rotate"),
        ]

        for method, route in routes:
            body = {"url": URL, "site": "gazette"} if (method, route) == ("POST", ENDPOINTS) else None
            assert web.request(method, route, json=body, headers=other).status_code == 403, route
            assert web.request(method, route, json=body, headers={"Authorization": ""}).status_code == 401, route

    def test_a_sites_key_sees_and_changes_its_own_only(self, web: TestClient, parts: Parts, bell: Doorbell) -> None:
        mine, others, everybodys = enter(web), enter(web, site="courier"), enter(web, site=None)
        happened(parts)
        happened(parts, site="courier")
        own = keyed(parts, "callbacks", site="gazette")
        bell.clear()

        shown = web.get(ENDPOINTS, headers=own).json()["endpoints"]
        assert [row["id"] for row in shown] == [mine["id"]]
        for other in (others, everybodys):
            at = f"{ENDPOINTS}/{other['id']}"
            answers = [
                web.get(at, headers=own),
                web.patch(at, json={"note": "mine now"}, headers=own),
                web.delete(at, headers=own),
                web.post(f"{at}/rotate", headers=own),
                web.post(f"{at}/test", headers=own),
            ]
            assert {answer.status_code for answer in answers} == {404}
        heard = {row.id: row.endpoint_id for row in all_deliveries(parts)}
        listed = [row["id"] for row in web.get(DELIVERIES, headers=own).json()["deliveries"]]
        assert [heard[row_id] for row_id in listed] == [mine["id"]]
        for row_id, endpoint in heard.items():
            expected = (200, 202) if endpoint == mine["id"] else (404, 404)
            found = web.get(f"{DELIVERIES}/{row_id}", headers=own).status_code
            again = web.post(f"{DELIVERIES}/{row_id}/replay", headers=own).status_code
            assert (found, again) == expected
        assert rings(bell) == 1

    def test_a_sites_key_enters_endpoints_of_its_site_only(self, web: TestClient, parts: Parts) -> None:
        own = keyed(parts, "callbacks", site="gazette")

        assert web.post(ENDPOINTS, json={"url": URL}, headers=own).json()["site"] == "gazette"
        assert web.post(ENDPOINTS, json={"url": URL, "site": "courier"}, headers=own).status_code == 403
        assert web.get("/v1/callbacks/sites/courier/secret", headers=own).status_code == 403


class TestCommandLine:
    @pytest.fixture(autouse=True)
    def _same_place(self, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tts_service.commands.callbacks._parts", lambda: parts)

    def run(self, *words: str, fails: bool = False) -> str:
        result = CliRunner().invoke(command_line, ["callbacks", *words])
        assert (result.exit_code != 0) == fails, result.output
        return result.stdout

    def test_an_endpoint_is_entered_listed_changed_and_removed(self, parts: Parts) -> None:
        made = self.run("add", URL, "--site", "gazette", "--events", "clip.ready, clip.failed").split()
        self.run("change", made[0], "--off", "--events", "")
        listed = json.loads(self.run("list", "--json"))
        rotated = self.run("rotate", made[0]).strip()
        self.run("remove", made[0])

        assert made[1].startswith("whsec_") and rotated.startswith("whsec_") and made[1] != rotated
        assert [(row["id"], row["events"], row["state"]) for row in listed] == [
            (made[0], [], "off: switched off manually")
        ]
        assert self.run() == ""

    def test_a_test_is_sent_at_once_and_tells_what_came_back(
        self, parts: Parts, theirs: Publisher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tts_service.http.client.outbound_of", lambda _: theirs.outbound)
        theirs.answers += [reply(b"thanks"), reply(b"", status="302 Found")]

        assert self.run("test", theirs.endpoint).startswith("200 after ")
        assert "The endpoint returned 302" in self.run("test", theirs.endpoint, fails=True)

    def test_deliveries_are_listed_shown_and_sent_again(self, parts: Parts, theirs: Publisher, bell: Doorbell) -> None:
        happened(parts)
        [row] = all_deliveries(parts)
        theirs.deliver(row.id)
        listed = self.run("deliveries", "--state", "delivered")
        shown = json.loads(self.run("show", row.id))
        self.run("replay", row.id)

        assert row.id in listed
        assert (shown["body"]["type"], shown["tries"][0]["status"]) == ("clip.ready", 204)
        assert rings(bell) == 1

    def test_a_sites_secret_is_told(self) -> None:
        first = self.run("secret", "gazette")

        assert first.startswith("whsec_")
        assert self.run("secret", "gazette") == first
        assert self.run("secret", "gazette", "--rotate") != first
