"""Short forms: abbreviations and initials; acronyms and roman numerals have files of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from tts_service.speakable.acronyms import acronym_rules
from tts_service.speakable.roman import roman_value
from tts_service.speakable.rules import Rule, rule, word_after, word_before
from tts_service.speakable.tables import words

Decide = Callable[[str, "re.Match[str]"], "str | None"]
"""(key, match) -> what an abbreviation means here; None: as the table says; "": it is none here."""

_CAPITAL = words("")["capital"]


def abbreviation_rules(
    words: Mapping[str, str], *, needs_number: frozenset[str], decide: Decide | None = None, capitals: bool = False
) -> Iterator[Rule]:
    """Known abbreviations, longest first; inner spaces may be there or not (`z.B.`, `z. B.`).

    Args:
        words: written, in lower case and with its dots -> said.
        needs_number: words of their own, or too short to be sure of: said in full only beside a number.
        capitals: what is said keeps the capitals of the table.
        decide: what depends on the words around: "St." is a saint or a street.
    """

    def key_of(written: str) -> str:
        tight = re.sub(r"\s", "", written.lower())
        return tight if tight in words else tight.replace(".", ". ").strip()

    def say(match: re.Match[str]) -> str | None:
        written = match.group()
        key = key_of(written)
        if key not in words:
            return None
        if decide is not None and (decided := decide(key, match)) is not None:
            return decided or None
        if key in needs_number and not beside_number(match):
            return None
        if key == "v." and not (word_before(match)[:1].isupper() and word_after(match)[:1].isupper()):
            return None
        said = words[key]
        as_listed = written[0].isupper() or " " in said or capitals or key in _CAPITAL
        return said if as_listed else said[:1].lower() + said[1:]

    keys = sorted(words, key=len, reverse=True)
    pattern = "|".join(re.escape(key).replace(r"\ ", r"\s?") for key in keys)
    yield rule(
        "abbreviation", "letter", rf"(?=[^\W\d_]{{1,12}}\.)(?:{pattern})(?!(?-i:[a-zà-öø-ÿß]))", say, re.IGNORECASE
    )


def beside_number(match: re.Match[str]) -> bool:
    """Whether a number stands before or behind: `No. 10`, `5 min.`."""
    after = word_after(match)
    if match.string[match.end() : match.end() + 1].isdigit():
        return True
    if after.lstrip("$£€")[:1].isnumeric() or word_before(match)[-1:].isdigit():
        return True
    # "P. D. James" has no page: alone, only I, V and X are numbers.
    return roman_value(re.split("[-–]", after.upper())[0]) is not None and after not in ("L", "C", "D", "M")


def letter_rules(and_: str = "", *, serials: bool = False) -> Iterator[Rule]:
    """Initials and acronyms in every language of the Latin alphabet.

    Args:
        and_: said for `&` in R&D.
        serials: acronyms joined to digits too (`U20-WM`), where no other rule reads them.
    """
    yield rule("initials", "letter", r"(?:[^\W\d_]\.[ \u00a0]?){4,40}(?![^\W\d_]\.)", _spelt)
    yield rule("initials", "letter", r"(?:[A-ZÄÖÜ]\.){2,3}(?:['’]s)?(?!\w)", _spelt)
    yield rule("initials", "letter", r"[A-ZÄÖÜ]\.(?=[ \u00a0-]?[A-ZÄÖÜ])", _initial)
    yield from acronym_rules(and_, serials=serials)


def _initial(match: re.Match[str]) -> str | None:
    """`W.` in "George W. Hale"; the end of a spelt word ("in the U S. Then") is none."""
    before = word_before(match)
    return None if len(before) == 1 and before.isupper() else match.group()[0]


def _spelt(match: re.Match[str]) -> str:
    letters, end = match.group(), ""
    if letters[-2:] in ("'s", "’s"):
        letters, end = letters[:-2], letters[-2:]
    return " ".join(letter for letter in letters if letter.isalpha()) + end
