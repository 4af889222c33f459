"""A case at the desk in a browser: an admin's workplace, and the states that a case's page goes through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.parts.service import Running
from tts_service.access.sessions import open_session
from tts_service.access.staff import operator
from tts_service.db.session import Database
from tts_service.settings import Settings


@dataclass(slots=True)
class Workplace:
    """A browser in which an admin is signed in."""

    page: Page
    service: Running
    pressed: int = 0
    """Keys, typing aside."""
    errors: list[str] = field(default_factory=list)
    expected: str = "no error is expected"
    """What the console says about answers that a test asks for."""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1
            self.page.keyboard.press(key)

    def open(self, path: str) -> None:
        self.page.goto(self.service.url + path)

    def row(self, word: str) -> Locator:
        return self.page.locator("#queue tbody tr", has=self.page.get_by_role("link", name=word, exact=True))


@contextmanager
def workplace(browser: Browser, service: Running, **options: Any) -> Iterator[Workplace]:
    database = Database(Settings(_env_file=None, data_dir=service.data).database)
    token = open_session(database, operator(database, "test").id, "link", "test browser")
    database.close()
    context = browser.new_context(**options)
    context.add_cookies([{"name": "tts_staff", "value": token, "url": service.url}])
    made = Workplace(context.new_page(), service)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    made.page.on("console", lambda said: made.errors.append(said.text) if said.type == "error" else None)
    yield made
    context.close()
    assert [one for one in made.errors if made.expected not in one] == []


def publish(service: Running, site: str, name: str, text: str) -> str:
    """An article; its clip once it is ready."""
    article = {"site": site, "id": name, "title": f"About {name}", "language": "en", "text": text}
    job = service.ended(service.post(article, voice="pyttsx3:en-us")["id"])
    assert job["state"] == "succeeded", job
    return str(job["clip"]["id"])


def report(service: Running, clip: str, word: str, comment: str = "") -> None:
    """What a listener's player sends at a word."""
    with service.client() as client:
        known = client.get(f"/v1/clips/{clip}").json()
        sentences = client.get(f"/v1/clips/{clip}/marks.json", follow_redirects=True).json()["sentences"]
        place = next((s, n) for s in sentences for n, w in enumerate(s["words"]) if w["text"].strip(".,") == word)
        body = {
            "clip": clip,
            "revision": known["revision"],
            "category": "pronunciation",
            "comment": comment,
            "position_ms": round(sum(place[0]["words"][place[1]][end] for end in ("start_ms", "end_ms")) / 2),
            "token": place[1],
            "clip_token": known["feedback_token"],
        }
        answer = client.post("/v1/feedback", json=body)
    assert answer.status_code == 201, answer.text


def reported_case(service: Running, site: str) -> None:
    """A case about a long word, with a comment that is hard to show."""
    text = "The Donaudampfschifffahrtsgesellschaft is open. Nobody met a heron."
    clip = publish(service, site, "barrier", text)
    report(service, clip, "Donaudampfschifffahrtsgesellschaft", "<b>bold</b> \u202eevil " + "Wort" * 50)


def from_queue_to_correction(seat: Workplace, site: str) -> Iterator[str]:
    """Go from the queue of a site with one new case to its correction. Yields the name of each state that is shown."""
    page = seat.page
    seat.open(f"/staff?site={site}")
    yield "queue"
    seat.press("?")
    yield "keys"
    seat.press("Escape", "j", "a")
    page.wait_for_url("**/staff/cases/*")
    page.locator("#elsewhere a").wait_for(state="detached")
    yield "case"
    page.locator("input[name=way][value=ipa]").check()
    page.locator("#ipa").fill("ˈdoːnaʊǃ")
    expect(page.locator("#ipa-check p")).to_be_visible()
    yield "IPA"
    page.locator("input[name=way][value=alias]").check()
    page.locator("#alias").fill("Donau")
    seat.press("Enter")
    expect(page.locator("#after")).to_be_visible()
    yield "heard"
    seat.press("Enter")
    expect(page.locator("#impact")).to_be_visible()
    yield "impact"
    seat.press("Enter")
    expect(page.locator("#correction:not([data-running]) .state")).to_be_visible(timeout=20_000)
    yield "corrected"
    page.locator("#correction form a").first.click()
    page.wait_for_url("**/staff/corrections/*")
    yield "correction"
