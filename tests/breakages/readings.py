"""Breakages of readings that depend on the words around: cricket, odds, clocks, ratings."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

T = "tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says"
BREAKAGES = (
    Breakage(
        name="cricket scores are read as two numbers",
        file="tts_service/speakable/en/scores.py",
        old="if wickets > _OUT or runs <= _OUT or",
        new="if wickets < _OUT or",
        test=f"{T}[en score]",
    ),
    Breakage(
        name="a share behind 'by' becomes a date",
        file="tts_service/speakable/en/dates.py",
        old=" or _is_share(match):",
        new=":",
        test=f"{T}[en fraction]",
    ),
    Breakage(
        name="a closing price becomes a time",
        file="tts_service/speakable/en/times.py",
        old="or called or _PRICED & set(before):",
        new="or called:",
        test=f"{T}[en time]",
    ),
    Breakage(
        name="a hanging hyphen becomes a minus",
        file="tts_service/speakable/ratings.py",
        old="if _HANGING.match(match.string, match.end()):",
        new="if False:",
        test=f"{T}[de Weitere Formen]",
    ),
    Breakage(
        name="a fraction repeats its article",
        file="tts_service/speakable/de/fractions.py",
        old='not match["whole"] and _is_led(match, _EIN):',
        new="False:",
        test=f"{T}[de Weitere Formen]",
    ),
    Breakage(
        name="months behind 'nach' lose their ending",
        file="tts_service/speakable/de/amounts.py",
        old="(before[-1:] and before[-1] in _DATIVE)",
        new="False",
        test=f"{T}[de Weitere Formen]",
    ),
    Breakage(
        name="a part of a length becomes a bet",
        file="tts_service/speakable/en/odds.py",
        old='if behind in _SHARED or word_before(match).lower() == "by":',
        new="if False:",
        test=f"{T}[en math]",
    ),
)
