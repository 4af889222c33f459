"""English amounts: how numbers are written, and what is said for money and units."""

from __future__ import annotations

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.en.serials import by_pairs, plural
from tts_service.speakable.language import language_of
from tts_service.speakable.nouns import Noun, nouns
from tts_service.speakable.rules import any_of
from tts_service.speakable.tables import pairs, words


def is_american(language: str) -> bool:
    """English without a country is American here."""
    return "british" not in language_of(language).traits


def english_amounts(language: str) -> Amounts:
    """The table of English; `en-GB` says "per cent", "metre"."""
    american = is_american(language)
    units = nouns("en", "units")
    if american:
        units = {sign: Noun(one=_american(unit.one), many=_american(unit.many)) for sign, unit in units.items()}
    return Amounts(
        language=language,
        point="point",
        dot="point",
        in_serial=by_pairs,
        plural=plural,
        bare_point=True,
        grouping=", \u00a0\u202f\u2009",
        percent="percent" if american else "per cent",
        scales=pairs("en", "scales"),
        paid_scales={"mm": "million"},
        glued=any_of(pairs("en", "paid")),
        currencies=nouns("en", "currencies"),
        before_part="and",
        silent_parts=frozenset({"pence"}),
        units=units,
        per_units=pairs("en", "per") | {"L": units["l"].one, "l": units["l"].one},
        determiners=words("en")["determiners"],
        no_nouns=words("en")["no nouns"],
    )


def _american(name: str) -> str:
    return name.replace("metre", "meter").replace("litre", "liter").replace("per cent", "percent")
