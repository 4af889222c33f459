"""Breakages of German text normalisation."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

TABLE = "tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says"
BREAKAGES = (
    Breakage(
        name="German der before a feminine noun is taken for a nominative",
        file="tts_service/speakable/de/grammar.py",
        old='            return "e" if gender == "m" else "en"',
        new='            return "e"',
        test=f"{TABLE}[de Ordnungszahl]",
    ),
    Breakage(
        name="a German one forgets its dative",
        file="tts_service/speakable/de/grammar.py",
        old='        return "einer" if gender == "f" else "einem"',
        new='        return "eine" if gender == "f" else "ein"',
        test=f"{TABLE}[de Kardinalzahl]",
    ),
    Breakage(
        name="an initial is read as a roman number",
        file="tts_service/speakable/de/roman.py",
        old='    return match["roman"] in ("L", "X", "V") and between',
        new="    return False",
        test=f"{TABLE}[de Ganze S\\xe4tze]",
    ),
    Breakage(
        name="a score in brackets is read as a time",
        file="tts_service/speakable/de/times.py",
        old="            score = opened or word_after(match).lower() in _SCORE_AFTER",
        new="            score = False",
        test=f"{TABLE}[de Aus Nachrichten: alle Klassen gemischt]",
    ),
    Breakage(
        name="a weekday hides the article of its date",
        file="tts_service/speakable/de/dates.py",
        old="    while before and before[-1] in _ALL_WEEKDAYS:",
        new="    while before and not before[-1]:",
        test=f"{TABLE}[de Datum]",
    ),
)
