"""docs/api.md: its Python, and the walk through the desk, run as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.client.test_client import now_ms
from tests.parts.service import Running
from tts_service.callbacks.signing import new_secret, signed
from tts_service.client import Article, Client, Clip

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
WALK = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
SENTENCES = ("The parliament at Holyrood voted.", "A train left Milngavie at noon.")


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
    names: dict[str, Any] = {"SECRET": new_secret(), "show_player": lambda article, url: shown.append((article, url))}
    exec(BLOCKS[1], names)
    body = '{"type":"clip.ready","timestamp":"t","data":{"article":{"id":"42"},"listen_url":"https://a.example/l"}}'
    headers = signed([names["SECRET"]], "evt_1", now_ms(), body)

    assert names["callback"](body.encode(), headers) == 204
    assert names["callback"](body.encode().replace(b"42", b"43"), headers) == 400
    assert shown == [("42", "https://a.example/l")]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("jq") is None, reason="the walk uses jq")
def test_the_walk_from_a_report_to_the_correction_runs_as_pasted(service: Running, tmp_path: Path) -> None:
    article = Article(site="walked", id="1", text=" ".join(SENTENCES), language="en")
    with Client(service.url, service.key) as audio:
        clip = audio.wait(audio.request(article, voice="pyttsx3:en-us"))
        for sentence, word in zip(sentences_of(clip), ("Holyrood", "Milngavie"), strict=True):
            (said,) = (one for one in sentence["words"] if one["text"] == word)
            audio.send_report(clip, "pronunciation", position_ms=said["start_ms"], token=said["token"])

        in_shell = pasted(["bash", "-euo", "pipefail", "-c", WALK], service, tmp_path)
        heard = (tmp_path / "after.wav").read_bytes()
        in_python = pasted([sys.executable, "-c", BLOCKS[2]], service, tmp_path)

        assert '"written": "Holyrood"' in in_shell
        assert '"sentences": 1' in in_shell
        assert heard.startswith(b"RIFF")
        assert (tmp_path / "after.wav").read_bytes() not in (b"", heard)
        assert in_python.startswith("changes 1 sentences in 1 articles")
        corrected = audio.corrections(site="walked").corrections
        assert [(one.after or {})["alias"] for one in corrected] == ["Mull guy", "Holly rood"]
        assert {one.why for one in corrected} == {"That is how locals say it."}
        assert {audio.case(one.case or "").state for one in corrected} <= {"confirmed", "corrected"}


def pasted(command: list[str], service: Running, folder: Path) -> str:
    """What the page's command prints, for a site of the test's own."""
    command[-1] = command[-1].replace("gazette", "walked")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "AUDIO_URL": service.url,
        "AUDIO_KEY": service.key,
    }
    done = subprocess.run(command, check=False, env=environment, text=True, capture_output=True, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sentences_of(clip: Clip) -> list[dict[str, Any]]:
    sentences: list[dict[str, Any]] = httpx.get(clip.marks_url, trust_env=False, follow_redirects=True).json()[
        "sentences"
    ]
    return sentences
