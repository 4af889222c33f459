"""French: numbers, dates, times, money and short forms as a presenter of Radio France reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from tts_service.speakable.addresses import AddressWords, address_rules
from tts_service.speakable.asides import aside_rules
from tts_service.speakable.fr import numbers
from tts_service.speakable.fr.news import news_rules
from tts_service.speakable.fr.phones import phone_rules
from tts_service.speakable.fr.short_forms import FRENCH
from tts_service.speakable.fr.times import clock_rules, date_rules, era_rules
from tts_service.speakable.items import item_rule
from tts_service.speakable.measures import plus_minus_rule
from tts_service.speakable.nouns import nouns
from tts_service.speakable.roman import roman_value
from tts_service.speakable.romance.amounts import SPACES, Romance, Words
from tts_service.speakable.romance.compass import Compass, compass_rules
from tts_service.speakable.romance.measures import height_rule, measure_rules, money_rules, rate_rules
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
from tts_service.speakable.rules import Rule, RuleSet, Stage, listed, rule, rule_set, word_before
from tts_service.speakable.tables import pairs, words
from tts_service.speakable.tennis import tie_break_rule

SYMBOLS = pairs("fr", "symbols")
_WORDS = Words(
    comma="virgule",
    dot="point",
    minus="moins",
    plus="plus",
    to="à",
    and_="et",
    percent="pour cent",
    permille="pour mille",
    per="par",
    each="par",
    times="fois",
    by="sur",
    out_of="sur",
    dash="tiret",
)
_PARTS = PartWords(
    half=lambda noun: f"un{'e' if noun.feminine else ''} demi-{noun.one}",
    and_half=lambda noun: "et demie" if noun.feminine else "et demi",
    and_part="",
    of=numbers.of,
)
_ELIDED = re.compile(r"(?:[cdjlmnstCDJLMNST]|(?:[Qq]|[Ll]orsq|[Pp]uisq|[Jj]usq)u)['’](?=[^\W_a-zà-ÿœ]|[a-zé]{1,5}\.)")


def french(language: str) -> RuleSet:
    """The rules of French; `fr-BE` and `fr-CH` count septante, nonante."""
    tongue = Romance(
        language=language,
        words=_WORDS,
        cardinal=partial(numbers.cardinal, language=language),
        form=numbers.form,
        is_single=lambda whole, fraction: whole.lstrip("0") in ("", "1"),
        of=numbers.of,
        takes_of=re.compile(r"illi(?:on|ard)s?$"),
        with_cents=lambda first, rest, cents: f"{first} {rest}",
        fraction=numbers.fraction,
        scales=nouns("fr", "scales"),
        currencies=nouns("fr", "currencies"),
        units=nouns("fr", "units"),
        decimals_agree=True,
        shared_words=words("fr")["shared"],
    )
    return rule_set(language, _stages(tongue), SYMBOLS, elided=_ELIDED)


def _stages(tongue: Romance) -> dict[Stage, Iterable[Rule]]:
    return {
        Stage.IDIOMS: (
            type_rule(tongue),
            *aside_rules(),
            item_rule(tongue.digits),
            rule("dimensions", "digit", r"4[x×]4(?!\w)", lambda match: "quatre quatre"),
            rule(
                "vehicle",
                "digit",
                r"(?<=[Ll]a )[24](?:L|CV)(?!\w)",
                lambda m: f"{tongue.digits(m[0][0])} {' '.join(m[0][1:])}",
            ),
            rule("paragraph", "digit", r"49[.-]3(?![\w.,-])", lambda match: "quarante-neuf trois"),
            height_rule(tongue),
            *era_rules(),
            part_rule(tongue, _PARTS),
            tie_break_rule(tongue.digits),
            _department(tongue),
            _francs(tongue),
            *led_abbreviations(FRENCH),
            *_titles(),
            *_asides(tongue),
            *news_rules(tongue),
            *prime_rules(tongue, _PRIMES),
            minutes_range_rule(tongue),
            behind_result_rule(_BEHIND_RESULT),
            *compass_rules(_COMPASS),
        ),
        Stage.WEB: address_rules(
            AddressWords(language="fr", dot="point", at="arobase", marks={"-": "tiret", "_": "tiret bas"})
        ),
        Stage.PLACES: phone_rules(tongue),
        Stage.DATES: date_rules(tongue),
        Stage.TIMES: clock_rules(tongue),
        Stage.MONEY: (two_prices_rule(tongue), rising_price_rule(tongue), *money_rules(tongue)),
        Stage.MEASURES: (
            plus_minus_rule(SYMBOLS),
            *measure_rules(tongue),
            *rate_rules(tongue),
            power_rule(tongue, {"²": "au carré", "³": "au cube"}),
            *science_rules(tongue, "fois", lambda power: f"puissance {power}"),
            shared_rule(tongue, "pour"),
        ),
        Stage.SCORES: score_rules(tongue),
        Stage.NAMES: (*_romans(tongue), abbreviation_rule(FRENCH)),
        Stage.NUMBERS: (
            *_ordinals(),
            *_halves(tongue),
            *version_rules(tongue),
            *number_rules(tongue),
        ),
        Stage.LETTERS: (serial_rule(tongue, lambda part: letters(part, FRENCH)), *letter_rules(FRENCH)),
    }


_COMPASS = Compass(
    north="nord",
    south="sud",
    east="est",
    west="ouest",
    west_letter="O",
    joint="-",
    joined={},
    leads=listed("de du au le secteur d vent vents rafales"),
    winds=listed("vent vents rafales tempête brise houle flux"),
)


def _asides(tongue: Romance) -> Iterator[Rule]:
    """`gratuit - de 12 ans`, `de 1/4 d'heure`, `au T3`, `XVIIIe s.`, `Roy c. Petit`, `300.–`, `la 40 O.`"""

    def quarter(match: re.Match[str]) -> str | None:
        parts = {"1/4": "un quart", "¼": "un quart", "1/3": "un tiers", "⅓": "un tiers", "1/2 h": "une demi-h"}
        return f"{match['de'][0]}'{parts[match['part']]}"

    def term(match: re.Match[str]) -> str | None:
        if word_before(match).lower() not in ("au", "du", "dès"):
            return None
        return f"{numbers.ordinal(match['number'])} trimestre"

    def francs(match: re.Match[str]) -> str | None:
        return tongue.counted(match["number"], tongue.currencies["fr."])

    def millions(match: re.Match[str]) -> str | None:
        return tongue.scaled(match["number"], match["scale"], "francs")

    def phone(match: re.Match[str]) -> str:
        return " ".join(tongue.one_by_one(group) for group in re.findall(r"\d+", match.group()))

    yield rule(
        "sign", "sign", r"[-−–](?=\sde\s\d)(?<=[^\W\d_]\s.|[(,;:€]\s.)|[-−–](?=\sde\s\d)(?<=\(.)", lambda match: "moins"
    )
    yield rule("fraction", "letter word", r"(?P<de>[dD]e)\s(?P<part>1/[43]|[¼⅓])(?![\w/])", quarter)
    yield rule("quarter", "letter", r"T(?P<number>[1-4])(?!\w)(?! de \d)", term)
    yield rule("abbreviation", "letter", r"(?:(?<=[IVX]e\s)|(?<=\de\s))s\.(?!\w)", lambda match: "siècle")
    yield rule("abbreviation", "letter", r"(?<=[a-zà-ÿ]\s)c\.(?=\s[A-ZÀ-Ý][a-zà-ÿ])", lambda match: "contre")
    yield rule("direction", "letter", r"(?<=\d\s)(?P<way>[OE])\.(?=\s[a-zà-ÿ])", lambda m: _WAYS[m["way"]])
    swiss = rf"(?P<number>{tongue.number})\.[-–—]"
    yield rule("money", "digit", rf"{swiss}(?!\w)", francs)
    yield rule("money", "letter", rf"Fr\.\s(?P<number>{tongue.number})\s(?P<scale>mio\.?|Mio\.?)", millions)
    alone = rf"(?P<number>{tongue.number})\s(?P<scale>mio\.?|mia\.?)(?!\w)"
    yield rule("scale", "digit", alone, lambda match: tongue.scaled(match["number"], match["scale"]))
    yield rule("telephone", "digit", r"(?:1[ -])?\d{3}[ -]\d{3}-\d{4}(?!\w)", phone)
    named = r"(?P<head>[^\W\d_]{2,20})-S(?P<e>te?)-(?=[A-ZÀ-Ý])"
    yield rule("abbreviation", "letter", named, lambda m: f"{m['head']}-{'Sainte' if m['e'] == 'te' else 'Saint'}-")
    ranks = {"Gal": "Général", "Mal": "Maréchal", "Pdt": "Président", "Cdt": "Commandant", "Col": "Colonel"}
    rank = rf"(?P<rank>{'|'.join(ranks)})-(?=[A-ZÀ-Ý])"
    yield rule("abbreviation", "letter", rank, lambda match: ranks[match["rank"]])


_PRIMES = Primes(
    joint=" ",
    before_seconds=listed("à en de par pour et entre dans a"),
    before_minute=frozenset(),
    minute=lambda digits: f"{numbers.ordinal(digits.lstrip('0') or '1')} minute",
    more="plus",
    halves={},
)
_BEHIND_RESULT = {
    **dict.fromkeys(("ap", "a.p"), "après prolongation"),
    **dict.fromkeys(("tab", "t.a.b"), "aux tirs au but"),
    **dict.fromkeys(("sp", "s.p"), "sur penalty"),
    "csc": "contre son camp",
}
_WAYS = {"O": "ouest", "E": "est"}


def _department(tongue: Romance) -> Rule:
    """`le 9-3`: a department of France by the digits of its number."""

    def say(match: re.Match[str]) -> str | None:
        if word_before(match).lower() not in ("le", "du", "au"):
            return None
        return f"{tongue.digits(match['a'])} {tongue.digits(match['b'])}"

    return rule("address", "digit", r"(?P<a>9)-(?P<b>[1-5])(?![\w-]|[.,]\d)", say)


def _francs(tongue: Romance) -> Rule:
    """`12 fr. 50`"""

    def say(match: re.Match[str]) -> str:
        return f"{tongue.counted(match['number'], tongue.currencies['fr.'])} {tongue.digits(match['part'])}"

    return rule("money", "digit", rf"(?P<number>{tongue.number})[{SPACES}]fr\.[{SPACES}](?P<part>[1-9]\d)(?!\w)", say)


def _titles() -> Iterator[Rule]:
    """`Me Dupont`, `St-Malo`."""

    def master(match: re.Match[str]) -> str | None:
        return None if word_before(match) == "hashtag" else "maître"

    def saint(match: re.Match[str]) -> str:
        return f"{'Sainte' if match['e'] == 'te' else 'Saint'}-{match['name']}"

    yield rule("abbreviation", "letter", r"Ex\.(?=\s?:)", lambda match: "Exemple")
    yield rule("abbreviation", "letter", r"ex\.(?=\s?:)", lambda match: "exemple")
    yield rule("abbreviation", "letter", r"Me(?=[ \u00a0][A-ZÀ-Ý])", master)
    yield rule("abbreviation", "letter", r"S(?P<e>te?)-(?P<name>[^\W\d_](?:[’'-]?[^\W_]){1,30})", saint)


def _ordinals() -> Iterator[Rule]:
    """`1er`, `2e`, `3ème`, `XXIe`, `les XIXe et XXe siècles`."""
    end = r"(?P<end>er|ers|re|res|ère|ères|e|ᵉ|es|è|ème|èmes|eme|ième|nd|nde|nds|de|d)(?![\w'’])"

    def say(match: re.Match[str]) -> str | None:
        written, end = match["number"], match["end"]
        value = int(written) if written.isdecimal() else roman_value(written)
        if value is None or (written in ("L", "C", "D", "M")):
            return None
        if value == 2 and end in ("nd", "nde", "nds", "de", "d"):
            return "seconde" if end in ("nde", "de") else "second" if end != "nds" else "seconds"
        if end in ("nd", "nde", "nds", "de", "d") or (end in ("er", "ers", "re", "res", "ère", "ères")) != (value == 1):
            return None
        said = numbers.ordinal(str(value), feminine="r" in end and end not in ("er", "ers"))
        return f"{said}s" if said and end.endswith("s") else said

    yield rule("ordinal", "digit", rf"(?P<number>\d{{1,4}}){end}", say)
    yield rule("ordinal", "letter", rf"(?P<number>[IVXLCDM]{{1,8}}){end}", say)


def _halves(tongue: Romance) -> Iterator[Rule]:
    def half(match: re.Match[str]) -> str:
        return f"{'' if word_before(match).lower() in ('une', 'la') else 'une '}demi-{match['noun']}"

    def glued(whole: str, part: str) -> str:
        return f"{whole} et demi" if part == "un demi" else f"{whole} {part}"

    yield rule(
        "fraction", "digit letter", rf"(?:½|1/2)[{SPACES}](?P<noun>heure|journée|finale|douzaine|bouteille)", half
    )
    yield from fraction_rules(tongue, {"½": "un demi", "¼": "un quart", "¾": "trois quarts"}, glued)


_COUNTED = words("fr")["counted"]
_MONARCHS = words("fr")["monarchs"]


def _romans(tongue: Romance) -> Iterator[Rule]:
    """`Louis XIV`, `chapitre IV`, `Vatican II`; letters with no such word before them stay letters."""

    def say(match: re.Match[str]) -> str | None:
        value, before = roman_value(match["roman"]), word_before(match)
        if value is None:
            return None
        many = len(match["roman"]) > 1 and before[:1].isupper() and not before.isupper()
        if before in _COUNTED or before.rpartition("-")[2] in _MONARCHS or (many and match["roman"] not in _NO_ROMAN):
            return tongue.cardinal(str(value), "label")
        return None

    yield rule("roman numeral", "letter", r"(?P<roman>[IVXL]{1,7})(?!\w|\.\w|['’-])", say)


_NO_ROMAN = listed("MI DI LI XL CD CV")
