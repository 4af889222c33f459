"""English times of day and durations: `10:30 a.m.`, `7–9pm`, `2:01:09`, `3h 20m`; shown by their words: `at 0412`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.en.dates import DAYS
from tts_service.speakable.en.phones import CALLING
from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before, words_after, words_before
from tts_service.speakable.tables import words

_HALF = r"[aApP]\.?\s?[mM](?:\.|(?!\w))"
_ZONES = {"ET": "Eastern Time", "CT": "Central Time", "MT": "Mountain Time", "PT": "Pacific Time"}
_ZONE = r"(?:\s\(?(?P<zone>ET|CT|MT|PT)\)?(?!\w))?"
_PLURALS = words("en")["plurals"]
_LASTED = words("en")["lasted"]

_HOUR, _MINUTE, _SECOND = (Noun(one=name, many=f"{name}s") for name in ("hour", "minute", "second"))


def time_rules(amounts: Amounts) -> Iterator[Rule]:
    """Ranges, times with a.m. or p.m., durations, then the clock of 24 hours."""
    times = Times(amounts.language)
    early = rf"(?:\s?(?P<early>{_HALF}))?"
    span = rf"(?P<a>\d{{1,2}})(?:[:.](?P<am>[0-5]\d))?{early}\s?[-–—]\s?(?P<b>\d{{1,2}})(?:[:.](?P<bm>[0-5]\d))?"
    yield rule("time", "digit", rf"{span}\s?(?P<half>{_HALF}){_ZONE}", times.span)
    yield rule(
        "time", "digit", rf"(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>{_HALF}){_ZONE}", times.half_day
    )
    yield from _durations(amounts)
    clock = r"(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?:\.\d{1,3})?"
    until = r"(?:\s?[-–—]\s?(?P<hour2>\d{1,2}):(?P<minute2>[0-5]\d))?"
    yield rule("time", "digit", rf"{clock}{until}(?!\w|:\d|,\d)(?:\s(?P<zone>ET|CT|MT|PT)(?!\w))?", times.clock)
    yield rule(
        "time",
        "digit",
        r"(?P<hour>[01]\d|2[0-4])[.:]?(?P<minute>[0-5]\d)(?=\s?(?:GMT|BST|CET|CEST|UTC|EST|EDT|PST|PDT|IST|JST|AEST|hours|hrs)(?!\w))",
        times.military,
    )


class Times:
    """How a variety of English says hours and minutes."""

    def __init__(self, language: str) -> None:
        self.language = language

    def _number(self, digits: str) -> str:
        return numerals.cardinal(digits, self.language) or digits

    def _hour(self, hour: str, minute: str | None) -> str:
        said = self._number(hour)
        if not minute or minute == "00":
            return said
        return f"{said} {'oh ' if minute[0] == '0' else ''}{self._number(minute)}"

    def span(self, match: re.Match[str]) -> str | None:
        if int(match["a"]) > 24 or int(match["b"]) > 24:
            return None
        early = f" {_half(match['early'])}" if match["early"] else ""
        first, second = self._hour(match["a"], match["am"]), self._hour(match["b"], match["bm"])
        return f"{first}{early} to {second} {_half(match['half'])}{_zone(match['zone'])}"

    def half_day(self, match: re.Match[str]) -> str | None:
        if int(match["hour"]) > 24:
            return None
        return f"{self._hour(match['hour'], match['minute'])} {_half(match['half'])}{_zone(match['zone'])}"

    def of_day(self, hour: str, minute: str) -> str:
        """`7`, `52` -> "seven fifty-two"; a full hour is "o'clock", behind noon "hundred"."""
        if int(hour) > 24:
            return f"{self._number(hour)} {'oh ' if minute[0] == '0' else ''}{self._number(minute)}"
        if minute != "00":
            return self._hour(hour, minute)
        if int(hour) == 0:
            return "midnight"
        said = self._number(hour)
        return f"{said} hundred" if int(hour) > 12 else f"{said} o'clock"

    def clock(self, match: re.Match[str]) -> str | None:
        hour, minute, second = match["hour"], match["minute"], match["second"]
        if second:
            said = self._lasting(hour, minute, second) if _lasted(match) else ""
            said = said or f"{self._hour(hour, minute)} and {self._counted(second, 'second')}"
        else:
            said = self.of_day(hour, minute)
        tail = re.search(r"\.(\d{1,3})(?!\d)", match.group()) if "." in match.group() else None
        if tail and said:
            said = f"{said} point {numerals.each_digit(tail.group(1), self.language)}"
        if match["hour2"]:
            said = f"{said} to {self.of_day(match['hour2'], match['minute2'])}"
        return f"{said}{_zone(match['zone'])}"

    def military(self, match: re.Match[str]) -> str:
        return self.military_time(match["hour"], match["minute"])

    def military_time(self, hour: str, minute: str) -> str:
        """`04`, `12` -> "oh four twelve"; `0700` -> "oh seven hundred"."""
        said = f"{'oh ' if hour[0] == '0' and hour != '00' else ''}{self._number(hour)}"
        if minute == "00":
            return f"{said} hundred"
        return f"{said} {'oh ' if minute[0] == '0' else ''}{self._number(minute)}"

    def _lasting(self, hours: str, minutes: str, seconds: str) -> str:
        parts = ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
        return " ".join(self._counted(digits, name) for digits, name in parts if digits.strip("0"))

    def _counted(self, digits: str, name: str) -> str:
        said = self._number(digits)
        return f"{said} {name}" if digits.lstrip("0") == "1" else f"{said} {name}s"


def _half(written: str) -> str:
    return f"{written[0].upper()} M"


def _zone(written: str | None) -> str:
    return f" {_ZONES[written]}" if written else ""


def _lasted(match: re.Match[str]) -> bool:
    return int(match["hour"]) <= 5 or bool(_LASTED & set(words_before(match, 3)))


def _durations(amounts: Amounts) -> Iterator[Rule]:
    """`3h 20m`, `1h30`, `5m 30s`, `9.58s`."""

    def say(match: re.Match[str]) -> str:
        names = (("h", _HOUR), ("m", _MINUTE), ("s", _SECOND))
        found = match.groupdict()
        said = [amounts.counted(found[key].lstrip("0") or "0", noun) or "" for key, noun in names if found.get(key)]
        return " ".join(said)

    def open_end(match: re.Match[str]) -> str | None:
        hours = amounts.counted(match["h"], _HOUR)
        return f"{hours} {numerals.cardinal(match['m'], amounts.language)}"

    def alone(match: re.Match[str]) -> str | None:
        if word_before(match).lower() in _PLURALS or match.string[match.start() - 1 : match.start()] in ("-", "‑"):
            return None
        return amounts.counted(match["number"], _SECOND)

    hours, minutes = r"(?P<h>\d{1,3})\s?h(?:rs?|ours?)?\.?,?\s?", r"(?P<m>\d{1,2})\s?m(?:ins?)?\.?(?![\w²³/])"
    seconds = r"(?P<s>\d{1,2})\s?s(?:ecs?)?\.?(?!\w)"
    yield rule("duration", "digit", rf"{hours}{minutes}(?:,?\s?{seconds})?", say)
    yield rule("duration", "digit", r"(?P<h>\d{1,2})h(?P<m>[0-5]\d)(?!\w)", open_end)
    yield rule("duration", "digit", rf"(?P<m>\d{{1,3}})\s?m(?:ins?)?\.?,?\s?{seconds}", say)
    yield rule(
        "duration",
        "digit",
        rf"(?P<number>\d{{1,2}}|\d{{1,4}}\.\d{{1,3}}|{amounts.number}(?=\s))\s?s(?![\w'’])",
        alone,
    )


_AT = words("en")["at"]
_PRICED = words("en")["priced"]
_EVENTS = words("en")["events"]
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
        if match["hour"][0] == "0" and _is_event(match):
            return times.military_time(match["hour"], match["minute"])
        if not before or before[-1] not in _AT or called or _PRICED & set(before):
            return None
        late = before[-1] == "at" and _ends_or_dated(match)
        return times.military_time(match["hour"], match["minute"]) if match["hour"][0] == "0" or late else None

    def dotted(match: re.Match[str]) -> str | None:
        early = re.match(r"0\d", match["hour"]) and word_before(match).lower() in _AT
        if not (early or _is_run(match) or _is_start(match) or _is_event(match)):
            return None
        if early:
            return times.military_time(match["hour"], match["minute"])
        return times.of_day(match["hour"], match["minute"])

    hour, minute = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
    both = rf"(?P<h1>0\d)(?P<m1>{minute})\s?[-–]\s?(?P<h2>{hour})(?P<m2>{minute})(?![\w%]|[-.,:/–]\d)"
    yield rule("time", "digit", both, span)
    until = (
        rf"(?P<h1>0\d)(?P<m1>{minute})\s(?P<to>to|until|till|and)\s(?P<h2>{hour})(?P<m2>{minute})(?![\w%]|[-.,:/–]\d)"
    )

    def spoken(match: re.Match[str]) -> str | None:
        ends = [times.military_time(match[hour], match[minute]) for hour, minute in (("h1", "m1"), ("h2", "m2"))]
        return f" {match['to']} ".join(ends) if word_before(match).lower() in ("from", "between") else None

    yield rule("time", "digit", until, spoken)
    yield rule("time", "digit", rf"(?P<hour>0\d|2[1-3])(?P<minute>{minute})(?![\w%]|[-.,:/–]\d)", four)
    day = r"(?=\s(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)(?:\.|day|s|\b))"

    def hours(match: re.Match[str]) -> str | None:
        return amounts.between(amounts.say(match["h1"]), amounts.say(match["h2"])) if _is_before_day(match) else None

    def opening(match: re.Match[str]) -> str | None:
        return hours(match) if words_before(match, 1) == ["hours"] else None

    def zulu(match: re.Match[str]) -> str:
        return f"{times.military_time(match['hour'], match['minute'])} Zulu"

    yield rule("time", "digit", rf"(?P<hour>{hour})(?P<minute>{minute})Z(?!\w)", zulu)
    yield rule("time", "digit", r"(?P<h1>\d{1,2})[-–](?P<h2>\d{1,2})(?![\w%]|[-.,:/–]\d)", opening)
    yield rule("time", "digit", rf"(?P<h1>\d{{1,2}})[-–](?P<h2>\d{{1,2}}){day}", hours)
    point = rf"(?P<hour>2[0-3]|1\d|0?\d)\.(?P<minute>{minute})(?![\w%]|\.\d|[-,:/–]\d|\s?%)"
    yield rule("time", "digit", point, dotted)


def _is_before_day(match: re.Match[str]) -> bool:
    return int(match["h1"]) <= 12 and int(match["h2"]) <= 12


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


def _is_event(match: re.Match[str]) -> bool:
    """`a 7.30 start`, `the 0830 train`."""
    return word_before(match).lower() in ("a", "an", "the", "their", "his", "her") and word_after(match) in _EVENTS


def _is_start(match: re.Match[str]) -> bool:
    """`doors at 7.30`, `at 7.45 on Sunday`, `until 9.30 tonight`."""
    before = words_before(match, 6)
    if not before or before[-1] not in _AT or _PRICED & set(before):
        return False
    return _dated(words_after(match, 2)) or bool(_BEGINS & set(before[-4:]))
