"""Telephone numbers: read digit by digit, in their groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.rules import Rule, rule

_GAP = r"[ \u00a0./-]{1,3}"


def phone_rules(
    amounts: Amounts,
    *,
    own: Sequence[str] = (),
    general: bool = True,
    groups: Mapping[str, str] | None = None,
    fewest: int = 7,
    besides: str = r"(?!)",
) -> Iterator[Rule]:
    r"""Rules for telephone numbers.

    Args:
        own: patterns of a country's own shapes, such as r"\d{3}-\d{4}".
        general: international numbers (`+44 20 …`) and those that begin with 0, too.
        groups: written group -> words, when it isn't read digit by digit: 800 -> "eight hundred".
        besides: what is none of these, as a pattern.
        fewest: with fewer digits it is no telephone number.
    """
    whole = groups or {}

    def say(match: re.Match[str]) -> str | None:
        parts = re.findall(r"\d+|[A-Z]+", match.group())
        if sum(map(len, parts)) < fewest:
            return None
        said = " ".join(whole.get(part) or numerals.each_digit(part, amounts.language) or part for part in parts)
        return f"{amounts.plus} {said}" if match.group().startswith("+") else said

    end = r"(?!\w|[.,]\d)"
    no_date = r"(?!\d\d?(?P<mark>[-/.])\d\d?(?P=mark)\d{4}(?!\d))"
    if general:
        more = rf"(?:(?:{_GAP}\(?|(?<=\))|\()\d{{1,9}}\)?){{1,6}}"
        yield rule("telephone", "sign", rf"\+\d{{1,3}}{more}{end}", say)
        national = rf"(?!{besides}){no_date}\(?0\d{{1,5}}\)?(?:{_GAP}\(?\d{{2,9}}\)?){{1,6}}(?!/\d){end}"
        yield rule("telephone", "sign digit", national, say)
    for shape in own:
        yield rule("telephone", "digit sign", rf"(?!{besides})(?:{shape})(?![/-]\d){end}", say)
