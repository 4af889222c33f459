"""A finished file whose size in the store isn't the one in its row."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.corrections.desk_bench import Newsroom
from tests.parts.factories import make_parts
from tests.parts.quick_render import Workers
from tts_service.web.app import create_app


def test_listeners_are_told_the_length_in_the_row_and_never_get_other_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = make_parts(tmp_path)
    clip = Newsroom(parts, Workers(parts, monkeypatch)).publish()
    (name,) = parts.store.names(f"clips/{clip}/")
    whole = parts.store.get(name)
    with TestClient(create_app(parts)) as client:
        for stored in (whole[:10], whole + b"more"):
            parts.store.put(name, stored)
            answer = client.get(f"/v1/clips/{clip}/r/1/audio.mp3")
            part = client.get(f"/v1/clips/{clip}/r/1/audio.mp3", headers={"Range": f"bytes=5-{len(whole) - 1}"})
            assert answer.headers["content-length"] == str(len(whole))  # a server cuts the connection of a shorter one
            assert answer.content == stored[: len(whole)]
            assert part.content == stored[5 : len(whole)]
    parts.close()
