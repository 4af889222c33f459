"""German money, percent and measures: one shape, `-5 bis 10 Mio. €/Jahr`, with the gender that `1` asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.de.grammar import one, words_before
from tts_service.speakable.de.units import CURRENCIES, PER, SCALES, UNITS
from tts_service.speakable.nouns import Noun
from tts_service.speakable.quantity import amount_rule, span
from tts_service.speakable.rules import Rule, any_of, listed, rule
from tts_service.speakable.tables import words

_PREFIXED = [name for name in CURRENCIES if not name[1:].islower()]
"""Signs and codes stand before the number too; words don't: "Euro 2024" is a tournament."""
_NOUNS = UNITS | CURRENCIES
_CENTS = re.compile(r",\d\d$")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class German(Amounts):
    """German amounts: a number agrees with its noun, and cents follow theirs bare."""

    swiss: bool = False
    """Whether an amount without a currency is one of francs: `12.–`."""

    def shared_by(self, written: str) -> str:
        """`100 km` -> "einhundert Kilometer"."""
        return PER[re.sub(r"\s", " ", written)]

    def between(self, first: str | None, second: str | None, joint: str = "") -> str | None:
        """Both ends of a range; "bis zu" keeps its "zu"."""
        return f"{first} bis {'zu ' if 'zu' in joint else ''}{second}" if first and second else None

    def opening(self, match: re.Match[str], scale: str | None, noun: Noun | None) -> str | None:
        """`1` is "ein" before a range's noun; money keeps its cents."""
        written = match["number"]
        if noun and noun.part and _CENTS.search(written):
            return self.amount(match, written, match.groupdict().get("scale"), noun)
        return "ein" if written == "1" else self.say(written)

    def amount(self, match: re.Match[str], written: str, scale: str | None, noun: Noun | None) -> str | None:
        """`1,50`, euro -> "ein Euro fünfzig"; `1`, "Mio." -> "eine Million"."""
        if self.swiss and noun and noun.one == "Schweizer Franken":
            noun = CURRENCIES["Franken"]
        if scale:
            said = self._scaled(match, written, SCALES[scale])
            return f"{said} {noun.many}" if said and noun else said
        if noun is None:
            return None
        if noun.part is None or not _CENTS.search(written):
            return self.agreeing(match, written, noun)
        whole, _, fraction = written.partition(",")
        if fraction == "00":
            return self.agreeing(match, whole, noun)
        if not whole.strip("0"):
            return self.agreeing(match, fraction.lstrip("0"), noun.part)
        return f"{self.agreeing(match, whole, noun)} {numerals.cardinal(fraction, self.language)}"

    def agreeing(self, match: re.Match[str], written: str, noun: Noun) -> str | None:
        """A number with its noun: `1` "ein Euro" or "einen Euro", `5` "fünf Euro"."""
        if self.swiss and noun.one == "Schweizer Franken":
            noun = CURRENCIES["Franken"]
        if written == "1":
            return f"{one(match, noun.gender)} {noun.one}"
        said = self.say(written)
        return f"{said} {_many(match, noun)}" if said else None

    def _scaled(self, match: re.Match[str], written: str, scale: Noun) -> str | None:
        """`20`, "Tsd." -> "zwanzigtausend"."""
        if scale.one == "tausend" and written.isdecimal():
            return numerals.cardinal(f"{written}000", self.language)
        return self.agreeing(match, written, scale)


_DATIVE = words("de")["dative"]
_ABOUT = words("de")["about"]
_DECLINED = listed("Monate Punkte Jahre Tage Fahrzeuge Spiele Mitglieder Jugendliche")
_ER = re.compile(r"(\w*(?:meter|liter|Meter|Liter)\b)")
"""`von 55–65 km/h` "Kilometern pro Stunde"."""
_FIRST_PART = re.compile(
    r"(?:zu|mit|nach|von|vor|seit|aus)\s\d{1,3}\s(?:J\.|Jahren?|Mon\.|Monaten?|Tagen?)\s?(?:und|u\.|,)\s?$"
)


def _many(match: re.Match[str], noun: Noun) -> str:
    """`nach 18 Mon. Haft` "nach achtzehn Monaten": measures keep their form, these take an ending."""
    before = words_before(match, 2)
    while before and before[-1] in _ABOUT:
        before.pop()
    if match.groupdict().get("until") and _ER.match(noun.many) and before[-1:] and before[-1] in _DATIVE:
        return _ER.sub(r"\1n", noun.many)
    if noun.many not in _DECLINED and noun.many not in ("Mitarbeiter", "Teilnehmer", "Zuschauer"):
        return noun.many
    led = _FIRST_PART.search(match.string, max(0, match.start() - 40), match.start())
    return f"{noun.many}n" if led or (before[-1:] and before[-1] in _DATIVE) else noun.many


_SCALE = rf"(?:[\s-]?(?P<scale>{_spaced(SCALES)})(?![^\W\d_]))?"
_PER = rf"(?:\s?/\s?(?P<per>{_spaced(PER)})(?![^\W\d_]))?"
_STOP = r"(?![\w²³]|\.\w\.)(?!(?<=Grad\sC)\s[A-ZÄÖÜ](?!\w))"
_TO = r"\s?(?P<to>[-–—]|bis(?:\szu)?)\s?"


def money_rules(amounts: German) -> Iterator[Rule]:
    """`5 Euro`, `-5 bis 10 Mio. €/Jahr`, `$20`, `20,– €`, `5-Euro-Schein`."""
    number = amounts.number
    yield from _special_money(amounts)
    scale = rf"(?:(?P<scale>{_spaced(SCALES)})[-‑]?)?"
    compound = rf"(?!{number}\s?%-Punkt)(?P<number>{number})[-‑\s]?{scale}(?P<unit>{_spaced(_NOUNS)})[-‑](?=[^\W\d_])"
    yield amount_rule("compound", "digit", compound, amounts, _NOUNS)
    sign = r"(?P<sign>(?<![\w.)%€$£])[-−–+](?=\d))?"
    both = rf"(?P<number>{number})(?:{_TO}(?P<until>{number}))?"
    before = rf"{sign}(?P<unit>{_spaced(_PREFIXED)})\s?{both}{_SCALE}{_STOP}"
    yield amount_rule("money", "sign letter", before, amounts, CURRENCIES)
    behind = rf"{span(number, joint=_TO)}{_SCALE}\s?(?P<unit>{_spaced(CURRENCIES)}){_PER}{_STOP}"
    yield amount_rule("money", "digit sign", behind, amounts, CURRENCIES)


def measure_rules(amounts: German) -> Iterator[Rule]:
    """`5–10 km`, `3 Mio.`, `in km/h`, `drei EL`."""
    both = span(amounts.number, joint=_TO)
    unit = rf"{both}{_SCALE}\s?(?P<unit>{_spaced(UNITS)}){_PER}{_STOP}"
    yield amount_rule("unit", "digit sign", unit, amounts, UNITS)
    scale = rf"{both}[\s-]?(?P<scale>{_spaced(SCALES)})(?![^\W\d_])"
    yield amount_rule("scale", "digit sign", scale, amounts, {})
    yield rule("unit", "letter word sign", rf"(?P<unit>{_spaced(_SURE)})(?![\w²³-]|\.\w)", _alone)
    yield rule("unit", "letter word", rf"(?P<unit>{_spaced(UNITS)})(?![\w²³-])", _behind_per)
    yield rule("unit", "letter", r"(?P<unit>EL|TL|Msp\.|Pck\.|Pkg\.|Stck\.|Std\.|Min\.|Mon\.)(?!\w)", _behind_word)
    raised = rf"(?<=[⁰¹²³⁴-⁹]\s)(?P<unit>{_spaced(UNITS)})(?![\w²³/])"
    yield rule("unit", "letter", raised, lambda match: UNITS[re.sub(r"\s", " ", match["unit"])].many)
    per = rf"/\s?(?P<per>{_spaced(PER)})(?![^\W\d_])"
    yield rule("rate", "sign", per, lambda match: f"pro {amounts.shared_by(match['per'])}" if _is_rate(match) else None)
    shared = r"/(?=1(?:0{0,2}\.000|00|0{3,5})(?:\.000)?\s[A-ZÄÖÜ][a-zäöü])"
    yield rule("rate", "sign", shared, lambda match: "pro" if _COUNTED.search(*_head(match)) else None)
    kelvin = r"(?P<sign>[-−–+])?(?P<number>\d{1,2},\d)\s?K(?![\w.-])"
    yield rule("unit", "digit sign", kelvin, lambda match: _kelvin(amounts, match))
    paced = r"(?<=\d)/(?P<per>min|h|s|Min\.|Std\.)(?![\w/])"
    times = {"min": "Minute", "h": "Stunde", "s": "Sekunde", "Min.": "Minute", "Std.": "Stunde"}
    yield rule("rate", "sign", paced, lambda match: f"pro {times[match['per']]}")
    pressure = r"(?P<a>\d{2,3})/(?P<b>\d{2,3})(?![\w/.])"
    yield rule("ratio", "digit", pressure, lambda match: _pressure(amounts, match))
    each = r"(?<=[a-zäöüß])/(?P<per>Stunde|Tag|Woche|Monat|Jahr|Nacht|Person)(?!\w)"
    yield rule("rate", "sign", each, lambda match: f"pro {match['per']}" if _THINGS.search(*_head(match)) else None)
    within = r"/(?=\d{1,3}\s?(?:h|Std\.|Stunden|Min\.|Minuten|Tagen?|Jahren?)(?!\w))"
    yield rule("rate", "sign", within, lambda match: "in" if _ends_amount(match) else None)
    yield rule("range", "sign", r"[-–](?=\d)", lambda match: "bis" if _between_amounts(match) else None)


_FRANCS = re.compile(r"Fr\.\s\d|Franken|CHF")
_RATE = re.compile(r"\d[^.!?]{0,30}\s(?:brutto|netto|Personen|Einwohner|Fahrzeuge|Fälle)\s?$")


def _is_rate(match: re.Match[str]) -> bool:
    """`12,82 € brutto/Std.`"""
    return bool(_RATE.search(match.string, max(0, match.start() - 50), match.start()))


def height_rule(amounts: German) -> Rule:
    """`1,80 m groß`."""
    tall = r"(?P<number>\d{1,2}),(?P<part>[1-9]\d)\s?(?:m|Meter)(?=\s(?:groß|hoch|lang|breit|tief|weit|dick))"
    return rule("unit", "digit", tall, lambda match: _metres(amounts, match))


def _metres(amounts: German, match: re.Match[str]) -> str | None:
    """`1,80 m groß` -> "ein Meter achtzig"."""
    whole = "ein" if match["number"] == "1" else amounts.say(match["number"])
    return f"{whole} Meter {numerals.cardinal(match['part'], amounts.language)}" if whole else None


def _special_money(amounts: German) -> Iterator[Rule]:
    """`20,– €`, `–,50 €`, and Swiss `Fr. 20.50`."""
    euro = _spaced(CURRENCIES)

    def whole(match: re.Match[str]) -> str | None:
        if not match["unit"] and not amounts.swiss:
            return amounts.say(match["number"])
        return amounts.agreeing(match, match["number"], CURRENCIES.get(match["unit"] or "", CURRENCIES["Franken"]))

    def cents(match: re.Match[str]) -> str | None:
        part = CURRENCIES[match["unit"]].part
        return amounts.agreeing(match, match["cents"].lstrip("0") or "0", part) if part else None

    def swiss(match: re.Match[str]) -> str | None:
        written = re.sub(r"['’]", "", match["number"]).replace(".", ",")
        unit = (match.groupdict().get("unit") or "Fr.").replace("Fr.", "Franken")
        return amounts.amount(match, written, None, CURRENCIES.get(unit, CURRENCIES["Franken"]))

    def price(match: re.Match[str]) -> str | None:
        told = _FRANCS.search(match.string, max(0, match.start() - 60), match.start())
        return swiss(match) if told and amounts.swiss else None

    yield rule("money", "digit", r"(?P<number>\d{1,3}\.\d[05])(?!\d|\.\d|\s?(?:Uhr|%|h))", price)

    def large(match: re.Match[str]) -> str | None:
        return f"{amounts.agreeing(match, match['number'], SCALES[match['scale']])} Franken"

    def thousands(match: re.Match[str]) -> str | None:
        digits = re.sub(r"\D", "", match["number"])
        return f"{numerals.cardinal(f'{digits}000', amounts.language)} Euro"

    tenth = r"(?P<number>\d{1,2},\d\d)⁹(?=\s?(?:€|Euro))"
    yield rule("money", "digit", tenth, lambda match: amounts.say(f"{match['number']}9"))
    yield rule("money", "letter", rf"Fr\.\s?(?P<number>{amounts.number})\s(?P<scale>Mio\.|Mrd\.)", large)
    yield rule("money", "digit", r"(?P<number>\d{1,3}(?:\.\d{3})?)\s?T(?:€|EUR|Euro)(?!\w)", thousands)
    dotted = r"(?P<number>\d{1,3}(?:['’]\d{3}){0,3}\.\d{2})(?!\d|\.\d|\s?Uhr)"
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


_THINGS = re.compile(r"\d\s[A-ZÄÖÜ][a-zäöüß]{2,20}$")
"""`3 Schichten/Woche`"""
_COUNTED = re.compile(r"\d(?:\s[A-ZÄÖÜ][a-zäöüß]{2,20})?$")


def _head(match: re.Match[str]) -> tuple[str, int, int]:
    return match.string, max(0, match.start() - 24), match.start()


def _pressure(amounts: German, match: re.Match[str]) -> str | None:
    """`140/90 mmHg`, `ein Blutdruck von 120/80`"""
    behind = match.string[match.end() : match.end() + 6].lstrip().startswith("mmHg")
    if not behind and "lutdruck" not in match.string[max(0, match.start() - 40) : match.start()]:
        return None
    return f"{amounts.say(match['a'])} zu {amounts.say(match['b'])}"


def _kelvin(amounts: German, match: re.Match[str]) -> str:
    """`+2,1 K zum Mittel`"""
    sign = f"{amounts.signs[match['sign']]} " if match["sign"] else ""
    return f"{sign}{amounts.say(match['number'])} Kelvin"


def _ends_amount(match: re.Match[str]) -> bool:
    """`34 cm/24 h`"""
    return _ENDS_AMOUNT.search(match.string, max(0, match.start() - 12), match.start()) is not None


def _between_amounts(match: re.Match[str]) -> bool:
    """`5 %–10 %`: a unit before the dash, and an amount behind it."""
    head = match.string[max(0, match.start() - 12) : match.start()]
    return bool(_ENDS_AMOUNT.search(head) and _IS_AMOUNT.match(match.string, match.start()))
