"""axe-core on every page of the staff, in light and dark, wide and on a phone, in English and German."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from tests.measure.doors.jobs import served
from tests.measure.figures import Figure, exact
from tests.parts.barriers import barriers
from tests.parts.desk_pages import fill
from tests.parts.factories import make_parts
from tests.parts.player_pages import started
from tests.parts.staff import signed

SCHEMES, WIDTHS, LANGUAGES = ("light", "dark"), (1280, 390), ("en", "de")


def figures() -> Iterator[Figure]:
    """Barriers, and pages wider than the screen."""
    found, wide, looked_at = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        parts = make_parts(Path(folder))
        pages = fill(parts)
        name, _, value = signed(parts).headers["Cookie"].partition("=")
        with served(parts) as url, started() as browser:
            for scheme, width, language in product(SCHEMES, WIDTHS, LANGUAGES):
                look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}, "locale": language}
                context = browser.new_context(**look)  # type: ignore[arg-type]
                context.add_cookies([{"name": name, "value": value, "url": url}])
                page = context.new_page()
                for shown, path in pages.items():
                    page.goto(url + path)
                    page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")
                    looked_at += 1
                    found += [f"{shown} {scheme} {width} {language}: {rule}" for rule, _ in barriers(page)]
                    if page.evaluate("() => document.documentElement.scrollWidth") > width:
                        wide.append(f"{shown} {width} {language}")
                context.close()
    note = f"{len(pages)} pages, light and dark, {WIDTHS[0]} and {WIDTHS[1]} px, en and de: {looked_at} looks"
    yield exact(
        "barriers on the staff's pages (axe-core)",
        len(found),
        target=0,
        sense="=",
        note="; ".join(found[:5]) or note,
    )
    yield exact("pages wider than the screen", len(wide), target=0, sense="=", note="; ".join(wide[:5]) or note)
