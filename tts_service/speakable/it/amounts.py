"""Italian amounts: "un'ora", "quindicimila euro", "dodici euro al mese", "da cinque a dieci chilometri"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tts_service.speakable.it import numbers
from tts_service.speakable.nouns import Noun
from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.rules import Rule, rule, word_before
from tts_service.speakable.tables import words

_LEADS = words("it")["leads"]
"""Articles and prepositions: behind them a range has no "da … a": "in tre quattro giorni"."""
_THOUSANDS = ("mila", "k", "K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Italian(Romance):
    """What Italian does otherwise than French and Spanish."""

    shares: Mapping[str, str]
    """What stands behind a stroke -> "al mese"."""

    def counted(self, written: str, noun: Noun) -> str | None:
        """`1`, ora -> "un'ora"."""
        if written != "1":
            return Romance.counted(self, written, noun)
        return numbers.one(noun.one, feminine=noun.feminine)

    def scaled(self, written: str, scale: str, noun: str = "") -> str | None:
        """`15`, `mila`, euro -> "quindicimila euro"; with larger scales "tre milioni di euro"."""
        if scale in _THOUSANDS:
            whole, _, fraction = self.parts(written)
            said = self.cardinal(whole + fraction.ljust(3, "0"), "alone") if len(fraction) <= 3 else None
            return self.joined(said, noun)
        return Romance.scaled(self, written, scale, noun)

    @property
    def sharing(self) -> str:
        """The stroke is said with what stands behind it."""
        return ""

    def shared_by(self, written: str) -> str:
        """`h` -> "all'ora"; a word that isn't known: "al giorno"."""
        if written in self.shares:
            return self.shares[written]
        unit = self.units.get(written)
        if unit:
            return numbers.at(unit.one, feminine=unit.feminine)
        return numbers.at(written, feminine=numbers.gender(written, many=False) == "f")

    def opening(self, match: re.Match[str], scale: str | None, noun: Noun | None) -> str | None:
        """The first number of a range; behind an article or a preposition it takes no "da"."""
        said = Romance.opening(self, match, scale, noun)
        return f"da {said}" if said and word_before(match).lower() not in _LEADS else said

    def between(self, first: str | None, second: str | None, joint: str = "") -> str | None:
        """ "da cinque a dieci", but "cinque dieci"."""
        if not first or not second:
            return None
        return f"{first} a {second}" if first.startswith("da ") else f"{first} {second}"

    def ranged(self, match: re.Match[str], first: str, second: str) -> str:
        """Numbers alone: "da dieci a dodici giorni", "pagine da dodici a quindici"; years only follow each other."""
        before = word_before(match).lower()
        named = numbers.noun_after(match) or before in numbers.LABELS
        return f"da {first} a {second}" if named and before not in _LEADS else f"{first} {second}"


def percent_range_rule(tongue: Italian) -> Rule:
    """`al 4,25-4,5%`: "tra il quattro virgola venticinque e il quattro virgola cinque per cento"; decimals that only
    follow each other can't be told apart. Whole numbers do: "il trenta quaranta per cento"."""

    def say(match: re.Match[str]) -> str | None:
        first, second = tongue.say(match["number"]), tongue.say(match["until"])
        if "," not in match["number"] + match["until"] or not first or not second:
            return None
        between = "Tra" if match.group()[0].isupper() else "tra"
        return f"{between} {_the(first)} e {_the(second)} {tongue.words.percent}"

    gap = f"[{SPACES}]"
    between = rf"(?:[Tt]|[Ff])ra{gap}(?:(?:il|lo){gap}|l['’])?"
    article = rf"(?:[Ii]l|[Ll]o|(?:[Aa]|[Dd]e)l(?:lo)?){gap}|(?:(?:[Aa]|[Dd]e)l)?[Ll]['’]"
    both = rf"(?P<number>{tongue.number})(?:{gap}?%)?{gap}?[-–]{gap}?(?P<until>{tongue.number}){gap}?(?:%|per cento)"
    return rule("percent", "letter word", f"(?:{between}|{article}){both}", say)


def _the(said: str) -> str:
    """A number with its article: "il tre", "lo zero", "l'otto"."""
    if said[0] in "uo":
        return f"l'{said}"
    return f"lo {said}" if said.startswith("zero") else f"il {said}"
