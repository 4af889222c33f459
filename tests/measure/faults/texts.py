"""Articles of twenty sentences, none of which is in another article."""

from __future__ import annotations

from typing import Any

from num2words import num2words

SENTENCES = 20
SITES = ("gazette", "herald", "courier", "observer")
SLOW, REAL = "slow:beep", "piper:en_US-joe-medium"
REAL_EVERY = 10
"""Every so many articles, one is spoken by a real engine."""


def article(number: int, *, sentences: int = SENTENCES, instead: dict[int, str] | None = None) -> dict[str, Any]:
    """The body of POST /v1/jobs. `instead`: other sentences at these positions."""
    real = number % REAL_EVERY == REAL_EVERY - 1
    story = num2words(number)
    lines = [
        f"In story {story}, line {num2words(place)} says that the harbour was calm at noon."
        if real
        else f"Line {num2words(place)} of story {story}."
        for place in range(sentences)
    ]
    for place, text in (instead or {}).items():
        lines[place] = text
    return {
        "article": {
            "site": SITES[number % len(SITES)],
            "id": str(number),
            "title": f"Story {story}",
            "language": "en",
            "text": " ".join(lines),
        },
        "voice": REAL if real else SLOW,
        "formats": ["mp3"],
    }
