"""Points of the compass by their letters, where a word shows them: "al SO de", "vents de N.-E.", "venti da NE"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tts_service.speakable.rules import Rule, rule, word_before, words_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Compass:
    """How a language names and leads them."""

    north: str
    south: str
    east: str
    west: str
    west_letter: str
    joint: str
    """Between two of them: "nord-est", "noroeste"."""
    joined: dict[str, str]
    """Pairs that aren't their parts."""
    leads: frozenset[str]
    winds: frozenset[str]
    """A letter alone is a direction only near one of these."""


def compass_rules(compass: Compass) -> Iterator[Rule]:
    """One to three letters, with dots and hyphens between them or not."""
    west = compass.west_letter
    names = {"N": compass.north, "S": compass.south, "E": compass.east, west: compass.west}

    def say(match: re.Match[str]) -> str | None:
        letters = "".join(filter(str.isalpha, match.group()))
        near = bool(compass.winds & set(words_before(match, 8)))
        led = word_before(match).lower().rpartition("'")[2] in compass.leads
        if not led or (len(letters) != 2 and not near):
            return None
        if not near and match.string[match.end() : match.end() + 1] == ".":
            return None
        pair = compass.joined.get(letters[-2:]) or compass.joint.join(names[letter] for letter in letters[-2:])
        return compass.joint.join([names[letter] for letter in letters[:-2]] + [pair])

    dot = r"\.?-?"
    letters = rf"[NS]{dot}(?:[NS]?{dot}[E{west}])?|[E{west}](?:{dot}[NS]{dot}[E{west}])?"
    yield rule("direction", "letter", rf"(?:{letters})(?![\w'’&/-])(?:\.(?=\s[a-zà-ÿ]|,))?", say)
