"""Telephone numbers that a word before them shows, however they are grouped: `tel. 555 014 233`, `(011) 4345-6789`."""

from __future__ import annotations

import re

from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.rules import Rule, rule
from tts_service.speakable.tables import words

_LABELS = "|".join(sorted(words("romance")["phone labels"], key=len, reverse=True))
_LED = re.compile(
    rf"(?<!\w)(?:{_LABELS})\.?[{SPACES}]?:?[{SPACES}]?(?:\(|(?:[\d()+./-][{SPACES}]?){{5,20}}(?:/|,|o|ou|y|et)[{SPACES}])?$",
    re.I,
)
"""`tél. : (`; a second number may follow the first."""


def account_rule(tongue: Romance) -> Rule:
    """`IT60 X054 2811 …`: the number of an account, sign by sign."""

    def say(match: re.Match[str]) -> str:
        return " ".join(
            tongue.digits(sign) or sign if sign.isdecimal() else sign for sign in match.group() if sign != " "
        )

    return rule("number code", "letter", r"[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?(?!\w)", say)


def labelled_phone_rule(tongue: Romance) -> Rule:
    """Groups of up to three digits are numbers, longer ones are read in pairs."""

    def group(digits: str) -> str:
        if len(digits) <= 3 or (len(digits) == 4 and digits[0] == "0"):
            return tongue.digits(digits) or digits
        pairs = re.findall(r"\d\d", digits[len(digits) % 2 :])
        first = [digits[0]] if len(digits) % 2 else []
        return " ".join(tongue.digits(pair) or pair for pair in (*first, *pairs))

    def say(match: re.Match[str]) -> str | None:
        groups = re.findall(r"\d+", match.group())
        if not 6 <= sum(map(len, groups)) <= 15:
            return None
        if not _LED.search(match.string, max(0, match.start() - 50), match.start()):
            return None
        return " ".join(map(group, groups))

    between = rf"\)?[{SPACES}./-]{{1,2}}"
    shape = rf"\d{{2,5}}(?:{between}\d{{2,4}}){{1,5}}(?![\w]|[/-]\d)"
    return rule("telephone", "digit", shape, say)
