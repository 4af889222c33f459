"""Spanish short forms that only the words around show: states, days by their letter, rooms, codes, ages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.es import numbers
from tts_service.speakable.roman import roman_value
from tts_service.speakable.romance.amounts import Romance
from tts_service.speakable.rules import Rule, any_of, rule, word_after, word_before, words_before
from tts_service.speakable.tables import pairs

_STATES = pairs("es", "states")
_DAY_LETTERS = {
    "L": "lunes",
    "M": "martes",
    "X": "miércoles",
    "J": "jueves",
    "V": "viernes",
    "S": "sábado",
    "D": "domingo",
}


def news_rules(tongue: Romance) -> Iterator[Rule]:
    """`, Gro.`, `la Lic. Rosa`, `7 de c/10`, `1a. quincena`, `1.º-4.º`, `, 41001 Sevilla`."""

    def state(match: re.Match[str]) -> str | None:
        at_home = tongue.language == "es-MX" and word_before(match).lower() in ("en", "y", "de")
        sure = match.string[: match.start()].endswith(", ") or match["state"] == "N.L." or at_home
        return _STATES[match["state"]] if sure else None

    def ordinals(match: re.Match[str]) -> str:
        kinds = [numbers.ordinal(int(match[name]), match["end"] == "ª") for name in ("a", "b")]
        return f"{kinds[0]} a {kinds[1]}"

    def dotted(match: re.Match[str]) -> str | None:
        noun = numbers.gender(word_after(match), many=False) is not None
        return numbers.ordinal(int(match["number"]), match["end"] == "a", before_noun=match["end"] == "o" and noun)

    def code(match: re.Match[str]) -> str:
        return tongue.one_by_one(match.group())

    yield rule("address", "letter", rf"(?P<state>{any_of(_STATES)})(?!\w)", state)

    def rooms(match: re.Match[str]) -> str:
        return f"{tongue.cardinal(match['number'], 'f')} {'habitación' if match['number'] == '1' else 'habitaciones'}"

    def road(match: re.Match[str]) -> str | None:
        value = roman_value(match["roman"])
        return f"N {tongue.cardinal(str(value), 'alone')}" if value else None

    def plate(match: re.Match[str]) -> str | None:
        led = any(word.startswith("matr") for word in words_before(match, 5))
        return f"{tongue.one_by_one(match['number'])} {' '.join(match['letters'])}" if led else None

    plates = r"(?P<number>\d{4})[- \u00a0]?(?P<letters>[BCDFGHJKLMNPRSTVWXYZ]{3})(?!\w)"
    yield rule("serial", "digit", plates, plate)
    yield rule("rooms", "digit", r"(?P<number>[1-9])\shab\.?(?!\w)", rooms)
    yield rule(
        "channel",
        "digit",
        r"(?<=La\s)[12](?=,\s\d{1,2}[.:]\d\d|\sde\sTVE|\)|\semit)",
        lambda m: tongue.digits(m.group()),
    )
    yield rule("address", "letter", r"N-(?P<roman>[IVX]{1,4})(?!\w)", road)

    def days(match: re.Match[str]) -> str:
        return f"de {_DAY_LETTERS[match['a']]} a {_DAY_LETTERS[match['b']]}"

    def term(match: re.Match[str]) -> str:
        years = "un año" if match["years"] == "1" else f"{tongue.digits(match['years'], 'm')} años"
        months = "un mes" if match["months"] == "1" else f"{tongue.digits(match['months'], 'm')} meses"
        return f"{years} y {months}"

    both = r"(?P<years>\d{1,2})\sa\.\sy\s(?P<months>\d{1,2})\s(?:m\.|mes(?:es)?(?!\w))"
    yield rule("duration", "digit", both, term)
    yield from _day_letter_rules()
    yield from _law_rules()

    letter = "[LMXJVSD]"
    spanned = rf"(?P<a>{letter})-(?P<b>{letter})(?=[:,]?\s(?:de\s)?\d{{1,2}}(?!\d))"
    yield rule("abbreviation", "letter word", r"(?<=\d\s)a\.(?=[,)])", lambda match: "años")
    # "de 6 m. a 3 años"
    months = r"(?P<count>\d{1,2})\sm\.?(?=\s[ay]\s\d{1,2}\s(?:años?|a\.))"
    yield rule("abbreviation", "digit", months, lambda match: f"{tongue.digits(match['count'])} meses")
    yield rule("weekday", "letter", spanned, days)
    yield rule("law", "letter", r"C\.(?=\s(?:Penal|Civil|de Comercio)(?!\w))", lambda match: "Código")
    yield rule("abbreviation", "letter word", r"min\.(?=\s\d{1,3}(?!\s?[º°\d]|[.,]\d))", lambda match: "minuto")
    yield rule("abbreviation", "letter", r"(?<=1\.ª\s)Inst\.|(?<=1ª\s)Inst\.", lambda match: "Instancia")
    yield rule("abbreviation", "letter word", r"(?<=de\s)prof\.", lambda match: "profundidad")
    yield rule("abbreviation", "letter", r"c/(?=\d)", lambda match: "cada")
    yield rule("ordinal", "digit", r"(?P<number>\d{1,2})(?P<end>[oa])\.(?=\s[a-záéíóúñ])", dotted)
    both = r"(?P<a>\d{1,2})\.?(?P<end>[ºª])\s?[-–]\s?(?P<b>\d{1,2})\.?(?P=end)(?!\w)"
    yield rule("ordinal", "digit", both, ordinals)
    yield rule("post code", "digit", r"(?<=,\s)\d{5}(?=\s[A-ZÁÉÍÓÚÑ][a-záéíóúñ])|(?<=C\.P\.\s)\d{5}(?!\w)", code)


_DAY = "[LMXJVSD]"
_EARLIER_DAYS = re.compile(rf"(?<!\w)(?:{_DAY}(?: a |-| y |, ){_DAY}|lunes|martes|viernes|fines de semana)(?!\w)")
_HOURS_BEHIND = r"(?=[:,]?\s(?:de\s)?\d{1,2}(?:[.:]\d\d|\s?[-–h]|\sa\s))"


def _day_letter_rules() -> Iterator[Rule]:
    """`L a V de 9 a 14 h`, `L y X: 17.30 h`, and behind days `S de 10 a 13 h`: hours show that letters are days."""

    def pair(match: re.Match[str]) -> str:
        return f"{_DAY_LETTERS[match['a']]} {match['joint']} {_DAY_LETTERS[match['b']]}"

    def one(match: re.Match[str]) -> str | None:
        earlier = _EARLIER_DAYS.search(match.string, max(0, match.start() - 80), match.start())
        return _DAY_LETTERS[match.group()] if earlier else None

    yield rule("weekday", "letter", rf"(?P<a>{_DAY}) (?P<joint>[ay]) (?P<b>{_DAY}){_HOURS_BEHIND}", pair)
    yield rule("weekday", "letter", rf"{_DAY}{_HOURS_BEHIND}", one)
    holidays = r"(?=(?:, D)? y (?:festivos|fest\.)(?!\w))"
    yield rule("weekday", "letter", rf"[SD]{holidays}", lambda match: _DAY_LETTERS[match.group()])


_ARTICLE = re.compile(r"(?:[Aa]rts?\.|[Aa]rtículos?) [^;()]{1,40}$")
_LAWS = {
    "CP": "del Código Penal",
    "CC": "del Código Civil",
    "CE": "de la Constitución",
    "ET": "del Estatuto de los Trabajadores",
    "LEC": "de la Ley de Enjuiciamiento Civil",
    "LECrim": "de la Ley de Enjuiciamiento Criminal",
}


def _law_rules() -> Iterator[Rule]:
    """`art. 248 CP`: a law behind the number of its article."""

    def law(match: re.Match[str]) -> str | None:
        article = _ARTICLE.search(match.string, max(0, match.start() - 50), match.start())
        return _LAWS[match.group()] if article else None

    yield rule("law", "letter", rf"(?<=\d )(?:{any_of(_LAWS)})(?!\w)", law)
