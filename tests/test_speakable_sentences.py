"""Sentences: exact places, no false ends, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts_service.speakable.sentences import MAX_SENTENCE, sentences

# A bar marks where one sentence ends and the next begins.
ENGLISH = """
Dr. Smith met Mr. Lee.|They talked.
The U.S. Senate voted.|It was late.
He lives in the U.S.|The vote was close.
She lives at No. 10.|He doesn't.
The No. 10 bus left St. Louis at 10 a.m. sharp.|We waited.
J. K. Marsh spoke.|George W. Hale did not.
It rose by 3.5 points.|Then it fell.
It cost £7.80.|Children travel free.
“Stop!” she said.|He stopped.
He said, “It is over.”|Nobody moved.
Wait... what?|Yes!|No.
Was it “the end”?|It was.
They sell fish, bread, etc. at the market.|Good.
The plan vs. the facts.|Nothing more.
See e.g. Holt, i.e. the first.|Done.
It was on Sept. 11, they said.|We know.
The firm, Acme Inc., grew.|It rose 5%.
(It rained.)|We went home.
I saw it, and so did I.|Nobody else.
Roe v. Wade was quoted.|Then not.
"""
GERMAN = """
Im 20. Jahrhundert war es anders.|Heute nicht.
Am 1. Oktober beginnt es.|Dann endet es.
Das war 1990.|Danach kam nichts.
Dr. Müller kam z. B. am Montag, d. h. spät.|Er ging.
Der II. Weltkrieg endete.|Es blieb still.
Wilhelm II. kam.|Er blieb.
Sie fuhr nach St. Pauli.|Es regnete.
Es waren ca. 30 Leute bzw. mehr.|Gut.
Nr. 10 gewann.|Nr. 9 nicht.
„Halt!“, rief sie.|Er hielt.
Er sagte: „Es ist vorbei.“|Niemand sprach.
Es kostete 1,5 Mio. Euro.|Zu viel.
Sie wohnt in der Hauptstr. 5.|Er nicht.
Das 3. Tor fiel spät.|Es war schön.
"""
CASES = [(language, line) for language, text in (("en", ENGLISH), ("de", GERMAN)) for line in text.strip().splitlines()]


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
@given(st.one_of(st.text(max_size=300), st.lists(ATOMS, max_size=80).map("".join)), st.sampled_from(["en", "de", "fr"]))
def test_spans_are_ordered_and_hold_every_character(text: str, language: str) -> None:
    spans = sentences(text, language)
    place = 0
    for start, end in spans:
        assert place <= start < end <= len(text)
        assert not text[place:start].strip()
        assert end - start <= 2 * MAX_SENTENCE
        place = end
    assert not text[place:].strip()
