"""Short forms of French and Spanish: abbreviations and acronyms, from a table per language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tts_service.speakable.romance.amounts import SPACES
from tts_service.speakable.rules import Rule, Say, listed, rule, word_before

_VOWEL = "[AEIOUYÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜ]"
_SAYABLE = re.compile(
    r"(?:[BCDFGPT][LR]|[BCDFGHJKLMNPQRSTVWXYZ])?"
    rf"(?:{_VOWEL}{{1,2}}[BCDFGHJKLMNÑPQRSTVWXYZÇ]{{1,2}}){{0,3}}(?:{_VOWEL}{{1,2}}{_VOWEL.replace('[', '[^')}?)?"
)
"""Letters that follow one another as in a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortForms:
    """What a language writes short, by what must stand behind it. Keys are written tight: `p.ej.`, not `p. ej.`."""

    titles: Mapping[str, str]
    """Before a name only: `M.`, `Sr.`."""
    numbered: Mapping[str, str]
    """Before a number only: `p.`, `art.`, `n°`."""
    anywhere: Mapping[str, str]
    said: frozenset[str]
    """Acronyms read as a word though they look unsayable or short: `ONU`."""
    spelt: frozenset[str]
    """Acronyms spelt though they could be read: `OCDE`."""
    loud: frozenset[str]
    """Words, however loud: `LES`, `UN`."""
    whole: Mapping[str, str]
    """Acronyms that stand for their words when spoken: `EEUU`."""
    and_: str
    women: Mapping[str, str] = field(default_factory=dict)
    """Titles behind "la": `la Lic.`."""


_LETTERED = listed("esc. sc. bl. bât. pta. appt. apt. apto.")
"""Parts of a house: `esc. B`."""


def led_abbreviations(short: ShortForms) -> Iterator[Rule]:
    """Abbreviations that only a name or a number behind them shows; spaces inside may be there or not."""
    gap = f"[{SPACES}]"
    apart = rf"(?:{gap}|(?<=[./]){gap}?)"
    small = f"(?:et|y|e|du|des?|del?|la|le|les|della|dei|degli|delle){gap}|dell['’]"
    # "cap. III" is a chapter.
    name = rf"(?!{gap}[IVXLC]{{2,7}}\b)(?={apart}[^\W\d_a-zà-ÿœ]|{gap}(?:{small}))"
    number = rf"(?={gap}?(?:\d|nn?[.°º])|{gap}[IVXLC]{{1,7}}\b)"
    # "C. D. Alba": a letter behind a letter is an initial.
    letter = rf"(?!(?<=\W[^\W\d_]\.{gap})[A-ZÀ-Þ]\.)"
    lettered = {key: said for key, said in short.numbered.items() if key in _LETTERED}
    part = rf"(?={gap}[ABD-HJ](?![\w.'’]|{gap}[A-ZÀ-Þ])|{gap}[ABD-HJ]\.?$)"
    for table, behind in ((short.titles, name), (short.numbered, number), (lettered, part)):
        if not table:
            continue
        yield rule("abbreviation", "letter word", f"{letter}(?:{_spellings(table)}){behind}", _full(table, short.women))


def abbreviation_rule(short: ShortForms) -> Rule:
    """Abbreviations that stand anywhere: `p.ex.`, `p. ex.`."""
    return rule("abbreviation", "letter word", rf"(?:{_spellings(short.anywhere)})(?!\w)", _full(short.anywhere))


def _spellings(table: Mapping[str, str]) -> str:
    """A pattern of all keys and their capitalised forms, spaces allowed behind inner dots; by their first letters, so
    that a word is compared with few of them."""
    keys = sorted({*table, *(key[0].upper() + key[1:] for key in table)}, key=len, reverse=True)
    found: dict[str, list[str]] = {}
    for key in keys:
        rest = re.sub(r"\\\.(?=.)", rf"\\.[{SPACES}]?", re.escape(key[1:]))
        found.setdefault(re.escape(key[0]), []).append(rest)
    return "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in found.items())


_INITIAL = re.compile(rf"[{SPACES}]?[A-Z]\.")
"""Behind "S." no century but another initial: "Pérez, S. L."."""


def _full(table: Mapping[str, str], women: Mapping[str, str] | None = None) -> Say:
    tight = {re.sub(f"[{SPACES}]", "", key): said for key, said in table.items()}

    def say(match: re.Match[str]) -> str | None:
        key = re.sub(f"[{SPACES}]", "", match.group())
        if key == "S." and _INITIAL.match(match.string, match.end()):
            return None
        if women and key in women and word_before(match).lower() == "la":
            return women[key]
        if key in tight:
            return tight[key]
        said = tight[key[0].lower() + key[1:]]
        return said[0].upper() + said[1:]

    return say


def letter_rules(short: ShortForms) -> Iterator[Rule]:
    """Initials and acronyms, alone (`ONU`), in compounds (`ex-CIA`) and joined (`R&D`)."""

    def acronym(match: re.Match[str]) -> str | None:
        return letters(match.group(), short, match)

    def compound(match: re.Match[str]) -> str | None:
        parts = re.split("[-‑]", match.group())
        said = [letters(part, short, match) for part in parts]
        return " ".join(new or part for new, part in zip(said, parts, strict=True)) if any(said) else None

    def initial(match: re.Match[str]) -> str | None:
        # The end of a spelt word is none: "la U E. Después".
        before = word_before(match)
        return None if re.search(r"(?:^|['’])[A-Z]$", before) else match.group()[0]

    def pair(match: re.Match[str]) -> str:
        return f"{' '.join(match['a'])} {short.and_} {' '.join(match['b'])}"

    capital = r"[^\W\d_a-zà-ÿœ]"
    yield rule("acronym", "letter", r"(?P<a>[A-Z]{1,3})&(?P<b>[A-Z]{1,3})(?!\w)", pair)
    yield rule("initials", "letter", rf"(?:{capital}\.[{SPACES}]?){{3,12}}(?!{capital}\.)(?!\w)", spelt)
    yield rule("initials", "letter", rf"(?:{capital}\.-?){{2,6}}(?!\w)", spelt)
    yield rule("initials", "letter", rf"{capital}\.(?=[{SPACES}]?(?:{capital}|\d))", initial)
    yield rule("acronym", "letter", r"[^\W\d_]{2,12}(?![\w-])", acronym)
    yield rule("acronym", "letter", r"[^\W\d_]{1,24}(?:[-‑][^\W\d_]{1,40}){1,4}(?!\w)", compound)


_CLUB = re.compile(r" [A-ZÀ-Þ][a-zà-ÿ]")
"""`AS Monaco`: behind a club's letters stands its place."""


def spelt(match: re.Match[str]) -> str:
    """The letters of a match, one by one."""
    return " ".join(letter for letter in match.group() if letter.isalpha())


def letters(word: str, short: ShortForms, match: re.Match[str] | None = None) -> str | None:
    """`ONU` -> "Onu", `FBI` -> "F B I", `ONGs` -> "O N G"; None: as written."""
    bare = word[:-1] if word.endswith("s") and word[:-1].isupper() and len(word) > 2 else word
    if bare in short.whole:
        return short.whole[bare]
    if len(bare) < 2 or not bare.isupper() or not bare.isalpha():
        return None
    if match is not None and bare not in short.spelt and _shouting(match):
        return word.lower()
    if bare in short.loud and not (bare == "AS" and match is not None and _CLUB.match(match.string, match.end())):
        return None
    if bare in short.said:
        return bare.capitalize()
    if bare in short.spelt or len(bare) <= 3 or (len(bare) <= 6 and not _SAYABLE.fullmatch(bare)):
        return " ".join(bare)
    return None


def _shouting(match: re.Match[str]) -> bool:
    """Whether the words around are capitals too: a headline set in capitals, not acronyms."""
    head = re.split(r"[.!?]", match.string[max(0, match.start() - 40) : match.start()])[-1]
    tail = re.split(r"[.!?]", match.string[match.end() : match.end() + 40])[0]
    words = re.findall(r"[^\W\d_]{2,40}", f"{head}{match.group()}{tail}")
    loud = [word for word in words if word.isupper()]
    return len(loud) >= 3 and len(loud) * 10 >= len(words) * 7 and any(len(word) > 4 for word in loud)
