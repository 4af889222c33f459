"""Asks the audio service for a page's audio while the page is being built: soon, or not at all."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any

from django.core.cache import cache

from listen_to_the_article import line, setting

PATIENCE_S = 0.3
"""How long a page waits, name look-up and all."""
REST_S = 30
"""After a failure no page of the site asks for so long."""
KEPT_S = 60
GRANT_LIFE_S = 3600
GRANT_KEPT_S = 900

_POOL = ThreadPoolExecutor(max_workers=4, thread_name_prefix="listen-lookup")


def has_audio(page_id: int) -> bool:
    """Whether there is audio of this page that everybody may hear."""
    query = urllib.parse.urlencode({"site": setting.text("LISTEN_SITE"), "article": page_id})

    def ask() -> line.Answer:
        return line.request(f"{setting.base()}/v1/clips?{query}", headers={}, timeout_s=PATIENCE_S)

    return bool(_kept(f"listen:clip:{page_id}", KEPT_S, ask, _has_clip))


def grant_for(page_id: int, visibility: str) -> str:
    """What opens the audio of a page that isn't public; empty if nothing does. It names no reader."""
    key = setting.text("LISTEN_KEY")
    if not key:
        return ""
    site = urllib.parse.quote(setting.text("LISTEN_SITE"), safe="")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = json.dumps({"life_s": GRANT_LIFE_S}).encode()

    def ask() -> line.Answer:
        url = f"{setting.base()}/v1/articles/{site}/{page_id}/grants"
        return line.request(url, headers=headers, body=body, timeout_s=PATIENCE_S)

    return str(_kept(f"listen:grant:{page_id}:{visibility}", GRANT_KEPT_S, ask, _grant) or "")


def _kept(key: str, seconds: int, ask: Callable[[], line.Answer], read: Callable[[line.Answer], Any]) -> Any:
    """From the cache, else asked for; nothing while the service rests."""
    found = cache.get(key)
    if found is not None:
        return found
    if cache.get("listen:rest"):
        return None
    answer = _in_time(ask)
    if answer is None or answer.status == 0 or answer.status == 429 or answer.status >= 500:
        cache.set("listen:rest", True, REST_S)
        return None
    found = read(answer)
    cache.set(key, found, seconds if found else KEPT_S)
    return found


def _in_time(ask: Callable[[], line.Answer]) -> line.Answer | None:
    try:
        return _POOL.submit(ask).result(PATIENCE_S)
    except (TookTooLong, RuntimeError):  # RuntimeError: no threads, or the process is ending
        return None


def _has_clip(answer: line.Answer) -> bool:
    found = answer.json()
    clips = found.get("clips") if isinstance(found, dict) else None
    return isinstance(clips, list) and any(isinstance(clip, dict) and clip.get("state") != "failed" for clip in clips)


def _grant(answer: line.Answer) -> str:
    found = answer.json()
    return str(found.get("grant") or "") if answer.accepted and isinstance(found, dict) else ""
