"""German: numbers, dates, times, money and short forms as a news presenter reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.abbreviations import GERMAN
from tts_service.speakable.addresses import address_rules
from tts_service.speakable.amounts import Amounts, amount_rules, number_rules
from tts_service.speakable.german_time import date_rules, ending_of, ordinal, says_year, time_rules
from tts_service.speakable.letters import REGNAL, abbreviation_rules, letter_rules, roman_rule, roman_value
from tts_service.speakable.rules import Rule, RuleSet, listed, rule, rule_set, word_after, word_before

SYMBOLS = {
    "%": "Prozent", "&": "und", "+": "plus", "=": "gleich", "§": "Paragraf", "×": "mal", "÷": "geteilt durch",
    "°": "Grad", "€": "Euro", "£": "Pfund", "$": "Dollar", "½": "ein halb", "¼": "ein viertel", "¾": "drei viertel",
    "@": "at", "≈": "etwa", "<": "kleiner als", ">": "größer als", "²": "Quadrat", "³": "Kubik", "±": "plus minus",
}  # fmt: skip
_CENT = ("Cent", "Cent")
_CURRENCIES = {
    "€": (("Euro", "Euro"), _CENT), "EUR": (("Euro", "Euro"), _CENT), "Euro": (("Euro", "Euro"), _CENT),
    "$": (("Dollar", "Dollar"), _CENT), "US$": (("U S Dollar", "U S Dollar"), _CENT),
    "USD": (("U S Dollar", "U S Dollar"), _CENT), "US-Dollar": (("U S Dollar", "U S Dollar"), _CENT),
    "Dollar": (("Dollar", "Dollar"), _CENT), "£": (("Pfund", "Pfund"), ("Penny", "Pence")),
    "GBP": (("Pfund", "Pfund"), ("Penny", "Pence")), "Pfund": (("Pfund", "Pfund"), ("Penny", "Pence")),
    "CHF": (("Schweizer Franken", "Schweizer Franken"), ("Rappen", "Rappen")),
    "Franken": (("Franken", "Franken"), ("Rappen", "Rappen")), "¥": (("Yen", "Yen"), ("", "")),
    "Cent": (_CENT, ("", "")),
}  # fmt: skip
_SCALES = {
    "Mio.": ("Million", "Millionen"), "Mio": ("Million", "Millionen"), "Mill.": ("Million", "Millionen"),
    "Millionen": ("Million", "Millionen"), "Million": ("Million", "Millionen"), "Mrd.": ("Milliarde", "Milliarden"),
    "Mrd": ("Milliarde", "Milliarden"), "Milliarden": ("Milliarde", "Milliarden"),
    "Milliarde": ("Milliarde", "Milliarden"), "Bio.": ("Billion", "Billionen"),
    "Billionen": ("Billion", "Billionen"), "Tsd.": ("Tausend", "Tausend"),
}  # fmt: skip
_SAME = {
    "km": "Kilometer", "m": "Meter", "cm": "Zentimeter", "mm": "Millimeter", "kg": "Kilogramm", "g": "Gramm",
    "mg": "Milligramm", "km²": "Quadratkilometer", "km2": "Quadratkilometer", "qkm": "Quadratkilometer",
    "m²": "Quadratmeter", "m2": "Quadratmeter", "qm": "Quadratmeter", "m³": "Kubikmeter", "ha": "Hektar",
    "l": "Liter", "ml": "Milliliter", "hl": "Hektoliter", "°C": "Grad Celsius", "℃": "Grad Celsius",
    "°F": "Grad Fahrenheit", "°": "Grad", "km/h": "Kilometer pro Stunde", "m/s": "Meter pro Sekunde",
    "kWh": "Kilowattstunden", "MWh": "Megawattstunden", "GWh": "Gigawattstunden", "TWh": "Terawattstunden",
    "kW": "Kilowatt", "MW": "Megawatt", "GW": "Gigawatt", "W": "Watt", "V": "Volt", "PS": "P S", "Hz": "Hertz",
    "kHz": "Kilohertz", "MHz": "Megahertz", "GHz": "Gigahertz", "KB": "Kilobyte", "MB": "Megabyte", "GB": "Gigabyte",
    "TB": "Terabyte", "dB": "Dezibel", "hPa": "Hektopascal", "µm": "Mikrometer", "nm": "Nanometer",
}  # fmt: skip
_FEMININE = {
    "Std.": ("Stunde", "Stunden"), "Min.": ("Minute", "Minuten"), "Sek.": ("Sekunde", "Sekunden"),
    "t": ("Tonne", "Tonnen"), "min": ("Minute", "Minuten"), "kWh": ("Kilowattstunde", "Kilowattstunden"),
    "MWh": ("Megawattstunde", "Megawattstunden"), "h": ("Stunde", "Stunden"),
}  # fmt: skip


def german(language: str) -> RuleSet:
    """The rules of German."""
    units = {unit: (name, name) for unit, name in _SAME.items()} | _FEMININE
    amounts = Amounts(
        language=language, point="Komma", decimal_mark=",", grouping=".\u202f\u00a0'’", to="bis", percent="Prozent",
        one="ein",
        scales=_SCALES, currencies=_CURRENCIES, units=units,
    )  # fmt: skip
    return rule_set(language, _rules(amounts), SYMBOLS)


def _rules(amounts: Amounts) -> Iterator[Rule]:
    language = amounts.language
    yield from address_rules("Punkt", "at", "de")
    yield from date_rules(language)
    yield from time_rules(language)
    yield from _ones(amounts)
    yield from amount_rules(amounts)
    yield from _phones(language)
    yield from _attached(amounts)
    yield from _fractions(amounts)
    yield _paragraph(amounts)
    yield _ordinals()
    yield says_year(language)
    yield from number_rules(amounts)
    yield _roman_ordinals()
    yield roman_rule(
        lambda value: numerals.cardinal(str(value), language), lambda value: f"der {ordinal(str(value), 'e')}"
    )
    yield from abbreviation_rules(GERMAN, "de")
    yield rule("and or", "letter", r"und/oder(?!\w)", lambda match: "und oder")
    yield rule("abbreviation", "letter", r"(?P<name>[^\W\d_]{1,30})str\.(?!\w)", lambda match: f"{match['name']}straße")
    yield from letter_rules("und")
    yield rule("slash", "sign", r"/(?=\w)", lambda match: "")


def _ones(amounts: Amounts) -> Iterator[Rule]:
    """`1 t`, `1 Std.`: feminine units want "eine", so do nouns that look feminine; before a noun it is "ein"."""

    def one(match: re.Match[str]) -> str | None:
        noun = word_after(match)
        if (
            not noun[:1].isupper()
            or word_before(match)[:1].isupper()
            or noun in amounts.currencies
            or noun in amounts.scales
        ):
            return None
        return "eine" if noun.endswith(("e", "ung", "heit", "keit", "schaft", "ion", "tät", "ur", "ik")) else "ein"

    names = "|".join(re.escape(unit) for unit in sorted(_FEMININE, key=len, reverse=True))
    yield rule("unit", "digit", rf"1\s(?P<unit>{names})(?!\w)", lambda match: f"eine {amounts.units[match['unit']][0]}")
    yield rule("one", "digit", r"1(?= [A-ZÄÖÜ][a-zäöüß]{2})(?! Uhr| Million| Milliarde)", one)


def _phones(language: str) -> Iterator[Rule]:
    def say(match: re.Match[str]) -> str | None:
        groups = re.findall(r"\d+", match.group())
        if sum(map(len, groups)) < 6:
            return None
        said = " ".join(numerals.each_digit(group, language) or "" for group in groups)
        return f"plus {said}" if match.group().startswith("+") else said

    yield rule("telephone", "sign digit", r"(?:\+\d{1,3}|\(?0\d{2,5}\)?)(?:[ /-]{1,3}\(?\d{2,9}\)?){1,6}(?!\w)", say)


def _attached(amounts: Amounts) -> Iterator[Rule]:
    """`18-jährige`, `3-mal`, `10-prozentig`: one word in German; `90-Minuten-Spiel` stays apart."""

    def say(match: re.Match[str]) -> str | None:
        said = amounts.say(match["number"])
        if not said:
            return None
        said = "ein" if said == "eins" else said
        if match["rest"][0].isupper():
            said, rest = said.capitalize(), match["rest"].lower()
        else:
            rest = match["rest"]
        return f"{said}{'' if ' ' not in said else ' '}{rest}"

    def apart(match: re.Match[str]) -> str | None:
        said = amounts.say(match["number"])
        return f"{said} {match['rest'].replace('-', ' ')}" if said else None

    def side(match: re.Match[str]) -> str | None:
        first, second = amounts.say(match["a"]), amounts.say(match["b"])
        return f"{first} zu {second}" if first and second else None

    def times(match: re.Match[str]) -> str | None:
        first, second = amounts.say(match["a"]), amounts.say(match["b"])
        return f"{first} mal {second}" if first and second else None

    yield rule(
        "compound", "digit", rf"(?P<number>{amounts.number})-?(?P<rest>[a-zäöüß]{{3,30}}|Jährige[nrs]?)(?![\w])", say
    )
    yield rule(
        "compound",
        "digit",
        rf"(?P<number>{amounts.number})-(?P<rest>[^\W\d_]{{2,30}}(?:-[^\W\d_]{{2,30}}){{0,3}})(?!\w)",
        apart,
    )
    yield rule("score", "digit", r"(?P<a>\d{1,3}):(?P<b>\d{1,3})(?![\w:])", side)
    yield rule("dimensions", "digit", rf"(?P<a>{amounts.number})\s?[x×]\s?(?P<b>{amounts.number})(?!\w)", times)


_NAMES = {
    "2": ("halb", "halbe"), "3": ("drittel", "drittel"), "4": ("viertel", "viertel"), "5": ("fünftel", "fünftel"),
    "6": ("sechstel", "sechstel"), "7": ("siebtel", "siebtel"), "8": ("achtel", "achtel"),
    "9": ("neuntel", "neuntel"), "10": ("zehntel", "zehntel"),
}  # fmt: skip


def _fractions(amounts: Amounts) -> Iterator[Rule]:
    def glyph(match: re.Match[str]) -> str | None:
        half = {"½": "einhalb", "¼": "einviertel", "¾": "dreiviertel"}[match["half"]]
        whole = amounts.say(match["whole"])
        return f"{'ein' if whole == 'eins' else whole}{half}" if whole else None

    def written(match: re.Match[str]) -> str | None:
        top, bottom = match["top"], match["bottom"]
        if bottom not in _NAMES or int(top) >= int(bottom):
            return None
        return f"{'ein' if top == '1' else amounts.say(top)} {_NAMES[bottom][0]}"

    yield rule("fraction", "digit", r"(?P<whole>\d{1,9})\s?(?P<half>[½¼¾])", glyph)
    yield rule("fraction", "digit", r"(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?![\w/])", written)


def _paragraph(amounts: Amounts) -> Rule:
    return rule("paragraph", "sign", r"§§(?=\s?\d)", lambda match: "Paragrafen")


def _ordinals() -> Rule:
    """`20. Jahrhundert`: a number with a dot before a word; its ending follows the words around it."""

    def say(match: re.Match[str]) -> str | None:
        end = ending_of(match)
        return ordinal(match["number"], end) if end else None

    return rule("ordinal", "digit", r"(?P<number>\d{1,3})\.(?=[ \u00a0]{0,2}[^\W\d_])", say)


_QUEENS = listed("Elisabeth Elizabeth Margrethe Beatrix Katharina Mary Catherine")


def _roman_ordinals() -> Rule:
    """`II. Weltkrieg`, `Wilhelm II.`."""

    def say(match: re.Match[str]) -> str | None:
        value, end = roman_value(match["roman"]), ending_of(match)
        if value is None:
            return None
        if word_before(match) in REGNAL:
            article = "die" if word_before(match) in _QUEENS else "der"
            return f"{article} {ordinal(str(value), 'e').capitalize()}"
        return ordinal(str(value), end).capitalize() if end else None

    return rule("roman numeral", "letter", r"(?P<roman>[IVXL]{1,6})\.(?=[ \u00a0][^\W\d_]|$)", say)
