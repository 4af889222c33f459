"""German money, percent and measures: one shape, `-5 bis 10 Mio. €/Jahr`, with the gender that `1` asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amount_words import Amounts
from tts_service.speakable.de.grammar import one, words_before
from tts_service.speakable.de.units import CURRENCIES, PER, SCALES, UNITS
from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, any_of, listed, rule
from tts_service.speakable.tables import words

_PREFIXED = [name for name in CURRENCIES if not name[1:].islower()]
"""Signs and codes stand before the number too; words don't: "Euro 2024" is a tournament."""
_NOUNS = UNITS | CURRENCIES
_DOUBTFUL = words("de")["doubtful"]
_SURE = [
    name
    for name in UNITS
    if len(name) > 1 and name not in _DOUBTFUL and not name.endswith(".") and not name.startswith(("Grad", "v."))
]
"""Units that can't be anything else: said in full without a number, "in km/h"."""


def _spaced(words: Iterable[str]) -> str:
    """A pattern for one of the words; a space in them stands for any white space."""
    return any_of(words).replace(r"\ ", r"\s")


def counted(amounts: Amounts, match: re.Match[str], written: str, noun: Noun) -> str | None:
    """A number with its noun: `1` "ein Euro" or "einen Euro", `5` "fünf Euro"."""
    if written == "1":
        return f"{one(match, noun.gender)} {noun.one}"
    said = amounts.say(written)
    return f"{said} {_many(match, noun)}" if said else None


_DATIVE = words("de")["dative"]
_ABOUT = words("de")["about"]
_DECLINED = listed("Monate Punkte")


def _many(match: re.Match[str], noun: Noun) -> str:
    """`nach 18 Mon. Haft` "nach achtzehn Monaten": measures keep their form, these take an ending."""
    before = words_before(match, 2)
    while before and before[-1] in _ABOUT:
        before.pop()
    return f"{noun.many}n" if noun.many in _DECLINED and before[-1:] and before[-1] in _DATIVE else noun.many


def _shape(amounts: Amounts) -> tuple[str, str, str, str]:
    """(sign, number with its range, scale, end) as patterns."""
    number = amounts.number
    sign = r"(?P<sign>(?<![\w.)%])[-−–+](?=\d))?"
    span = rf"(?P<number>{number})(?:\s?(?P<to>[-–—]|bis(?:\szu)?)\s?(?P<until>{number}))?"
    scale = rf"(?:[\s-]?(?P<scale>{_spaced(SCALES)})(?![^\W\d_]))?"
    return sign, span, scale, r"(?![\w²³]|\.\w\.)(?!(?<=Grad\sC)\s[A-ZÄÖÜ](?!\w))"


_PER = rf"(?:\s?/\s?(?P<per>{_spaced(PER)})(?![^\W\d_]))?"


def money_rules(amounts: Amounts) -> Iterator[Rule]:
    """`5 Euro`, `-5 bis 10 Mio. €/Jahr`, `$20`, `20,– €`, `5-Euro-Schein`."""
    sign, span, scale, end = _shape(amounts)

    def say(match: re.Match[str]) -> str | None:
        return _quantity(amounts, match)

    yield from _special_money(amounts)
    yield rule(
        "compound",
        "digit",
        rf"(?!{amounts.number}\s?%-Punkt)(?P<number>{amounts.number})[-‑\s]?(?:(?P<scale>{_spaced(SCALES)})[-‑]?)?"
        rf"(?P<unit>{_spaced(_NOUNS)})[-‑](?=[^\W\d_])",
        say,
    )
    before = rf"{sign}(?P<unit>{_spaced(_PREFIXED)})\s?{span}{scale}{end}"
    yield rule("money", "sign letter", before, say)
    behind = rf"{sign}{span}{scale}\s?(?P<unit>{_spaced(CURRENCIES)}){_PER}{end}"
    yield rule("money", "digit sign", behind, say)


def measure_rules(amounts: Amounts) -> Iterator[Rule]:
    """`5–10 km`, `3 Mio.`, `in km/h`, `drei EL`."""
    sign, span, scale, end = _shape(amounts)

    def say(match: re.Match[str]) -> str | None:
        return _quantity(amounts, match)

    yield rule("unit", "digit sign", rf"{sign}{span}{scale}\s?(?P<unit>{_spaced(UNITS)}){_PER}{end}", say)
    yield rule("scale", "digit sign", rf"{sign}{span}[\s-]?(?P<scale>{_spaced(SCALES)})(?![^\W\d_])", say)
    yield rule("unit", "letter word sign", rf"(?P<unit>{_spaced(_SURE)})(?![\w²³-]|\.\w)", _alone)
    yield rule("unit", "letter word", rf"(?P<unit>{_spaced(UNITS)})(?![\w²³-])", _behind_per)
    yield rule("unit", "letter", r"(?P<unit>EL|TL|Msp\.|Pck\.|Pkg\.|Stck\.|Std\.|Min\.|Mon\.)(?!\w)", _behind_word)
    yield rule("range", "sign", r"[-–](?=\d)", lambda match: "bis" if _between_amounts(match) else None)


def height_rule(amounts: Amounts) -> Rule:
    """`1,80 m groß`."""
    tall = r"(?P<number>\d{1,2}),(?P<part>[1-9]\d)\s?(?:m|Meter)(?=\s(?:groß|hoch|lang|breit|tief|weit|dick))"
    return rule("unit", "digit", tall, lambda match: _metres(amounts, match))


def _quantity(amounts: Amounts, match: re.Match[str]) -> str | None:
    found = match.groupdict()
    noun = _NOUNS[re.sub(r"\s", " ", found["unit"])] if found.get("unit") else None
    first: str | None
    if until := found.get("until"):
        first = _amount(amounts, match, match["number"], noun) if _has_cents(match["number"], noun) else None
        first = first or ("ein" if match["number"] == "1" else amounts.say(match["number"]))
        second = _amount(amounts, match, until, noun)
        first = f"{first} bis {'zu ' if 'zu' in match['to'] else ''}{second}" if first and second else None
    else:
        first = _amount(amounts, match, match["number"], noun)
    if first is None:
        return None
    if sign := found.get("sign"):
        first = f"{'plus' if sign == '+' else 'minus'} {first}"
    return f"{first} pro {PER[re.sub(chr(92) + 's', ' ', found['per'])]}" if found.get("per") else first


def _metres(amounts: Amounts, match: re.Match[str]) -> str | None:
    """`1,80 m groß` -> "ein Meter achtzig"."""
    whole = "ein" if match["number"] == "1" else amounts.say(match["number"])
    return f"{whole} Meter {numerals.cardinal(match['part'], amounts.language)}" if whole else None


def _has_cents(written: str, noun: Noun | None) -> bool:
    return bool(noun and noun.part and re.search(r",\d\d$", written))


def _amount(amounts: Amounts, match: re.Match[str], written: str, noun: Noun | None) -> str | None:
    scale = match.groupdict().get("scale")
    if scale:
        said = _scaled(amounts, match, written, SCALES[scale])
        return f"{said} {noun.many}" if said and noun else said
    if noun is None:
        return None
    if noun.part is None or not _has_cents(written, noun):
        return counted(amounts, match, written, noun)
    whole, _, fraction = written.partition(",")
    if fraction == "00":
        return counted(amounts, match, whole, noun)
    if not whole.strip("0"):
        return counted(amounts, match, fraction.lstrip("0"), noun.part)
    return f"{counted(amounts, match, whole, noun)} {numerals.cardinal(fraction, amounts.language)}"


def _scaled(amounts: Amounts, match: re.Match[str], written: str, scale: Noun) -> str | None:
    """`20`, "Tsd." -> "zwanzigtausend"; `1`, "Mio." -> "eine Million"."""
    if scale.one == "tausend" and written.isdecimal():
        return numerals.cardinal(f"{written}000", amounts.language)
    return counted(amounts, match, written, scale)


def _special_money(amounts: Amounts) -> Iterator[Rule]:
    """`20,– €`, `–,50 €`, and Swiss `Fr. 20.50`."""
    euro = _spaced(CURRENCIES)

    def whole(match: re.Match[str]) -> str | None:
        if not match["unit"]:
            return amounts.say(match["number"])
        return counted(amounts, match, match["number"], CURRENCIES.get(match["unit"], CURRENCIES["Franken"]))

    def cents(match: re.Match[str]) -> str | None:
        part = CURRENCIES[match["unit"]].part
        return counted(amounts, match, match["cents"].lstrip("0") or "0", part) if part else None

    def swiss(match: re.Match[str]) -> str | None:
        written = re.sub(r"['’]", "", match["number"]).replace(".", ",")
        unit = (match.groupdict().get("unit") or "Fr.").replace("Fr.", "Franken")
        return _amount(amounts, match, written, CURRENCIES.get(unit, CURRENCIES["Franken"]))

    dotted = r"(?P<number>\d{1,3}(?:['’]\d{3}){0,3}\.\d{2})(?!\d|\.|\s?Uhr)"
    dash = r"[.,][-–—]{1,2}"
    yield rule("money", "digit", rf"(?P<number>{amounts.number}){dash}\s?(?P<unit>{euro})?(?!\w)", whole)
    yield rule("money", "letter sign", rf"(?P<unit>Fr\.|SFr\.|CHF|EUR|€)\s?(?P<number>{amounts.number}){dash}", whole)
    yield rule("money", "sign", rf"[-–—]{{1,2}},(?P<cents>\d\d)\s?(?P<unit>{euro})(?!\w)", cents)
    yield rule("money", "letter", rf"(?P<unit>CHF|Fr\.)\s?{dotted}", swiss)
    yield rule("money", "digit", rf"{dotted}\s?(?P<unit>CHF|Franken|Fr\.|Euro|€)(?!\w)", swiss)


def _alone(match: re.Match[str]) -> str | None:
    before = match.string[max(0, match.start() - 1) : match.start()]
    return None if before == "-" else UNITS[re.sub(r"\s", " ", match["unit"])].many


def _behind_per(match: re.Match[str]) -> str | None:
    """`pro m²`, `je t`, `je kg`."""
    before = match.string[max(0, match.start() - 5) : match.start()].lower().split()
    return UNITS[re.sub(r"\s", " ", match["unit"])].one if before and before[-1] in ("pro", "je") else None


_SOME = words("de")["some"]
_SINGLE = words("de")["single"]


def _behind_word(match: re.Match[str]) -> str | None:
    """`drei EL Mehl`, `ein gehäufter TL`."""
    before = (["", *words_before(match, 1)])[-1]
    unit = UNITS[match["unit"]]
    return _many(match, unit) if before in _SOME else unit.one if before in _SINGLE else None


_UNIT = _spaced(_NOUNS)
_ENDS_AMOUNT = re.compile(rf"\d\s?(?:{_UNIT})\s?$")
_IS_AMOUNT = re.compile(rf"[-–]\d[\d.,]{{0,20}}\s?(?:{_UNIT})(?!\w)")


def _between_amounts(match: re.Match[str]) -> bool:
    """`5 %–10 %`: a unit before the dash, and an amount behind it."""
    head = match.string[max(0, match.start() - 12) : match.start()]
    return bool(_ENDS_AMOUNT.search(head) and _IS_AMOUNT.match(match.string, match.start()))
