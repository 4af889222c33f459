"""Our Wagtail app in a real Wagtail site: each scenario of tests/cms/wagtail_scenarios, and whole processes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cms import wagtail_scenarios, wagtail_venv

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SCENARIOS = wagtail_scenarios.names()
NO_WAGTAIL = "Wagtail isn't installed here: pip install wagtail, or name a Python that has it in WAGTAIL_PYTHON"


@pytest.fixture(scope="session")
def python() -> str:
    found = wagtail_venv.python()
    if found is None:
        pytest.skip(NO_WAGTAIL)
    return found


@pytest.fixture(scope="session")
def results(python: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of the scenarios that were asked for, all run in one process."""
    wanted = [
        str(item.callspec.params["name"]) for item in request.session.items if "[" in item.name and _is_ours(item)
    ]
    folder = tmp_path_factory.mktemp("gazette")
    command = [python, HERE / "wagtail_site.py", folder, *wanted]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = {line["name"]: line["error"] for line in map(json.loads, done.stdout.splitlines())}
    return {name: found.get(name, f"it wasn't run:\n{done.stderr}") for name in wanted}


def _is_ours(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and item.originalname == "test_scenario" and item.path == Path(__file__)


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(name: str, results: dict[str, str]) -> None:
    assert results[name] == "", results[name]
