"""Sentences: exact places, no false ends, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parts.places import DATA
from tts_service.speakable.language import codes
from tts_service.speakable.sentences import MAX_SENTENCE, sentences

# A bar marks where one sentence ends and the next begins.
SENTENCES = DATA / "sentences"
CASES = [(path.stem, line) for path in sorted(SENTENCES.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("language", "line"), CASES)
def test_sentences_end_where_they_end(language: str, line: str) -> None:
    text = line.replace("|", " ")
    assert [text[start:end] for start, end in sentences(text, language)] == line.split("|")


def test_a_long_sentence_is_divided_at_a_clause_then_a_comma_then_a_word() -> None:
    clause = "one two three four five six seven eight nine ten " * 7 + "end; " + "more words follow here " * 10
    comma = clause.replace(";", ",")
    word = clause.replace(";", "")
    for text, ending in ((clause, "end;"), (comma, "end,"), (word, "")):
        spans = sentences(text, "en")
        assert len(spans) == 2
        assert all(end - start <= MAX_SENTENCE for start, end in spans)
        assert text[spans[0][0] : spans[0][1]].endswith(ending)
        assert text[spans[0][1]].isspace()


ATOMS = st.sampled_from(
    ["word", "Dr.", "U.S.", "3.5", "“", "”", "…", "!", "?", " ", "\n\n", "10.", "。", "a" * 300, ", ", "The", "x", "👍"]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(ATOMS, max_size=80).map("".join)), st.sampled_from(codes()))
def test_spans_are_ordered_and_hold_every_character(text: str, language: str) -> None:
    spans = sentences(text, language)
    place = 0
    for start, end in spans:
        assert place <= start < end <= len(text)
        assert not text[place:start].strip()
        assert end - start <= 2 * MAX_SENTENCE
        place = end
    assert not text[place:].strip()


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2003 "])
def test_a_text_may_end_in_any_space(space: str) -> None:
    assert [language for language in codes() if sentences(f"Fin.{space}", language) != [(0, 4)]] == []


def test_a_zero_counts_no_item() -> None:
    text = "This is version 0. Last we left."
    assert [text[start:end] for start, end in sentences(text, "en")] == ["This is version 0.", "Last we left."]
