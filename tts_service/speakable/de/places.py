"""German places and numbers to be called: postcodes, streets, telephones, accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.de.grammar import words_before
from tts_service.speakable.rules import Rule, rule, word_after
from tts_service.speakable.tables import words

CITIES = words("de")["cities"]


def place_rules() -> Iterator[Rule]:
    """`10117 Berlin`, `D-80331 München`, `Hauptstr. 5`."""

    def postcode(match: re.Match[str]) -> str | None:
        digits = match["digits"]
        head = match.string[max(0, match.start() - 12) : match.start()].rstrip()
        known = len(digits) == 5 and (digits[0] == "0" or word_after(match) in CITIES or head.endswith("PLZ"))
        sure = match["land"] or known
        if not sure and (digits.endswith("00") or not re.search(r"\d\s?[a-z]?,$", head)):
            return None
        said = numerals.each_digit(digits, "de")
        return f"{' '.join(match['land'][:-1])} {said}" if match["land"] else said

    def street(match: re.Match[str]) -> str:
        return f"{match['name']}{'straße' if match['kind'][0] == 's' else 'Straße'}"

    yield rule(
        "address", "digit letter", r"(?P<land>D-|A-|CH-)?(?P<digits>\d{4,5})(?=\s[A-ZÄÖÜ][a-zäöüß]{1,30})", postcode
    )
    name = r"(?P<name>[^\W\d_]{1,30}(?:-[^\W\d_]{1,30}){0,3}-?)"
    yield rule("address", "letter", rf"{name}(?P<kind>(?<=-)Str\.|(?<!-)str\.)(?!\w)", street)


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
        cue = any(word.strip(":") in _CALLS for word in before) or after in ("wählen", "anrufen", "gewählt", "rufen")
        return numerals.each_digit(match.group(), "de") if cue else None

    def extension(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1].rstrip(":-–")
        return numerals.each_digit(match["digits"], "de") if before in _EXTENSIONS else None

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
    home = rf"(?:\(0\d{{2,5}}+\)\s?|0\d{{2,5}}+{gap}){rest}{end}"
    yield rule("telephone", "sign digit", abroad, number)
    yield rule("telephone", "sign digit", home, number)
    yield rule("telephone", "letter", r"DW(?=:?\s[-–]?\d{2,6}(?!\w))", lambda match: "Durchwahl")
    yield rule("telephone", "sign digit", r"[-–]?\s?(?P<digits>\d{3,6})(?![\w%]|[.,:/-]\d)", extension)
    yield rule("telephone", "digit", r"(?:11[0-9]|116\s?117)(?!\w|[.,:%]|\s?[€%]|-\w)", short)
    yield rule("telephone", "digit", r"116\s117(?!\w)", number)


_ACCOUNTS = words("de")["accounts"]
_EXTENSIONS = words("de")["extensions"]
_CALLS = words("de")["calls"]
