"""The service below a path of its public URL: every address it gives away is there, whatever the proxy does with it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

import tts_service.web
from tests.parts.factories import make_parts
from tests.parts.oidc_provider import CLIENT_ID, CLIENT_SECRET, running_issuer
from tests.parts.prefix_crawl import Crawl
from tests.parts.prefix_world import INSIDE, PUBLIC, Proxy, crawl, through
from tests.parts.staff import signed
from tests.parts.web_rows import ready_clip
from tts_service.access.keys import SCOPES, create_key
from tts_service.access.sessions import make_link
from tts_service.access.staff import add_person, staff_named
from tts_service.cms.inbox.addresses import add_hook, hook_path, options_from
from tts_service.cms.sources.registry import SOURCES
from tts_service.cms.sources.sample import SAMPLE
from tts_service.parts import Parts
from tts_service.web.api import jobs as api_jobs
from tts_service.web.app import create_app


@pytest.fixture(autouse=True)
def _nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a worker would wait to the end."""
    monkeypatch.setattr(api_jobs, "EVENTS_FOR_S", api_jobs.EVENT_POLL_S)


PROXIES: tuple[Proxy, ...] = ("strips", "keeps")


@contextmanager
def below(folder: Path, public: str = PUBLIC, **settings: Any) -> Iterator[tuple[Parts, TestClient]]:
    """A service below a path, and who calls it from inside."""
    parts = make_parts(folder, public_url=public, **settings)
    with TestClient(create_app(parts), base_url=INSIDE, follow_redirects=False) as client:
        yield parts, client
    parts.close()


@pytest.mark.slow
@pytest.mark.parametrize("proxy", PROXIES)
def test_every_address_the_service_gives_away_is_below_its_public_url(tmp_path: Path, proxy: Proxy) -> None:
    with below(tmp_path) as (parts, client):
        found = crawl(parts, client, proxy, whole=proxy == "strips")  # the rest is the same: `make seams` asks for it
    assert found.faults == []
    assert found.found > (300 if proxy == "strips" else 150)
    assert len(found.asked) > (100 if proxy == "strips" else 30)
    assert [name for name, status in found.statuses.items() if status >= 500] == []


def test_the_crawl_sees_addresses_outside(tmp_path: Path) -> None:
    """Without a public URL everything is where the proxy reaches it, not where the world does."""
    parts = make_parts(tmp_path)
    with TestClient(create_app(parts), base_url=INSIDE, follow_redirects=False) as client:
        ready_clip(parts)
        found = Crawl(PUBLIC, through(client, "strips"), inside=(INSIDE,))
        found.pages(["/listen/clip_1"])
        found.send("GET", f"{PUBLIC}/v1/clips/clip_1/audio.mp3")
    parts.close()
    told = " ".join(found.faults)
    for place in ("<a href>", "<script src>", "<link href>", "<track src>", "location", "<meta content>", "text"):
        assert f": {place}: " in told, place


def test_an_article_is_taken_with_a_slash_too_many(tmp_path: Path) -> None:
    with below(tmp_path) as (parts, client):
        key = {"Authorization": f"Bearer {create_key(parts.database, 'x', SCOPES)}", "Content-Type": "application/json"}
        body = {"article": {"site": "gazette", "id": "1", "text": "The bridge is open."}, "voice": "tone:beep"}
        for proxy in PROXIES:
            for path in ("/v1/jobs", "/v1/jobs/", "/v1/jobs//"):
                got = through(client, proxy)("POST", PUBLIC + path, headers=key, content=json.dumps(body).encode())
                assert got.status_code in (200, 202), got.text
                assert got.headers["location"] == f"/audio/v1/jobs/{got.json()['id']}"


@pytest.mark.parametrize(
    "public", ["https://news.example/listen", "https://news.example/v1/tts", "https://x.example/m%C3%BC/a"]
)
def test_the_path_may_look_like_one_of_ours(tmp_path: Path, public: str) -> None:
    wanted = {
        "": 200,
        "/": 200,
        "/listen/clip_1": 200,
        "/listen/none": 404,
        "/healthz": 200,
        "/v1/voices": 200,
        "/v1/none": 404,
        "/static/style.css": 200,
    }
    with below(tmp_path, public) as (parts, client):
        ready_clip(parts)
        for proxy in PROXIES:
            ask = through(client, proxy, public)
            assert {path: ask("GET", public + path).status_code for path in wanted} == wanted, proxy


def test_the_path_where_staff_sign_in_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="TTS_PUBLIC_URL"), below(tmp_path, "https://news.example/staff"):
        pass


def test_a_path_that_only_begins_alike_is_another(tmp_path: Path) -> None:
    with below(tmp_path) as (_, client):
        assert client.get("/audiobooks/healthz").status_code == 404
        assert client.get("/audio/healthz").status_code == 200


# --- signing in ---


@pytest.mark.parametrize("proxy", PROXIES)
def test_staff_sign_in_and_decide_below_the_path(tmp_path: Path, proxy: Proxy) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://news.example"}
    with below(tmp_path) as (parts, client):
        add_person(parts.database, "anna@example.org", "staff", "test")
        token = make_link(parts.database, staff_named(parts.database, "anna@example.org").id, "sign-in", "test")
        ask = through(client, proxy)
        came = ask("POST", f"{PUBLIC}/staff/sign-in", headers=form, content=f"token={token}".encode())
        name, _, flags = came.headers["set-cookie"].partition(";")
        assert (came.status_code, came.headers["location"]) == (303, "/audio/staff")
        assert name.startswith("__Secure-tts_staff=")
        for flag in ("Path=/audio;", "HttpOnly", "Secure", "SameSite=lax"):
            assert flag in f"{flags};", flag
        assert ask("GET", f"{PUBLIC}/staff", headers={"Cookie": name}).status_code == 200
        page = ask("GET", f"{PUBLIC}/staff/account", headers={"Cookie": name}).text
        field = 'name="form_token" value="'
        own = page.partition(field)[2].partition('"')[0]
        left = ask(
            "POST", f"{PUBLIC}/staff/sign-out", headers=form | {"Cookie": name}, content=f"form_token={own}".encode()
        )
        assert left.headers["location"] == "/audio/staff/sign-in"
        assert "Path=/audio" in left.headers["set-cookie"]
        assert ask("GET", f"{PUBLIC}/staff", headers={"Cookie": name}).status_code == 401


@pytest.mark.parametrize("proxy", PROXIES)
def test_the_issuer_sends_staff_back_below_the_path(tmp_path: Path, proxy: Proxy) -> None:
    with running_issuer() as issuer:
        there = {
            "oidc_issuer": issuer.address,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "allow_hosts": urlsplit(issuer.address).netloc,
        }
        with below(tmp_path, **there) as (parts, client):
            add_person(parts.database, "anna@example.org", "staff", "test")
            ask = through(client, proxy)
            began = ask("GET", f"{PUBLIC}/staff/elsewhere")
            asked = dict(parse_qsl(urlsplit(began.headers["location"]).query))
            assert asked["redirect_uri"] == f"{PUBLIC}/staff/elsewhere/back"
            cookie = began.headers["set-cookie"].partition(";")[0]
            back = httpx.get(began.headers["location"], trust_env=False).headers["location"]
            assert back.startswith(f"{PUBLIC}/staff/elsewhere/back?")
            came = ask("GET", back, headers={"Cookie": cookie})
            assert (came.status_code, came.headers["location"]) == (303, "/audio/staff")


def test_the_public_url_may_be_written_in_any_letters(tmp_path: Path) -> None:
    with below(tmp_path, "https://News.example:443/audio") as (parts, client):
        own = signed(parts).changing | {"Origin": "https://news.example"}  # as browsers write it
        feed = {"url": "https://x.example/a"}
        assert client.post("/staff/v1/sites/gazette/feeds", json=feed, headers=own).is_success
        own["Origin"] = "https://news.example:8443"
        assert client.post("/staff/v1/sites/gazette/feeds", json=feed, headers=own).status_code == 403


# --- what others send us, and what they are sent ---


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_webhook_is_signed_with_the_address_that_was_called(tmp_path: Path, proxy: Proxy) -> None:
    with below(tmp_path) as (parts, client):
        hook = add_hook(parts.database, "contentful", "gazette", options_from({}))
        address = f"{PUBLIC}{hook_path(hook)}"
        sent = SOURCES["contentful"].sample(SAMPLE, hook, urlsplit(address).path, time.time_ns() // 1_000_000)
        got = through(client, proxy)("POST", address, headers=dict(sent.headers), content=sent.body)
    assert got.status_code == 202, got.text


def test_oembed_knows_our_own_addresses_in_every_spelling_and_no_others(tmp_path: Path) -> None:
    own = (
        f"{PUBLIC}/listen/clip_1",
        f"{PUBLIC}/embed/clip_1?x=1#t=3",
        f"{PUBLIC}/listen/clip_1/",
        "https://NEWS.example:443/audio/listen/clip_1",
        "http://news.example/audio/listen/clip_1",
    )
    foreign = (
        "https://news.example/listen/clip_1",
        "https://other.example/audio/listen/clip_1",
        "https://news.example/audiobook/listen/clip_1",
        "https://news.example:444/audio/listen/clip_1",
        "ftp://news.example/audio/listen/clip_1",
        "https://[::1/audio/listen/clip_1",
    )
    with below(tmp_path) as (parts, client):
        ready_clip(parts)
        for address in own:
            assert f'src="{PUBLIC}/embed/clip_1"' in client.get("/oembed", params={"url": address}).json()["html"]
        assert {client.get("/oembed", params={"url": address}).status_code for address in foreign} == {404}


def test_no_template_writes_the_root_down() -> None:
    """The crawl sees what is shown; a branch that it doesn't reach is read here."""
    root = re.compile(r"""(?:href|src|action|content)=["']/|(?<!at ~ )["'(]/staff/""")
    for path in (Path(tts_service.web.__file__).parent / "templates").glob("*.html"):
        assert root.findall(path.read_text("utf-8")) == [], path.name
