"""The engine that docs/engines.md builds: installed as its page says, and asked what every engine is asked."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import test_contract
from tests.parts.places import ROOT
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.openai import RemoteSettings
from tts_service.engines.voices.registry import Registry
from tts_service.settings import Settings
from tts_service.values import Voice

PAGE = (ROOT / "docs" / "engines.md").read_text("utf-8")


def block(language: str) -> str:
    """The page's only block of code in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """With the page's package installed: its module, and the entry point of its pyproject.toml."""
    folder = tmp_path_factory.mktemp("site-packages")
    project = tomllib.loads(block("toml"))["project"]
    (folder / "tts_service_morse.py").write_text(block("python"), "utf-8")
    facts = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n", "utf-8")
    groups = [
        f"[{group}]\n" + "\n".join(f"{name} = {place}" for name, place in points.items())
        for group, points in project["entry-points"].items()
    ]
    (facts / "entry_points.txt").write_text("\n".join(groups), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.setenv("PYTHONPATH", str(folder))
        yield Registry(Settings(voices_dir=tmp_path_factory.mktemp("voices")))


@pytest.fixture(scope="module")
def child(registry: Registry) -> Iterator[EngineChild]:
    with EngineChild(registry.settings) as child:
        yield child


@pytest.fixture(scope="module")
def voice(registry: Registry) -> Voice:
    return registry.find("morse:key")


class TestTheEngineOfThePage(test_contract.TestEveryEngine):
    def test_its_voice_is_listed(self, voice: Voice, registry: Registry) -> None:
        assert voice in registry.voices()


def test_the_settings_of_the_page_are_valid() -> None:
    settings = RemoteSettings.model_validate(json.loads(block("json")))
    named = re.findall(r"^\| `(\w+)`(?:, `(\w+)`)? \|", PAGE, re.MULTILINE)
    assert {name for names in named for name in names if name} == set(RemoteSettings.model_fields)
    assert f"`sample_rate_hz` ({settings.voices[0].sample_rate_hz})" in PAGE
    assert Path(settings.key_file or "").name == "openai.key"
