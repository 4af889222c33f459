"""Spanish; much of America writes 1,234.5, and `$` is a peso where there are pesos."""

from __future__ import annotations

import re

from tts_service.speakable.language import Language, SentenceEnds, Variety
from tts_service.speakable.rules import RuleSet
from tts_service.speakable.tables import dotted, words
from tts_service.values import BlockKind


def _rules(language: Language) -> RuleSet:
    from tts_service.speakable.es.rules import spanish

    return spanish(language)


def _ends() -> SentenceEnds:
    lists = words("es")
    return SentenceEnds(
        openers=lists["openers"],
        function=lists["function"],
        binding=lists["binding"],
        before_names=lists["before names"] | dotted("es", "titles"),
        before_numbers=lists["before numbers"] | dotted("es", "numbered"),
        abbreviations=dotted("es", "anywhere"),
        often_last=lists["often last"],
        together=frozenset((("ee", "UU."), ("a", "C."), ("d", "C."))),
        lettered=lists["lettered"],
        months=lists["months short"],
        before_months=lists["before months"],
        closing=lists["closing"],
        joining="pero|y|porque",
        cut_short=re.compile("[a-záéíóúñ]{1,6}(?:[bcfghkmpqtvw]|[bcdfgklmprt]s)"),
        loan_words=lists["loan words"],
    )


def _america(lists: str) -> dict[str, Variety]:
    """`es-MX: point pesos` -> what these countries do; all of them call the first of a month "primero"."""
    named = (line.split(": ") for line in lists.split("; "))
    return {tag: Variety(traits=frozenset(("primero", *traits.split()))) for tag, traits in named}


LANGUAGE = Language(
    tag="es",
    rules=_rules,
    ends=_ends,
    notice="Este artículo está leído por una voz sintética.",
    disclosure="Esta versión de audio ha sido generada artificialmente.",
    recorded="Esta versión de audio está leída por una persona.",
    mixed="Algunas de estas versiones de audio las leen personas; las demás han sido generadas artificialmente.",
    announcements={
        BlockKind.TABLE: "Aquí hay una tabla",
        BlockKind.CODE: "Aquí hay código",
        BlockKind.CAPTION: "Aquí hay una imagen",
        BlockKind.QUOTE: "Aquí hay una cita",
    },
    espeak_gain_db={"es": 6.9},
    ipa_near={"es": "ɹ=ɾ ʁ=r v=b"},
    day_and_month="d 'de' MMMM",
    varieties={
        "es-ES": Variety(),
        **_america(
            "es-MX: point pesos; es-DO: point pesos; es-AR: pesos; es-CL: pesos; es-CO: pesos; es-UY: pesos; "
            "es-CU: pesos; es-US: point; es-419: point; es-GT: point; es-HN: point; es-NI: point; es-SV: point; "
            "es-PA: point; es-PR: point; es-PE: point"
        ),
    },
    elsewhere=Variety(traits=frozenset(("primero",))),
)
