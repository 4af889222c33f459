"""The whole service in a data folder with an odd name and at TTS_HOST=::, called at the address it prints and by IPv4;
and an article whose title and address are odd as well."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from tests.listeners.test_listening_address import IPV6
from tests.parts.nginx_proxy import free_port
from tests.parts.service import Running, running
from tts_service.provenance.read_back import State, told_by

pytestmark = pytest.mark.slow
ODD = "Zeitung #1? 100% ü"


@pytest.fixture(scope="module")
def service() -> Iterator[Running]:
    """At every address where there is IPv6; in a short folder: a socket's path may have about 100 characters."""
    everywhere = {} if IPV6.args[0] else {"host": "::"}
    with (
        tempfile.TemporaryDirectory(prefix="tts-") as folder,
        running(Path(folder) / ODD, port=free_port(), test_voices="true", warm_voices="", **everywhere) as service,
    ):
        yield service


@IPV6
def test_the_service_answers_at_the_address_it_prints(service: Running) -> None:
    port = service.url.rpartition(":")[2]
    assert service.url == f"http://[::1]:{port}"
    for address in (service.url, f"http://127.0.0.1:{port}"):
        answer = httpx.get(f"{address}/readyz", trust_env=False)
        assert answer.json()["status"] == "ok"


def test_an_article_goes_all_the_way(service: Running) -> None:
    sent = {
        "site": "gazette",
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
            [clip] = client.get("/v1/clips", params={"site": "gazette", "url": url}).json()["clips"]
        [named] = client.get("/v1/clips", params={"site": "gazette", "article": sent["id"]}).json()["clips"]
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
            assert told_by(kept).state is State.UNALTERED
    assert sorted(path.name for path in service.data.parent.iterdir() if path.is_dir()) == [ODD]
