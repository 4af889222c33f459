"""The README's commands, run as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parts.service import Running

pytestmark = pytest.mark.slow
README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")


def shell_blocks() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_the_two_commands_come_first() -> None:
    assert "make demo" in shell_blocks()[0]
    assert "make test" in shell_blocks()[0]


def test_the_curl_example_works_as_pasted(service: Running) -> None:
    command = shell_blocks()[1].replace("http://127.0.0.1:8000", service.url)
    command = command.replace(".venv/bin/tts-service", f"{sys.executable} -m tts_service.cli")
    environment = {"PATH": "/usr/bin:/bin", "TTS_DATA_DIR": str(service.data)}
    shell = ["bash", "-euc", command]
    answer = subprocess.run(
        shell, env=environment, text=True, capture_output=True, check=True, cwd=Path(__file__).parents[2]
    )
    job = json.loads(answer.stdout)

    assert job["state"] == "queued" or job["progress"]["done"] >= 0
    assert service.ended(job["id"])["state"] == "succeeded"
    with service.client() as client:
        assert client.get(job["clip"]["listen_url"]).is_success
        assert client.get(job["clip"]["audio"]["mp3"], follow_redirects=True).headers["content-type"] == "audio/mpeg"
