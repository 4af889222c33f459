"""English telephone numbers: American shapes, freephone numbers, and short ones one is told to call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.rules import Rule, rule, word_after, word_before, words_before
from tts_service.speakable.tables import words
from tts_service.speakable.telephones import phone_rules

CALLING = words("en")["calling"]
"""Words that ask for a telephone."""
_CALLED = words("en")["called"]
_FREE = {"800": "eight hundred", "0800": "zero eight hundred"}
"""Freephone prefixes have a name of their own."""


def phones(amounts: Amounts) -> Iterator[Rule]:
    """`1-800-FLOWERS`, `0800 555 123`, `(555) 123-4567`, `dial 999`, `text HELP to 741741`."""
    named = r"1-[89]\d{2}-(?=[\d-]{0,9}[A-Z])[A-Z\d]{1,12}(?:-[A-Z\d]{1,12}){0,3}"
    free = r"(?:1[-. ])?\(?800\)?[-. ]\d{3}[-. ]\d{4}|0800[ -]\d{3}[ -]?\d{3,4}"
    national = r"(?:1[-. ])?(?:\(\d{3}\)[-. \u00a0]{0,2}|\d{3}[-. \u00a0])\d{3}[-. \u00a0]\d{4}"
    yield from phone_rules(amounts, own=(named, free), general=False, groups=_FREE)
    yield from phone_rules(amounts, own=(national, r"\d{3}-\d{4}"), besides=free)

    def short(match: re.Match[str]) -> str | None:
        digits, nearest = match.group(), word_before(match).lower()
        told = nearest in CALLING or (nearest in ("on", "to", "at", "number") and CALLING & set(words_before(match, 6)))
        answered = digits in ("911", "999", "112") and word_after(match).lower() in _CALLED
        if not told and not answered and not match.string == digits == "911":
            return None
        return numerals.each_digit(digits, amounts.language)

    def extension(match: re.Match[str]) -> str | None:
        digits, nearest = match["digits"], match["word"].lower()
        if nearest == "x" and not CALLING & set(words_before(match, 6)):
            return None
        if nearest == "extension" and re.fullmatch(r"(?:19|20)\d\d", digits):
            return None
        said = amounts.say(digits) if len(digits) < 3 else numerals.each_digit(digits, amounts.language)
        return f"{'Extension' if match['word'][0] == 'E' else 'extension'} {said}" if said else None

    word = r"(?P<word>[Ee]xtension|[Ee]xtn|[Ee]xt|x(?=\d{3}))(?:\.?:?\s?|-)"
    yield rule("telephone", "letter word", rf"{word}(?P<digits>\d{{1,6}})(?![\w%]|[.,/-]\d)", extension)
    yield rule("telephone", "digit", r"\d{3}(?:\d{2,3})?(?![\w%]|[.,/-]\d)", short)
