"""English: numbers, dates, times, money and short forms as a news presenter reads them."""

from __future__ import annotations

from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.addresses import address_rules
from tts_service.speakable.amounts import Amounts, amount_rules, number_rules
from tts_service.speakable.en.addresses import address_words
from tts_service.speakable.en.amounts import english_amounts, is_american
from tts_service.speakable.en.clock import clock_rules
from tts_service.speakable.en.cricket import cricket_rules
from tts_service.speakable.en.dates import date_rules
from tts_service.speakable.en.lengths import length_rules
from tts_service.speakable.en.math import math_rules
from tts_service.speakable.en.measured import measured_rules
from tts_service.speakable.en.numbers import compounds, fractions, multiples, ordinals, products, round_numbers
from tts_service.speakable.en.odds import odds_rules
from tts_service.speakable.en.phones import phones
from tts_service.speakable.en.places import place_rules
from tts_service.speakable.en.roads import road_rules
from tts_service.speakable.en.scores import score_rules
from tts_service.speakable.en.serials import own_serials
from tts_service.speakable.en.short_forms import short_forms
from tts_service.speakable.en.signs import sign_rules, silent_signs
from tts_service.speakable.en.times import time_rules
from tts_service.speakable.en.years import says_year, year_rules
from tts_service.speakable.letters import letter_rules, roman_rule
from tts_service.speakable.ratings import rating_rules
from tts_service.speakable.roman import roman_words
from tts_service.speakable.rules import Rule, RuleSet, rule_set

SYMBOLS = {
    "%": "percent", "&": "and", "+": "plus", "=": "equals", "§": "section", "×": "times", "÷": "divided by",
    "°": "degrees", "€": "euros", "£": "pounds", "$": "dollars", "@": "at", "≈": "about",
    "±": "plus or minus", "−": "minus", "≤": "at most", "≥": "at least", "≠": "does not equal",
    "√": "the square root of", "∞": "infinity", "©": "copyright", "→": "to", "↔": "to and from", "¥": "yen",
    "₹": "rupees", "¢": "cents", "№": "number", "‰": "per thousand", "∑": "sum", "∂": "partial", "∫": "integral",
    "¶": "paragraph", "∴": "therefore", "∈": "in", "∅": "empty set", "∆": "delta",
}  # fmt: skip


def english(language: str) -> RuleSet:
    """The rules of English; `en-GB` says "one hundred and one" and reads 3/4/2024 day first."""
    symbols = SYMBOLS if is_american(language) else {**SYMBOLS, "%": "per cent"}
    return rule_set(language, _rules(english_amounts(language)), symbols)


def _rules(amounts: Amounts) -> Iterator[Rule]:
    language = amounts.language
    yield from address_rules(address_words(language))
    yield round_numbers()
    yield from odds_rules(amounts)
    yield from cricket_rules(amounts)
    yield from road_rules(amounts)
    yield from date_rules(language)
    yield from clock_rules(amounts)
    yield from time_rules(amounts)
    yield from year_rules(language)
    yield from sign_rules(amounts)
    yield from own_serials(amounts)
    yield from phones(amounts)
    yield from ordinals(amounts)
    yield from products(amounts)
    yield from multiples(amounts)
    yield from length_rules(amounts)
    yield from math_rules(amounts)
    yield from amount_rules(amounts)
    yield from place_rules(language)
    yield from fractions(amounts)
    yield from score_rules(amounts)
    yield says_year(language)
    yield from compounds(amounts)
    yield from roman_words(
        lambda value: numerals.cardinal(str(value), language),
        lambda value: numerals.ordinal(str(value), language),
        lambda value: numerals.year(str(value), language),
        amounts.to,
    )
    yield roman_rule(
        lambda value: numerals.cardinal(str(value), language),
        lambda value: f"the {numerals.ordinal(str(value), language)}",
    )
    yield from number_rules(amounts)
    yield from measured_rules(amounts)
    yield from rating_rules(amounts.minus)
    yield from short_forms(language)
    yield from letter_rules("and")
    yield from silent_signs()
