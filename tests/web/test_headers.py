"""What every answer carries, which scripts of other sites may read it, and how long a body may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tests.parts.origins import SITE, STRANGERS
from tests.parts.staff import BASE, signed
from tests.parts.web_rows import clip_token, ready_clip
from tests.web.test_jobs import is_problem, keyed
from tts_service.commands import app as command_line
from tts_service.errors import InputRefused
from tts_service.newsroom.sites import set_origins
from tts_service.parts import Parts
from tts_service.web.api import jobs as api_jobs
from tts_service.web.app import create_app
from tts_service.web.doors import cors
from tts_service.web.doors.headers import NOTHING
from tts_service.web.pages import clip as pages

EVIL = (*STRANGERS, "https://WWW.GAZETTE.EXAMPLE", "")


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    ready_clip(parts)
    set_origins(parts.database, "gazette", [SITE])
    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


# --- headers ---


def answers(client: TestClient, parts: Parts) -> dict[str, Any]:
    """An answer of every kind, by path and status."""
    page = {"Accept": "text/html"}
    staff = signed(parts).headers
    found: dict[str, Any] = {}
    for path, headers in (
        ("/", page),
        ("/listen/clip_1", page),
        ("/about/clip_1", page),
        ("/feedback?clip=clip_1", page),
        ("/staff/sign-in", page),
        ("/staff", staff),
        ("/staff/account", staff),
        ("/staff/people", staff),
        ("/staff/log", staff),
        ("/listen/nope", page),
        ("/staff/nope", page),
        ("/staff", page),
        ("/staff/invitation?token=x", page),
        ("/nope", {}),
        ("/v1/clips/clip_1", {}),
        ("/v1/clips/nope", {}),
        ("/v1/jobs", {}),
        ("/v1/voices", {}),
        ("/openapi.json", {}),
        ("/healthz", {}),
        ("/metrics", {}),
        ("/static/style.css", {}),
        ("/static/nope.js", {}),
        ("/v1/clips/a%00b", {}),
        ("/v1/clips/clip_1/marks.json", {}),
        ("/v1/clips/clip_1/captions.vtt", {}),
        ("/v1/clips/clip_1/r/1/audio.mp3", {}),
        ("/v1/clips/clip_1/live.mp3", {}),
        ("/v1/clips/clip_1/audio.mp3", {}),
    ):
        got = client.get(path, headers=headers)
        found[f"{path} {got.status_code}"] = got
    return found


def test_every_kind_of_answer_carries_what_it_must(client: TestClient, parts: Parts) -> None:
    found = answers(client, parts)
    statuses = {name.rsplit(" ", 1)[1] for name in found}
    assert {"200", "303", "302", "400", "401", "404"} <= statuses
    for name, got in found.items():
        headers, kind = got.headers, got.headers.get("content-type", "")
        assert headers["x-content-type-options"] == "nosniff", name
        assert headers["referrer-policy"] == "same-origin", name
        assert "strict-transport-security" not in headers, name  # this test's address is http
        policy = headers.get("content-security-policy")
        if kind.startswith("text/html"):
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';"), name
            assert "unsafe" not in policy, name
            assert headers["x-frame-options"] == "DENY", name
            assert headers["cross-origin-opener-policy"] == "same-origin", name
        elif kind.startswith("audio/"):
            assert policy is None, name
        else:
            assert policy == NOTHING, name
        readers = name.startswith(("/v1/clips", "/static"))
        assert headers["cross-origin-resource-policy"] == ("cross-origin" if readers else "same-origin"), name
        if name.startswith("/staff"):
            assert headers["cache-control"] == "no-store", name


@pytest.mark.parametrize("path", ["/listen/clip_1", "/v1/jobs"])
def test_a_fault_of_ours_is_answered_with_every_header(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr(pages, "show", broken)
    monkeypatch.setattr(api_jobs, "_out", broken)
    got = client.get(path, headers=keyed(parts) | {"Accept": "text/html"})
    assert got.status_code == 500
    assert "inside" not in got.text
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"].startswith("default-src 'none'")


def test_over_https_browsers_are_told_to_stay_there(parts: Parts) -> None:
    settings = parts.settings.model_copy(update={"public_url": "https://audio.example"})
    with TestClient(create_app(replace(parts, settings=settings)), base_url="https://audio.example") as client:
        assert client.get("/").headers["strict-transport-security"] == "max-age=31536000"


def test_the_frame_is_for_the_sites_own_pages_once_they_are_known(client: TestClient, parts: Parts) -> None:
    ready_clip(parts, name="2", site="herald")

    def framed_by(path: str) -> str:
        policy: str = client.get(path, headers={"Accept": "text/html"}).headers["content-security-policy"]
        return policy.partition("frame-ancestors ")[2]

    assert framed_by("/embed/clip_1") == f"'self' {SITE}"
    assert framed_by("/embed/clip_2") == "*"  # of a site whose pages nobody entered
    set_origins(parts.database, "gazette", [SITE, "https://amp.gazette.example"])
    assert framed_by("/embed/clip_1") == f"'self' {SITE} https://amp.gazette.example"
    assert framed_by("/listen/clip_1") == framed_by("/about/clip_1") == "'none'"


# --- scripts of other sites ---

READERS = (
    "/v1/clips/clip_1",
    "/v1/clips?site=gazette&article=1",
    "/v1/clips/clip_1/marks.json",
    "/v1/clips/clip_1/r/1/audio.mp3",
    "/v1/clips/nope",
    "/v1/feedback/R-0000-0000",
)


@pytest.mark.parametrize("path", READERS)
def test_a_registered_sites_scripts_may_read_what_readers_get(client: TestClient, path: str) -> None:
    got = client.get(path, headers={"Origin": SITE})
    assert got.headers["access-control-allow-origin"] == SITE
    assert "access-control-allow-credentials" not in got.headers
    assert "origin" in got.headers["vary"].lower()
    for origin in EVIL:
        refused = client.get(path, headers={"Origin": origin})
        assert "access-control-allow-origin" not in refused.headers, origin
        assert "origin" in refused.headers["vary"].lower()  # no cache may give one's answer to another


def test_a_registered_sites_player_may_report(client: TestClient) -> None:
    asked = {"Origin": SITE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    before = client.options("/v1/feedback", headers=asked)
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == SITE
    assert before.headers["access-control-allow-methods"] == "GET, HEAD, POST"
    assert "authorization" not in before.headers["access-control-allow-headers"].lower()
    report = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client)}
    sent = client.post("/v1/feedback", json=report, headers={"Origin": SITE})
    assert (sent.status_code, sent.headers["access-control-allow-origin"]) == (201, SITE)
    refused = client.options("/v1/feedback", headers=asked | {"Origin": EVIL[0]})
    assert (refused.status_code, "access-control-allow-origin" in refused.headers) == (405, False)


def test_the_job_api_and_the_staffs_pages_know_no_other_sites(client: TestClient, parts: Parts) -> None:
    every = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    for path in (
        "/v1/jobs",
        "/v1/jobs/x",
        "/v1/reports",
        "/v1/lexicon",
        "/v1/sites",
        "/v1/articles/gazette/1",
        "/",
        "/staff",
        "/staff/v1/lexicon",
        "/v1/clipsnot",
        "/v1/webhooks/ghost/x",
    ):
        for origin in (SITE, EVIL[0]):
            for got in (
                client.get(path, headers=keyed(parts) | {"Origin": origin}),
                client.options(path, headers=every | {"Origin": origin}),
            ):
                assert not [name for name in got.headers if name.startswith("access-control")], path


def test_origins_are_entered_by_api_and_command(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cors, "FRESH_S", 0)
    key = keyed(parts, "sites", site="herald")
    sent = {"origins": ["HTTPS://Herald.example:443/", "http://localhost:3000", "https://[2001:db8::1]:8443"]}
    got = client.put("/v1/sites/herald/origins", json=sent, headers=key)
    kept = ["https://herald.example", "http://localhost:3000", "https://[2001:db8::1]:8443"]
    assert got.json() == {"site": "herald", "origins": kept}
    assert client.get("/v1/sites", headers=key).json()["sites"][0]["origins"] == kept
    is_problem(client.put("/v1/sites/gazette/origins", json=sent, headers=key), 403, "not_allowed")
    seen = client.get("/v1/clips/clip_1", headers={"Origin": "https://herald.example"}).headers
    assert seen["access-control-allow-origin"] == "https://herald.example"
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    run = CliRunner()
    run.invoke(command_line, ["sites", "origins", "herald", "https://other.example"])
    assert run.invoke(command_line, ["sites", "origins", "herald"]).stdout == "https://other.example\n"
    seen = client.get("/v1/clips/clip_1", headers={"Origin": "https://herald.example"}).headers
    assert "access-control-allow-origin" not in seen
    run.invoke(command_line, ["sites", "origins", "herald", "--none"])
    assert run.invoke(command_line, ["sites", "origins", "herald"]).stdout == ""
    is_problem(client.put("/v1/sites/herald/origins", json={"origins": ["*"]}, headers=key), 400, "input_refused")


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example.org",
        "example.org",
        "https://",
        "https://a.example/path",
        "https://u@a.example",
        "https://a.example?x",
        "https://a.example#x",
        "javascript:alert(1)",
        "file:///etc",
        "null",
        "",
        "https://a b",
        "https://a.example:99999",
        "https://" + "a" * 300,
    ],
)
def test_what_is_no_origin_is_refused(parts: Parts, origin: str) -> None:
    with pytest.raises(InputRefused):
        set_origins(parts.database, "gazette", [origin])


# --- bodies ---


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_a_body_over_the_limit_is_refused_on_every_route(client: TestClient, parts: Parts, announced: bool) -> None:
    staff = signed(parts)
    routes = [
        ("POST", "/v1/feedback", 65_536, {}),
        ("POST", "/v1/jobs", 65_536, {}),
        ("POST", "/v1/jobs", 8_000_000, keyed(parts)),
        ("POST", "/v1/webhooks/ghost/x", 2 * 1024 * 1024, {}),
        ("PATCH", "/v1/reports/R-1", 65_536, keyed(parts)),
        ("POST", "/staff/sign-in", 65_536, {"Origin": BASE}),
        ("POST", "/staff/people", 65_536, staff.headers),
        ("PUT", "/v1/sites/gazette/origins", 65_536, keyed(parts)),
        ("POST", "/staff/v1/lexicon", 65_536, staff.changing),
    ]
    for method, path, limit, headers in routes:

        def pieces(limit: int = limit) -> Iterator[bytes]:
            for start in range(0, limit + 1, 16_384):
                yield b"x" * min(16_384, limit + 1 - start)

        content = b"x" * (limit + 1) if announced else pieces()
        got = client.request(method, path, content=content, headers=headers)
        assert got.status_code == 413, path
        assert got.headers["content-type"] == "application/problem+json"
        fits = client.request(method, path, content=b"x" * min(limit, 100_000), headers=headers)
        assert fits.status_code != 413 or limit > 100_000, path
