"""German: which rules are asked, in which order."""

from __future__ import annotations

from collections.abc import Iterable

from tts_service.speakable.addresses import AddressWords, address_rules
from tts_service.speakable.amounts import number_rules
from tts_service.speakable.asides import aside_rules
from tts_service.speakable.de.amounts import German, height_rule, measure_rules, money_rules
from tts_service.speakable.de.bible import bible_rule
from tts_service.speakable.de.boxes import box_rules
from tts_service.speakable.de.compass import compass_rules
from tts_service.speakable.de.dates import calendar_rules, date_rules, year_rule, years_rule
from tts_service.speakable.de.fractions import fraction_rules
from tts_service.speakable.de.games import game_rules
from tts_service.speakable.de.names import formula_rules, gender_rules, own_name_rule
from tts_service.speakable.de.numbers import (
    arithmetic_rules,
    compound_rules,
    inch_rule,
    numbered_rule,
    one_rules,
    ordinal_rules,
    percentage_rule,
    row_rule,
    school_marks,
    score_rule,
    version_rule,
    versioned_rule,
)
from tts_service.speakable.de.places import place_rules, position_rule, telephone_rules
from tts_service.speakable.de.recipes import recipe_rules
from tts_service.speakable.de.regions import region_rules
from tts_service.speakable.de.roman import roman_rules
from tts_service.speakable.de.short_forms import contextual_rules, decide
from tts_service.speakable.de.times import time_rules
from tts_service.speakable.de.units import MARKS, SYMBOLS
from tts_service.speakable.letters import abbreviation_rules, letter_rules
from tts_service.speakable.measures import plus_minus_rule
from tts_service.speakable.ratings import rating_rules
from tts_service.speakable.rules import Rule, RuleSet, Stage, rule, rule_set
from tts_service.speakable.serials import serial_rules
from tts_service.speakable.tables import pairs, words

ADDRESSES = AddressWords(
    language="de", dot="Punkt", at="at", marks=MARKS, slash="Schrägstrich", hashtag="Hashtag", number="Nummer"
)


def german(language: str, traits: frozenset[str] = frozenset()) -> RuleSet:
    """The rules of German; Swiss `1'000` and Austrian "Jänner" are read in every variety. `traits`: "swiss" (amounts
    without a currency, `12.–`, are francs) or "austrian"."""
    amounts = German(
        language=language,
        point="Komma",
        dot="Punkt",
        decimal_mark=",",
        grouping=". \u2009\u202f\u00a0'’",
        to="bis",
        percent="Prozent",
        one="ein",
        per="pro",
        swiss="swiss" in traits,
    )
    return rule_set(language, _stages(amounts, traits), SYMBOLS)


def _stages(amounts: German, traits: frozenset[str]) -> dict[Stage, Iterable[Rule]]:
    own = {"res.": "Reservation"} if amounts.swiss else {}
    short = abbreviation_rules(
        pairs("de", "abbreviations") | own, needs_number=words("de")["needs number"], decide=decide, capitals=True
    )
    return {
        Stage.IDIOMS: (
            *aside_rules(),
            numbered_rule(amounts),
            position_rule(amounts),
            bible_rule(),
            *game_rules(amounts),
            *recipe_rules(amounts),
            versioned_rule(amounts),
            own_name_rule(),
            percentage_rule(amounts),
            height_rule(amounts),
            *gender_rules(),
            *compass_rules(),
            *contextual_rules(),
            *box_rules(),
            *region_rules(traits),
        ),
        Stage.WEB: address_rules(ADDRESSES),
        Stage.PLACES: (*telephone_rules(), *place_rules(four_digits=bool(traits))),
        Stage.DATES: (*date_rules(), *calendar_rules(), years_rule()),
        Stage.TIMES: time_rules(),
        Stage.MONEY: money_rules(amounts),
        Stage.MEASURES: (
            plus_minus_rule(SYMBOLS),
            *arithmetic_rules(amounts),
            *measure_rules(amounts),
            *one_rules(amounts),
            inch_rule(amounts),
        ),
        Stage.SCORES: (score_rule(amounts), row_rule(amounts)),
        Stage.NAMES: (
            *formula_rules(),
            *ordinal_rules(),
            year_rule(),
            *school_marks(),
            *roman_rules(),
            *rating_rules("minus"),
            *short,
        ),
        Stage.NUMBERS: (
            *fraction_rules(amounts),
            *compound_rules(amounts),
            version_rule(amounts),
            *number_rules(amounts),
        ),
        Stage.LETTERS: (
            *serial_rules(amounts),
            *letter_rules("und"),
            rule("slash", "sign", r"/(?=\w)", lambda match: ""),
        ),
    }
