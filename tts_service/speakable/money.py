"""Money: `$1.2bn`, `£3.5m-£4m`, `12.500 €`, `a $5 million deal`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amount_words import Amounts
from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, any_of, rule


def money_rules(amounts: Amounts) -> Iterator[Rule]:
    """The currency before its number, then behind it."""
    number, names = amounts.number, any_of(amounts.currencies)
    scales = any_of(amounts.scales) or r"(?!)"

    def say(match: re.Match[str]) -> str | None:
        unit = amounts.currencies[match["currency"]]
        if amounts.is_adjective(match):
            unit = unit.alone
        said = _amount(amounts, match["until"] or match["number"], match["last"] or match["scale"], unit)
        if match["until"]:
            first = match["scale"] if match["last"] else None
            said = amounts.between(amounts.scaled(match["number"], first), said)
        below = match["minus"] or match.groupdict().get("below")
        return f"{amounts.minus} {said}" if said and below else said

    scale, last = (rf"(?:[\s-]?(?P<{name}>{scales})(?![^\W\d_]))?" for name in ("scale", "last"))
    sign = r"(?P<minus>[-−–](?=\S))?"
    until = rf"(?:\s?[-–—]\s?(?:{names})?(?P<until>{number}){last})?"
    before = rf"{sign}(?P<currency>{names})\s?(?P<below>[-−](?=\d))?(?P<number>{number}){scale}{until}(?![^\W_])"
    behind = rf"(?P<minus>(?<![\w.)%])[-−–](?=\d))?(?P<number>{number}){scale}{until}\s?(?P<currency>{names})(?!\w)"
    yield rule("money", "sign letter word", before, say)
    yield rule("money", "digit sign", behind, say)


def _amount(amounts: Amounts, written: str, scale: str | None, unit: Noun) -> str | None:
    if scale:
        said = amounts.scaled(written, scale)
        return f"{said} {unit.many}" if said else None
    whole, _, fraction = written.partition(amounts.decimal_mark)
    if len(fraction) != 2 or unit.part is None:
        return amounts.counted(written, unit)
    first = amounts.counted(whole, unit) if whole else None
    if fraction == "00":
        return first
    if whole.strip("0") == "":
        return amounts.counted(fraction.lstrip("0"), unit.part)
    return _with_part(amounts, first, fraction, unit.part)


def _with_part(amounts: Amounts, first: str | None, fraction: str, part: Noun) -> str | None:
    rest = numerals.cardinal(fraction, amounts.language)
    if not first or not rest:
        return None
    name = part.one if fraction == "01" else part.many
    if name in amounts.silent_parts:
        return f"{first} {rest}"
    return " ".join(filter(None, (first, amounts.before_part, rest, name)))
