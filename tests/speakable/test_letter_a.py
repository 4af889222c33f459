"""The letter A in English: voices take it for the article, so it has its name in IPA."""

from __future__ import annotations

import pytest

from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind


def _words(text: str, language: str) -> list[tuple[str, bool]]:
    """(word, whether it has a pronunciation of its own) of each word with an A."""
    block = Block(kind=BlockKind.PARAGRAPH, text=text, language=language)
    return [
        (word.text, word.ipa == "ˈeɪ") for one in make_utterances([block]) for word in one.words if "A" in word.text
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The AXQ met.", [("A", True)]),
        ("Vitamin A is good.", [("A", True)]),
        ("Plan A failed.", [("A", True)]),
        ("Samuel A. Holt won.", [("A", True)]),
        ("The A38 is shut.", [("A", True)]),
        ("A man ran.", [("A", False)]),
        ("A 10-year plan failed.", [("A", False)]),
        ("In that group, A man sat.", [("A", False)]),
    ],
)
def test_a_letter_has_its_name_and_an_article_none(text: str, said: list[tuple[str, bool]]) -> None:
    assert _words(text, "en-GB") == said


def test_other_languages_say_the_letter_themselves() -> None:
    assert _words("Die AXQ tagt.", "de") == [("A", False)]
