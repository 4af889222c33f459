"""What English sport and games write: hours of a day (`Mon.-Fri. 9-5`), bowling figures, chess."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.rules import Rule, any_of, rule
from tts_service.speakable.tables import pairs, words

_FIGURES = re.compile(rf"(?:{any_of(words('en')['figures'])})\s(?:\d{{1,2}}-\d{{1,3}}\s(?:and|&)\s)?$")
_PIECES = {"K": "king", "Q": "queen", "R": "rook", "B": "bishop", "N": "knight"}


def game_rules(amounts: Amounts) -> Iterator[Rule]:
    """Asked before scores and ranges."""
    yield from _hours(amounts)
    yield _bowling(amounts)
    yield from _chess(amounts)


def _hours(amounts: Amounts) -> Iterator[Rule]:
    days = pairs("en", "short_days")
    short = any_of(day.capitalize() for day in days)
    day = re.compile(rf"(?:(?:{short})\.?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|[Dd]aily),?\s$")

    def clock(hour: str, minute: str | None) -> str | None:
        said = amounts.say(hour)
        return f"{said} {amounts.say(minute)}" if said and minute and minute != "00" else said

    def say(match: re.Match[str]) -> str | None:
        if not day.search(match.string, max(0, match.start() - 14), match.start()):
            return None
        return amounts.between(clock(match["a"], match["am"]), clock(match["b"], match["bm"]))

    hour, minute = r"1[0-2]|[1-9]", r"[.:](?P<{}>[0-5]\d)"
    first, last = (rf"(?P<{name}>{hour})(?:{minute.format(f'{name}m')})?" for name in ("a", "b"))
    yield rule("time", "digit", rf"{first}\s?[-–]\s?{last}(?![\w%:/-]|[.,]\d|\s?[ap]\.?m)", say)
    yield rule("weekday", "letter", rf"(?P<day>{short})(?=\s{first}\s?[-–]\s?\d)", lambda m: days[m["day"].lower()])


def _bowling(amounts: Amounts) -> Rule:
    """`He took 5-43`."""

    def say(match: re.Match[str]) -> str | None:
        if not _FIGURES.search(match.string, max(0, match.start() - 26), match.start()) or int(match["runs"]) < 5:
            return None
        return f"{amounts.say(match['wickets'])} for {amounts.say(match['runs'])}"

    return rule("score", "digit", r"(?P<wickets>10|[1-9])[-–](?P<runs>\d{1,3})(?![\w%/-]|[.,:]\d)", say)


def _chess(amounts: Amounts) -> Iterator[Rule]:
    """`23.Qh5+`: the move's number, then the move."""
    move = r"(?P<piece>[KQRBN])(?P<from>[a-h]?[1-8]?)(?P<takes>x?)(?P<to>[a-h][1-8])(?P<check>[+#]?)(?!\w)"

    def say(match: re.Match[str]) -> str | None:
        if not re.search(r"\d\.{1,3}\s?$", match.string[max(0, match.start() - 6) : match.start()]):
            return None
        places = [*match["from"], "takes" if match["takes"] else "", *match["to"]]
        said = [amounts.say(part) or part if part.isdecimal() else part for part in places]
        check = {"+": "check", "#": "mate", "": ""}[match["check"]]
        return " ".join(filter(None, (_PIECES[match["piece"]], *said, check)))

    number = rf"(?P<number>\d{{1,3}})\.(?:\.\.)?(?=\s?{move.replace('?P<', '?P<next_')})"
    yield rule("chess", "digit", number, lambda match: f"{amounts.say(match['number'])},")
    yield rule("chess", "letter", move, say)
