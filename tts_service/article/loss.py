"""Loss check: an independent plain walk over the source that finds text no piece holds.

Parsers drop text without a word: nested too deep, behind a comment or a tag that never ends. The walk here knows
nothing of HTML's rules but tags, comments and entities; it is linear, and takes any depth.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from tts_service.article.clean import clean
from tts_service.article.elements import BREAKS, HIDDEN_TEXT, NO_TEXT

MAX_SAMPLE = 200
"""Characters of lost text shown."""
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_QUOTE_OR_END = re.compile("[>\"']")
_UNSEEN = NO_TEXT | {"title"}
_DIVIDES = BREAKS | frozenset(HIDDEN_TEXT) | {"br", "pre"}
_CLOSES = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in _UNSEEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Text of the source that no piece holds."""

    characters: int = 0
    """Letters and digits of it."""
    sample: str = ""
    """Its beginning, about."""
    reason: str = ""


NOTHING = Lost()


def lost_text(walked: str, read: Iterable[str], reason: str) -> Lost:
    """What of the walked text is in none of the read ones, counted by letters and digits, in whatever order."""
    read = list(read)
    held = _letters(" ".join(read))
    missing = _letters(walked) - held
    characters = missing.total()
    return Lost(characters=characters, sample=_sample(walked, read), reason=reason) if characters else NOTHING


def _letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, unicodedata.normalize("NFD", clean(text)[0])))


def _sample(walked: str, read: Iterable[str]) -> str:
    """The first line with words that nothing read holds, from the first such word on."""
    held = Counter(word for text in read for word in text.split())
    for line in clean(walked)[0].splitlines():
        words = line.split()
        for number, word in enumerate(words):
            if not held[word]:
                return " ".join(words[number : number + 40])[:MAX_SAMPLE]
            held[word] -= 1
    return ""


def text_of_html(source: str) -> str:
    """The text of an HTML source as a plain walk finds it; elements that divide text are line ends."""
    return "".join(_walk(source))


def _walk(source: str) -> Iterator[str]:
    ends = _Ends(source)
    place = 0
    while (opened := source.find("<", place)) >= 0:
        yield unescape(source[place:opened])
        place = opened + 1
        if source.startswith("!--", place):
            # A comment that never ends hides the rest from a parser: here it is text, and so it is reported.
            place = max(place, ends.behind("-->", opened + 2))
        elif name := _NAME.match(source, opened):
            tag = name.group(1).lower()
            behind = _behind_tag(source, name.end(), ends)
            if behind and tag in _UNSEEN and source[place] != "/":
                closing = ends.closing(tag, behind)
                behind = closing if closing else behind
            place = behind or place
            yield "\n" if tag in _DIVIDES else ""
        elif source.startswith(("!", "?", "/"), place):
            place = ends.behind(">", place) or place
        else:
            yield "<"
    yield unescape(source[place:])


class _Ends:
    """Where things end in a source; what ends nowhere is looked for only once, so that all looking stays linear."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.gone: dict[str, int] = {}
        self.broken = False
        """A tag's quotes never ended."""

    def behind(self, mark: str, place: int) -> int:
        """The place behind the next `mark`; 0 when there is none."""
        if place >= self.gone.get(mark, len(self.source) + 1):
            return 0
        found = self.source.find(mark, place)
        if found < 0:
            self.gone[mark] = place
            return 0
        return found + len(mark)

    def closing(self, tag: str, place: int) -> int:
        """The place of the next closing tag of this name; 0 when there is none."""
        if place >= self.gone.get(tag, len(self.source) + 1):
            return 0
        found = _CLOSES[tag].search(self.source, place)
        if found is None:
            self.gone[tag] = place
            return 0
        return found.start()


def _behind_tag(source: str, place: int, ends: _Ends) -> int:
    """The place behind a tag's end, quoted attributes passed over; 0 when it never ends."""
    first = ends.behind(">", place)
    if not first or ends.broken:
        return first
    while found := _QUOTE_OR_END.search(source, place):
        if found.group() == ">":
            return found.end()
        place = ends.behind(found.group(), found.end())
        if not place:
            break
    # A quote is left open somewhere: from here on quotes mean nothing, or each tag would search the whole source.
    ends.broken = True
    return first


def words_of(text: str) -> Counter[str]:
    """Words of four letters and more: what a comparison of two writings of one text goes by."""
    return Counter(re.findall(r"[^\W\d_]{4,}", text))
