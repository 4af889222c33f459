"""The whole service in a data folder with an odd name, and an article whose title and address are odd as well."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.service import running
from tts_service.provenance.told import State, told_by

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A socket's path may have about 100 characters."""
    with tempfile.TemporaryDirectory(prefix="tts-") as folder:
        yield Path(folder)


def test_an_article_goes_all_the_way(short_path: Path) -> None:
    folder = short_path / "Zeitung #1? 100% ü"
    with running(folder, port=free_port(), test_voices="true", warm_voices="") as service:
        sent = {"site": "gazette", "id": "Straße #1? 100%/ü 😀", "title": "Straße #1? 100% 😀", "language": "en",
                "url": "https://müller.example/straße?q=ü", "text": "The bridge is open."}  # fmt: skip
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
                kept = short_path / name
                kept.write_bytes(got.content)
                if form == "opus":
                    beside = kept.with_name(kept.name + ".c2pa")
                    beside.write_bytes(client.get(f"/v1/clips/{clip['id']}/r/1/audio.opus.c2pa").content)
                assert told_by(kept).state is State.UNALTERED
    assert sorted(path.name for path in short_path.iterdir() if path.is_dir()) == [folder.name]
