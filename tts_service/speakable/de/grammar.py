"""German endings: a noun's gender by its look, the case the words before it ask for, and what both do to a number."""

from __future__ import annotations

import re

from tts_service.speakable import numerals
from tts_service.speakable.nouns import Gender
from tts_service.speakable.rules import listed
from tts_service.speakable.tables import series, words

_NEUTER = words("de")["neuter"]
_MASCULINE = words("de")["masculine"]
_FEMININE = words("de")["feminine"]
_LOOKS: dict[str, Gender] = {
    **dict.fromkeys(_FEMININE, "f"),
    **dict.fromkeys(_NEUTER, "n"),
    **dict.fromkeys(_MASCULINE, "m"),
}
_LONGEST = max(map(len, _LOOKS))
_MARKS = "\"'“”„‘’«»()[],;:!?"


def gender_of(noun: str) -> Gender:
    """A noun's gender by its last part, the longest known ending first; unknown ones are taken for masculine."""
    last = re.split(r"[-‑/]", noun)[-1].lower()
    for length in range(min(_LONGEST, len(last)), 0, -1):
        if found := _LOOKS.get(last[-length:]):
            return found
    return "m"


def ordinal(digits: str, ending: str) -> str:
    """`20`, `en` -> "zwanzigsten"."""
    said = numerals.ordinal(digits, "de") or digits
    return said[:-1] + ending if said.endswith("e") else said


# Behind these an adjective ends in -en, whatever the noun.
_ALWAYS_EN = re.compile(
    r"(?:de[mns]|d\.|[ai]m|vom|zu[mr]|beim|unterm|überm|hinterm|"
    r"(?:[kmds]?ein|ihr|unser|eur)e[mnrs]|(?:dies|jed|jen|welch|solch|manch)e[mn]|"
    r"beiden?|allen?)"
)
_LIKE_DAS = words("de")["like das"]
_LIKE_DIE = words("de")["like die"]
_LIKE_DER = listed("der dieser jeder jener welcher")
_WITH_DATIVE = words("de")["with dative"]
_WITH_ACCUSATIVE = listed("für ohne gegen um durch bis")
_NO_ADJECTIVES = words("de")["no adjectives"]
# What stands between this number and the words that decide its ending: "am 3. und 4. Mai", "die 1. bis 4. Klasse".
_CHAIN = re.compile(
    r"(?:(?:\d{1,2}\.)?\d{1,3}\.\s?(?:[A-ZÄ][a-zä]{2,9}\s)?(?:und|u\.|oder|bis|sowie|,|/|[-–])\s?){1,3}$"
)
_LINKS = series("de", "links")
_PLURAL = re.compile(r".*(?:en|ern|spiele|tage|jahre|kriege|plätze|pokale|züge)$")


def _is_plural(noun: str) -> bool:
    """Behind "die": what ends so and is not feminine stands for several."""
    return bool(_PLURAL.fullmatch(noun.lower())) or (noun.endswith(("er", "el")) and gender_of(noun) != "f")


def words_before(match: re.Match[str], count: int = 3) -> list[str]:
    """The last words before a match, lower case, without their marks; a word that ends a sentence ends with its dot."""
    head = match.string[max(0, match.start() - 80) : match.start()]
    if head.rstrip().endswith(_LINKS):
        head = _CHAIN.sub("", head)
    words = head.rsplit(None, count)[-count:]
    return [word.strip(_MARKS).lower() for word in words]


def words_after(match: re.Match[str], count: int = 4) -> list[str]:
    """The next words behind a match, without their marks."""
    tail = match.string[match.end() : match.end() + 80]
    return [word.strip(_MARKS + ".") for word in tail.split(None, count)[:count]]


def noun_after(match: re.Match[str]) -> str:
    """The noun that a number belongs to: the next word with a capital; "" for none near."""
    noun = next((word for word in words_after(match) if word[:1].isupper()), "")
    return "Runde" if noun == "Rd" else noun


# Without an article these are women: "1. Vorsitzende", but "1. Vorsitzender".
_PERSONS = ("orsitzende", "bgeordnete", "eauftragte", "ngestellte")


def ending_of(match: re.Match[str]) -> str:
    """The ending an ordinal or adjective takes where the match stands: "im" asks for -en, "die" for -e,
    "ein" and no article for the noun's own ending."""
    before = [""] * 3 + words_before(match)
    article, noun = before[-1], noun_after(match)
    if _ALWAYS_EN.fullmatch(article):
        return "en"
    if article in _LIKE_DAS:
        return "e"
    if article in _LIKE_DIE:
        return "en" if _is_plural(noun) else "e"
    if parallel := _adjective_ending(match):
        return parallel
    gender = "f" if noun.endswith(_PERSONS) and article not in _LIKE_DER else gender_of(noun)
    if article in _LIKE_DER:
        if noun:
            return "e" if gender == "m" else "en"
        return "en" if before[-2] in _WITH_DATIVE else "e"
    if article in _WITH_DATIVE:
        return "er" if gender == "f" else "em"
    if article in _WITH_ACCUSATIVE:
        return {"f": "e", "n": "es", "m": "en"}[gender]
    return {"f": "e", "n": "es", "m": "er"}[gender]


def _adjective_ending(match: re.Match[str]) -> str:
    """`2. deutsche Sieg`: the adjective behind shows the ending; "" when there is none."""
    after = words_after(match, 2)
    if len(after) < 2 or not after[1][:1].isupper() or after[0] in _NO_ADJECTIVES:
        return ""
    found = re.fullmatch(r"[^\W\d_]{3,30}(e|en|er|es|em)", after[0])
    return found[1] if found and (after[0].islower() or _ADJECTIVE.fullmatch(after[0])) else ""


_ADJECTIVE = re.compile(r".*(?:isch|lich|deutsch|groß|neu|international|national)e[nrsm]?")


_PERSONS_ACCUSATIVE = words("de")["persons accusative"]


_MEASURED = words("de")["measured"]
_TAKE_ACCUSATIVE = words("de")["take accusative"]


_DATIVE_LIST = re.compile(
    r"\b(?:mit|aus|von|nach|bei|vor|seit)\s(?:(?:ca\.\s)?[\d½¼¾][\d.,/½¼¾]{0,8}\s[^\s,]{1,20}(?:\s[A-ZÄÖÜ][^\s,]{1,20})?"
    r"(?:,|\s(?:und|u\.|oder))\s){1,6}$",
    re.IGNORECASE,
)
"""`mit 2 Dottern und 1 EL Zucker`"""


def one(match: re.Match[str], gender: Gender) -> str:
    """`1` before a noun of this gender: "ein", "eine", and after a preposition "einem", "einer", "einen"."""
    before = (["", *words_before(match)])[-1]
    listed_ = match.string[max(0, match.start() - 2) : match.start()] == ", " or before in ("und", "u.", "oder")
    led = listed_ and _DATIVE_LIST.search(match.string, max(0, match.start() - 90), match.start())
    object_ = before in _WITH_ACCUSATIVE or before in ("auf", "über") or (gender == "m" and _is_object(match, before))
    if object_ and not led:
        return {"m": "einen", "f": "eine", "n": "ein"}[gender]
    if led or before in _WITH_DATIVE:
        return "einer" if gender == "f" else "einem"
    return "eine" if gender == "f" else "ein"


def _is_object(match: re.Match[str], before: str) -> bool:
    """`kostet 1 Euro`, `1 km entfernt`, `und 1 Toten`."""
    behind = words_after(match, 2)
    measured = any(word in _MEASURED or word in _PERSONS_ACCUSATIVE for word in behind)
    shown = measured or before in _TAKE_ACCUSATIVE
    return shown and before not in _WITH_DATIVE
