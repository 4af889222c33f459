"""German of Germany, Austria and Switzerland: `1'000`, "Jänner" and "Fr. 20.–" are read in every variety."""

from __future__ import annotations

import re

from tts_service.speakable.language import Clinging, Language, Ordinals, SentenceEnds, Variety
from tts_service.speakable.rules import RuleSet
from tts_service.speakable.tables import dotted, pairs, words
from tts_service.values import BlockKind


def _rules(language: Language) -> RuleSet:
    from tts_service.speakable.de.rules import german

    return german("de", language.traits)


def _books() -> frozenset[str]:
    """Books of the Bible as they stand before their dot."""
    return frozenset(short.lower() for written in pairs("de", "bible") for short in written.split(", "))


def _ends() -> SentenceEnds:
    lists = words("de")
    articles = r"[ai]m|vom|zu[mr]|beim|de[mnrs]|die|das|[smdk]?ein(?:e[mnrs]?)?|(?:ihr|unser|jed|dies)(?:e[mnrs]?)?"
    led_by = (
        rf"\b(?:{articles})\s(?:\d{{1,3}}\.\s?(?:[-–/]|bis|und|oder|sowie)\s?)?(?:[a-zäöüß]{{3,20}}e[nrsm]?\s)?$",
        r"\b(?-i:[A-ZÄÖÜ])[a-zäöüß]{2,20}s\s$",
        r"(?<!\d\s)\b(?:und|sowie)\s$",
    )
    return SentenceEnds(
        openers=lists["openers"],
        function=lists["function"],
        binding=lists["binding"],
        before_names=lists["before names"] | pairs("de", "recipe_kinds").keys() | dotted("de", "adjectives"),
        before_numbers=lists["before numbers"]
        | {"mär", "mrz", "jän"}
        | _books() - {day.lower() for day in pairs("de", "weekdays")},
        abbreviations=frozenset(key.removesuffix(".") for key in pairs("de", "abbreviations")) | lists["short units"],
        capitalised=frozenset(day.lower() for day in pairs("de", "weekdays")),
        often_last=lists["often last"],
        together=frozenset((day.lower(), "Ruhetag") for day in pairs("de", "weekdays")),
        joining="und|aber|oder|denn|sondern|weil|dass|während|obwohl|wobei",
        ordinals=Ordinals(
            months=lists["months"],
            openers=lists["openers"],
            led_by=re.compile("|".join(led_by), re.IGNORECASE),
            counts=_counts,
        ),
        roman_ordinals=True,
        roman_numbers=False,
        streets=("str", "pl"),
        single_letters=True,
        lettered=lists["lettered"],
        closing=lists["closing"],
        nouns_are_capital=True,
        cut_short=_cut_short(lists["clusters"]),
        behind_subject=lists["behind subject"],
    )


def _cut_short(clusters: frozenset[str]) -> re.Pattern[str]:
    """Words that end in consonants as no German word does: "Oberstlt.", "vorindustr."."""
    known = "|".join(clusters)
    return re.compile(rf"[A-ZÄÖÜ]?[a-zäöüß]{{0,25}}[aeiouäöüyAEIOUÄÖÜ](?!(?:{known})\Z)[bcdfghjklmnpqrstvwxzß]{{2,8}}")


def _counts(noun: str) -> bool:
    """Whether a noun stands behind ordinals without an article: `2. Halbzeit`, `3. Oktober`, `1. Landesliga`."""
    lists, lower = words("de"), noun.lower()
    return lower in lists["counted"] or lower.endswith(tuple(lists["counted ends"]))


def _year(digits: str, tag: str) -> str | None:
    """`1984` -> "neunzehnhundertvierundachtzig"; before 1100 and from 2000 on years are said like numbers."""
    from tts_service.speakable import numerals

    high, low = divmod(int(digits), 100)
    if not 11 <= high <= 19:
        return numerals.cardinal(digits, tag)
    return f"{numerals.cardinal(str(high), 'de')}hundert{numerals.cardinal(str(low), 'de') if low else ''}"


def _smooth(said: str, traits: frozenset[str]) -> str:
    """Very long numbers as two words, the way they are breathed: …tausend …hundert…."""
    out: list[str] = []
    for word in said.split():
        head, mark, tail = word.partition("tausend")
        out += [head + mark, tail] if mark and tail and len(word) > 40 else [word]
    return " ".join(out)


LANGUAGE = Language(
    tag="de",
    rules=_rules,
    ends=_ends,
    notice="Dieser Artikel wird von einer synthetischen Stimme gelesen.",
    disclosure="Diese Audioversion wurde künstlich generiert.",
    recorded="Diese Audioversion wurde von einem Menschen eingesprochen.",
    mixed="Einige dieser Audioversionen haben Menschen eingesprochen, die übrigen wurden künstlich generiert.",
    announcements={
        BlockKind.TABLE: "Hier steht eine Tabelle",
        BlockKind.CODE: "Hier steht Programmtext",
        BlockKind.CAPTION: "Hier ist ein Bild",
        BlockKind.QUOTE: "Hier steht ein Zitat",
    },
    calibration=(
        "Der Stadtrat beschloss am späten Dienstagabend, die alte Hafenbrücke wieder für den Verkehr zu öffnen.",
        "Viele Bauern im Tal haben wegen des trockenen Frühjahrs fast die halbe Ernte verloren.",
        "Warum hat eigentlich niemand die Menschen gefragt, die direkt neben der neuen Bahnstrecke wohnen?",
        "Am Ende schickten zwei Tore in den letzten fünf Minuten die Gäste ohne Punkte nach Hause.",
    ),
    espeak_gain_db={"de": 7.0},
    ipa_near={"de": "ʁ=ɾ ʀ=ɾ ɹ=ɾ w=v aː=ɑː ɐ=ɜ ɔʏ=ɔø ɔɪ=ɔø ɔy=ɔø ø=øː e=eː o=oː i=iː u=uː y=yː ʔ="},
    clinging=Clinging(behind=re.compile(r"['’](s)(?!\w)", re.IGNORECASE)),
    genitive="s",
    day_and_month="d. MMMM",
    smooth=_smooth,
    year=_year,
    varieties={
        **{tag: Variety(traits=frozenset(("swiss",))) for tag in ("de-CH", "de-LI")},
        "de-AT": Variety(traits=frozenset(("austrian",))),
    },
)
