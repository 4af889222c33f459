"""axe-core on every page of the staff, in light and dark, wide and on a phone, in English and German."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.measure.doors.jobs import served
from tests.measure.figures import Figure, exact
from tests.parts.barriers import barriers
from tests.parts.desk_case import from_queue_to_correction, reported_case, workplace
from tests.parts.desk_pages import fill
from tests.parts.factories import make_parts
from tests.parts.player_pages import started
from tests.parts.service import running
from tests.parts.staff import signed

SCHEMES, WIDTHS, LANGUAGES = ("light", "dark"), (1280, 390), ("en", "de")


class _Looks:
    """What was found so far."""

    def __init__(self) -> None:
        self.count = 0
        self.barriers: list[str] = []
        self.wide: list[str] = []
        self.keys: set[int] = set()
        """Pressed from the queue to the corrected clip."""

    def look(self, page: Page, name: str) -> None:
        self.count += 1
        self.barriers += [f"{name}: {rule}" for rule, _ in barriers(page)]
        if page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"):
            self.wide.append(name)


def figures() -> Iterator[Figure]:
    """Barriers, pages wider than the screen, and the keys from a case to its corrected clip."""
    looks = _Looks()
    pages = _all_pages(looks)
    _states_of_a_case(looks)
    note = f"{pages} pages and the states of a case, light and dark, {WIDTHS[0]} and {WIDTHS[1]} px, en and de"
    name = "barriers on the staff's pages (axe-core)"
    shown = "; ".join(looks.barriers[:5]) or f"{note}: {looks.count} looks"
    yield exact(name, len(looks.barriers), target=0, sense="=", note=shown)
    yield exact(
        "pages wider than the screen", len(looks.wide), target=0, sense="=", note="; ".join(looks.wide[:5]) or note
    )
    note = "opened, heard, weighed and accepted by keyboard; the respelling's own letters don't count"
    yield exact("key presses from the queue to a corrected clip", max(looks.keys), target=8, sense="≤", note=note)


def _all_pages(looks: _Looks) -> int:
    with tempfile.TemporaryDirectory() as folder:
        parts = make_parts(Path(folder))
        pages = fill(parts)
        name, _, value = signed(parts).headers["Cookie"].partition("=")
        with served(parts) as url, started() as browser:
            for scheme, width, language in product(SCHEMES, WIDTHS, LANGUAGES):
                context = browser.new_context(**_options(scheme, width, language))
                context.add_cookies([{"name": name, "value": value, "url": url}])
                page = context.new_page()
                for shown, path in pages.items():
                    page.goto(url + path)
                    page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")
                    looks.look(page, f"{shown} {scheme} {width} {language}")
                context.close()
        return len(pages)


def _states_of_a_case(looks: _Looks) -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "d", warm_voices="") as service:
        for scheme, width, language in product(SCHEMES, WIDTHS, LANGUAGES):
            site = f"desk-{scheme}-{width}-{language}"
            reported_case(service, site)
            with started() as browser, workplace(browser, service, **_options(scheme, width, language)) as seat:
                for state in from_queue_to_correction(seat, site):
                    looks.look(seat.page, f"{state} {scheme} {width} {language}")
                    if state == "keys":
                        before = seat.pressed + 1  # Escape, which closes the list of keys
                    if state == "corrected":
                        looks.keys.add(seat.pressed - before)


def _options(scheme: str, width: int, language: str) -> dict[str, Any]:
    return {"color_scheme": scheme, "viewport": {"width": width, "height": 800}, "locale": language}
