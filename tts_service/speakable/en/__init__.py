"""English: American without a country; Britain and whoever writes like it read dates day first and say "metre"."""

from __future__ import annotations

import re

from tts_service.speakable.language import Clinging, Language, SentenceEnds, Variety
from tts_service.speakable.rules import RuleSet
from tts_service.speakable.tables import dotted, pairs, words
from tts_service.values import BlockKind

_HISSING = re.compile(r"[szʃʒ]\W*$")
_VOICELESS = re.compile(r"[ptkfθ]\W*$")
_DENTAL = re.compile(r"[td]\W*$")


def _rules(language: Language) -> RuleSet:
    from tts_service.speakable.en.rules import english

    return english(language.tag)


def _books() -> frozenset[str]:
    """Books of the Bible as they stand before their dot."""
    return frozenset(short.lower() for written in pairs("en", "bible") for short in written.split(", "))


def _ends() -> SentenceEnds:
    lists = words("en")
    return SentenceEnds(
        openers=lists["openers"],
        function=lists["function"],
        binding=lists["binding"],
        before_names=lists["before names"],
        before_numbers=lists["before numbers"] | pairs("en", "short_days").keys() | _books(),
        abbreviations=frozenset(
            key.removesuffix(".") for key in pairs("en", "abbreviations") if key not in lists["also words"]
        )
        | lists["other abbreviations"],
        capitalised=dotted("en", "news_states"),
        often_last=lists["often last"],
        together=frozenset(
            (
                *(("p", "D"), ("ord", "No"), ("res", "No"), ("tech", "Sgt")),
                *(("co", name) for name in (*lists["counties"], *"BCDEFGHJKLM")),
            )
        ),
        behind_clock=lists["behind clock"],
        lettered=lists["lettered"],
        closing_units=lists["closing units"],
        behind_units=lists["behind units"],
        roads=lists["roads"],
        behind_subject=lists["behind subject"],
        prepositions=lists["prepositions"],
        behind_country=lists["behind country"],
    )


def _year(digits: str, tag: str) -> str | None:
    """`1984` -> "nineteen eighty-four", `1906` -> "nineteen oh six", `2008` -> "two thousand eight"."""
    from tts_service.speakable import numerals

    high, low = divmod(int(digits), 100)
    if high % 10 == 0 and low < 10:
        return numerals.cardinal(digits, tag)
    first = numerals.cardinal(str(high), tag)
    if low == 0:
        return f"{first} hundred"
    return f"{first} {'oh ' if low < 10 else ''}{numerals.cardinal(str(low), tag)}"


def _smooth(said: str, traits: frozenset[str]) -> str:
    return said if "and" in traits else said.replace(" and ", " ")


def _sound_behind(letters: str, ipa: str) -> str:
    """ "Holyrood's", "Ross's", "it'd": how what clings sounds behind the name."""
    if letters == "s":
        return "ɪz" if _HISSING.search(ipa) else "s" if _VOICELESS.search(ipa) else "z"
    return ("ɪ" if letters == "d" and _DENTAL.search(ipa) else "") + {"d": "d", "ll": "əl", "ve": "v", "re": "ə"}[
        letters
    ]


_AMERICAN = Variety()
_BRITISH = Variety(traits=frozenset(("british", "and")))

LANGUAGE = Language(
    tag="en",
    rules=_rules,
    ends=_ends,
    notice="This article is read by a synthetic voice.",
    disclosure="This audio version is artificially generated.",
    recorded="This audio version is read by a person.",
    mixed="Some of these audio versions are read by people, the others are artificially generated.",
    announcements={
        BlockKind.TABLE: "There is a table here",
        BlockKind.CODE: "There is program code here",
        BlockKind.CAPTION: "There is a picture here",
        BlockKind.QUOTE: "There is a quotation here",
    },
    calibration=(
        "The city council voted late on Tuesday to reopen the old harbour bridge to traffic.",
        "Farmers across the valley say the dry spring has cost them nearly half their harvest.",
        "Why did nobody ask the people who live next to the railway what they wanted?",
        "In the end, two goals in the last five minutes sent the visitors home without a point.",
    ),
    espeak_gain_db={"en": 5.2, "en-us": 6.5},
    ipa_near={
        "en": "r=ɹ ɻ=ɹ ʁ=ɹ ʀ=ɹ ɾ=t ɫ=l ʍ=w e=ɛ æ=a ɑ=ɑː ɔ=ɒ u=uː o=ɔː oʊ=əʊ ɛə=eə ɛː=eə ɚ=ə ɝ=ɜː ɜ=ɜː",
        "en-us": "r=ɹ ɻ=ɹ ʁ=ɹ ʀ=ɹ ɫ=l ʍ=w e=ɛ a=æ ɑ=ɑː ɒ=ɑː u=uː o=oʊ əʊ=oʊ ɝ=ɜː ɜ=ɜː ɜːɹ=ɜː ɜːr=ɜː",
    },
    clinging=Clinging(behind=re.compile(r"['’](s|d|ll|ve|re)(?!\w)", re.IGNORECASE), sound_behind=_sound_behind),
    day_and_month="MMMM d",
    smooth=_smooth,
    year=_year,
    varieties={
        "en-US": _AMERICAN,
        "en-CA": _AMERICAN,
        "en-GB": _BRITISH,
        "en-IE": _BRITISH,
        "en-AU": _BRITISH,
        "en-NZ": _BRITISH,
    },
    elsewhere=Variety(traits=frozenset(("british",))),
)
