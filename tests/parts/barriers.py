"""axe-core on a page: what keeps people out, by WCAG 2.2 AA and best practice."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Describing every element that is fine as well takes two thirds of the time.
    "resultTypes": ["violations"],
}


def barriers(page: Page) -> list[tuple[str, list[str]]]:
    """Each rule that is broken, with the elements that break it."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found]
