"""Italian: numbers, dates, times, money and short forms as a presenter of RAI reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tts_service.speakable.addresses import AddressWords, address_rules
from tts_service.speakable.asides import aside_rules
from tts_service.speakable.it import numbers
from tts_service.speakable.it.amounts import Italian, percent_range_rule
from tts_service.speakable.it.news import COMPASS, aside_forms
from tts_service.speakable.it.places import phone_rules, post_code_rule, province_rule, saint_rules, way_rule
from tts_service.speakable.it.scores import half_rule, minute_rule, result_rule
from tts_service.speakable.it.short_forms import ITALIAN, consonants_rule, in_letters, law_rules
from tts_service.speakable.it.times import clock_rules, date_rules, elided_date_rule, elided_first_rule
from tts_service.speakable.items import item_rule
from tts_service.speakable.measures import plus_minus_rule
from tts_service.speakable.nouns import nouns
from tts_service.speakable.quantity import amount_rule
from tts_service.speakable.roman import roman_value
from tts_service.speakable.romance.amounts import SPACES, Words
from tts_service.speakable.romance.compass import compass_rules
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
from tts_service.speakable.romance.short_forms import abbreviation_rule, led_abbreviations, letter_rules
from tts_service.speakable.romance.sport import Primes, minutes_range_rule, seconds_rule
from tts_service.speakable.rules import Rule, RuleSet, Stage, any_of, listed, rule, rule_set, word_after, word_before
from tts_service.speakable.tables import pairs, words
from tts_service.speakable.tennis import tie_break_rule

_ELIDED = re.compile(
    r"(?:[cdlmnstvCDLMNSTV]|[Uu]n|(?:[Aa]|[Dd]a|[Dd]e|[Nn]e|[Ss]u|[Cc]o|[Qq]ue)ll|[Qq]uest|[Tt]utt)['’]"
    r"(?=[^\W_a-zà-ÿ]|[a-z]{1,5}\.)"
)
_WORDS = Words(
    comma="virgola",
    dot="punto",
    minus="meno",
    plus="più",
    to="a",
    and_="e",
    percent="per cento",
    permille="per mille",
    per="al",
    each="per",
    times="per",
    by="per",
    out_of="su",
    dash="trattino",
)
_PARTS = PartWords(
    half=lambda noun: f"mezz'{noun.one}" if noun.one == "ora" else f"mezz{'a' if noun.feminine else 'o'} {noun.one}",
    and_half=lambda noun: "e mezza" if noun.feminine else "e mezzo",
    and_part="e ",
    of=lambda noun: f"d'{noun}" if noun[0] in "aeiou" else f"di {noun}",
)
_SECONDS = Primes(joint=" e ", before_seconds=listed("a in di da per con tra fra e"))
_MONTHS = words("it")["months"]
_KINGS = words("it")["kings"]
_QUEENS = words("it")["queens"]
_MASCULINE_ARTICLES = words("it")["masculine articles"]
_FEMININE_ARTICLES = words("it")["feminine articles"]
_BEFORE_DEGREES = words("it")["before degrees"]
_FIRSTS = words("it")["firsts"]


def italian(tag: str) -> RuleSet:
    """The rules of Italian."""
    tongue = Italian(
        language=tag,
        words=_WORDS,
        cardinal=numbers.cardinal,
        form=lambda match: "alone",
        is_single=lambda whole, fraction: whole == "1" and not fraction,
        of=lambda noun: f"di {noun}",
        takes_of=re.compile(r"ili(?:on[ei]|ard[oi])$"),
        with_cents=lambda first, rest, cents: f"{first} e {cents}",
        fraction=numbers.fraction,
        scales=nouns("it", "scales"),
        currencies=nouns("it", "currencies"),
        units=nouns("it", "units"),
        is_word=is_verb,
        shared_words=words("it")["shared"],
        shares=pairs("it", "shares"),
    )
    return rule_set(tag, _stages(tongue), pairs("it", "symbols"), elided=_ELIDED)


def _stages(tongue: Italian) -> dict[Stage, Iterable[Rule]]:
    addresses = AddressWords(
        language="it",
        dot="punto",
        at="chiocciola",
        marks={"-": "trattino", "_": "trattino basso"},
        words=frozenset(("it",)),
    )
    return {
        Stage.IDIOMS: (
            type_rule(tongue),
            *aside_rules(),
            item_rule(tongue.digits),
            height_rule(tongue, " e "),
            percent_range_rule(tongue),
            part_rule(tongue, _PARTS),
            tie_break_rule(tongue.digits),
            elided_first_rule(),
            elided_date_rule(tongue),
            minute_rule(tongue),
            minutes_range_rule(tongue),
            seconds_rule(tongue, _SECONDS),
            *aside_forms(tongue),
            *compass_rules(COMPASS),
            rule("duration", "letter word", r"[Hh]24(?!\w)", lambda match: "acca ventiquattro"),
            *law_rules(tongue),
            *saint_rules(),
            way_rule(),
            province_rule(),
            *led_abbreviations(ITALIAN),
        ),
        Stage.WEB: address_rules(addresses),
        Stage.PLACES: (post_code_rule(tongue), *phone_rules(tongue)),
        Stage.DATES: date_rules(tongue),
        # Before measures, where ° is a degree.
        Stage.TIMES: (*clock_rules(tongue), *_ordinals()),
        Stage.MONEY: (two_prices_rule(tongue), rising_price_rule(tongue), *money_rules(tongue)),
        Stage.MEASURES: (
            plus_minus_rule(pairs("it", "symbols")),
            *measure_rules(tongue),
            *rate_rules(tongue),
            _thousands(tongue),
            *numbers.one_rules(),
            power_rule(tongue, {"²": "al quadrato", "³": "al cubo"}),
            *science_rules(tongue, "per", lambda power: f"alla {power}"),
            shared_rule(tongue, "ogni"),
        ),
        Stage.SCORES: (*score_rules(tongue), result_rule(tongue), half_rule()),
        Stage.NAMES: (*_romans(tongue), abbreviation_rule(ITALIAN)),
        Stage.NUMBERS: (
            *numbers.half_rules(tongue),
            *fraction_rules(tongue, {"½": "un mezzo", "¼": "un quarto", "¾": "tre quarti"}, _and_part),
            *version_rules(tongue),
            *number_rules(tongue),
        ),
        Stage.LETTERS: (
            serial_rule(tongue, in_letters),
            *letter_rules(ITALIAN),
            consonants_rule(),
        ),
    }


def _and_part(whole: str, part: str) -> str:
    return f"{whole} e {part.removeprefix('un ') if part == 'un mezzo' else part}"


def _thousands(tongue: Italian) -> Rule:
    """`500mila`, `20 mila`, `2,5 mld`."""
    scale = any_of(name for name in tongue.scales if name.islower() and len(name) <= 4)
    shape = rf"(?P<number>{tongue.number})[{SPACES}]?(?P<scale>{scale})(?!\w)\.?"
    return amount_rule("scale", "digit", shape, tongue, {})


_BEHIND_RANK = listed("nel nei nella nelle nell al alla ai alle in a su dietro davanti con")
"""`è 2a nei 200 farfalla`"""


def _ordinals() -> Iterator[Rule]:
    """`1º`, `1°`, `2ª`, `3^`, `12a giornata`, `la 2.a edizione`, `2a nei 200`; `a 30°` is a temperature."""

    def say(match: re.Match[str]) -> str | None:
        value, end = int(match["number"]), match["end"]
        before, after = word_before(match).lower().rstrip("."), word_after(match)
        kind = numbers.gender(after, many=False) if after.islower() else None
        if end == "a" and len(after) == 1 and after in "ABCDEFGH":
            kind = "f"
        led = before in _MASCULINE_ARTICLES or before in _FEMININE_ARTICLES
        agrees = kind == ("f" if end == "a" else "m") or (led and kind) or after.lower() in _BEHIND_RANK
        if end in "ao" and not (agrees or ("." in match.group() and kind)):
            return None
        if end in "°º" and not kind and not led and (before in _BEFORE_DEGREES or value > 10):
            return None
        if end in "°º" and value >= 100 and before in _BEFORE_DEGREES:
            return None
        feminine = end in "ªa" or (end in "^°" and (kind == "f" or (before in _FEMININE_ARTICLES and before != "l")))
        return numbers.ordinal(value, feminine=feminine)

    def school_class(match: re.Match[str]) -> str:
        return f"{numbers.ordinal(int(match['number']), feminine=True)} {match['letter']}"

    def written_out(match: re.Match[str]) -> str | None:
        said = numbers.ordinal(int(match["number"]))
        return f"{said[:-1]}{match['end']}" if said else None

    yield rule("ordinal", "digit", r"(?P<number>\d{1,3})[’']?(?:esim|sim)(?P<end>[oaie])(?!\w)", written_out)
    yield rule("ordinal", "digit", r"(?P<number>[1-5])[ª^°º]\s?(?P<letter>[A-H])(?!\w)", school_class)
    yield rule("ordinal", "digit", r"(?P<number>\d{1,3})\.?(?P<end>[º°ª^ao])(?![\w'’])", say)
    # Left over from a number that wasn't taken for an ordinal: no voice can say it.
    yield rule("ordinal", "letter", r"[ºª](?![^\W\d_])", lambda match: "")


def _romans(tongue: Italian) -> Iterator[Rule]:
    """`XXI secolo`, `Leone XIV`, `II guerra mondiale`, `via XX Settembre`; other letters stay letters."""

    def behind(match: re.Match[str]) -> str | None:
        value, before = roman_value(match["roman"]), word_before(match)
        if value is None:
            return None
        named = len(match["roman"]) > 1 and before[:1].isupper() and not before.isupper()
        if before in _KINGS or before in _QUEENS or named:
            return numbers.ordinal(value, feminine=before in _QUEENS)
        # "tra il XV e il XVI secolo": the noun comes later.
        tail = match.string[match.end() : match.end() + 24]
        return numbers.ordinal(value) if re.match(r" (?:e|o|al|ed) (?:il |l['’])?[IVXL]{1,8} secolo", tail) else None

    def before_noun(match: re.Match[str]) -> str | None:
        value, before, noun = roman_value(match["roman"]), word_before(match).lower(), match["noun"].rstrip(".")
        spelt = len(before) == 1 and word_before(match).isupper()
        if value is None or spelt:
            return None
        if noun.lower() in _MONTHS:
            return "primo" if value == 1 else tongue.say(str(value))
        kind = numbers.gender(
            {"sec": "secolo", "trim": "trimestre", "sem": "semestre"}.get(noun, noun).lower(), many=False
        )
        led = before in _MASCULINE_ARTICLES or before in _FEMININE_ARTICLES
        if not kind or noun.isupper() or (value == 1 and not led and noun.lower() not in _FIRSTS):
            return None
        return numbers.ordinal(value, feminine=kind == "f")

    roman = r"(?P<roman>[IVXL]{1,8})[°ª^]?(?!\w|\.\w|['’-])"
    yield rule("roman numeral", "letter", roman, behind)
    yield rule(
        "roman numeral",
        "letter",
        rf"{roman}(?=[{SPACES}](?P<noun>[^\W\d_]{{4,30}}|sec\.|(?:quad)?rim\.|trim\.|sem\.))",
        before_noun,
    )
