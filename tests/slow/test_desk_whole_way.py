"""The whole way, in a real browser with real voices: an article, a listener's report at a word, the desk, the corrected
clip, the listener's answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from tests.parts import browser as chromium
from tests.parts.player_pages import Seat, clip_of
from tests.parts.service import Running, until
from tts_service.access.sessions import open_session
from tts_service.access.staff import add_person
from tts_service.audio.decode import decoded
from tts_service.db.session import Database

pytestmark = [pytest.mark.slow, chromium.NEEDED]

WORD = "Adeyemi"
RESPELLING = "Adda Yemmy"
ARTICLE = {
    "site": "whole-way",
    "id": "1",
    "title": "Crane driver retires",
    "language": "en",
    "text": "The crane on the east quay stands still. On Friday, Tom Adeyemi climbed down for the last time. "
    "His daughter waited below with a cake.",
}
OTHER = {**ARTICLE, "id": "2", "title": "Quay opens", "text": "The quay is open again. Ask Mr Adeyemi for a tour."}
FRAME_MS = 20
RATE_HZ = 22_050


class KeyCount:
    """A keyboard that counts what is pressed."""

    def __init__(self, page: Page) -> None:
        self._page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)
        self.pressed += 1


@pytest.fixture
def staff_page(browser: Browser, service: Running) -> Page:
    """The browser of an editor, signed in."""
    database = Database(f"sqlite:///{service.data / 'tts.sqlite3'}")
    editor = add_person(database, "editor@whole-way.example", "staff", "test", ["whole-way"])
    token = open_session(database, editor.id, "link", "test browser")
    database.close()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "tts_staff", "value": token, "url": service.url}])
    return context.new_page()


def described(service: Running, clip: str, path: str = "") -> Any:
    with service.client() as client:
        return client.get(f"/v1/clips/{clip}{path}").raise_for_status().json()


def sound(service: Running, clip: str, revision: int, folder: Path) -> NDArray[np.float64]:
    """The published MP3 of a revision, decoded: mono, -1 to 1."""
    path = folder / f"{clip}-{revision}.mp3"
    with service.client() as client:
        path.write_bytes(client.get(f"/v1/clips/{clip}/r/{revision}/audio.mp3").raise_for_status().content)
    return np.concatenate(list(decoded(path, RATE_HZ))).astype(float)


def spectrum(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log power in 24 bands per frame, as an ear would compare two takes; the level itself is taken out."""
    size = RATE_HZ * FRAME_MS // 1000
    frames = samples[: len(samples) // size * size].reshape(-1, size) * np.hanning(size)
    power = np.abs(np.fft.rfft(frames)) ** 2
    bands = np.array_split(power, 24, axis=1)
    loud = np.log10(np.stack([band.sum(axis=1) for band in bands], axis=1) + 1e-9)
    return loud - loud.mean()


def unlike(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """How different two stretches sound: the mean distance along their best alignment (dynamic time warping)."""
    a, b = spectrum(one), spectrum(other)
    cost = np.linalg.norm(a[:, None] - b[None], axis=2)
    total = np.full((len(a) + 1, len(b) + 1), np.inf)
    total[0, 0] = 0
    for row in range(len(a)):
        for column in range(len(b)):
            before = min(total[row, column], total[row, column + 1], total[row + 1, column])
            total[row + 1, column + 1] = cost[row, column] + before
    return float(total[-1, -1] / (len(a) + len(b)))


def test_from_the_listeners_report_to_the_corrected_word(
    seat: Seat, staff_page: Page, service: Running, tmp_path: Path
) -> None:
    clip, other = clip_of(service, ARTICLE, voice=None), clip_of(service, OTHER, voice=None)
    before = described(service, clip, "/r/1/marks.json")
    sentence = next(n for n, said in enumerate(before["sentences"]) if WORD in said["text"])
    word = next(n for n, said in enumerate(before["sentences"][sentence]["words"]) if WORD in said["text"])

    # The listener hears the name and reports it at the word.
    seat.open(f"/listen/{clip}")
    seat.ask("player.needMarks()")
    seat.wait("player.marks.sentences.length > 2")
    seat.ask("player.goTo(player.marks.sentences[given].start_ms / 1000 + 0.15)", sentence)
    seat.page.get_by_role("link", name="Send feedback").click()
    seat.page.locator(f"dialog button[data-word='{word}']").click()
    seat.page.get_by_label("A word is pronounced wrongly").check()
    seat.press("Send")
    expect(seat.page.get_by_text("Reference: R-")).to_be_visible()
    reference = seat.page.get_by_text("Reference: R-").inner_text().split("Reference: ")[1].split()[0].rstrip(".")

    # The editor finds it on the desk and corrects it, by keyboard alone.
    staff_page.goto(f"{service.url}/staff")
    expect(staff_page.get_by_role("link", name=WORD, exact=True)).to_be_visible()
    keys = KeyCount(staff_page)
    expect(staff_page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()
    staff_page.keyboard.press("j")
    staff_page.keyboard.press("Enter")
    expect(staff_page.get_by_role("heading", level=1)).to_contain_text(WORD)
    expect(staff_page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()  # the page's script has run
    keys.press("a")
    staff_page.keyboard.type(RESPELLING)
    keys.press("Enter")
    expect(staff_page.locator("#outcome[data-step=heard]")).to_be_visible(timeout=30_000)
    keys.press("Enter")
    expect(staff_page.locator("#outcome[data-step=impact]")).to_contain_text("2 articles", timeout=30_000)
    keys.press("Enter")
    expect(staff_page.get_by_role("heading", level=1)).to_contain_text("corrected", timeout=30_000)
    assert keys.pressed <= 8

    def corrected(of: str) -> bool:
        return bool(described(service, of)["revision"] == 2)

    until(lambda: corrected(clip) and corrected(other), 60, "both clips are corrected")

    # Only the reported sentence was spoken again; its word sounds different, and nothing else does.
    after = described(service, clip, "/r/2/marks.json")
    old, new = sound(service, clip, 1, tmp_path), sound(service, clip, 2, tmp_path)

    def heard(marks: Any, samples: NDArray[np.float64], said: int, at: int | None = None) -> NDArray[np.float64]:
        place = marks["sentences"][said] if at is None else marks["sentences"][said]["words"][at]
        return samples[int(place["start_ms"] * RATE_HZ / 1000) : int(place["end_ms"] * RATE_HZ / 1000)]

    unchanged = [
        unlike(heard(before, old, n), heard(after, new, n)) for n in range(len(after["sentences"])) if n != sentence
    ]
    changed = unlike(heard(before, old, sentence, word), heard(after, new, sentence, word))
    assert changed > 2 * max(unchanged)
    assert "adda yemmy" in after["sentences"][sentence]["words"][word]["spoken"].lower()

    # The listener can see it, and so can everybody.
    page = seat.page
    page.goto(f"{service.url}/feedback/{reference}")
    expect(page.locator("main")).to_contain_text("orrected")
    page.goto(f"{service.url}/about/{clip}")
    expect(page.locator("main")).to_contain_text(WORD)
