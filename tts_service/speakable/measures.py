"""Percent, money, units and large scales of languages whose numbers don't change with their noun."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.nouns import Noun
from tts_service.speakable.quantity import amount_rule, span
from tts_service.speakable.rules import Rule, any_of, rule

_DASH, _MINUS = r"\s?[-–—]\s?", "[-−–]"


def money_rules(amounts: Amounts) -> Iterator[Rule]:
    """`$1.2bn`, `£3.5m-£4m`, `-$5`, then `12.500 €`."""
    number, names = amounts.number, any_of(amounts.currencies)
    scales = any_of({**amounts.scales, **amounts.paid_scales}) or r"(?!)"
    scale, last = (rf"(?:[\s-]?(?P<{name}>{scales})(?![^\W\d_]))?" for name in ("scale", "last"))
    until = rf"(?:{_DASH}(?:{names})?(?P<until>{number}){last})?"
    before = rf"(?P<sign>{_MINUS}(?=\S))?(?P<unit>{names})\s?(?P<below>[-−](?=\d))?(?P<number>{number}){scale}{until}"
    yield amount_rule(
        "money",
        "sign letter word",
        rf"{before}(?:(?![^\W_])|(?=(?:{amounts.glued})(?!\w)))",
        amounts,
        amounts.currencies,
    )
    both = span(number, signs=_MINUS, first=scale, joint=rf"{_DASH}(?:{names})?", last=last)
    yield amount_rule("money", "digit sign", rf"{both}\s?(?P<unit>{names})(?!\w)", amounts, amounts.currencies)


def measure_rules(amounts: Amounts) -> Iterator[Rule]:
    """Percent, units (`5–10 km`, `-3°C`, `50 µg/m³`), scales (`5 million`)."""
    number = amounts.number
    percent = {"%": Noun(one=amounts.percent, many=amounts.percent)}
    share = span(number, signs="[-−–+]", joint=rf"\s?%?{_DASH}")
    yield amount_rule("percent", "digit sign", rf"{share}\s?(?P<unit>%)", amounts, percent)
    if amounts.units:
        units, behind = any_of(amounts.units), any_of({**amounts.units, **amounts.per_units})
        both = span(number, signs=_MINUS, joint=rf"[ \u00a0\u202f]?(?:{units})?[ \u00a0]?[-–—][ \u00a0]?")
        shared = rf"(?:/(?P<per>{behind}))?"
        end = r"(?![\w²³]|\.\w\.|/[^\W\d]{1,2}(?!\w))"
        unit = rf"(?:(?P<dash>-)|[ \u00a0\u202f\u2009])?(?P<unit>{units}){shared}{end}"
        yield amount_rule("unit", "digit sign", both + unit, amounts, amounts.units)
    if amounts.scales:
        # Beside money `B` and `T` are scales; alone they are letters: 4K, 3B.
        scales = any_of(name for name in amounts.scales if len(name) > 1 or name in "mk")
        both = span(number, signs=_MINUS, joint=rf"\s?(?P<scale>{scales})?{_DASH}")
        yield amount_rule("scale", "digit sign", rf"{both}[\s-]?(?P<last>{scales})(?![^\W\d_])", amounts, {})


def plus_minus_rule(symbols: Mapping[str, str]) -> Rule:
    """`+/- 3 %`: the same as `±`."""
    return rule("sign", "sign", r"\+/[-−–](?=\s?\d)", lambda match: symbols["±"])
