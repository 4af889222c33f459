"""Decides whether a page title matches the visible headline despite an added site name or truncation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from tts_service.article.clean import one_line
from tts_service.article.furniture import bare, same_headline
from tts_service.values import WebAddress

MAX_TITLE = 400
"""Maximum characters of a title that are compared."""
MAX_PARTS = 8
LONG = 20
"""Minimum characters of a title part for an approximate match with the headline."""
MIN_CUT = 10
"""Minimum characters of a truncated title."""
MIN_HOST = 5
"""Minimum characters of a host name to look for in a site name."""
_DIVIDER = re.compile(r"\s+[|·•»«›‹:/~⋆–—−-]{1,3}\s+|:\s+|\s*[|»«•]\s*")
_CUT = re.compile(r"\s?(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")


def names_headline(title: str, shown: str, *, at_beginning: bool = False) -> bool:
    """Whether a title matches this headline, allowing for a site name, truncation or a missing subtitle.

    Only for headings in the headline's position: a chapter heading may equal part of the title.

    Args:
        title: the title of the article in the page's metadata or the CMS.
        shown: a visible heading.
        at_beginning: require the title to start with the heading.
    """
    place = _place_in(title, shown)
    return place == 0 or (place is not None and not at_beginning)


def headline_among(
    titles: Iterable[str], own: Iterable[str], others: Iterable[str], chapters: Iterable[str]
) -> str | None:
    """The heading that matches a page's titles.

    Args:
        titles: titles from the page's metadata.
        own: level 1 headings inside the article element.
        others: level 1 headings anywhere on the page.
        chapters: level 2 headings.
    """
    titles = list(titles)
    if inside := _placed(titles, own):
        return min(inside, key=lambda pair: pair[0])[1]
    anywhere = _placed(titles, others)
    # A site name marked as a heading precedes the headline; if it is the only h1, the headline may be an h2.
    if len({line for _, line in anywhere}) > 1 or (anywhere and anywhere[0][0] == 0):
        return anywhere[-1][1]
    first = [line for place, line in _placed(titles, chapters) if place == 0]
    return first[0] if first else anywhere[0][1] if anywhere else None


def without_site(title: str, sites: Iterable[str], address: str | None) -> str:
    """A title with a known site name removed from its start or end.

    Args:
        title: the page's title.
        sites: the site's names.
        address: the page's address, whose host often contains the site's name.
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
    """(position, heading) of the headings found in a title, with their best position."""
    titles = list(titles)
    found = []
    for line in headings:
        places = [place for title in titles if (place := _place_in(title, line)) is not None]
        found += [(min(places), line)] if places else []
    return found


def _place_in(title: str, shown: str) -> int | None:
    """Position of a heading in a title: 0 at the start, 1 later; None if absent."""
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
    """Whether a title part equals the heading, a truncated form of it, or the heading without its subtitle."""
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
