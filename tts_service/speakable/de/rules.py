"""German: which rules are asked, in which order."""

from __future__ import annotations

from collections.abc import Iterator

from tts_service.speakable.addresses import AddressWords, address_rules
from tts_service.speakable.amounts import Amounts, number_rules
from tts_service.speakable.de.amounts import quantity_rules
from tts_service.speakable.de.dates import calendar_rules, date_rules, year_rules
from tts_service.speakable.de.fractions import fraction_rules
from tts_service.speakable.de.names import (
    formula_rules,
    gender_rules,
)
from tts_service.speakable.de.numbers import (
    arithmetic_rules,
    compound_rules,
    one_rules,
    ordinal_rules,
    percentage_rule,
    school_marks,
    version_rule,
)
from tts_service.speakable.de.places import place_rules, telephone_rules
from tts_service.speakable.de.roman import roman_rules
from tts_service.speakable.de.short_forms import contextual_rules, decide
from tts_service.speakable.de.times import time_rules
from tts_service.speakable.de.units import MARKS, SYMBOLS
from tts_service.speakable.letters import abbreviation_rules, letter_rules
from tts_service.speakable.ratings import rating_rules
from tts_service.speakable.rules import Rule, RuleSet, rule, rule_set
from tts_service.speakable.tables import pairs, words

ADDRESSES = AddressWords(
    language="de", dot="Punkt", at="at", marks=MARKS, slash="Schrägstrich", hashtag="Hashtag", number="Nummer"
)


def german(language: str) -> RuleSet:
    """The rules of German; Swiss `1'000` and Austrian "Jänner" are read in every variety."""
    amounts = Amounts(
        language=language, point="Komma", dot="Punkt", decimal_mark=",", grouping=". \u2009\u202f\u00a0'’", to="bis",
        percent="Prozent", one="ein",
    )  # fmt: skip
    return rule_set(language, _rules(amounts), SYMBOLS)


def _rules(amounts: Amounts) -> Iterator[Rule]:
    """What is longer or surer is asked first."""
    yield from address_rules(ADDRESSES)
    yield from gender_rules()
    yield from date_rules()
    yield from calendar_rules()
    yield from time_rules()
    yield from telephone_rules()
    yield from place_rules()
    yield from formula_rules()
    yield from arithmetic_rules(amounts)
    yield percentage_rule(amounts)
    yield from quantity_rules(amounts)
    yield from one_rules(amounts)
    yield from ordinal_rules()
    yield from year_rules()
    yield from fraction_rules(amounts)
    yield from compound_rules(amounts)
    yield version_rule(amounts)
    yield from school_marks()
    yield from roman_rules()
    yield from number_rules(amounts)
    yield from rating_rules("minus")
    yield from contextual_rules()
    yield from abbreviation_rules(
        pairs("de", "abbreviations"), needs_number=words("de")["needs number"], decide=decide, capitals=True
    )
    yield from letter_rules("und")
    yield rule("slash", "sign", r"/(?=\w)", lambda match: "")
