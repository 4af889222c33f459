"""French; Belgium and Switzerland count septante, nonante."""

from __future__ import annotations

import re

from tts_service.speakable.language import Clinging, Language, SentenceEnds, Variety
from tts_service.speakable.rules import RuleSet
from tts_service.speakable.tables import dotted, words
from tts_service.values import BlockKind


def _rules(language: Language) -> RuleSet:
    from tts_service.speakable.fr.rules import french

    return french(language.tag)


def _ends() -> SentenceEnds:
    lists = words("fr")
    return SentenceEnds(
        openers=lists["openers"],
        function=lists["function"],
        binding=lists["binding"],
        before_names=lists["before names"] | dotted("fr", "titles"),
        before_numbers=lists["before numbers"] | dotted("fr", "numbered"),
        abbreviations=dotted("fr", "anywhere"),
        often_last=lists["often last"],
        together=frozenset((("av", "J.-C."),)),
        lettered=lists["lettered"],
        months=lists["months short"],
        cut_short=re.compile("[a-zà-ÿœ]{1,6}(?:[bcdfgkptv][lr]|gn|ll|mm|nn|pp|cc|dd|v|j|é[bcdfgklmnpqrtvxz])"),
        loan_words=lists["loan words"],
        before_months=lists["before months"],
        closing=lists["closing"],
        joining="mais|et|car",
        elision=True,
        spaced_quotes=True,
    )


LANGUAGE = Language(
    tag="fr",
    rules=_rules,
    ends=_ends,
    notice="Cet article est lu par une voix de synthèse.",
    disclosure="Cette version audio a été générée artificiellement.",
    recorded="Cette version audio est lue par une personne.",
    mixed="Certaines de ces versions audio sont lues par des personnes, les autres ont été générées artificiellement.",
    announcements={
        BlockKind.TABLE: "Ici se trouve un tableau",
        BlockKind.CODE: "Ici se trouve du code",
        BlockKind.CAPTION: "Ici se trouve une image",
        BlockKind.QUOTE: "Ici se trouve une citation",
    },
    espeak_gain_db={"fr": 6.5},
    ipa_near={"fr": "r=ʁ ʀ=ʁ ɹ=ʁ ɥ=y ɑ=a h="},
    clinging=Clinging(
        before=re.compile(r"(?<!\w)((?:jus|lors|puis)?qu|[cdjlmnst])['’]$", re.IGNORECASE),
        sounds_before={
            **{letter: letter for letter in "dlmnst"},
            "c": "s",
            "j": "ʒ",
            "qu": "k",
            "jusqu": "ʒysk",
            "lorsqu": "lɔʁsk",
            "puisqu": "pɥisk",
        },
    ),
    varieties={"fr-BE": Variety(num2words="fr_BE"), "fr-CH": Variety(num2words="fr_CH")},
)
