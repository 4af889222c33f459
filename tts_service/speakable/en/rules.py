"""English: numbers, dates, times, money and short forms as a news presenter reads them."""

from __future__ import annotations

from collections.abc import Iterable

from tts_service.speakable.addresses import address_rules
from tts_service.speakable.amounts import Amounts, number_rules
from tts_service.speakable.asides import aside_rules
from tts_service.speakable.en.addresses import address_words
from tts_service.speakable.en.amounts import english_amounts, is_american
from tts_service.speakable.en.bible import bible_rule
from tts_service.speakable.en.compass import compass_rules
from tts_service.speakable.en.dates import date_rules
from tts_service.speakable.en.games import game_rules
from tts_service.speakable.en.law import grade_rules, law_rules
from tts_service.speakable.en.lengths import length_rules, measured_rules, metre_rule
from tts_service.speakable.en.math import math_rules
from tts_service.speakable.en.numbers import compounds, fractions, multiples, ordinals, products, round_numbers
from tts_service.speakable.en.odds import odds_rules
from tts_service.speakable.en.phones import phones
from tts_service.speakable.en.places import british_rules, county_rule, place_rules, position_rules, road_rules
from tts_service.speakable.en.prices import price_rules
from tts_service.speakable.en.results import result_rules
from tts_service.speakable.en.roman import roman_rules
from tts_service.speakable.en.scores import cricket_rules, score_rules
from tts_service.speakable.en.serials import own_serials
from tts_service.speakable.en.short_forms import short_forms
from tts_service.speakable.en.signs import (
    bare_ending,
    joint_rules,
    key_rules,
    letter_a_rule,
    letter_ranges,
    rate_rules,
    school_rules,
    silent_signs,
)
from tts_service.speakable.en.times import clock_rules, time_rules
from tts_service.speakable.en.years import says_year, year_rules
from tts_service.speakable.items import item_rule
from tts_service.speakable.letters import letter_rules
from tts_service.speakable.measures import measure_rules, money_rules, plus_minus_rule
from tts_service.speakable.ratings import rating_rules
from tts_service.speakable.rules import Rule, RuleSet, Stage, rule_set
from tts_service.speakable.serials import serial_rules
from tts_service.speakable.tables import pairs
from tts_service.speakable.tennis import tie_break_rule

SYMBOLS = pairs("en", "symbols")


def english(language: str) -> RuleSet:
    """The rules of English; `en-GB` says "one hundred and one" and reads 3/4/2024 day first."""
    symbols = SYMBOLS if is_american(language) else {**SYMBOLS, "%": "per cent"}
    return rule_set(language, _stages(english_amounts(language)), symbols)


def _stages(amounts: Amounts) -> dict[Stage, Iterable[Rule]]:
    language = amounts.language
    return {
        Stage.IDIOMS: (
            *aside_rules(),
            item_rule(amounts.say),
            bible_rule(amounts),
            *game_rules(amounts),
            *result_rules(amounts),
            tie_break_rule(amounts.say),
            *position_rules(amounts),
            *law_rules(amounts),
            *compass_rules(),
            *grade_rules(amounts),
            county_rule(),
            round_numbers(),
            *odds_rules(amounts),
            *cricket_rules(amounts),
            *clock_rules(amounts),
            *joint_rules(),
            *key_rules(amounts),
            *school_rules(amounts),
            letter_a_rule(),
        ),
        Stage.WEB: (*address_rules(address_words(language)), bare_ending()),
        Stage.PLACES: (
            *road_rules(amounts),
            *phones(amounts),
            *own_serials(amounts),
            *place_rules(language),
            *(() if is_american(language) else british_rules(language)),
        ),
        Stage.DATES: (*date_rules(language), *year_rules(language), *letter_ranges(amounts)),
        # An m is a minute, a metre or a million.
        Stage.TIMES: (*time_rules(amounts), metre_rule(amounts)),
        Stage.MONEY: (*price_rules(amounts), *money_rules(amounts)),
        Stage.MEASURES: (
            plus_minus_rule(SYMBOLS),
            *rate_rules(amounts),
            *products(amounts),
            *multiples(amounts),
            *length_rules(amounts),
            *math_rules(amounts),
            *measure_rules(amounts),
            *measured_rules(amounts),
        ),
        Stage.SCORES: score_rules(amounts),
        Stage.NAMES: (
            says_year(language),
            *roman_rules(amounts),
            *rating_rules(amounts.minus),
            *short_forms(language),
        ),
        Stage.NUMBERS: (*ordinals(amounts), *fractions(amounts), *compounds(amounts), *number_rules(amounts)),
        Stage.LETTERS: (*serial_rules(amounts), *letter_rules("and"), *silent_signs()),
    }
