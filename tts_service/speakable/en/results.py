"""What English result lines write: `(OT)`, `Bears (12-4, 6-1 NLC)`, `att: 412`, `c Root b Hasan`, `(7-2)` behind a
horse, a row of drawn numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.en.amounts import is_american
from tts_service.speakable.rules import Rule, rule, word_before

_ENDINGS = {
    "OT": "overtime",
    "2OT": "double overtime",
    "3OT": "triple overtime",
    "SO": "shootout",
    "AET": "after extra time",
    "HT": "half-time",
    "FT": "full-time",
}
_NAMED = re.compile(r"(?:^|[\s(])[A-Z][\w.'’&-]{1,20}\s\(")
_BESIDE_SCORE = re.compile(r"\d\D{0,30}$")
_RACE = re.compile(r"(?:\d{1,2}-\d{1,2}f\)|\bfav\b|\b\d{1,2} ran\b)")
_CAUGHT = re.compile(r"(?:\blbw|\b(?:c|st|caught|stumped)\s[A-Z†*][\w'’-]{1,20}(?:\s[A-Z][\w'’-]{1,20})?)\s$")


def result_rules(amounts: Amounts) -> Iterator[Rule]:
    """Asked before scores, odds and ranges."""
    if is_american(amounts.language):
        yield from _records(amounts)
    else:
        yield from _cricket()
        yield _starting_price(amounts)
        yield _race_time(amounts)
    yield from _words()
    yield _row(amounts)


def _records(amounts: Amounts) -> Iterator[Rule]:
    """`The Hornets (12-4, 6-1 NLC)`: more than one record, or one with its league."""

    def one(written: str) -> str:
        return amounts.say(written) or written

    def say(match: re.Match[str]) -> str | None:
        if not _NAMED.search(match.string, max(0, match.start() - 24), match.start()):
            return None
        parts = re.split(r"(?P<mark>, | overall| [A-Z][A-Za-z\d-]{1,15})", match.group())
        return "".join(re.sub(r"(\d+)[-–](\d+)", lambda m: f"{one(m[1])} and {one(m[2])}", part) for part in parts)

    pair = r"\d{1,2}[-–]\d{1,2}"
    more = rf"(?:,\s{pair}|(?:\soverall|\sin\s[a-z]{{3,12}})(?:,\s{pair})?)"
    yield rule("record", "digit", rf"(?<=\(){pair}{more}(?=[\s),])", say)


def _words() -> Iterator[Rule]:
    """`Fairview 3, Eastmont 2 (OT)`, `(HT 12-0)`, `(att: 412)`."""

    def ending(match: re.Match[str]) -> str | None:
        near = _BESIDE_SCORE.search(match.string, max(0, match.start() - 34), match.start())
        return _ENDINGS[match["word"].upper()] if near else None

    yield rule("result", "letter digit", r"(?<=\()(?P<word>[23]?OT|SO|AET|aet)(?=\))", ending)
    yield rule("result", "letter", r"(?<=\()(?P<word>HT|FT)(?=:?\s\d{1,3}[-–]\d)", ending)

    def homer(match: re.Match[str]) -> str | None:
        return (
            "home run"
            if word_before(match).lower() in ("a", "solo", "two-run", "three-run", "one", "his", "her")
            else None
        )

    yield rule("result", "letter", r"HR(?=[.,;!?)]|\s(?:in|and|off|to|over|for|on|as|with|by|vs\.?)\s|$)", homer)
    yield rule("result", "letter word", r"[Aa]tt(?=(?:\.|:|\.:)?\s\d)\.?", lambda match: "attendance")


def _cricket() -> Iterator[Rule]:
    """`lbw b Hasan 64`, `c Root b Hasan`, `c & b Ali`, `st Foakes b Ali`."""

    def bowled(match: re.Match[str]) -> str | None:
        return "bowled" if _CAUGHT.search(match.string, max(0, match.start() - 50), match.start()) else None

    name = r"[A-Z†*][\w'’-]{1,20}(?:\s[A-Z][\w'’-]{1,20})?"
    yield rule("result", "letter word", r"lbw(?!\w)", lambda match: "L B W")
    yield rule("result", "letter word", r"b(?=\s[A-Z])", bowled)
    yield rule("result", "letter word", r"c\s?&\s?b(?=\s[A-Z])", lambda match: "caught and bowled")
    taken = rf"(?P<how>c|st)(?=\s{name}\sb\s[A-Z])"
    yield rule("result", "letter word", taken, lambda match: "caught" if match["how"] == "c" else "stumped")


def _starting_price(amounts: Amounts) -> Rule:
    """`1 Dusky Maid (7-2), 2 Lord Haw (11-4 fav). 9 ran.`"""

    def say(match: re.Match[str]) -> str | None:
        if not _RACE.search(match.string, max(0, match.start() - 120), match.end() + 120):
            return None
        said = amounts.between(amounts.say(match["a"]), amounts.say(match["b"]))
        return f"{said} favourite" if said and match["favourite"] else said

    return rule("odds", "digit", r"(?<=\()(?P<a>\d{1,3})[-–](?P<b>\d{1,2})(?P<favourite>f)?(?=[\s)])", say)


def _race_time(amounts: Amounts) -> Rule:
    """`3.15 Redcar: 1 Dusky Maid`."""

    def say(match: re.Match[str]) -> str | None:
        minute = match["minute"]
        said = "o'clock" if minute == "00" else f"{'oh ' if minute[0] == '0' else ''}{amounts.say(str(int(minute)))}"
        return f"{amounts.say(match['hour'])} {said}"

    place = r"(?=\s[A-Z][a-z]{2,20}(?:\s[A-Z][a-z]{2,20})?:\s)"
    return rule("time", "digit", rf"(?<![^\s])(?P<hour>1[0-2]|[1-9])\.(?P<minute>[0-5]\d){place}", say)


def _row(amounts: Amounts) -> Rule:
    """`7-19-33-41-62`: drawn numbers, a pause between them."""

    def say(match: re.Match[str]) -> str | None:
        said = [amounts.say(number.lstrip("0") or "0") for number in re.split("[-–]", match.group())]
        return ", ".join(filter(None, said)) if all(said) else None

    return rule("row", "digit", r"\d{1,2}(?:[-–]\d{1,2}){4,7}(?![\w]|[-–.,/]\d)", say)
