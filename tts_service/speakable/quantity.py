"""The one grammar of amounts: a sign, a number or a range of two, a large scale, a unit, and what it is shared by.

Money, measures, percent and large scales of every language are patterns of this shape and are said by `amount_rule`;
what differs is how a language counts, which it says as a `Counting`. Groups of a pattern: sign, number, scale (behind
the first number), to, until, last (behind the second), unit, per; all but number may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, rule


class Counting(Protocol):
    """How a language counts."""

    @property
    def signs(self) -> Mapping[str, str]:
        """The first character of a written sign -> its word."""

    @property
    def sharing(self) -> str:
        """Said for the stroke of km/h."""

    def amount(self, match: re.Match[str], written: str, scale: str | None, noun: Noun | None) -> str | None:
        """A number with its scale and noun; None: not mine."""

    def opening(self, match: re.Match[str], scale: str | None, noun: Noun | None) -> str | None:
        """The first number of a range."""

    def between(self, first: str | None, second: str | None, joint: str = "") -> str | None:
        """Both ends of a range, `joint` written between them; None when one of them has no words."""

    def shared_by(self, written: str) -> str:
        """What stands behind a stroke: "h" -> "hour"."""


def span(number: str, *, signs: str = "[-−–+]", first: str = "", joint: str, last: str = "") -> str:
    """A pattern for `-5` and `3–4`: a number and perhaps the other end of a range.

    Args:
        number: as the language writes it.
        signs: what may stand before it.
        first: what may stand between the first number and the joint.
        joint: between the two ends, spaces included.
        last: what may stand behind the second number.
    """
    sign = rf"(?P<sign>(?<![\w.)%€$£]){signs}(?=[\d.]))?"
    return rf"{sign}(?P<number>{number}){first}(?:{joint}(?P<until>{number}){last})?"


def amount_rule(name: str, first: str, pattern: str, counting: Counting, nouns: Mapping[str, Noun]) -> Rule:
    """A rule for amounts of a shape, whose units are among `nouns`; a space in a unit stands for any white space."""

    def say(match: re.Match[str]) -> str | None:
        found = match.groupdict()
        noun = nouns[re.sub(r"\s", " ", found["unit"])] if found.get("unit") else None
        until, scale, last = found.get("until"), found.get("scale"), found.get("last")
        said = counting.amount(match, until or found["number"], last or scale, noun)
        if until:
            opening = counting.opening(match, scale if last else None, noun)
            said = counting.between(opening, said, found.get("to") or "")
        if said and found.get("per"):
            said = f"{said} {counting.sharing} {counting.shared_by(found['per'])}"
        return f"{counting.signs[found['sign'][0]]} {said}" if said and found.get("sign") else said

    return rule(name, first, pattern, say)
