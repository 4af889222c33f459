"""Results and minutes of a match: `Inter-Milan 2-1`, `al 45'+2`."""

from __future__ import annotations

import re

from tts_service.speakable.it import numbers
from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.romance.numbers import is_set
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before

_HALVES = {"p": "primo tempo", "s": "secondo tempo", "r": "su rigore", "a": "autogol"}
_TO_MINUTE = listed("al il dal del nel sul all l dall dell nell")
_LIST = re.compile(r"(?<!\w)(?:al|il|dal) (?:\d{1,3}['’′](?:\+\d{1,2}['’′]?)?(?:, | e (?:al )?)){1,5}$")
"""`al 10', 33' e 71'`"""
_SCORERS = re.compile(
    r"\b(?:gol|autogol|ret[ei]|segn\w{1,5}|marcator\w{1,3}|doppietta|tripletta|a segno)\b.{0,120}"
    r"[^\W\d_] \((?:\d{1,3}['’′][^()]{0,12}, )?$",
    re.I,
)
"""`i gol di Rossi (18')`"""
_QUOTED = re.compile(r"(?:^|[\s(])[‘'](?!\d)[^'’]{0,40}$")


def result_rule(tongue: Romance) -> Rule:
    """`2-1`, `89-76`: "due a uno"; before a noun or behind a label it is a range."""

    def say(match: re.Match[str]) -> str | None:
        before = word_before(match).lower()
        if is_set(match) or word_after(match) in tongue.scales:
            return None
        falls = int(match["a"]) >= int(match["b"])
        if before in numbers.LABELS or before in numbers.ONE_BEHIND or (numbers.noun_after(match) and not falls):
            return None
        return f"{tongue.digits(match['a'])} {tongue.words.to} {tongue.digits(match['b'])}"

    return rule("score", "digit", r"(?P<a>\d{1,3})-(?P<b>\d{1,3})(?![\w/-]|[.,]\d)", say)


def half_rule() -> Rule:
    """`2-0 p.t.`, `p.t. 1-1`: the half beside a result."""
    half = r"(?:(?<=\d-\d )(?P<half>[ps])\.? ?t\.?(?!\w)|(?P<before>[ps])\.?t\.?(?=:? \d{1,2}-\d))"
    return rule("score", "letter word", half, lambda match: _HALVES[match["half"] or match["before"]])


def minute_rule(tongue: Romance) -> Rule:
    """`al 45'`, `90'+3'`, `12' pt`, `76' rig.`, `23' Rossi` are minutes of a match; `25' di ritardo` are minutes."""

    def say(match: re.Match[str]) -> str | None:
        if _QUOTED.search(match.string, max(0, match.start() - 42), match.start()):
            return None
        tail = match.string[match.end() : match.end() + 3]
        listed_first = _LIST.search(match.string, max(0, match.start() - 50), match.start())
        scored = _SCORERS.search(match.string, max(0, match.start() - 140), match.start())
        led = listed_first or scored or word_before(match).lower() in _TO_MINUTE
        of_match = match["half"] or match["more"] or led
        if not of_match and not re.match(rf"[{SPACES}][A-ZÀ-Ý][\w'’]", tail):
            return tongue.counted(match["minute"], tongue.units["min"])
        said = [numbers.ordinal(int(match["minute"]))]
        if match["more"]:
            said += ["più", tongue.digits(match["more"])]
        if match["half"]:
            said.append(_HALVES[match["half"][0]])
        return " ".join(filter(None, said))

    more = r"(?:\+(?P<more>\d{1,2})['’′]?)?"
    half = rf"(?:[{SPACES}](?P<half>[ps]\.?t\.?|rig\.|aut\.)(?!\w))?"
    return rule("score", "digit", rf"(?P<minute>\d{{1,3}})['’′]{more}{half}(?![\w'’′\"”])", say)
