"""docs/text.md: its commands run, its policy is taken, its SSML elements are the ones that are read."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from tests.parts.factories import make_settings
from tests.parts.places import ROOT
from tts_service.article.ssml import read_ssml
from tts_service.engines.voices.registry import Registry
from tts_service.values import BlockKind, SayAs
from tts_service.values.speech_policy import SpeechPolicy, Treatment

PAGE = (ROOT / "docs" / "text.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found.group(1)


@pytest.mark.slow
def test_the_commands_run_as_pasted() -> None:
    script = block("sh").replace("tts-service ", f"{sys.executable} -m tts_service.cli ")
    done = subprocess.run(["bash", "-euc", script], text=True, capture_output=True, check=True, cwd=ROOT)
    assert '"read_as"' in done.stdout
    assert "one point five million dollars" in done.stdout
    assert done.stdout.splitlines()[-1] == "Am ersten Oktober kamen zwölftausendfünfhundert Gäste."


def test_the_policy_is_taken() -> None:
    policy = TypeAdapter(SpeechPolicy).validate_json(block("json"))
    assert policy.of(BlockKind.CAPTION).treatment is Treatment.SPOKEN
    assert policy.pauses.paragraph_ms == 650


def test_every_voice_that_the_docs_name_is_there(tmp_path: Path) -> None:
    voices = Registry(make_settings(tmp_path))
    named = {
        (file.name, voice)
        for file in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
        for voice in re.findall(r"\b(?:piper|pyttsx3|tone):[\w-]+", file.read_text("utf-8"))
    }
    assert ("text.md", "pyttsx3:en-gb-x-rp") in named
    for _, voice in named:
        voices.find(voice)


def test_every_element_of_the_table_is_read() -> None:
    rows = re.findall(r"^\| `(.+?)` \|", PAGE[PAGE.index("## SSML") :], re.MULTILINE)
    elements = [element for row in rows for element in row.replace("`", "").split(", ")]
    attributes = {
        "sub": 'alias="x"',
        "say-as": 'interpret-as="time"',
        "phoneme": 'ph="a"',
        "prosody": 'rate="80%"',
        "lang": 'xml:lang="de"',
    }
    names = [element.split()[0] for element in elements]
    assert names == ["p", "s", "break", "sub", "say-as", "phoneme", "prosody", "lang", "emphasis"]
    for name in names:
        inner = "" if name == "break" else "word"
        read_ssml(f"<speak><{name} {attributes.get(name, '')}>{inner}</{name}></speak>")
    assert {kind.value.split()[0] for kind in SayAs} <= set(re.findall(r"`([a-z-]+)`", PAGE))
