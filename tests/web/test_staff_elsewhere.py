"""Signing in at an OpenID Connect issuer: who gets in, and everything an answer can have wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import OctKey, RSAKey

from tests.parts.oidc_provider import CLIENT_ID, CLIENT_SECRET, Issuer, running_issuer
from tests.parts.staff import BASE
from tests.web.test_jobs import is_problem
from tts_service.access.staff import add_person, shut_out, staff_named
from tts_service.parts import Parts
from tts_service.web.app import create_app


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


def browser(parts: Parts, issuer: Issuer, **values: Any) -> TestClient:
    changes = {
        "oidc_issuer": issuer.address,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "allow_hosts": urlsplit(issuer.address).netloc,
    } | values
    there = replace(parts, settings=parts.settings.model_copy(update=changes))
    return TestClient(create_app(there), base_url=BASE, follow_redirects=False)


def sent_back(client: TestClient) -> str:
    """Begin here, sign in there: the path and query the browser comes back with."""
    began = client.get("/staff/elsewhere")
    assert began.status_code == 303, began.text
    back = httpx.get(began.headers["location"], trust_env=False).headers["location"]
    return back.removeprefix(BASE)


def test_who_was_invited_gets_in_by_the_issuers_word(parts: Parts, issuer: Issuer) -> None:
    anna = add_person(parts.database, "anna@example.org", "staff", "test")
    with browser(parts, issuer) as client:
        assert "Sign in with single sign-on" in client.get("/staff/sign-in").text
        back = sent_back(client)
        came = client.get(back)
        assert (came.status_code, came.headers["location"]) == (303, "/staff")
        assert client.get("/staff").status_code == 200
        client.cookies.delete("tts_staff")
        assert client.get(back).status_code == 401  # an answer counts once
    assert issuer.faults == []
    row = staff_named(parts.database, anna.name)
    assert (row.oidc_issuer, row.oidc_subject) == (issuer.address, "person-7")


def test_an_account_is_the_issuers_id_not_its_address(parts: Parts, issuer: Issuer) -> None:
    add_person(parts.database, "anna@example.org", "staff", "test")
    with browser(parts, issuer) as client:
        assert client.get(sent_back(client)).status_code == 303
        issuer.claims = {"email": "anna.married@example.org"}
        assert client.get(sent_back(client)).status_code == 303  # the same person with a new address
        issuer.claims = {"sub": "person-8"}
        assert client.get(sent_back(client)).status_code == 401  # another one who was given the old address


WRONG: dict[str, Callable[[Issuer], None]] = {
    "not invited": lambda issuer: issuer.claims.update(email="eve@example.org"),
    "address not verified": lambda issuer: issuer.claims.update(email_verified=False),
    "address verified by a word": lambda issuer: issuer.claims.update(email_verified="true"),
    "for another client": lambda issuer: issuer.claims.update(aud="another"),
    "for two clients, by another": lambda issuer: issuer.claims.update(aud=[CLIENT_ID, "x"], azp="x"),
    "of another issuer": lambda issuer: issuer.claims.update(iss="https://evil.example"),
    "of another sign-in": lambda issuer: issuer.claims.update(nonce="x" * 32),
    "without a nonce": lambda issuer: issuer.claims.update(nonce=None),
    "too old": lambda issuer: issuer.claims.update(exp=1_700_000_000, iat=1_699_999_000),
    "without an end": lambda issuer: issuer.claims.update(exp=None),
    "without a subject": lambda issuer: issuer.claims.update(sub=None),
    "unsigned": lambda issuer: setattr(issuer, "unsigned", True),
    "signed by another": lambda issuer: setattr(issuer, "key", RSAKey.generate_key(2048, {"kid": "one"})),
}


@pytest.mark.slow
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_answer_lets_nobody_in(parts: Parts, issuer: Issuer, wrong: str) -> None:
    add_person(parts.database, "anna@example.org", "staff", "test")
    WRONG[wrong](issuer)
    with browser(parts, issuer) as client:
        assert client.get(sent_back(client)).status_code == 401
        is_problem(client.get("/staff"), 401, "sign_in_needed")


def test_a_token_signed_with_the_clients_own_secret_is_none(parts: Parts, issuer: Issuer) -> None:
    add_person(parts.database, "anna@example.org", "staff", "test")
    issuer.key, issuer.algorithm = OctKey.import_key(CLIENT_SECRET.ljust(32, "x"), {"kid": "one"}), "HS256"
    with browser(parts, issuer) as client:
        assert client.get(sent_back(client)).status_code == 401


def test_an_answer_counts_only_in_the_browser_that_asked(parts: Parts, issuer: Issuer) -> None:
    add_person(parts.database, "anna@example.org", "staff", "test")
    with browser(parts, issuer) as mine, browser(parts, issuer) as other:
        back = sent_back(mine)
        assert other.get(back).status_code == 401
        sent_back(other)
        assert other.get(back).status_code == 401  # with a sign-in of its own begun
        query = dict(parse_qsl(urlsplit(back).query))
        for change in (
            {"state": ""},
            {"state": "ü"},
            {"code": ""},
            {"error": "access_denied"},
            {"iss": "https://evil.example"},
            {"code": "guessed"},
        ):
            fresh = dict(parse_qsl(urlsplit(sent_back(mine)).query))
            assert mine.get("/staff/elsewhere/back", params=fresh | change).status_code == 401, change
        assert query["state"] != fresh["state"]


def test_who_is_shut_out_here_stays_out(parts: Parts, issuer: Issuer) -> None:
    add_person(parts.database, "root@example.org", "admin", "test")
    anna = add_person(parts.database, "anna@example.org", "staff", "test")
    with browser(parts, issuer) as client:
        assert client.get(sent_back(client)).status_code == 303
        shut_out(parts.database, anna.id, "test")
        assert client.get(sent_back(client)).status_code == 401


def test_an_issuer_that_is_away_or_calls_itself_another_is_said(parts: Parts, issuer: Issuer) -> None:
    issuer.named = "https://evil.example"
    with browser(parts, issuer) as client:
        is_problem(client.get("/staff/elsewhere"), 502, "remote_unavailable")
    with browser(parts, issuer, oidc_issuer="http://127.0.0.1:1", allow_hosts="127.0.0.1:1") as client:
        is_problem(client.get("/staff/elsewhere"), 502, "remote_unavailable")
    with browser(parts, issuer, allow_hosts="") as client:  # not vouched for: a guarded call is refused
        is_problem(client.get("/staff/elsewhere"), 422, "address_refused")
    with TestClient(create_app(parts), base_url=BASE) as client:
        is_problem(client.get("/staff/elsewhere"), 404, "not_found")
