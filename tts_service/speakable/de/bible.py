"""German references to the Bible: `1 Kor 13,4-8`, `Psalm 23,1`."""

from __future__ import annotations

import re

from tts_service.speakable import numerals
from tts_service.speakable.de.grammar import ordinal
from tts_service.speakable.rules import Rule, any_of, rule
from tts_service.speakable.tables import rows

_BOOKS = {short: book for written, book in rows("de", "bible") for short in written.split(", ")}


def bible_rule() -> Rule:
    """The book and its chapter where a verse follows; the comma is a pause, the verses are numbers."""

    def say(match: re.Match[str]) -> str:
        number = f"{ordinal(match['number'], 'er')} " if match["number"] else ""
        return f"{number}{_BOOKS[match['book']]} {numerals.cardinal(match['chapter'], 'de')}"

    book = rf"(?P<book>{any_of(_BOOKS)})\.?"
    return rule(
        "bible",
        "letter digit",
        rf"(?:(?P<number>[1-5])\.?\s)?{book}\s(?P<chapter>\d{{1,3}})(?=,\s?\d{{1,3}}(?!\d))",
        say,
    )
