"""Parts of the player without a browser, in the Node.js that comes with Playwright."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import playwright

from tests.parts.player_pages import source
from tts_service.web.languages import page_languages
from tts_service.web.player_texts import player_texts

NODE = Path(playwright.__file__).parent / "driver" / "node"
PAGE = """
const SERVER = "https://audio.example/";
const heard = {};
const tags = {};
const document = { readyState: "complete", visibilityState: "visible", querySelector: (asked) => tags[asked] || null,
  addEventListener: (name, act) => { heard[name] = act; }, removeEventListener() {} };
const location = { href: "https://gazette.example/bridge" };
const players = new Set();
const tell = (said) => console.log(JSON.stringify(said ?? null));
const VERSION = "1";
const LANGUAGES = %s;
const ENGLISH = %s;
const fail = (error) => { console.error(error); process.exitCode = 1; };
"""
PAGE = PAGE.replace("%s", json.dumps(page_languages()), 1).replace("%s", json.dumps(player_texts("en")), 1)
"""As much of a page as the parts that are tested here touch: `tags` by selector, `heard` listeners by event."""


def evaluate(parts: tuple[str, ...], body: str, before: str = "") -> Any:
    """What the async function body `body` returns, among the parts' own names."""
    script = "\n".join([PAGE, before, source(*parts), f"(async () => {{ {body} }})().then(tell, fail);"])
    done = subprocess.run([NODE, "-"], input=script, text=True, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
