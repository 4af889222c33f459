"""English chances and proportions: `1-in-5`, `a 2-for-1 offer`, odds of `33/1`, a scale of `1:50,000`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before, words_after, words_before
from tts_service.speakable.tables import pairs, words

_BET = words("en")["bet"]
_SHARED = listed("of length lengths")
"""Behind these a stroke is no bet: `3/4 of a length`."""
_PROPORTION = words("en")["proportion"]
_DRAWN = words("en")["drawn"]
"""Beside these `1:50` is a scale; `a map at 10:30` stays a time."""
_CLOCK = words("en")["clock"]
_SHORT_UNITS = pairs("en", "short_units")
_RUNNER = re.compile(r"[A-Z][\w'’]{1,20}\s\($")
"""`Lord Haw (9/2)`"""
_DEGREE = listed("in from at degree degrees honours")


def _head(match: re.Match[str]) -> tuple[str, int, int]:
    """Where to search for what stands before a match."""
    return match.string, max(0, match.start() - 24), match.start()


def odds_rules(amounts: Amounts) -> Iterator[Rule]:
    """Chances with hyphens, then odds with a stroke, then proportions with a colon: asked before times and dates."""

    def chance(match: re.Match[str]) -> str | None:
        first, second = amounts.say(match["a"]), amounts.say(match["b"])
        if not first or not second:
            return None
        between = match["word"].replace("-", " ").replace("vs", "versus")
        rest = [_SHORT_UNITS.get(word, word) for word in (match["rest"] or "").split("-") if word]
        return " ".join((first, between, second, *rest))

    def odds(match: re.Match[str]) -> str | None:
        behind = word_after(match).lower()
        if match.group() in ("2/1", "2/2") and word_before(match).lower() == "a" and behind in _DEGREE:
            return f"{amounts.say(match['a'])} {amounts.say(match['b'])}"
        if behind in _SHARED or word_before(match).lower() == "by":
            return None
        sure = int(match["a"]) > int(match["b"]) and (match["b"] == "1" or _RUNNER.search(*_head(match)) is not None)
        near = {*words_before(match, 5), *words_after(match, 3)}
        return amounts.between(amounts.say(match["a"]), amounts.say(match["b"])) if sure or near & _BET else None

    def proportion(match: re.Match[str]) -> str | None:
        near = {*words_before(match, 3), *words_after(match, 2)}
        degree = word_before(match).lower() == "a" and word_after(match).lower() in _DEGREE
        if match.group() in ("2:1", "2:2") and degree:
            return f"{amounts.say(match['a'])} {amounts.say(match['b'])}"
        if match["a"] != "1" and word_before(match).lower() in _CLOCK:
            return None
        if not near & _PROPORTION and not (match["a"] == "1" and near & _DRAWN):
            return None
        return amounts.between(amounts.say(match["a"]), amounts.say(match["b"]))

    def scale(match: re.Match[str]) -> str | None:
        return amounts.between(amounts.say(match["a"]), amounts.say(re.sub(r"\D", "", match["b"])))

    decimal = r"(?P<a>\d{1,3}\.\d{1,2}):(?P<b>\d{1,3})(?![\w:]|[.,]\d)"
    between = amounts.between
    yield rule("ratio", "digit", decimal, lambda m: between(amounts.say(m["a"]), amounts.say(m["b"])))
    number = r"\d{1,3}(?:,\d{3}){1,3}|\d{1,5}"
    words = "in|out-of|for|to|on|by|of|and|v|vs|against"
    rest = r"(?P<rest>(?:-[a-z]{2,20}){1,3})?"
    yield rule("chance", "digit", rf"(?P<a>{number})-(?P<word>{words})-(?P<b>{number}){rest}(?![\w-]|[.,:/]\d)", chance)
    yield rule("odds", "digit", r"(?P<a>\d{1,4})/(?P<b>\d{1,2})(?![\w/%-]|[.,]\d)", odds)
    yield rule("odds", "digit", r"100-30(?![\w/%-]|[.,]\d)", lambda m: between(amounts.say("100"), amounts.say("30")))
    large = r"\d{1,3}(?:,\d{3}){1,3}|\d{1,3}(?:[ \u00a0\u202f]000){1,2}"
    yield rule("ratio", "digit", rf"(?P<a>\d{{1,3}}):(?P<b>{large})(?![\w:]|[.,]\d)", scale)
    yield rule("ratio", "digit", r"(?P<a>\d{1,3}):(?P<b>\d{1,5})(?![\w:]|[.,]\d|\s?[ap]\.?m)", proportion)
