"""Decides whether a title means the visible headline, with a site name appended, or truncated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from tts_service.article.clean import one_line
from tts_service.article.furniture import bare, same_headline
from tts_service.values import WebAddress

MAX_TITLE = 400
"""Characters of a title that are compared."""
MAX_PARTS = 8
LONG = 20
"""Characters from which on a part of a title may differ a little from the headline."""
MIN_CUT = 10
"""Characters that a title that was cut needs before it counts."""
MIN_HOST = 5
"""Characters of a site's host that are looked for in its name."""
_DIVIDER = re.compile(r"\s+[|·•»«›‹:/~⋆–—−-]{1,3}\s+|:\s+|\s*[|»«•]\s*")
_CUT = re.compile(r"\s?(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")


def names_headline(title: str, shown: str, *, at_beginning: bool = False) -> bool:
    """Whether a title names this headline, though it may have a site's name around it, be cut, or lack a subtitle.

    Only for what stands in a headline's place: a chapter may well be called like a part of the title.

    Args:
        title: what the page, or its CMS, calls the article.
        shown: a heading that readers see.
        at_beginning: the title has to begin with it.
    """
    place = _place_in(title, shown)
    return place == 0 or (place is not None and not at_beginning)


def headline_among(
    titles: Iterable[str], own: Iterable[str], others: Iterable[str], chapters: Iterable[str]
) -> str | None:
    """The heading that a page's titles name.

    Args:
        titles: what the page calls itself.
        own: its headings of the first level within the article.
        others: those anywhere.
        chapters: those of the second level.
    """
    titles = list(titles)
    if inside := _placed(titles, own):
        return min(inside, key=lambda pair: pair[0])[1]
    anywhere = _placed(titles, others)
    # A site's name as a heading stands before the article's; one alone may leave the headline to the second level.
    if len({line for _, line in anywhere}) > 1 or (anywhere and anywhere[0][0] == 0):
        return anywhere[-1][1]
    first = [line for place, line in _placed(titles, chapters) if place == 0]
    return first[0] if first else anywhere[0][1] if anywhere else None


def without_site(title: str, sites: Iterable[str], address: str | None) -> str:
    """A title without the site's name before or after it, where that is known.

    Args:
        title: what the page calls itself.
        sites: what the site calls itself.
        address: the page's address; its host often holds the site's name.
    """
    dividers = list(_DIVIDER.finditer(title[:MAX_TITLE]))[:MAX_PARTS]
    names = {bare(site) for site in sites}
    if dividers and _is_site(title[dividers[-1].end() :], names, address):
        return title[: dividers[-1].start()].strip()
    if dividers and _is_site(title[: dividers[0].start()], names, address):
        return title[dividers[0].end() :].strip()
    return title


def _is_site(part: str, names: set[str], address: str | None) -> bool:
    name = bare(part)
    read = WebAddress.read(address)
    host = read.readable_host if read else ""
    label = max(host.split("."), key=len).replace("-", "") if host else ""
    return name in names or (len(label) >= MIN_HOST and name.replace(" ", "") in (label, f"the{label}"))


def _placed(titles: Iterable[str], headings: Iterable[str]) -> list[tuple[int, str]]:
    """The headings that stand in a title, each with the best place it has in one."""
    titles = list(titles)
    found = []
    for line in headings:
        places = [place for title in titles if (place := _place_in(title, line)) is not None]
        found += [(min(places), line)] if places else []
    return found


def _place_in(title: str, shown: str) -> int | None:
    """Where a heading stands in a title: 0 at its beginning, 1 behind something else; None: nowhere."""
    title, shown = (one_line(unescape(text[:MAX_TITLE])) for text in (title, shown))
    heading = bare(shown)
    if not heading or not bare(title):
        return None
    cuts = [(match.start(), match.end()) for match in _DIVIDER.finditer(title)][:MAX_PARTS]
    for place, parts in ((0, [title, *(title[:start] for start, _ in cuts)]), (1, [title[end:] for _, end in cuts])):
        if any(_is_same(part, shown, heading) for part in parts):
            return place
    if not same_headline(title, shown):
        return None
    return 1 if bare(title).endswith(f" {heading}") else 0


def _is_same(part: str, shown: str, heading: str) -> bool:
    """Whether a part of a title is the heading, its cut beginning, or its beginning before a subtitle."""
    name = bare(part)
    if not name:
        return False
    if name == heading:
        return True
    if len(name) >= LONG and same_headline(part, shown) and not name.endswith(f" {heading}"):
        return True
    if _CUT.search(part) and len(name) >= MIN_CUT:
        return heading.startswith(name)
    return len(name) >= MIN_CUT and heading.startswith(f"{name} ")
