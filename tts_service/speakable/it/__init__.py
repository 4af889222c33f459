"""Italian."""

from __future__ import annotations

import re

from tts_service.speakable.language import Clinging, Language, SentenceEnds
from tts_service.speakable.rules import RuleSet
from tts_service.speakable.tables import dotted, words
from tts_service.values import BlockKind

_ELIDES = re.compile(r"(?<!\w)(c|d|l|m|n|s|t|v|un|tutt|quest|sant|bell|(?:a|da|de|ne|su|co|que)ll)['’]$", re.IGNORECASE)


def _rules(language: Language) -> RuleSet:
    from tts_service.speakable.it.rules import italian

    return italian(language.tag)


def _ends() -> SentenceEnds:
    lists = words("it")
    return SentenceEnds(
        openers=lists["openers"],
        function=lists["function"],
        binding=lists["binding"],
        before_names=lists["before names"] | dotted("it", "titles"),
        before_numbers=lists["before numbers"] | dotted("it", "numbered"),
        abbreviations=dotted("it", "anywhere"),
        often_last=lists["often last"],
        together=frozenset((("a", "C."), ("d", "C."), ("c.p", "P."), ("p", "Iva"), ("p", "IVA"))),
        lettered=lists["lettered"],
        months=lists["months short"],
        before_months=lists["before months"],
        closing=lists["closing"],
        joining="ma|e|perché|mentre|quando|che",
        elision=True,
        cut_short=re.compile("[a-zà-ÿ]{1,6}[bcdfghklmnpqrstvz]"),
        loan_words=lists["loan words"],
    )


_THREE = re.compile(r"(?<=\w)tre\b")


def _smooth(said: str, traits: frozenset[str]) -> str:
    """ "un milione e duecentomila" without its "e", "centodicotto", "duemilaventitre" as they are written; a word too
    long for a voice is divided behind the thousands."""
    said = _THREE.sub("tré", said.replace(" e ", " ").replace("dicott", "diciott"))
    return " ".join(word.replace("mila", "mila ", 1).strip() if len(word) > 40 else word for word in said.split())


LANGUAGE = Language(
    tag="it",
    rules=_rules,
    ends=_ends,
    notice="Questo articolo è letto da una voce sintetica.",
    disclosure="Questa versione audio è stata generata artificialmente.",
    recorded="Questa versione audio è letta da una persona.",
    mixed="Alcune di queste versioni audio sono lette da persone, le altre sono state generate artificialmente.",
    announcements={
        BlockKind.TABLE: "Qui c'è una tabella",
        BlockKind.CODE: "Qui c'è del codice",
        BlockKind.CAPTION: "Qui c'è un'immagine",
        BlockKind.QUOTE: "Qui c'è una citazione",
    },
    espeak_gain_db={"it": 7.1},
    ipa_near={"it": "ɹ=r ʁ=r ɾ=r h= ə=e ɪ=i ʊ=u æ=a ʌ=a ɑ=a θ=t ð=d x=k y=u"},
    clinging=Clinging(
        before=_ELIDES,
        sounds_before={
            **{letter: letter for letter in "dlmnstv"},
            "c": "tʃ",
            "un": "un",
            "all": "al",
            "dall": "dal",
            "dell": "del",
            "nell": "nel",
            "sull": "sul",
            "coll": "kol",
            "quell": "kwel",
            "quest": "kwest",
            "tutt": "tut",
            "sant": "sant",
            "bell": "bɛl",
        },
    ),
    smooth=_smooth,
)
