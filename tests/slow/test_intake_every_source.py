"""Every source's recorded webhook, from HTTP to a clip that is heard, then changed, then withdrawn.

The routes, beat's and the workers' work, the engine's process, encoding and signing are real; a CMS that has to be
asked answers on 127.0.0.1. What runs in one process here runs in several in test_intake_journey.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import pytest

from tests.parts.factories import Doorbell, make_parts
from tests.parts.queues import ask_cms
from tests.parts.webhooks import (
    NAMES,
    Desk,
    Letter,
    body_of,
    case_of,
    desk,
    make_hook,
    now_ms,
    plain_headers,
    signature,
)
from tts_service.cms.inbox.addresses import hook_path
from tts_service.cms.inbox.cms_api import fetcher
from tts_service.cms.inbox.process import process_due
from tts_service.cms.inbox.staff import EventFacts, list_events
from tts_service.cms.sources.base import Hook
from tts_service.db.tables import JobRow
from tts_service.engines.child.speak import EngineChild
from tts_service.http.client import outbound_of
from tts_service.jobs.lease import claim
from tts_service.jobs.slices import run_slice

pytestmark = pytest.mark.slow

STEPS = ("published", "changed", "withdrawn")
ASKED = {
    "directus": "/items/articles",
    "drupal": "/jsonapi/node/article/2f1c7b9e-4b0a-4d57-9f0e-6a1b2c3d4e5f",
    "strapi": "/api/articles/k3v9d0w1x2y3z4a5b6c7d8e9",
}
"""Where the CMSs that are asked have the recorded article."""
JOURNEYS = [(source, False) for source in NAMES if source != "directus"] + [(source, True) for source in sorted(ASKED)]
EARLIER, LATER = b"thirty people", b"thirty-four people"


@dataclass(slots=True)
class Cms:
    """A CMS's API on this machine."""

    address: str
    has: dict[str, bytes] = field(default_factory=dict)
    """Body by path, without the query."""
    tokens: list[str | None] = field(default_factory=list)
    """What each question was authorised with."""


@pytest.fixture(scope="module")
def cms() -> Iterator[Cms]:
    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.tokens.append(self.headers.get("Authorization"))
            body = made.has.get(self.path.partition("?")[0])
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            """Nothing to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    made = Cms(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def bell() -> Doorbell:
    return Doorbell()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, bell: Doorbell, cms: Cms) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    with desk(make_parts(folder, bell, allow_hosts=cms.address.removeprefix("http://"))) as made:
        yield made


@pytest.fixture(scope="module")
def engine(here: Desk) -> Iterator[EngineChild]:
    with EngineChild(here.parts.settings) as child:
        yield child


def sent(hook: Hook, name: str, *, asked: bool) -> tuple[bytes, dict[str, str]]:
    """A recorded body and its headers, signed as the CMS does it. Strapi asked: one that lacks the text."""
    body = body_of(hook.source, "bare" if asked and hook.source == "strapi" and name != "withdrawn" else name)
    if asked and name == "changed":
        body = body.replace(b"08:30:00.300Z", b"09:10:00.300Z")  # of another minute, so another event
    letter = Letter(secret=hook.secret, body=body, path=hook_path(hook), sent_ms=now_ms(), message_id=f"msg_{name}")
    return body, {**plain_headers(hook.source, name), **signature(hook.source, letter)}


def answer_as(cms: Cms, source: str, name: str) -> None:
    """Let the API have the article as it is at this step."""
    path, recorded = ASKED[source], name
    if source == "directus":
        cms.has[path] = body_of(source, f"{recorded}.api")
        return
    whole = body_of(source, "api")
    cms.has[path] = whole.replace(LATER, EARLIER) if name == "published" else whole


def bring(here: Desk, bell: Doorbell, hook: Hook, name: str, *, asked: bool) -> EventFacts:
    """A webhook through the real route; then what beat does with it, and a worker where the CMS has to be asked."""
    body, headers = sent(hook, name, asked=asked)
    answer = here.client.post(hook_path(hook), content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    process_due(here.parts)
    asking = ask_cms(here.parts, fetcher(outbound_of(here.parts.settings)))
    assert bool(asking) == (asked and not (name == "withdrawn" and hook.source != "directus"))
    return list_events(here.parts.database, limit=1)[0]


def render(here: Desk, bell: Doorbell, engine: EngineChild, event: EventFacts) -> dict[str, Any]:
    """The job of an event, done as a worker does it that was rung for; its clip's description."""
    assert event.outcome
    assert event.outcome[0]["state"] == "queued", event
    job_id = event.outcome[0]["job"]
    with here.parts.database.reading() as session:
        queue = session.get_one(JobRow, job_id).queue
    assert queue in bell.rung
    lease = claim(here.parts, job_id, "a worker of this test")
    assert lease is not None
    assert run_slice(here.parts, engine, lease)
    with here.parts.database.reading() as session:
        clip_id = session.get_one(JobRow, job_id).clip_id
    clip: dict[str, Any] = here.client.get(f"/v1/clips/{clip_id}").json()
    return clip


def seconds(audio: bytes) -> float:
    with av.open(io.BytesIO(audio), format="mp3") as container:
        return sum(frame.samples for frame in container.decode(audio=0)) / container.streams.audio[0].rate


@pytest.mark.parametrize(("source", "asked"), JOURNEYS, ids=[f"{a}{' asked' if b else ''}" for a, b in JOURNEYS])
def test_from_a_webhook_to_a_clip_that_is_heard_changed_and_withdrawn(
    here: Desk, bell: Doorbell, engine: EngineChild, cms: Cms, source: str, asked: bool
) -> None:
    here.cleared()
    cms.tokens.clear()
    case = case_of(source)
    api = {"api_url": cms.address, "api_token": "made-up"} if asked else {}
    hook = make_hook(here.parts, source, **{"language": "en", "voice": "tone:beep", **api})
    heard, clip = [], {}
    for number, name in enumerate(STEPS[:2], 1):
        bell.rung.clear()
        if asked:
            answer_as(cms, source, name)
        clip = render(here, bell, engine, bring(here, bell, hook, name, asked=asked))
        assert (clip["state"], clip["revision"], clip["title"]) == ("ready", number, case["title"])
        audio = here.client.get(f"/v1/clips/{clip['id']}/audio.mp3", follow_redirects=True)
        assert (audio.status_code, audio.url.path) == (200, f"/v1/clips/{clip['id']}/r/{number}/audio.mp3")
        assert abs(seconds(audio.content) * 1000 - clip["duration_ms"]) < 60
        text = here.client.get(f"/v1/clips/{clip['id']}/transcript").text
        assert (LATER if name == "changed" else EARLIER).decode() in text
        heard.append(audio.content)
    assert heard[0] != heard[1]
    found = here.client.get("/v1/clips", params={"url": case["url"]}).json()["clips"]
    assert [one["id"] for one in found] == [clip["id"]]

    bell.rung.clear()
    if asked:
        answer_as(cms, source, "withdrawn")
    event = bring(here, bell, hook, "withdrawn", asked=asked)
    assert event.outcome
    assert event.outcome[0]["state"] == "withdrawn"
    for path in ("", "/audio.mp3", "/live.mp3?r=2", "/r/2/audio.mp3", "/r/1/audio.mp3", "/transcript", "/marks.json"):
        assert here.client.get(f"/v1/clips/{clip['id']}{path}").status_code == 404, path
    # Drupal is asked as a reader who isn't signed in, whatever token the hook has.
    assert set(cms.tokens) <= ({None} if source == "drupal" else {"Bearer made-up"})
    assert bool(cms.tokens) == asked
