"""English times that only the words around them show: `at 0412`, `open 0900-1700`, `the 7.52 to Euston`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amount_words import Amounts
from tts_service.speakable.en.dates import DAYS
from tts_service.speakable.en.phones import CALLING
from tts_service.speakable.en.times import Times
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before, words_after, words_before
from tts_service.speakable.tables import words

_AT = words("en")["at"]
_PRICED = words("en")["priced"]
_RUNS = words("en")["runs"]
_BEGINS = words("en")["begins"]
_DAY_WORDS = words("en")["day words"] | {day.lower() for day in DAYS}
_HAPPENED = listed("came was were received made rang")
"""`the call came at 0412` is no number to be called."""
_PARTS = listed("morning evening afternoon night")


def clock_rules(amounts: Amounts) -> Iterator[Rule]:
    """Four digits, then hours and minutes with a dot; asked before telephones and decimals."""
    times = Times(amounts.language)

    def span(match: re.Match[str]) -> str | None:
        if int(match["m1"]) % 5 or int(match["m2"]) % 5 or CALLING & set(words_before(match, 6)):
            return None
        return f"{times.military_time(match['h1'], match['m1'])} to {times.military_time(match['h2'], match['m2'])}"

    def four(match: re.Match[str]) -> str | None:
        before = words_before(match, 6)
        called = CALLING & set(before) and not _HAPPENED & set(before)
        if not before or before[-1] not in _AT or called or _PRICED & set(before):
            return None
        late = before[-1] == "at" and _ends_or_dated(match)
        return times.military_time(match["hour"], match["minute"]) if match["hour"][0] == "0" or late else None

    def dotted(match: re.Match[str]) -> str | None:
        if not (_is_run(match) or _is_start(match)):
            return None
        return times.of_day(match["hour"], match["minute"])

    hour, minute = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
    both = rf"(?P<h1>0\d)(?P<m1>{minute})\s?[-–]\s?(?P<h2>{hour})(?P<m2>{minute})(?![\w%]|[-.,:/–]\d)"
    yield rule("time", "digit", both, span)
    yield rule("time", "digit", rf"(?P<hour>0\d|2[1-3])(?P<minute>{minute})(?![\w%]|[-.,:/–]\d)", four)
    point = rf"(?P<hour>2[0-3]|1\d|0?\d)\.(?P<minute>{minute})(?![\w%]|\.\d|[-,:/–]\d|\s?%)"
    yield rule("time", "digit", point, dotted)


def _ends_or_dated(match: re.Match[str]) -> bool:
    """Nothing is counted behind it: the clause ends, or a day follows."""
    after = words_after(match, 2)
    tail = match.string[match.end() : match.end() + 1]
    return (not tail.strip() and not after) or tail in (".", ",", ";") or after[:1] == ["on"] or _dated(after)


def _dated(after: list[str]) -> bool:
    return after[:1] != [] and (
        after[0] in _DAY_WORDS
        or (after[0] in ("this", "on", "the") and len(after) > 1 and after[1] in _PARTS | _DAY_WORDS)
    )


def _is_run(match: re.Match[str]) -> bool:
    """`the 7.52 to Euston`, `the 8.15 train`, `the 3.40 at Ascot`."""
    behind = match.string[match.end() : match.end() + 40].split()
    if word_before(match).lower() != "the" or not behind:
        return False
    place = behind[0] in ("to", "from", "at", "for", "via") and len(behind) > 1 and behind[1][0].isupper()
    return place or word_after(match) in _RUNS


def _is_start(match: re.Match[str]) -> bool:
    """`doors at 7.30`, `at 7.45 on Sunday`, `until 9.30 tonight`."""
    before = words_before(match, 6)
    if not before or before[-1] not in _AT or _PRICED & set(before):
        return False
    return _dated(words_after(match, 2)) or bool(_BEGINS & set(before[-4:]))
