"""What we ship for CMSs without webhooks, run by their own languages: the WordPress plugin, the Wagtail app."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from tests.factories import make_parts
from tests.webhook_parts import Desk, desk, make_hook
from tts_service.access.keys import create_key
from tts_service.app import create_app
from tts_service.hooks.book import hook_path
from tts_service.hooks.staff import list_events
from tts_service.hooks.take import take_due
from tts_service.intake.base import Hook
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "samples" / "wordpress" / "listen-to-the-article.php"
POST = {
    "ID": 7, "post_type": "post", "post_status": "publish", "post_title": "Grüße aus Oberau", "post_name": "gruesse",
    "post_content": "<p>The railway/tramway runs again.</p>", "post_password": "", "post_author": 1,
    "post_date_gmt": "2025-03-01 08:30:00", "post_modified_gmt": "2025-03-01 08:30:00",
}  # fmt: skip
needs_php = pytest.mark.skipif(shutil.which("php") is None, reason="PHP isn't installed (Debian: php-cli)")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Desk]:
    with desk(make_parts(tmp_path)) as built:
        yield built


def wordpress(
    hook: Hook, *steps: dict[str, Any], clips: Any = None, grant: str = "", locked: bool = False, **options: str
) -> dict[str, Any]:
    """Let the plugin see these steps; what it did. `locked`: the reader hasn't entered the post's password."""
    settings = {
        "address": f"https://audio.example{hook_path(hook)}",
        "secret": hook.secret,
        "site": "gazette",
        **options,
    }
    given = json.dumps({"options": settings, "steps": steps, "clips": clips, "grant": grant, "locked": locked})
    command = ["php", "-d", "error_reporting=-1", "-d", "display_errors=stderr", HERE / "wordpress_stub.php", PLUGIN]
    done = subprocess.run(command, input=given, text=True, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr + done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def deliver(here: Desk, posted: dict[str, Any]) -> Any:
    path = posted["url"].removeprefix("https://audio.example")
    return here.client.post(path, content=posted["body"].encode(), headers=posted["headers"])


def newest_state(here: Desk) -> str:
    take_due(here.parts)
    event = list_events(here.parts.database, limit=1)[0]
    return str((event.outcome or [{"state": event.state}])[0]["state"])


@needs_php
def test_the_wordpress_plugins_life_of_a_post(here: Desk) -> None:
    hook = make_hook(here.parts, "wordpress")
    later = POST | {"post_content": "<p>The railway runs again today.</p>", "post_modified_gmt": "2025-03-01 09:00:00"}
    trashed = later | {"post_status": "trash", "post_modified_gmt": "2025-03-01 10:00:00"}
    steps = [
        {"do": "save", "post": POST | {"post_status": "draft"}, "before": "draft"},
        {"do": "save", "post": POST, "before": "draft"},
        {"do": "save", "post": later, "before": "publish"},
        {"do": "save", "post": trashed, "before": "publish"},
        {"do": "save", "post": POST | {"post_type": "page"}, "before": "draft"},
        {"do": "save", "post": POST | {"ID": 8, "post_password": "x"}, "before": "draft"},
    ]
    posted = wordpress(hook, *steps)["posted"]
    kinds = [json.loads(one["body"])["type"] for one in posted]
    assert kinds == ["post.published", "post.updated", "post.unpublished", "post.published"]
    assert [json.loads(one["body"])["data"].get("visibility") for one in posted] == [
        "public", "public", None, "password"]  # fmt: skip
    assert not any(one["blocking"] for one in posted)
    states = []
    for one in posted:
        assert deliver(here, one).status_code == 202
        states.append(newest_state(here))
    assert states == ["queued", "queued", "withdrawn", "queued"]
    data = json.loads(posted[0]["body"])["data"]
    assert data["url"] == "https://gazette.example/gruesse/"
    assert "\\/" in posted[0]["body"]
    assert "\\u00fc" in posted[0]["body"]


@needs_php
def test_the_wordpress_plugin_tells_a_thing_twice_under_one_id(here: Desk) -> None:
    hook = make_hook(here.parts, "wordpress")
    done = wordpress(
        hook, {"do": "save", "post": POST, "before": "draft"}, {"do": "cron"}, {"do": "delete", "post": POST}
    )
    first, second, deleted = done["posted"]
    assert first["headers"]["webhook-id"] == second["headers"]["webhook-id"] != deleted["headers"]["webhook-id"]
    assert done["scheduled"][0][0] == pytest.approx(300, abs=2)
    assert [deliver(here, one).json()["state"] for one in done["posted"]] == ["received", "duplicate", "received"]
    take_due(here.parts)
    assert newest_state(here) == "withdrawn"


@needs_php
def test_the_wordpress_plugin_shows_the_player_above_the_article(here: Desk) -> None:
    hook = make_hook(here.parts, "wordpress")
    clip = {"state": "ready", "audio": {"mp3": "https://audio.example/v1/clips/c/audio.mp3"}, "about_url": "https://a/b",
            "disclosure": "Made by a <machine>.", "feedback_url": "https://a/f?clip=c&x=1"}  # fmt: skip
    done = wordpress(hook, {"do": "show"}, {"do": "show"}, clips={"clips": [clip]})
    first, second = done["shown"]
    assert first == second
    assert done["asked"] == ["https://audio.example/v1/clips?site=gazette&article=7"]
    assert first.index("<audio") < first.index("<p>The text.</p>")
    assert "Made by a &lt;machine&gt;." in first
    assert wordpress(hook, {"do": "show"}, clips=None)["shown"] == ["<p>The text.</p>"]


@needs_php
def test_the_wordpress_plugin_asks_for_a_grant_for_who_has_entered_the_password(here: Desk) -> None:
    hook = make_hook(here.parts, "wordpress")
    clip = {"state": "ready", "audio": {"mp3": "https://audio.example/v1/clips/c/audio.mp3"}, "about_url": "https://a/b",
            "disclosure": "Made by a machine.", "feedback_url": "https://a/f?clip=c"}  # fmt: skip
    steps = ({"do": "save", "post": POST | {"post_password": "x"}}, {"do": "show"}, {"do": "show"})
    key = create_key(here.parts.database, "wordpress", ("clips:grant",), "gazette")
    done = wordpress(hook, *steps, clips={"clips": [clip]}, grant="1.2.3.f", key=key)
    (asked,) = [one for one in done["posted"] if one["url"].endswith("/grants")]
    assert asked["url"] == "https://audio.example/v1/articles/gazette/7/grants"
    assert asked["headers"]["Authorization"] == f"Bearer {key}"
    assert done["asked"] == ["https://audio.example/v1/clips?site=gazette&article=7&grant=1.2.3.f"]
    first, second = done["shown"]
    assert first == second
    assert 'src="https://audio.example/v1/clips/c/audio.mp3?grant=1.2.3.f"' in first
    assert 'href="https://a/f?clip=c&amp;grant=1.2.3.f"' in first
    for refused in ({"locked": True, "key": key}, {"key": ""}):
        done = wordpress(hook, *steps, clips={"clips": [clip]}, grant="1.2.3.f", **refused)
        assert done["shown"] == ["<p>The text.</p>"] * 2
        assert done["asked"] == []


@needs_php
def test_the_wordpress_plugins_settings_are_checked_and_the_secret_is_never_shown(here: Desk) -> None:
    hook = make_hook(here.parts, "wordpress")
    fine = {"address": f"https://other.example{hook_path(hook)}", "secret": "", "site": "a<b>c", "types": "post, news"}
    wrong = {"address": "javascript:alert(1)", "secret": "short", "site": "x", "types": "", "key": "ltk_x"}
    done = wordpress(hook, {"do": "settings"}, {"do": "check", "given": fine}, {"do": "check", "given": wrong})
    assert hook.secret not in done["shown"][0]
    assert "_wpnonce" in done["shown"][0]
    kept, refused = done["checked"]
    same = {"secret": hook.secret, "key": ""}
    assert kept == {"address": fine["address"], "site": "ac", "types": "post, news"} | same
    assert refused["secret"] == hook.secret
    assert refused["address"] == f"https://audio.example{hook_path(hook)}"
    assert sorted(done["errors"]) == ["address", "key", "secret"]


# --- Wagtail ---

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
