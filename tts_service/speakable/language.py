"""What the house asks of a language: one `Language` value a folder, found by the folder's name and loaded when needed.

`speakable/xx/__init__.py` exports it as LANGUAGE; docs/languages.md says how to write one.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

from tts_service.speakable.rules import RuleSet
from tts_service.values import BlockKind

_CODE = re.compile(r"[a-z]{2,3}")
ANNOUNCED = (BlockKind.TABLE, BlockKind.CODE, BlockKind.CAPTION, BlockKind.QUOTE)
"""What can be announced. A picture is announced with its caption."""
_TIME_ZONES = frozenset(
    ["ET", "EST", "EDT", "CT", "CST", "CDT", "MT", "MST", "PT", "PST", "PDT", "GMT", "BST", "UTC", "CET", "CEST"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinals:
    """A dot behind a number makes it an ordinal: "20. Jahrhundert", "1. Oktober"."""

    months: frozenset[str]
    """Lower case, short ones too: a number with a dot before them never ends a sentence."""
    openers: frozenset[str]
    led_by: re.Pattern[str] | None = None
    """What before a number with a dot shows that it goes on: "zum 100. Mal"."""
    counts: Callable[[str], bool] | None = None
    """Whether a noun stands behind ordinals that nothing leads: "2. Halbzeit". None: any noun does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceEnds:
    """Which dots end no sentence. Words stand without their last dot, in lower case, but for `openers`."""

    openers: frozenset[str]
    """Words that begin sentences: behind them a doubtful dot is an end."""
    function: frozenset[str] = frozenset()
    """Words without a meaning of their own (articles, prepositions), in lower case; with a capital they begin a
    sentence."""
    binding: frozenset[str] = frozenset()
    """Those of them that bind a noun to the noun before it: "of"."""
    before_names: frozenset[str] = frozenset()
    """After these a sentence never ends, whatever follows."""
    before_numbers: frozenset[str] = frozenset()
    """After these a sentence goes on when a number follows."""
    abbreviations: frozenset[str] = frozenset()
    """Other abbreviations: after these a sentence goes on unless an opener follows."""
    capitalised: frozenset[str] = frozenset()
    """Abbreviations only with a capital: "Mass.", while "mass." ends a sentence."""
    often_last: frozenset[str] = frozenset()
    """Abbreviations that end many sentences: a capital behind them begins the next."""
    together: frozenset[tuple[str, str]] = frozenset()
    """Pairs that are one abbreviation, whatever stands behind: ("ee", "UU.")."""
    behind_clock: frozenset[str] = _TIME_ZONES
    """What may follow a.m. and p.m. in the same sentence."""
    joining: str = "and|but|or|nor|so|yet|because|which|who|while|where|when|although"
    """Words before which a long sentence is divided, as a pattern."""
    ordinals: Ordinals | None = None
    roman_ordinals: bool = False
    """A roman number with a dot is one: "Karl V. sprach"."""
    roman_numbers: bool = True
    """A roman number counts as a number behind `before_numbers`."""
    streets: tuple[str, ...] = ()
    """Endings of streets: their dot ends a sentence unless a house number follows."""
    single_letters: bool = False
    """A single letter with a dot is an abbreviation unless a word that begins sentences follows."""
    lettered: frozenset[str] = frozenset()
    """Behind these a letter is a name: "Plan A.", "hepatitis B."."""
    prepositions: frozenset[str] = frozenset()
    """Behind these "the U.S." is a place."""
    behind_country: frozenset[str] = frozenset()
    """What goes on behind "the U.S.": Senate."""
    closing_units: frozenset[str] = frozenset()
    """Short forms of units: behind a number, a capital after them begins the next sentence."""
    behind_units: frozenset[str] = frozenset()
    """Capitals that go on behind a unit: "14 mi. NNE of"."""
    months: frozenset[str] = frozenset()
    """Short months: behind a day or one of `before_months`, a capital after them begins the next sentence."""
    before_months: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    """Letters with dots, written together and without them, that end a sentence before a capital: "pm", "eV"."""
    nouns_are_capital: bool = False
    """A capital begins no sentence; only a word that begins sentences does."""
    behind_subject: frozenset[str] = frozenset()
    """Small words that show the one before them for a sentence's subject: "will"."""
    roads: frozenset[str] = frozenset()
    """Short forms of streets: behind a house number they end a sentence if a word that begins sentences follows."""
    consonants_alone: bool = True
    """What has no vowel is an abbreviation."""
    cut_short: re.Pattern[str] | None = None
    """How no word of the language ends: a small word that does is an abbreviation, in a list or not."""
    loan_words: frozenset[str] = frozenset()
    """Words that end so all the same."""
    elision: bool = False
    """Words may begin with letters and an apostrophe that are not theirs: "l'art.", "dell'art."."""
    spaced_quotes: bool = False
    """A space stands before the closing quote."""

    def opens(self, word: str) -> bool:
        """Whether a written word begins sentences: a known opener, or a small word with a capital."""
        bare = word.strip(",;:.!?\"'“”„‘’«»()")
        return bare in self.openers or (bare[:1].isupper() and bare.lower() in self.function and len(bare) > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinging:
    """What is glued to a name and said with it, so that a lexeme takes it along: "Holyrood's", "d'Holyrood"."""

    behind: re.Pattern[str] | None = None
    """From the apostrophe on; the first group is what clings."""
    before: re.Pattern[str] | None = None
    sound_behind: Callable[[str, str], str] = lambda letters, ipa: letters
    """(what clings, the name's IPA) -> its sounds."""
    sounds_before: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variety:
    """What a country does otherwise."""

    traits: frozenset[str] = frozenset()
    """Names that the language's own rules ask for: "british", "pesos"."""
    num2words: str = ""
    """The name of the country's numbers in num2words; "": the language's."""


def _as_they_are(words: str, traits: frozenset[str]) -> str:
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Everything that depends on a language, but for the sounds of voices."""

    tag: str
    """As asked for: "en", "en-GB"."""
    rules: Callable[[Language], RuleSet]
    """Imports and compiles the rules; called once for each tag."""
    ends: Callable[[], SentenceEnds]
    notice: str = ""
    """Said before an article: a synthetic voice reads."""
    disclosure: str = ""
    """Written beside a clip: it is artificially generated."""
    recorded: str = ""
    """Written beside a clip that a person reads."""
    mixed: str = ""
    """Written at a feed that has clips of both kinds."""
    announcements: Mapping[BlockKind, str] = field(default_factory=dict)
    """What is said where a table, code, a picture or a quotation stands."""
    calibration: tuple[str, ...] = ()
    """Sentences on which a voice's loudness is measured."""
    espeak_gain_db: Mapping[str, float] = field(default_factory=dict)
    """espeak-ng's voices ("en", "en-us") -> gain towards -16 LUFS after the live limiter, measured as in
    `engines/voices/calibration.py` on one to four sentences of the language."""
    ipa_near: Mapping[str, str] = field(default_factory=dict)
    """espeak-ng's voices ("en", "en-us") -> pairs `r=ɹ`: for a sound they don't have, the one speakers put there."""
    clinging: Clinging = Clinging()
    genitive: str = ""
    """Glued to a name of the base lexicon, without an apostrophe: "Macrons"."""
    day_and_month: str = "d MMMM"
    """A date without its year, as Unicode's date patterns write it."""
    num2words: str = ""
    """The language's name in num2words; "": its tag."""
    smooth: Callable[[str, frozenset[str]], str] = _as_they_are
    """Number words as num2words gives them, traits -> as they are said."""
    year: Callable[[str, str], str | None] | None = None
    """(four digits, tag) -> a year's words; None: a year is said like any number."""
    varieties: Mapping[str, Variety] = field(default_factory=dict)
    """By tag: "en-GB"."""
    elsewhere: Variety = Variety()
    """What a country does that `varieties` doesn't name."""
    traits: frozenset[str] = frozenset()
    """Those of the variety that was asked for."""


@cache
def codes() -> tuple[str, ...]:
    """The languages that have a folder: "de", "en", …"""
    folder = str(Path(__file__).parent)
    return tuple(
        sorted(found.name for found in pkgutil.iter_modules([folder]) if found.ispkg and _CODE.fullmatch(found.name))
    )


@lru_cache(maxsize=256)
def language_of(tag: str) -> Language:
    """The language of a tag (BCP 47), as its country has it; one without a folder has numbers and short forms only."""
    base = tag.split("-", 1)[0].lower()
    if base not in codes():  # by name, as the folders are: their rules import this file
        other: Language = import_module("tts_service.speakable.latin").elsewhere(tag)
        return other
    found: Language = import_module(f"tts_service.speakable.{base}").LANGUAGE
    variety = found.varieties.get(tag) or (found.elsewhere if "-" in tag else Variety())
    return replace(found, tag=tag, traits=variety.traits, num2words=variety.num2words or found.num2words)


def languages() -> tuple[Language, ...]:
    """All languages that have a folder."""
    return tuple(map(language_of, codes()))
