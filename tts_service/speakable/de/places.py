"""German places and numbers to be called: postcodes, streets, telephones, accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.coordinates import Globe, coordinate_rule
from tts_service.speakable.de.amounts import German
from tts_service.speakable.de.grammar import words_before
from tts_service.speakable.de.units import UNITS
from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, any_of, listed, rule, word_after, word_before
from tts_service.speakable.tables import pairs, words

CITIES = words("de")["cities"]
_RIVERS = pairs("de", "rivers")
_ROADS = listed("die der auf an und über von")


def place_rules(*, four_digits: bool = False) -> Iterator[Rule]:
    """`10117 Berlin`, `D-80331 München`, `Hauptstr. 5`; `four_digits`: `Rest. Rössli, 6130 Willisau`."""

    def postcode(match: re.Match[str]) -> str | None:
        digits = match["digits"]
        head = match.string[max(0, match.start() - 12) : match.start()].rstrip()
        known = len(digits) == 5 and (digits[0] == "0" or word_after(match) in CITIES or head.endswith("PLZ"))
        abroad = len(digits) == 4 and word_after(match) in CITIES and not re.match(r"1[6-9]|20", digits)
        listed_ = four_digits and len(digits) == 4 and head.endswith(",") and not re.match(r"1[6-9]|20", digits)
        sure = listed_ or match["land"] or known or (abroad and re.search(r"(?:^|,|\b(?:in|nach|aus|bei|von))$", head))
        if not sure and (digits.endswith("00") or not re.search(r"\d\s?[a-z]?,$", head)):
            return None
        said = numerals.each_digit(digits, "de")
        return f"{' '.join(match['land'][:-1])} {said}" if match["land"] else said

    def river(match: re.Match[str]) -> str | None:
        dotted = match.group().endswith(".") or len(match["at"]) > 2
        return f"{match['city']} {_RIVERS[match['at']]}" if dotted else None

    def state_road(match: re.Match[str]) -> str | None:
        return "Staatsstraße" if word_before(match).lower() in _ROADS else None

    def street(match: re.Match[str]) -> str:
        return f"{match['name']}{'straße' if match['kind'][0] == 's' else 'Straße'}"

    yield rule(
        "address", "digit letter", r"(?P<land>D-|A-|CH-)?(?P<digits>\d{4,5})(?=\s[A-ZÄÖÜ][a-zäöüß]{1,30})", postcode
    )
    yield rule(
        "address", "letter", rf"(?P<city>[A-ZÄÖÜ][a-zäöüß]{{2,20}})/(?P<at>{any_of(_RIVERS)})\.?(?![\w/])", river
    )
    yield rule("abbreviation", "letter", r"v\.\s?d\.\s?H\.", lambda match: "vor der Höhe")
    yield rule("abbreviation", "letter", r"v\.\s?d\.(?=\s[A-ZÄÖÜ][a-zäöüß])", lambda match: "von der")
    yield rule("address", "letter", r"St(?=\s\d{3,4}(?![\d.,]))", state_road)
    name = r"(?P<name>(?=[A-ZÄÖÜ])[^\W\d_]{1,30}(?:-[^\W\d_]{1,30}){0,3}-?)"
    square = r"(?P<name>[A-ZÄÖÜ][a-zäöüß]{2,30})pl\.(?=\s\d)"
    yield rule("address", "letter", square, lambda match: f"{match['name']}platz")
    yield rule("address", "letter", rf"{name}(?P<kind>(?<=-)Str\.|(?<!-)str\.)(?!\w)", street)


def position_rule(amounts: German) -> Rule:
    """`54° 19' N`"""
    degree, minute, second = UNITS["°"], UNITS["min"], UNITS["Sek."]
    sides = {"N": "Nord", "S": "Süd", "O": "Ost", "E": "Ost", "W": "West"}

    def counted(written: str, noun: Noun) -> str | None:
        said = amounts.say(written.replace(".", ","))
        return f"{said} {noun.one if written == '1' else noun.many}" if said else None

    return coordinate_rule(Globe(degree=degree, minute=minute, second=second, sides=sides, counted=counted))


def telephone_rules() -> Iterator[Rule]:
    """`+49 30 1234567`, `030/1234567`, `Notruf 112`."""

    def number(match: re.Match[str]) -> str | None:
        groups = re.findall(r"\d+", match.group())
        if sum(map(len, groups)) < 6:
            return None
        said = " ".join(numerals.each_digit(group, "de") or "" for group in groups)
        return f"plus {said}" if "+" in match.group()[:2] else said

    def short(match: re.Match[str]) -> str | None:
        before, after = words_before(match, 3), word_after(match)
        told = (
            before[-1:] in (["der"], ["die"], ["unter"])
            and _POLICE.search(match.string, max(0, match.start() - 80), match.end() + 40) is not None
        )
        cue = (
            told
            or any(word.strip(":") in _CALLS for word in before)
            or after in ("wählen", "anrufen", "gewählt", "rufen")
        )
        return numerals.each_digit(match.group(), "de") if cue else None

    def extension(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1].rstrip(":-–")
        return numerals.each_digit(match["digits"], "de") if before in _EXTENSIONS else None

    def behind_fax(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1].rstrip(":")
        return numerals.each_digit(match["digits"], "de") if before in _FAXES else None

    def account(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1].strip(".:")
        if before not in _ACCOUNTS:
            return None
        parts = re.findall(r"[A-Z]|\d", match.group())
        return " ".join(numerals.each_digit(part, "de") or part for part in parts)

    yield rule("number code", "digit letter", r"(?:[A-Z]{2})?\d{2,12}+(?:[ \u00a0-]\d{1,12}+){0,8}+(?!\w)", account)
    # Possessive (`{1,9}+`): what is taken stays taken, so that a long row of digits is looked at once.
    gap = r"(?:\s?[/–-]\s?|[\s.])"
    group = r"\(?\d{1,9}+\)?"
    rest, end = rf"{group}(?:{gap}{group}){{0,5}}+", r"(?!\w|[.,]\d)"
    abroad = rf"\(?(?:\+|00)\d{{1,3}}+(?:\s?\(0\)\s?\d{{2,5}}+)?\)?{gap}{rest}{end}"
    home = rf"(?:\(0[\d ]{{2,7}}\)\s?|0\d{{2,5}}+{gap}){rest}{end}"
    yield rule("telephone", "sign digit", abroad, number)
    yield rule("telephone", "sign digit", home, number)
    yield rule("telephone", "letter", r"DW(?=:?\s[-–]?\d{2,6}(?!\w))", lambda match: "Durchwahl")
    yield rule("telephone", "sign digit", r"[-–]?\s?(?P<digits>\d{3,6})(?![\w%]|[.,:/-]\d)", extension)
    yield rule("telephone", "sign", r"[-–](?P<digits>\d{1,5})(?![\w%]|[.,:/-]\d)", behind_fax)
    ending = r"\d{2,8}(?![\w%]|[.,:/-]\d)"
    yield rule("number code", "digit", ending, lambda m: numerals.each_digit(m.group(), "de") if _ends_on(m) else None)

    def plate(match: re.Match[str]) -> str:
        digits = match["digits"]
        said = numerals.each_digit(digits, "de") if len(digits) > 3 else numerals.cardinal(digits, "de")
        return " ".join([*match["town"], *match["letters"], said or digits])

    plates = r"(?P<town>[A-ZÄÖÜ]{1,3})-(?P<letters>[A-Z]{1,2})\s(?P<digits>\d{1,4})(?!\w|[.,:]\d)"
    yield rule("number code", "letter", plates, plate)
    yield rule("number code", "letter", r"(?=[A-Z\d]{0,5}\d)[A-Z\d]{6}(?!\w)", account)
    yield rule("telephone", "digit", r"(?:11[0-9]|116\s?117)(?!\w|[.,:]\d|%|\s?[€%]|-\w)", short)
    yield rule("telephone", "digit", r"116\s117(?!\w)", number)


_ACCOUNTS = words("de")["accounts"]
_EXTENSIONS = words("de")["extensions"]
_CALLS = words("de")["calls"]
_FAXES = ("fax", "telefax", "tel.", "tel", "telefon", "durchwahl", "dw", "oder")
_POLICE = re.compile(r"Polizei|Notruf|Feuerwehr|Rettung|Hinweise")
_LOTTERY = ("spiel 77", "super 6")


def _ends_on(match: re.Match[str]) -> bool:
    """`Karte endet auf 4412`, `Spiel 77: 1234567`."""
    before = [word.strip(":") for word in words_before(match, 2)]
    return " ".join(before) in _LOTTERY or (before[-1:] == ["auf"] and before[0] in ("endet", "endend", "enden"))
