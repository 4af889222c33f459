"""No text makes a rule slow: each is timed alone on what it likes least, and all of them on a long article.

`make text-score` prints the slowest rule of each language.
"""

from __future__ import annotations

import pytest

from tests.parts.processor import costs_at_most, takes_at_most
from tests.parts.rule_clock import slowest_rule
from tests.speakable.said import spoken_form
from tests.speakable.test_tables import LANGUAGES, WRITTEN

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", [language for language in LANGUAGES if "-" not in language])
def test_no_text_makes_a_rule_slow(language: str) -> None:
    """`make text-score` holds every rule to half a second of 100 kB on a quiet machine; a busy one takes up to three
    times as long, a pattern that grows with the square a hundred times."""
    seconds, rule, text = slowest_rule(language, above=2)
    assert seconds < 2, f"{seconds * 1000:.0f} ms on 100 kB of {text!r} in {rule}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_article_takes_little_a_kb_and_grows_linearly(language: str) -> None:
    lines = WRITTEN[language]
    text = " ".join(f"{line}, and the ferry left the quay without us." for line in lines)
    text = (text * (100_000 // len(text) + 1))[:100_000]
    spoken_form(text[:10_000], language)
    # Ten times as much for each kB, if it grew with the square. 5 ms/kB are held by `make text-score`.
    assert takes_at_most(2, lambda: spoken_form(text, language))
    assert costs_at_most(10 * 3, lambda: spoken_form(text, language), lambda: spoken_form(text[:10_000], language))
