"""From a CMS's webhook to a clip that plays, changed, withdrawn: the whole service, in three CMSs' own words; and the
one insert on PostgreSQL."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest

from tests.parts.factories import delete_all_rows, make_parts
from tests.parts.service import Running, until
from tests.parts.webhooks import NAMES, case_of, delivery_of, make_hook, now_ms
from tts_service.cms.inbox.addresses import add_hook, options_from, remove_hook
from tts_service.cms.inbox.process import process_due
from tts_service.cms.inbox.receive import Inbox
from tts_service.cms.inbox.staff import EventFacts, event_facts, list_events
from tts_service.cms.sources.base import Hook
from tts_service.db.session import Database
from tts_service.errors import NotFound
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

VOICES = {"ghost": "pyttsx3:en-us", "wordpress": "tone:beep", "contentful": "tone:beep"}


@pytest.fixture(scope="module")
def database(service: Running) -> Iterator[Database]:
    found = Database(f"sqlite:///{service.data / 'tts.sqlite3'}")
    yield found
    found.close()


def bring(service: Running, database: Database, hook: Hook, name: str) -> EventFacts:
    """A recorded webhook, posted as the CMS does it; the event once beat has done it."""
    made = delivery_of(hook, name, message_id=name)
    with service.client() as client:
        answer = client.post(made.path, content=made.body, headers=dict(made.headers))
    assert answer.status_code == 202, answer.text
    assert answer.elapsed.total_seconds() < 10
    event_id = answer.json()["event"]
    until(lambda: event_facts(database, event_id).state != "received", 20, "beat did the event")
    return event_facts(database, event_id)


def rendered(service: Running, event: EventFacts) -> dict[str, Any]:
    """The clip of an event's job, once it is finished."""
    assert event.outcome
    assert event.outcome[0]["state"] == "queued", event
    job = service.ended(event.outcome[0]["job"])
    assert job["state"] == "succeeded", job
    with service.client() as client:
        clip: dict[str, Any] = client.get(f"/v1/clips/{job['clip']['id']}").json()
    return clip


def seconds(audio: bytes) -> float:
    with av.open(io.BytesIO(audio), format="mp3") as container:
        return sum(frame.samples for frame in container.decode(audio=0)) / container.streams.audio[0].rate


@pytest.mark.parametrize("source", sorted(VOICES))
def test_from_a_webhook_to_a_playing_clip_changed_and_withdrawn(
    service: Running, database: Database, source: str
) -> None:
    case = case_of(source)
    options = options_from(case.get("options", {}) | {"voice": VOICES[source], "language": "en"})
    hook = add_hook(database, source, f"site-{source}", options)

    first = rendered(service, bring(service, database, hook, "published"))
    assert (first["state"], first["revision"], first["title"]) == ("ready", 1, case["title"])
    with service.client() as client:
        audio = client.get(f"/v1/clips/{first['id']}/audio.mp3", follow_redirects=True).content
        assert abs(seconds(audio) * 1000 - first["duration_ms"]) < 60
        assert "thirty people" in client.get(f"/v1/clips/{first['id']}/transcript").text
        found = client.get("/v1/clips", params={"url": case["url"]}).json()["clips"]
        assert first["id"] in [clip["id"] for clip in found]

    second = rendered(service, bring(service, database, hook, "changed"))
    assert (second["id"], second["revision"]) == (first["id"], 2)
    with service.client() as client:
        assert "thirty-four people" in client.get(f"/v1/clips/{first['id']}/transcript").text

    event = bring(service, database, hook, "withdrawn")
    assert event.outcome
    assert event.outcome[0]["state"] == "withdrawn"
    with service.client() as client:
        for path in ("", "/audio.mp3", "/live.mp3?r=2", "/r/2/audio.mp3", "/r/1/audio.mp3", "/transcript"):
            assert client.get(f"/v1/clips/{first['id']}{path}").status_code == 404, path


def test_an_event_whose_cms_has_to_be_asked_reaches_a_worker(service: Running, database: Database) -> None:
    # The address is on this machine, which is never called: what counts is that a worker tried, and why it stopped.
    options = options_from({"api_url": "http://127.0.0.1:9", "api_token": "made-up"})
    hook = add_hook(database, "directus", "site-directus", options)
    made = delivery_of(hook, "published")
    with service.client() as client:
        event_id = client.post(made.path, content=made.body, headers=dict(made.headers)).json()["event"]
    until(lambda: event_facts(database, event_id).state == "failed", 30, "a worker tried")
    assert "address_refused" in event_facts(database, event_id).reason


# --- PostgreSQL ---


@pytest.fixture
def on_postgresql(tmp_path: Path, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


def test_events_are_kept_once_and_done_on_postgresql(on_postgresql: Parts) -> None:
    parts, inbox = on_postgresql, Inbox(on_postgresql)
    for source in NAMES:
        hook = make_hook(parts, source)
        letter = delivery_of(hook, "published")
        assert inbox.take_in(source, hook.id, letter).state == "received"
        again = "received" if source == "directus" else "duplicate"  # every delivery of Directus counts
        assert inbox.take_in(source, hook.id, letter).state == again
        assert inbox.take_in(
            source, hook.id, delivery_of(hook, "changed", sent_ms=now_ms() + 1, message_id="b")
        ).event_id
        remove_hook(parts.database, hook.id)
        with pytest.raises(NotFound):
            inbox.take_in(source, hook.id, delivery_of(hook, "withdrawn", message_id="c"))
    process_due(parts, budget_s=60)
    states = {event.state for event in list_events(parts.database, limit=100)}
    assert states == {"failed", "refused"}  # their hooks were removed meanwhile

    hook = make_hook(parts, "ghost")
    for name in ("published", "changed", "withdrawn"):
        inbox.take_in("ghost", hook.id, delivery_of(hook, name))
    process_due(parts, budget_s=60)
    newest = list_events(parts.database, limit=3)
    assert [(event.outcome or [{}])[0]["state"] for event in newest] == ["withdrawn", "queued", "queued"]
