"""Spanish: numbers, dates, times, money and short forms as a presenter of RNE reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tts_service.speakable.addresses import AddressWords, address_rules
from tts_service.speakable.asides import aside_rules
from tts_service.speakable.es import numbers
from tts_service.speakable.es.news import news_rules
from tts_service.speakable.es.phones import phone_rules
from tts_service.speakable.es.short_forms import SPANISH
from tts_service.speakable.es.times import clock_rules, date_rules
from tts_service.speakable.items import item_rule
from tts_service.speakable.language import Language
from tts_service.speakable.measures import plus_minus_rule
from tts_service.speakable.nouns import nouns
from tts_service.speakable.roman import roman_value
from tts_service.speakable.romance.amounts import SPACES, Form, Romance, Words
from tts_service.speakable.romance.compass import Compass, compass_rules
from tts_service.speakable.romance.measures import height_rule, is_verb, measure_rules, money_rules, rate_rules
from tts_service.speakable.romance.numbers import (
    fraction_rules,
    number_rules,
    power_rule,
    rising_price_rule,
    science_rules,
    score_rules,
    serial_rule,
    shared_rule,
    two_prices_rule,
    type_rule,
    version_rules,
)
from tts_service.speakable.romance.parts import PartWords, part_rule
from tts_service.speakable.romance.short_forms import abbreviation_rule, led_abbreviations, letter_rules, letters
from tts_service.speakable.romance.sport import Primes, behind_result_rule, minutes_range_rule, prime_rules
from tts_service.speakable.rules import (
    Rule,
    RuleSet,
    Stage,
    listed,
    rule,
    rule_set,
    word_after,
    word_before,
    words_before,
)
from tts_service.speakable.tables import pairs, series, words
from tts_service.speakable.tennis import tie_break_rule

SYMBOLS = pairs("es", "symbols")
_WORDS = Words(
    comma="coma",
    dot="punto",
    minus="menos",
    plus="más",
    to="a",
    and_="y",
    percent="por ciento",
    permille="por mil",
    per="por",
    each="por",
    times="por",
    by="por",
    out_of="sobre",
    dash="guion",
)


def spanish(language: Language) -> RuleSet:
    """The rules of Spanish; Mexico and its neighbours write 1,234.5, and `$` is a peso where there are pesos."""
    pesos = {"$": nouns("es", "currencies")["pesos"]} if "pesos" in language.traits else {}
    american = "point" in language.traits
    tongue = Romance(
        language=language.tag,
        words=_WORDS,
        cardinal=numbers.cardinal,
        form=numbers.form,
        is_single=lambda whole, fraction: whole == "1" and not fraction,
        of=lambda noun: f"de {noun}",
        takes_of=re.compile(r"ill[oó]n(?:es)?$"),
        with_cents=lambda first, rest, cents: f"{first} con {cents}",
        fraction=numbers.fraction,
        scales=nouns("es", "scales"),
        currencies=nouns("es", "currencies") | pesos,
        units=nouns("es", "units"),
        is_word=is_verb,
        fraction_is_short=True,
        shared_words=words("es")["shared"],
        decimal_mark="." if american else ",",
        grouping="," if american else ".",
    )
    return rule_set(language.tag, _stages(tongue), SYMBOLS)


def _stages(tongue: Romance) -> dict[Stage, Iterable[Rule]]:
    addresses = AddressWords(
        language="es",
        dot="punto",
        at="arroba",
        marks={"-": "guion", "_": "guion bajo"},
        words=frozenset(("es", "eu")),
    )
    return {
        Stage.IDIOMS: (
            type_rule(tongue),
            part_rule(tongue, _PARTS),
            tie_break_rule(tongue.digits),
            *aside_rules(),
            item_rule(tongue.digits),
            height_rule(tongue),
            *news_rules(tongue),
            *prime_rules(tongue, _PRIMES),
            minutes_range_rule(tongue),
            behind_result_rule(_BEHIND_RESULT),
            *compass_rules(_COMPASS),
            *led_abbreviations(SPANISH),
        ),
        Stage.WEB: address_rules(addresses),
        Stage.PLACES: phone_rules(tongue),
        Stage.DATES: date_rules(tongue),
        # Before measures, where º is a degree.
        Stage.TIMES: (*clock_rules(tongue), *_ordinals()),
        Stage.MONEY: (two_prices_rule(tongue), rising_price_rule(tongue), *money_rules(tongue)),
        Stage.MEASURES: (
            plus_minus_rule(SYMBOLS),
            *measure_rules(tongue),
            *rate_rules(tongue),
            power_rule(tongue, {"²": "al cuadrado", "³": "al cubo"}),
            *science_rules(tongue, "por", lambda power: f"elevado a {power}"),
            shared_rule(tongue, "por"),
        ),
        Stage.SCORES: score_rules(tongue),
        Stage.NAMES: (*_halves(tongue), *_romans(tongue), abbreviation_rule(SPANISH)),
        Stage.NUMBERS: (*_fractions(tongue), *version_rules(tongue), *number_rules(tongue)),
        Stage.LETTERS: (serial_rule(tongue, lambda part: letters(part, SPANISH)), *letter_rules(SPANISH)),
    }


_COMPASS = Compass(
    north="norte",
    south="sur",
    east="este",
    west="oeste",
    west_letter="O",
    joint="",
    joined={"NE": "noreste", "NO": "noroeste", "SE": "sureste", "SO": "suroeste"},
    leads=listed("al del componente hacia desde de viento vientos rachas"),
    winds=listed("viento vientos rachas componente mar oleaje temporal flujo"),
)
_PRIMES = Primes(
    joint=" con ",
    before_seconds=listed("a en de con por entre y hasta"),
    before_minute=listed("minuto el al del minutos los desde hasta y"),
    minute=lambda digits: f"minuto {numbers.cardinal(digits.lstrip('0') or '0', 'alone')}",
    more="más",
    scored=re.compile(r"(?<!\w)gol(?:es)? de [^:;.]{1,100}$"),
    halves={
        "PT": "del primer tiempo",
        "P.T.": "del primer tiempo",
        "ST": "del segundo tiempo",
        "S.T.": "del segundo tiempo",
    },
)
_BEHIND_RESULT = {
    "pen": "de penalti",
    "pp": "en propia puerta",
    "p.p": "en propia puerta",
    "pró": "en la prórroga",
    "prórr": "en la prórroga",
}


_ORDINALS_BEFORE = re.compile(r"\d[.]?[ºª°](?:,? (?:y|e|o) |, )$")
_LETTERED = ("mo ma", "ro ra", "do da", "ro ra", "to ta", "to ta", "to ta", "mo ma", "vo va", "no na")
"""By the last digit: the letters that make it an ordinal, 4to, 8va."""
_BEFORE_DEGREES = listed(
    "a los unos hasta entre con y casi de mín máx min max mínima máxima mínimas máximas temperatura"
)

_HEAT = listed("a horno")
_SIDES = ("izq", "izd", "dch", "drch", "dcha", "derecha", "izquierda")
"""Of a floor: "tercero izquierda"."""


def _ordinals() -> Iterator[Rule]:
    """`1.º`, `2ª`, `3.er`, `25.ª`."""

    def say(match: re.Match[str]) -> str | None:
        after = word_after(match)
        noun = after.islower() and numbers.gender(after, many=False) is not None
        if int(match["number"]) >= 100 and "." not in match.group() and _HEAT & set(words_before(match, 2)):
            return None
        at = word_before(match).lower().rstrip(".")
        if re.match(r" ?\d{1,2}['’′]", match.string[match.end() : match.end() + 4]):
            return None  # degrees of a place
        listed_ = _ORDINALS_BEFORE.search(match.string, max(0, match.start() - 12), match.start())
        if (
            not listed_
            and "." not in match.group()
            and not noun
            and (at in _BEFORE_DEGREES or (not at and int(match["number"]) > 12))
        ):
            return None
        short = match["end"] in ("er", "ᵉʳ") or (match["end"] in "ºo°" and noun and not after.startswith(_SIDES))
        return numbers.ordinal(int(match["number"]), match["end"] in "ªa", before_noun=short)

    def lettered(match: re.Match[str]) -> str | None:
        value, end = int(match["number"]), match["end"]
        if end.removeprefix("e") not in _LETTERED[value % 10]:
            return None
        noun = numbers.gender(word_after(match), many=False) if word_after(match).islower() else None
        return numbers.ordinal(value, end[-1] == "a", before_noun=end == "er" or noun is not None)

    yield rule("ordinal", "digit", r"(?P<number>\d{1,2})(?P<end>[rdtmvn][oa]|er[oa])(?!\w)", lettered)
    yield rule("ordinal", "digit", r"(?P<number>\d{1,3})\.?(?P<end>º|ª|er|ᵉʳ)(?!\w)", say)
    yield rule("ordinal", "digit", r"(?P<number>\d{1,2})\.(?P<end>°|o|a)(?!\w)", say)
    # Left over from a number that wasn't taken for an ordinal: no voice can say it.
    yield rule("ordinal", "letter", r"[ºª](?![^\W\d_])", lambda match: "")


def _halves(tongue: Romance) -> Iterator[Rule]:
    """`½ hora`, `2 ½ vueltas`: a half agrees with its noun."""

    def half(match: re.Match[str]) -> str | None:
        kind = numbers.gender(match["noun"], many=False)
        return {"f": "media", "m": "medio"}.get(kind or "")

    def and_half(match: re.Match[str]) -> str | None:
        kind = numbers.gender(match["noun"], many=match["number"] != "1")
        return f"{tongue.say(match['number'], kind)} y {'media' if kind == 'f' else 'medio'}" if kind else None

    noun = rf"(?=[{SPACES}](?P<noun>[a-záéíóúñ]{{3,30}})(?!\w))"
    yield rule("fraction", "digit letter", rf"(?:½|1/2){noun}", half)
    yield rule("fraction", "digit", rf"(?P<number>\d{{1,4}})[{SPACES}]?(?:½|(?<=[{SPACES}])1/2){noun}", and_half)


def _fractions(tongue: Romance) -> Iterator[Rule]:
    def glued(whole: str, part: str) -> str:
        return f"{whole} y {'medio' if part == 'un medio' else part}"

    yield from fraction_rules(tongue, {"½": "un medio", "¼": "un cuarto", "¾": "tres cuartos"}, glued)


_KINGS = words("es")["kings"]
_QUEENS = words("es")["queens"]
_PARTS = PartWords(
    half=lambda noun: f"{'media' if noun.feminine else 'medio'} {noun.one}",
    and_half=lambda noun: "y media" if noun.feminine else "y medio",
    and_part="y ",
    of=lambda noun: f"de {noun}",
)
_ARTICLES: Mapping[str, Form | None] = {
    **dict.fromkeys(series("es", "articles"), "m"),
    **dict.fromkeys(("la", "las", "una", "esta", "esa", "nuestra"), "f"),
    **dict.fromkeys(("su", "cada")),
}


def _romans(tongue: Romance) -> Iterator[Rule]:
    """`siglo XXI`, `Felipe VI`, `II Guerra Mundial`, `capítulo IV`, `Apolo XI`; other letters stay letters."""

    def behind(match: re.Match[str]) -> str | None:
        value, before = roman_value(match["roman"]), word_before(match)
        earlier = words_before(match, 4)
        if value is None:
            return None
        # "principios del XX": no event follows.
        later = before == "del" and _CENTURIES & set(words_before(match, 6)) and word_after(match) not in _EVENTS
        if later and not word_after(match)[:1].isupper():
            return tongue.cardinal(str(value), "alone")
        if before in _KINGS or before in _QUEENS or (before in ("y", "al", "a", "o") and _CENTURIES & set(earlier)):
            # Up to ten an ordinal: "Felipe sexto", "Luis catorce".
            short = numbers.ordinal(value, before in _QUEENS) if value <= 10 else None
            return short or tongue.cardinal(str(value), "alone")
        named = len(match["roman"]) > 1 and before[:1].isupper() and not before.isupper()
        return tongue.cardinal(str(value), "alone") if named else None

    def before_noun(match: re.Match[str]) -> str | None:
        value, article = roman_value(match["roman"]), word_before(match).lower()
        if article == "del" and _CENTURIES & set(words_before(match, 6)) and match["noun"].lower() not in _EVENTS:
            return None
        many = match["noun"].lower() in _EVENTS and match["noun"].endswith("s")
        kind = _ARTICLES.get(article) or numbers.gender(match["noun"].lower(), many=many)
        titled = match["noun"][0].isupper() and (not article or match["noun"].lower() in _EVENTS)
        if (
            value is None
            or not numbers.gender(match["noun"].lower(), many=False)
            or not (titled or article in _ARTICLES)
        ):
            return None
        said = numbers.ordinal(value, kind == "f", before_noun=not many)
        return f"{said}s" if said and many else said

    roman = r"(?P<roman>[IVXL]{1,8})(?!\w|\.\w|['’-])"
    yield rule("roman numeral", "letter", roman, behind)
    yield rule("roman numeral", "letter", rf"{roman}(?=[{SPACES}](?P<noun>[^\W\d_]{{4,30}}))", before_noun)


_EVENTS = words("es")["events"]
"""`y XXV Aniversario`: what is numbered in letters, whatever stands before it."""
_CENTURIES = listed("siglo siglos s. ss.")
