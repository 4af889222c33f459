"""The Wagtail app that we ship, in a real Wagtail site."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from tests.factories import make_parts
from tests.webhook_parts import make_hook
from tts_service.app import create_app
from tts_service.hooks.book import hook_path
from tts_service.hooks.staff import list_events
from tts_service.hooks.take import take_due
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


WAGTAIL_PYTHON = os.environ.get("WAGTAIL_PYTHON", sys.executable)
"""A Python that has Wagtail; by default the one that runs the tests."""


def has_wagtail() -> bool:
    return subprocess.run([WAGTAIL_PYTHON, "-c", "import wagtail"], capture_output=True, check=False).returncode == 0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Parts, str]]:
    """The application on a port of its own."""
    parts = make_parts(tmp_path)
    server = uvicorn.Server(uvicorn.Config(create_app(parts), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield parts, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def test_the_wagtail_apps_life_of_a_page(served: tuple[Parts, str], tmp_path: Path) -> None:
    if not has_wagtail():
        pytest.skip("Wagtail isn't installed: pip install wagtail, or name a Python that has it in WAGTAIL_PYTHON")
    parts, base = served
    hook = make_hook(parts, "wagtail")
    folder = tmp_path / "site"
    folder.mkdir()
    command = [WAGTAIL_PYTHON, HERE / "wagtail_site.py", folder, base + hook_path(hook), hook.secret]
    site = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    told, wrong = site.communicate(timeout=150)
    assert site.returncode == 0, wrong
    page = json.loads(told.splitlines()[-1])
    while take_due(parts):
        pass
    events = list(reversed(list_events(parts.database)))
    assert {event.external_id for event in events} == {str(page["id"])}
    assert [event.kind for event in events[:4]] == ["published", "published", "unpublished", "published"]
    assert [(event.outcome or [{}])[0]["state"] for event in events[:4]] == ["queued", "queued", "withdrawn", "queued"]
    assert events[-1].kind in ("unpublished", "deleted")
    assert (events[-1].outcome or [{}])[0]["state"] == "withdrawn"
