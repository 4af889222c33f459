"""Loss check: an independent plain-text walk over the source that finds text missing from the pieces.

Parsers silently drop text: nested too deep, after an unclosed comment or tag. This walk knows only tags, comments and
entities; it runs in linear time at any depth.
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
"""Maximum characters of lost text shown."""
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_QUOTE_OR_END = re.compile("[>\"']")
_UNSEEN = NO_TEXT | {"title"}
_DIVIDES = BREAKS | frozenset(HIDDEN_TEXT) | {"br", "pre"}
_CLOSES = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in _UNSEEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Source text that no piece contains."""

    characters: int = 0
    """Number of letters and digits lost."""
    sample: str = ""
    """The approximate beginning of the lost text."""
    reason: str = ""


NOTHING = Lost()


def lost_text(walked: str, read: Iterable[str], reason: str) -> Lost:
    """Text of the walk missing from the read pieces, compared by counts of letters and digits in any order."""
    read = list(read)
    found = _letters(" ".join(read))
    missing = _letters(walked) - found
    characters = missing.total()
    return Lost(characters=characters, sample=_sample(walked, read), reason=reason) if characters else NOTHING


def _letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, unicodedata.normalize("NFKD", clean(text)[0])))


def _sample(walked: str, read: Iterable[str]) -> str:
    """The first line with words missing from the read pieces, from the first such word on."""
    remaining = Counter(word for text in read for word in text.split())
    for line in clean(walked)[0].splitlines():
        words = line.split()
        for number, word in enumerate(words):
            if not remaining[word]:
                return " ".join(words[number : number + 40])[:MAX_SAMPLE]
            remaining[word] -= 1
    return ""


def text_of_html(source: str) -> str:
    """Text of an HTML source from the plain walk; block elements become line ends."""
    return "".join(_walk(source))


def _walk(source: str) -> Iterator[str]:
    ends = _Ends(source)
    place = 0
    while (opened := source.find("<", place)) >= 0:
        yield unescape(source[place:opened])
        place = opened + 1
        if source.startswith("!--", place):
            # To a parser an unclosed comment hides the rest; here it is text, so that the loss is reported.
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
    """Finds closing marks in a source. A mark found missing is not searched again, so that the walk stays linear."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.gone: dict[str, int] = {}
        self.broken = False
        """A tag with an unclosed quotation mark was seen."""

    def behind(self, mark: str, place: int) -> int:
        """Position after the next `mark`; 0 if there is none."""
        if place >= self.gone.get(mark, len(self.source) + 1):
            return 0
        found = self.source.find(mark, place)
        if found < 0:
            self.gone[mark] = place
            return 0
        return found + len(mark)

    def closing(self, tag: str, place: int) -> int:
        """Position of the next closing tag of this name; 0 if there is none."""
        if place >= self.gone.get(tag, len(self.source) + 1):
            return 0
        found = _CLOSES[tag].search(self.source, place)
        if found is None:
            self.gone[tag] = place
            return 0
        return found.start()


def _behind_tag(source: str, place: int, ends: _Ends) -> int:
    """Position after the tag's end, skipping quoted attributes; 0 if it is never closed."""
    first = ends.behind(">", place)
    if not first or ends.broken:
        return first
    while found := _QUOTE_OR_END.search(source, place):
        if found.group() == ">":
            return found.end()
        place = ends.behind(found.group(), found.end())
        if not place:
            break
    # After an unclosed quote, ignore quotes: otherwise every tag would search the whole source.
    ends.broken = True
    return first


def long_words(text: str) -> Counter[str]:
    """Counts of the words of four or more letters, for comparing two renderings of the same text."""
    return Counter(re.findall(r"[^\W\d_]{4,}", text))
