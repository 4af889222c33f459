"""English references to the Bible: `Gen. 1:1`, `1 Cor. 13:4-8`."""

from __future__ import annotations

import re

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.rules import Rule, any_of, rule
from tts_service.speakable.tables import rows

_BOOKS = {short: book for written, book in rows("en", "bible") for short in written.split(", ")}
_ORDER = {"1": "First", "2": "Second", "3": "Third", "I": "First", "II": "Second", "III": "Third", "": ""}


def bible_rule(amounts: Amounts) -> Rule:
    """Book, chapter and verse: asked before times, ratios and titles such as "Gen."."""

    def say(match: re.Match[str]) -> str:
        said = [_ORDER[match["order"] or ""], _BOOKS[match["book"]], amounts.say(match["chapter"])]
        said.append(amounts.say(match["verse"]))
        if match["until"]:
            said += [amounts.to, amounts.say(match["until"])]
        return " ".join(filter(None, said))

    order = r"(?:(?P<order>[1-3]|I{1,3})\s)?"
    place = r"(?P<chapter>\d{1,3}):(?P<verse>\d{1,3})(?:[-–](?P<until>\d{1,3}))?(?![\w:])"
    return rule("bible", "letter digit", rf"{order}(?P<book>{any_of(_BOOKS)})\.?\s{place}", say)
