"""The running service beside a publisher's site: a burst of saves, an article no webhook brought, an archive.

Its data folder has an odd name and it listens at TTS_HOST=::, called at the address it prints and by IPv4; an article
has an odd title and address as well.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from typer.testing import CliRunner

from tests.listeners.test_listening_address import IPV6
from tests.parts.nginx_proxy import free_port
from tests.parts.service import Running, running
from tts_service.commands import app
from tts_service.provenance.read_back import State, read_disclosure

pytestmark = pytest.mark.slow
ODD = "Zeitung #1? 100% ü"

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>{title} was opened on Monday by the mayor of Elmsworth, who spoke for two minutes.</p></article></body></html>"""


class Site(BaseHTTPRequestHandler):
    """A feed with one article, and a sitemap with three."""

    def do_GET(self) -> None:
        address = f"http://{self.headers['Host']}"
        when = datetime.now(UTC) - timedelta(hours=1)
        if self.path == "/rss":
            item = f"<item><link>{address}/bridge</link><pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            self._send("application/rss+xml", f"<rss version='2.0'><channel>{item}</channel></rss>")
        elif self.path == "/sitemap.xml":
            rows = "".join(f"<url><loc>{address}/old-{number}</loc></url>" for number in range(3))
            self._send("application/xml", f"<urlset>{rows}</urlset>")
        else:
            self._send("text/html; charset=utf-8", PAGE.format(title=f"The {self.path[1:]}"))

    def _send(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Nothing on the test's output."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def service(site: str) -> Iterator[Running]:
    """At every address where there is IPv6; in a short folder: a socket's path may have about 100 characters."""
    given = {
        "settle_s": 2,
        "default_voice_en": "pyttsx3:en-us",
        "warm_voices": "",
        "test_voices": "true",
        "allow_hosts": site,
        "allow_ports": site.rpartition(":")[2],
        "port": free_port(),
    }
    everywhere = {} if IPV6.args[0] else {"host": "::"}
    with (
        tempfile.TemporaryDirectory(prefix="tts-") as folder,
        running(Path(folder) / ODD, **given, **everywhere) as service,
    ):
        yield service


@pytest.fixture
def command(service: Running, site: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs a command on the service's data folder, in this process; what it prints."""
    given = {
        "TTS_DATA_DIR": str(service.data),
        "TTS_ALLOW_HOSTS": site,
        "TTS_DEFAULT_VOICE_EN": "pyttsx3:en-us",
        "TTS_ALLOW_PORTS": site.rpartition(":")[2],
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def jobs(service: Running, **wanted: str) -> list[dict[str, Any]]:
    with service.client() as client:
        found: list[dict[str, Any]] = client.get("/v1/jobs", params=wanted).json()["jobs"]
    return found


def until_ended(service: Running, site: str, count: int) -> list[dict[str, Any]]:
    """The jobs of a site once there are so many and all have ended."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        found = jobs(service, site=site)
        if len(found) >= count and all(job["state"] not in ("queued", "running") for job in found):
            return found
        time.sleep(0.5)
    raise AssertionError(f"not {count} ended jobs: {found}")


def test_a_burst_of_saves_is_one_rendering(service: Running) -> None:
    def save(text: str) -> dict[str, Any]:
        return service.post({"site": "burst", "id": "1", "language": "en", "text": text})

    first = service.ended(save("The first version.")["id"])
    for number in range(5):
        last = save(f"Version {number} of a text that an editor keeps saving.")
    service.ended(last["id"])

    states = [job["state"] for job in jobs(service, site="burst")]
    assert states == ["succeeded", *["superseded"] * 4, "succeeded"]
    with service.client() as client:
        clip = client.get(f"/v1/clips/{first['clip']['id']}").json()
        assert clip["revision"] == last["clip"]["revision"]
        assert "Version 4" in client.get(clip["transcript_url"]).text
        old = client.get(f"/v1/clips/{first['clip']['id']}/r/1/audio.mp3")
        assert (old.status_code, old.headers["content-type"]) == (200, "audio/mpeg")


def test_an_article_that_no_webhook_brought_is_found_in_the_feed(
    service: Running, site: str, command: Callable[..., str]
) -> None:
    command("sites", "feeds", "gazette", "add", f"http://{site}/rss")
    [job] = until_ended(service, "gazette", 1)

    assert job["state"] == "succeeded", job["error"]
    assert job["article"]["url"] == f"http://{site}/bridge"
    with service.client() as client:
        found = client.get("/v1/clips", params={"url": f"http://{site}/bridge"}).json()["clips"]
    assert [clip["title"] for clip in found] == ["The bridge"]


def test_an_archive_is_spoken_and_the_estimate_holds(service: Running, site: str, command: Callable[..., str]) -> None:
    backfill = ["backfill", "--site", "archive", "--sitemap", f"http://{site}/sitemap.xml", "--pause", "0", "--json"]
    told = json.loads(command(*backfill))
    assert told["done"] == {"requested": 3}
    ended = until_ended(service, "archive", 3)
    assert [job["state"] for job in ended] == ["succeeded"] * 3
    with service.client() as client:
        lengths = [client.get(f"/v1/clips/{job['clip']['id']}").json()["duration_ms"] for job in ended]
    assert told["takes"]["audio_minutes"] == pytest.approx(sum(lengths) / 60_000, rel=0.35, abs=0.1)
    again = json.loads(command(*backfill))
    assert (again["counts"], again["to_do"]) == ({"known": 3}, 0)


@IPV6
def test_the_service_answers_at_the_address_it_prints(service: Running) -> None:
    port = service.url.rpartition(":")[2]
    assert service.url == f"http://[::1]:{port}"
    for address in (service.url, f"http://127.0.0.1:{port}"):
        answer = httpx.get(f"{address}/readyz", trust_env=False)
        assert answer.json()["status"] == "ok"


def test_an_article_goes_all_the_way(service: Running) -> None:
    sent = {
        "site": "odd",
        "id": "Straße #1? 100%/ü 😀",
        "title": "Straße #1? 100% 😀",
        "language": "en",
        "url": "https://müller.example/straße?q=ü",
        "text": "The bridge is open.",
    }
    job = service.ended(service.post(sent, voice="tone:beep", formats=["mp3", "m4a", "opus", "wav"])["id"])
    assert job["state"] == "succeeded", job
    with service.client(follow_redirects=True) as client:
        for url in ("http://MÜLLER.example/stra%c3%9fe/?utm_source=x&q=%C3%BC#a", sent["url"]):
            [clip] = client.get("/v1/clips", params={"site": "odd", "url": url}).json()["clips"]
        [named] = client.get("/v1/clips", params={"site": "odd", "article": sent["id"]}).json()["clips"]
        assert named["id"] == clip["id"]
        for form in ("mp3", "m4a", "opus", "wav"):
            got = client.get(f"/v1/clips/{clip['id']}/r/1/audio.{form}", params={"download": "true"})
            name = unquote(got.headers["content-disposition"].partition("filename*=UTF-8''")[2])
            assert name == f"Straße #1 100% 😀.{form}"
            kept = service.data.parent / name
            kept.write_bytes(got.content)
            if form == "opus":
                beside = kept.with_name(kept.name + ".c2pa")
                beside.write_bytes(client.get(f"/v1/clips/{clip['id']}/r/1/audio.opus.c2pa").content)
            assert read_disclosure(kept).state is State.UNALTERED
    assert sorted(path.name for path in service.data.parent.iterdir() if path.is_dir()) == [ODD]
