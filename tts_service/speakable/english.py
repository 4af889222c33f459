"""English: numbers, dates, times, money and short forms as a news presenter reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.abbreviations import ENGLISH
from tts_service.speakable.addresses import address_rules
from tts_service.speakable.amounts import Amounts, amount_rules, number_rules
from tts_service.speakable.english_time import date_rules, says_year, time_rules
from tts_service.speakable.letters import abbreviation_rules, letter_rules, roman_rule
from tts_service.speakable.rules import Rule, RuleSet, rule, rule_set, word_after

SYMBOLS = {
    "%": "percent", "&": "and", "+": "plus", "=": "equals", "§": "section", "×": "times", "÷": "divided by",
    "°": "degrees", "€": "euros", "£": "pounds", "$": "dollars", "½": "a half", "¼": "a quarter",
    "¾": "three quarters", "@": "at", "≈": "about", "<": "less than", ">": "greater than", "²": "squared",
    "³": "cubed", "±": "plus or minus",
}  # fmt: skip
_CENTS = ("cent", "cents")
_CURRENCIES = {
    "$": (("dollar", "dollars"), _CENTS), "US$": (("U S dollar", "U S dollars"), _CENTS),
    "A$": (("Australian dollar", "Australian dollars"), _CENTS),
    "C$": (("Canadian dollar", "Canadian dollars"), _CENTS),
    "NZ$": (("New Zealand dollar", "New Zealand dollars"), _CENTS),
    "HK$": (("Hong Kong dollar", "Hong Kong dollars"), _CENTS), "£": (("pound", "pounds"), ("penny", "pence")),
    "€": (("euro", "euros"), _CENTS), "¥": (("yen", "yen"), ("", "")),
    "₹": (("rupee", "rupees"), ("paisa", "paise")), "EUR": (("euro", "euros"), _CENTS),
    "USD": (("dollar", "dollars"), _CENTS), "GBP": (("pound", "pounds"), ("penny", "pence")),
    "CHF": (("Swiss franc", "Swiss francs"), ("", "")), "¢": (("cent", "cents"), ("", "")),
    "₩": (("won", "won"), ("", "")), "₽": (("rouble", "roubles"), ("", "")),
}  # fmt: skip
_SCALES = {
    "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion", "mn": "million",
    "bn": "billion", "tn": "trillion", "k": "thousand", "m": "million", "b": "billion", "mln": "million",
    "bln": "billion", "M": "million", "B": "billion", "K": "thousand", "T": "trillion", "BN": "billion",
}  # fmt: skip


def _units(variety: str) -> dict[str, tuple[str, str]]:
    metre = "meter" if variety in ("en", "en-US") else "metre"
    litre = "liter" if variety in ("en", "en-US") else "litre"
    whole = {
        "km": f"kilo{metre}", "cm": f"centi{metre}", "mm": f"milli{metre}", "kg": "kilogram", "mg": "milligram",
        "g": "gram",
        "km²": f"square kilo{metre}", "km2": f"square kilo{metre}", "m²": f"square {metre}", "m2": f"square {metre}",
        "sq km": f"square kilo{metre}", "sq m": f"square {metre}", "sq mi": "square mile", "m³": f"cubic {metre}",
        "ha": "hectare",
        "ml": f"milli{litre}", "kWh": "kilowatt hour", "MWh": "megawatt hour", "GWh": "gigawatt hour",
        "TWh": "terawatt hour",
        "kW": "kilowatt", "MW": "megawatt", "GW": "gigawatt", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte",
        "TB": "terabyte", "lb": "pound", "lbs": "pound", "oz": "ounce", "mi": "mile", "yd": "yard", "min": "minute",
        "mins": "minute",
        "hr": "hour", "hrs": "hour", "sec": "second", "secs": "second", "kN": "kilonewton", "V": "volt", "W": "watt",
        "kB": "kilobyte",
        "l": litre, "µm": f"micro{metre}", "nm": f"nano{metre}", "acres": "acre", "dB": "decibel",
    }  # fmt: skip
    forms = {unit: (name, name + "s") for unit, name in whole.items()}
    hertz = {unit: (name, name) for unit, name in
             {"Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz"}.items()}  # fmt: skip
    odd = {
        "°C": ("degree Celsius", "degrees Celsius"), "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
        "°": ("degree", "degrees"), "℃": ("degree Celsius", "degrees Celsius"),
        "C°": ("degree Celsius", "degrees Celsius"), "km/h": (f"kilo{metre} per hour", f"kilo{metre}s per hour"),
        "kph": (f"kilo{metre} per hour", f"kilo{metre}s per hour"), "mph": ("mile per hour", "miles per hour"),
        "m/s": (f"{metre} per second", f"{metre}s per second"), "ft": ("foot", "feet"),
        "sq ft": ("square foot", "square feet"), "mpg": ("mile per gallon", "miles per gallon"),
        "g/km": (f"gram per kilo{metre}", f"grams per kilo{metre}"), "p": ("penny", "pence"),
    }  # fmt: skip
    return forms | hertz | odd


def english(language: str) -> RuleSet:
    """The rules of English; `en-GB` says "one hundred and one" and reads 3/4/2024 day first."""
    amounts = Amounts(
        language=language, point="point", percent="percent" if language in ("en", "en-US") else "per cent",
        scales={key: (name, name) for key, name in _SCALES.items()}, currencies=_CURRENCIES, units=_units(language),
    )  # fmt: skip
    return rule_set(language, _rules(amounts), SYMBOLS)


def _rules(amounts: Amounts) -> Iterator[Rule]:
    language = amounts.language
    yield from address_rules("dot", "at", "en")
    yield from date_rules(language)
    yield from time_rules(language)
    yield from _metres(amounts)
    yield from amount_rules(amounts)
    yield from _phones(language)
    yield from _ordinals(language)
    yield from _fractions(amounts)
    yield says_year(language)
    yield from _compounds(amounts)
    yield from number_rules(amounts)
    yield roman_rule(
        lambda value: numerals.cardinal(str(value), language),
        lambda value: f"the {numerals.ordinal(str(value), language)}",
    )
    yield from abbreviation_rules(ENGLISH, "en")
    yield rule("and or", "letter", r"and/or(?!\w)", lambda match: "and or")
    yield from letter_rules("and")
    yield rule("slash", "sign", r"/(?=\w)", lambda match: "")


_LONG = (
    r"(?:long|tall|high|wide|deep|away|below|above|from|sprint|hurdles|freestyle|butterfly|backstroke|final|"
    r"race|run|relay|waves?)"
)


def _metres(amounts: Amounts) -> Iterator[Rule]:
    """`40m long` and `5 m` are metres, `5m people` is five million."""
    metre = amounts.units["km"][0].removeprefix("kilo")

    def say(match: re.Match[str]) -> str | None:
        adjective = (
            match["dash"]
            or match.string[match.end() : match.end() + 1] == "-"
            or word_after(match)
            in (
                "sprint",
                "hurdles",
                "freestyle",
                "final",
                "race",
                "relay",
                "run",
            )
        )
        return amounts.counted(match["number"], (metre, metre if adjective else metre + "s"))

    yield rule("unit", "digit", rf"(?P<number>{amounts.number})(?:(?P<dash>-)|[ \u00a0])?m(?=[ -]{_LONG}\b)", say)
    yield rule("unit", "digit", rf"(?P<number>{amounts.number})(?P<dash>-)?[ \u00a0]m(?![\w²³/'’])", say)


def _phones(language: str) -> Iterator[Rule]:
    def say(match: re.Match[str]) -> str | None:
        groups = re.findall(r"\d+", match.group())
        if sum(map(len, groups)) < 7:
            return None
        said = " ".join(numerals.each_digit(group, language) or "" for group in groups)
        return f"plus {said}" if match.group().startswith("+") else said

    yield rule(
        "telephone",
        "sign digit",
        r"(?:\+\d{1,3}|\(?0\d{2,5}\)?|\d{3}(?=-\d{3}-\d{4}))(?:[ -]\(?\d{2,8}\)?){1,6}(?!\w)",
        say,
    )
    yield rule("telephone", "digit", r"\d{3}-\d{4}(?!\w)", say)


def _ordinals(language: str) -> Iterator[Rule]:
    def say(match: re.Match[str]) -> str | None:
        return numerals.ordinal(match["number"].replace(",", ""), language)

    yield rule("ordinal", "digit", r"(?P<number>\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:st|nd|rd|th)(?!\w)", say, re.I)


_HALVES = {"½": "a half", "¼": "a quarter", "¾": "three quarters", "⅓": "a third", "⅔": "two thirds", "⅛": "an eighth"}


def _fractions(amounts: Amounts) -> Iterator[Rule]:
    def glyph(match: re.Match[str]) -> str | None:
        whole = amounts.say(match["whole"])
        return f"{whole} and {_HALVES[match['half']]}" if whole else None

    def written(match: re.Match[str]) -> str | None:
        top, bottom = match["top"], match["bottom"]
        if (top, bottom) in (("24", "7"), ("9", "11")):
            return f"{amounts.say(top)} {amounts.say(bottom)}"
        if not 1 < int(bottom) <= 20 or int(top) >= int(bottom):
            return None
        name = {"2": "half", "4": "quarter"}.get(bottom) or numerals.ordinal(bottom, "en")
        one = top == "1"
        plural = name if one else "halves" if bottom == "2" else f"{name}s"
        said = f"{amounts.say(top)} {plural}"
        return f"{amounts.say(match['whole'])} and {'a ' + str(name) if one else said}" if match["whole"] else said

    yield rule("fraction", "digit", r"(?P<whole>\d{1,9})\s?(?P<half>[½¼¾⅓⅔⅛])", glyph)
    yield rule("fraction", "digit", r"(?:(?P<whole>\d{1,4}) )?(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?![\w/])", written)


def _compounds(amounts: Amounts) -> Iterator[Rule]:
    """`20-year-old`, `3-year`, `10-day`, `4x4`, `24-hour`."""

    def say(match: re.Match[str]) -> str | None:
        said = amounts.say(match["number"])
        return f"{said} {match['rest'].replace('-', ' ')}" if said else None

    def times(match: re.Match[str]) -> str | None:
        first, second = amounts.say(match["number"]), amounts.say(match["by"])
        return f"{first} by {second}" if first and second else None

    def multiple(match: re.Match[str]) -> str | None:
        said = amounts.say(match["number"])
        return f"{said} times" if said else None

    yield rule(
        "compound",
        "digit",
        rf"(?P<number>{amounts.number})-(?P<rest>[a-z]{{2,20}}(?:-[a-z]{{2,20}}){{0,3}})(?!\w)",
        say,
    )
    yield rule("dimensions", "digit", rf"(?P<number>{amounts.number})\s?[x×]\s?(?P<by>{amounts.number})(?!\w)", times)
    yield rule("multiple", "digit", rf"(?P<number>{amounts.number})x(?!\w)", multiple)
