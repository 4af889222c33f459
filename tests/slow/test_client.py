"""docs/api.md: its Python runs as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.test_client import now_ms
from tests.parts.service import Running
from tts_service.callbacks.signing import new_secret, signed

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.slow
def test_the_three_lines_make_audio_of_a_running_service(service: Running) -> None:
    environment = {"PATH": "/usr/bin:/bin", "AUDIO_URL": service.url, "AUDIO_KEY": service.key}
    done = subprocess.run(
        [sys.executable, "-c", BLOCKS[0]], env=environment, text=True, capture_output=True, check=True, cwd=ROOT
    )
    assert done.stdout.startswith(f"{service.url}/listen/")
    assert f'<iframe src="{service.url}/embed/' in done.stdout


@pytest.mark.slow
def test_the_receiver_shows_what_is_ready_and_refuses_what_is_forged() -> None:
    shown: list[tuple[str, str]] = []
    names = {"SECRET": new_secret(), "show_player": lambda article, url: shown.append((article, url))}
    exec(BLOCKS[1], names)
    body = '{"type":"clip.ready","timestamp":"t","data":{"article":{"id":"42"},"listen_url":"https://a.example/l"}}'
    headers = signed([names["SECRET"]], "evt_1", now_ms(), body)

    assert names["callback"](body.encode(), headers) == 204
    assert names["callback"](body.encode().replace(b"42", b"43"), headers) == 400
    assert shown == [("42", "https://a.example/l")]
