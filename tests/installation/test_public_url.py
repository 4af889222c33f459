"""The public address as people write it, and as it goes out: an address that every program reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.parts.factories import make_parts, make_settings
from tts_service.public_addresses import listen_url, path_at, path_prefix
from tts_service.web.app import create_app

WRITTEN = {
    "http://127.0.0.1:18501/hör%20x/": "http://127.0.0.1:18501/h%C3%B6r%20x",
    "https://müller.example/hör": "https://xn--mller-kva.example/h%C3%B6r",
    "https://xn--mller-kva.example/h%C3%B6r": "https://xn--mller-kva.example/h%C3%B6r",
    "HTTPS://News.Example:443/Audio/": "https://news.example/Audio",
    "http://news.example": "http://news.example",
    "http://[2001:DB8::1]:8000/": "http://[2001:db8::1]:8000",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_it_goes_out_as_browsers_write_it(written: str, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, public_url=written)
    address = listen_url(settings, "clip_1")
    assert address == f"{WRITTEN[written]}/listen/clip_1"
    assert address.isascii()
    assert path_at(settings, address) == "/listen/clip_1"
    assert settings.base_url.endswith(path_prefix(settings))


def test_answers_are_ascii(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, public_url="https://müller.example/hör")
    with TestClient(create_app(parts)) as client:
        document = client.get("/openapi.json").json()
    assert document["servers"][0]["url"] == "https://xn--mller-kva.example/h%C3%B6r"
