"""German times of day and durations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.de.grammar import words_after, words_before
from tts_service.speakable.rules import Rule, listed, rule, word_after
from tts_service.speakable.tables import pairs, words

_CLOCK_CUES = words("de")["clock cues"]
_DOTTED_CUES = words("de")["dotted cues"]
_DAYS = {f"{day.lower()}." for day in pairs("de", "weekdays")} - {"fr."}
"""Behind these `14.00` is a time; behind "Fr." it may be francs."""
_WEEKDAYS = {f"{day.lower()}." for day in pairs("de", "weekdays")}
_SETS = re.compile(r"(?:Satz|Sätz|[Tt]iebreak|gewann|unterlag|siegte|verlor|setzte|besiegte|bezwang|schlug|Viertel)\D")
_SET_BEHIND = re.compile(r",\s\d{1,2}:\d{1,2}(?![\d:])")
_DOTTED = _DOTTED_CUES | _DAYS | listed("ard zdf rtl arte 3sat vox sat.1 prosieben wdr ndr mdr swr br hr orf srf")
_DATIVE = words("de")["dative"]
_SCORE_AFTER = words("de")["score after"]


_RACED = re.compile(r"\d\s?(?:m|km|Meter|Kilometer)\s(?:[a-zäöü]{2,12}\s)?in\s$")
"""`die 5.000 m in 13:02`"""
_PLAYED = listed("verlor verloren gewann gewannen siegte siegten unterlag unterlagen")
_CHANNELS = (["Ersten"], ["Zweiten"], ["Dritten"], ["Fernsehen"], ["TV"], ["ZDF"], ["Programm"], ["Erste"])
"""`20:15 im Ersten`."""


def _hour(digits: str) -> str:
    return "ein" if digits.lstrip("0") == "1" else numerals.cardinal(digits, "de") or digits


def _clock(hour: str, minute: str | None) -> str | None:
    if int(hour) > 24 or int(minute or 0) > 59:
        return None
    said = f"{_hour(hour)} Uhr"
    return said if not (minute or "").strip("0") else f"{said} {numerals.cardinal(minute or '', 'de')}"


_DAY_BEFORE = re.compile(rf"(?:\d{{1,2}}\.\s?\d{{1,2}}\.|(?<!\w)(?:{'|'.join(pairs('de', 'weekdays'))})\.?),\s$")
_HOUR, _MINUTE = r"(?P<hour>\d{1,2})", r"(?P<minute>[0-5]\d)"
_UHR = r"\s?[Uu]hr(?![^\W_])-?"


def time_rules() -> Iterator[Rule]:
    """`18.30 Uhr`, `14h30`, `9.30–17 Uhr`, and `20:15` where the words around don't make it a score."""
    first, second = r"(?P<h1>\d{1,2})(?:[.:](?P<m1>\d\d))?", r"(?P<h2>\d{1,2})(?:[.:](?P<m2>\d\d))?"
    yield rule("time", "digit", rf"{first}(?:\sUhr)?\s?(?P<to>[–-]|bis|und)\s?{second}{_UHR}", _between)
    yield rule("time", "digit", rf"{_HOUR}\sUhr\s{_MINUTE}(?!\w|[.,:]\d)", _plain)
    yield rule("time", "digit", rf"{_HOUR}(?:[.:](?P<minute>\d\d))?-?{_UHR}", _plain)
    yield rule("time", "digit", rf"{_HOUR}:{_MINUTE}:(?P<second>[0-5]\d)(?:,\d{{1,3}})?{_UHR}", _exact)
    yield from _with_h()
    yield from duration_rules()
    yield from _bare()


def _plain(match: re.Match[str]) -> str | None:
    return _clock(match["hour"], match["minute"])


def _between(match: re.Match[str]) -> str | None:
    first, second = _clock(match["h1"], match["m1"]), _clock(match["h2"], match["m2"])
    if not first or not second:
        return None
    if not (match["m1"] or "").strip("0") and not (match["m2"] or "").strip("0"):
        first = first.removesuffix(" Uhr")
    return f"{first} {'und' if match['to'] == 'und' else 'bis'} {second}"


def _exact(match: re.Match[str]) -> str | None:
    first, second = _plain(match), match["second"]
    return f"{first} und {_parts('', '', second)}" if first and second != "00" else first


def _with_h() -> Iterator[Rule]:
    """`14h30`, `17.30 h`, and `10 h` behind a word that asks for a time: elsewhere it is a duration."""

    def minutes(match: re.Match[str]) -> str | None:
        return _clock(match["hour"], match["minute"] or match["m2"])

    def led(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1]
        dated = _DAY_BEFORE.search(match.string, max(0, match.start() - 14), match.start())
        led = before in ("um", "ab", "bis", "von", "gegen", "seit") or dated
        return _clock(match["hour"], None) if led else None

    def spanned(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1]
        led = before in ("von", "zwischen", "täglich", "tgl.") or f"{before.rstrip('.')}." in _WEEKDAYS
        dated = led or _DAY_BEFORE.search(match.string, max(0, match.start() - 14), match.start())
        return _between(match) if dated else None

    both = r"(?P<h1>\d{1,2})(?:\.(?P<m1>[0-5]\d))?\s?(?P<to>[–-]|bis|und)\s?(?P<h2>\d{1,2})(?:\.(?P<m2>[0-5]\d))?"
    yield rule("time", "digit", rf"(?=[\d\s]{{1,6}}[.]|\d{{1,2}}\D{{1,5}}\d{{1,2}}\.){both}\s?h(?!\w)", _between)
    yield rule("time", "digit", rf"{both}\s?h(?!\w)", spanned)
    yield rule("time", "digit", rf"{_HOUR}(?:h{_MINUTE}|\.(?P<m2>[0-5]\d)\s?h)(?!\w)", minutes)
    yield rule("time", "digit", rf"{_HOUR}\s?h(?!\w)", led)


def _bare() -> Iterator[Rule]:
    """`20:15` and, behind "um", `20.15`, with no "Uhr": the words around tell a time from a score."""

    def colon(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1].rstrip(":")
        minute = match["minute"]
        if before == "in" and _RACED.search(match.string, max(0, match.start() - 24), match.start()):
            return None
        if before not in _CLOCK_CUES and before != "+++" and words_after(match, 2)[-1:] not in _CHANNELS:
            beside = match.string[max(0, match.start() - 3) : match.start()].rstrip(", ")[-1:].isdecimal()
            beside = beside or _SET_BEHIND.match(match.string, match.end()) is not None
            if beside and _SETS.search(match.string, max(0, match.start() - 80), match.start()):
                return None
            opened = match.string[max(0, match.start() - 1) : match.start()] == "("
            score = opened or word_after(match).lower() in _SCORE_AFTER or before in _PLAYED
            if score or (int(minute) % 5 or (len(match["hour"]) == 1 and minute != "00")):
                return None
        return _plain(match)

    def dotted(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1]
        channel = re.match(r"/(?:ARD|ZDF|RTL|ORF|SRF|Sky|DAZN|Sat\.1|Pro7|Vox|Arte)", match.string[match.end() :][:6])
        channel = channel or _DAY_BEFORE.search(match.string, max(0, match.start() - 14), match.start())
        return _plain(match) if channel or before in ("um", "gegen", "ab") or before in _DOTTED else None

    hour = r"(?P<hour>[01]?\d|2[0-4])"
    yield rule("time", "digit", rf"{hour}:{_MINUTE}(?:\s?h(?!\w))?(?![\w:])", colon)
    yield rule("time", "digit", rf"{hour}\.{_MINUTE}(?!\w|[.,:]\d)", dotted)


_SECONDS = (("Stunde", "Stunden"), ("Minute", "Minuten"), ("Sekunde", "Sekunden"))


def _parts(hours: str, minutes: str, seconds: str, fraction: str | None = None, *, dative: bool = False) -> str | None:
    """("2", "08", "15") -> "zwei Stunden acht Minuten fünfzehn Sekunden"; `dative`: "in einer Minute"."""
    out: list[str] = []
    for index, (value, (single, many)) in enumerate(zip((hours, minutes, seconds), _SECONDS, strict=True)):
        digits = value.lstrip("0")
        if index == 2 and fraction:
            out.append(f"{numerals.decimal(value or '0', fraction, 'Komma', 'de')} {many}")
        elif digits:
            out.append(f"eine{'r' * dative} {single}" if digits == "1" else f"{numerals.cardinal(digits, 'de')} {many}")
    return " ".join(out) or None


def _in_dative(match: re.Match[str]) -> bool:
    return (["", *words_before(match)])[-1] in _DATIVE


def duration_rules() -> Iterator[Rule]:
    """`1:58:23`, `2:15 Std.`, `3:45,2 Min.`."""

    def long(match: re.Match[str]) -> str | None:
        return _parts(match["h"], match["m"], match["s"], match["f"], dative=_in_dative(match))

    def hours(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1]
        if match["unit"] == "h" and (before in _CLOCK_CUES or int(match["h"]) > 6):
            return _clock(match["h"], match["m"])
        return _parts(match["h"], match["m"], "", dative=_in_dative(match))

    def minutes(match: re.Match[str]) -> str | None:
        return _parts("", match["m"], match["s"], match["f"], dative=_in_dative(match))

    def raced(match: re.Match[str]) -> str | None:
        told = _RACED.search(match.string, max(0, match.start() - 24), match.start())
        return _parts("", match["m"], match["s"]) if told else None

    yield rule("duration", "digit", r"(?P<m>\d{1,2}):(?P<s>[0-5]\d)(?![\w:]|[,.]\d)", raced)
    fraction = r"(?:[,.](?P<f>\d{1,3}))?"
    hour, minute, second = r"(?P<h>\d{1,3})", r"(?P<m>[0-5]\d)", r"(?P<s>[0-5]\d)"
    hour_word, minute_word = r"(?:Std\.?|Stunden?|h)", r"(?:Min\.?|Minuten?|min\.?)"
    yield rule("duration", "digit", rf"{hour}:{minute}:{second}{fraction}(?:\s?{hour_word})?(?![\w:])", long)
    yield rule("duration", "digit", rf"{hour}:{minute}\s?(?P<unit>{hour_word})(?!\w)", hours)
    yield rule("duration", "digit", rf"(?P<m>\d{{1,3}}):{second}{fraction}\s?{minute_word}(?!\w)", minutes)
    yield rule("duration", "digit", rf"(?P<m>\d{{1,2}}):{second},(?P<f>\d{{1,3}})(?![\w:])", minutes)
