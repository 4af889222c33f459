"""Blocks -> utterances: everything said once, in bounds, safe for every engine, linear in time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parts.hostile_texts import ATOMS
from tests.parts.processor import costs_at_most, takes_at_most
from tts_service.speakable.language import codes
from tts_service.speakable.readings import Reading
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind, Direction
from tts_service.values.speech_policy import PauseTable, SpeechPolicy


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH, language: str = "en", *, spoken: bool = True) -> Block:
    return Block(kind=kind, text=text, language=language, spoken=spoken, skip_reason=None if spoken else "caption")


def test_pauses_follow_the_kind_of_block() -> None:
    blocks = [
        block("Head", BlockKind.HEADLINE),
        block("Not said.", spoken=False),
        block("One. Two."),
        block("a", BlockKind.LIST_ITEM),
    ]
    got = make_utterances(blocks)
    assert [(u.block, u.pause_after_ms) for u in got] == [(0, 900), (2, 320), (2, 550), (3, 400)]
    assert make_utterances(blocks, policy=SpeechPolicy(pauses=PauseTable(headline_ms=1)))[0].pause_after_ms == 1


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "One two three four five six seven, and eight nine ten eleven twelve thirteen.",
            "One two three four five six seven,",
        ),
        (
            "One two three four five six seven, eight nine ten eleven twelve thirteen.",
            "One two three four five six seven,",
        ),
        (
            "One two three four five six seven eight nine ten eleven twelve thirteen.",
            "One two three four five six seven eight nine ten eleven twelve thirteen.",
        ),
        (
            "One two three four five six seven eight nine ten eleven twelve thirteen, and fourteen of them.",
            "One two three four five six seven eight nine ten eleven twelve thirteen,",
        ),
        ("One two three.", "One two three."),
    ],
)
def test_the_first_utterance_is_short(text: str, first: str) -> None:
    got = make_utterances([block(text)])
    assert text[got[0].start : got[0].end] == first
    assert got[0].pause_after_ms == (PauseTable().division_ms if len(got) > 1 else PauseTable().paragraph_ms)


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [
        (
            "en",
            "The town of Larkham will pay the builders of its new bridge on 12 May 2026 "
            "a sum of 12,500 pounds that was agreed in March",
            "The town of Larkham will pay the builders of its new bridge",
        ),
        (
            "en",
            "Councillor Ann Holt told the crowd of some hundred people who had come to the old town hall on Monday "
            "evening that nothing was settled",
            "Councillor Ann Holt told the crowd of some hundred people",
        ),
        (
            "de",
            "Die Feuerwehr der Stadt Rodenau musste am späten Dienstagabend gleich zweimal innerhalb weniger Stunden "
            "zu einem Brand in der Altstadt ausrücken",
            "Die Feuerwehr der Stadt Rodenau musste",
        ),
        (
            "fr",
            "Le conseil municipal de Rodez a voté mardi soir la rénovation du pont pour un montant de 12 500 "
            "euros et demande une aide",
            "Le conseil municipal de Rodez a voté mardi soir",
        ),
        (
            "es",
            "El ayuntamiento de Rodal aprobó el martes por la noche la reforma del puente por un importe de 12.500 "
            "euros y pedirá ayuda",
            "El ayuntamiento de Rodal aprobó el martes por la noche",
        ),
        (
            "it",
            "Il consiglio comunale di Rodano ha approvato martedì sera il restauro del ponte per un importo di 12.500 "
            "euro e chiederà aiuto",
            "Il consiglio comunale di Rodano ha approvato martedì sera",
        ),
        ("en", "Fares rise on 1 May 2026, to $4.50", "Fares rise on 1 May 2026, to $4.50"),
        (
            "en",
            "The council of Larkham met on Monday, 12 May 2026, and voted for a new bridge",
            "The council of Larkham met on Monday, 12 May 2026,",
        ),
        (
            "de",
            "Der Rat von Seedorf tagt am Montag um 18 Uhr wie immer im alten Rathaus am Markt",
            "Der Rat von Seedorf tagt am Montag um 18 Uhr wie immer im alten Rathaus am Markt",
        ),
        (
            "de",
            "Der Umsatz der Firma stieg im vorigen Jahr um 1,25 Mio. Euro auf rund 12,5 Mio. Euro, sagte Holt",
            "Der Umsatz der Firma stieg im vorigen Jahr um 1,25 Mio. Euro auf rund 12,5 Mio. Euro,",
        ),
    ],
)
def test_the_first_utterance_ends_between_finished_tokens(language: str, text: str, first: str) -> None:
    got = make_utterances([block(text, language=language)])[0]
    assert text[got.start : got.end] == first


def test_a_stretch_with_nothing_to_say_joins_the_next() -> None:
    text = "👍! Yes, we can."
    assert [(u.start, u.end) for u in make_utterances([block(text)])] == [(0, len(text))]


def test_marks_reach_the_engine_as_it_can_take_them() -> None:
    got = make_utterances([block("[[h@loU]] the players’ 's boat – “really”... s' s' (yes)!")])
    assert " ".join(u.spoken_text for u in got) == "h at loU the players s boat, “really”… s s (yes)!"


LIKELY = st.sampled_from([*ATOMS, "abcdefghij" * 9])


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.text(max_size=200), st.lists(LIKELY, max_size=120).map("".join)),
    st.sampled_from([*codes(), "zh"]),
)
def test_every_character_is_in_one_utterance_and_every_letter_in_one_token(text: str, language: str) -> None:
    got = make_utterances([block(text, language=language)])
    place = 0
    said: list[int] = []
    for utterance in got:
        assert not text[place : utterance.start].strip()
        inner = utterance.start
        for token in utterance.tokens:
            assert inner <= token.start < token.end <= utterance.end
            said.extend(range(token.start, token.end))
            inner = token.end
        place = utterance.end
        for word in utterance.words:
            assert re.search(r"\w", word.text)
            assert len(word.text) <= 50
            assert not re.search(r"\[|\]|\.\.|(.)\1{8}|\s", word.text)
    if got:
        assert not text[place:].strip()
    else:
        text = re.sub(r"\[[^\[\]]+\]|\{\{[^{}]+\}\}|%%\w+%%", "", text)  # an aside alone says nothing
    assert {index for index, character in enumerate(text) if character.isalnum()} <= set(said)


def test_a_mark_stays_with_its_letter_when_a_long_word_is_divided() -> None:
    """Found by a random example: the mark alone is no word that a voice can say."""
    words = make_utterances([block("abcdefghij" * 20 + "\u0301")])[0].words
    assert [len(word.text) for word in words] == [40, 40, 40, 40, 39, 2]


def test_breaks_speeds_and_languages_divide_a_sentence() -> None:
    text = "She said bonjour to him. Then she left."
    directions = (
        Direction(start=9, end=16, language="fr"),
        Direction(start=20, end=20, break_ms=700),
        Direction(start=25, end=25, break_ms=50),
        Direction(start=25, end=39, rate=1.5),
    )
    got = make_utterances([replace(block(text), directions=directions)])
    assert [(text[u.start : u.end], u.language, u.rate, u.pause_after_ms) for u in got] == [
        ("She said", "en", 1.0, 60),
        ("bonjour", "fr", 1.0, 60),
        ("to", "en", 1.0, 700),
        ("him.", "en", 1.0, 50),
        ("Then she left.", "en", 1.5, 550),
    ]


def test_what_editors_direct_is_said_and_keeps_its_place() -> None:
    text = "In “St. Ives” 5 km on."
    directions = (Direction(start=4, end=12, alias="Saint Ives 2"), Direction(start=16, end=18, ipa="keɪ"))
    tokens = make_utterances([replace(block(text), directions=directions)])[0].tokens
    assert [(text[t.start : t.end], t.spoken, t.before, t.after, t.ipa) for t in tokens[1:4]] == [
        ("St. Ives", ("Saint", "Ives", "two"), "“", "”", None),
        ("5", ("five",), "", "", None),
        ("km", ("km",), "", "", "keɪ"),
    ]


class OneReading:
    """A lexicon with one entry."""

    def __init__(self, grapheme: str, said: str) -> None:
        self._grapheme, self._said = grapheme, said

    def readings(self, text: str, language: str) -> list[Reading]:
        start = text.find(self._grapheme)
        end = start + len(self._grapheme)
        return [Reading(start=start, end=end, said=self._said, rule="lexicon (site)")] if start >= 0 else []


def test_no_sentence_ends_within_what_the_lexicon_reads() -> None:
    got = make_utterances(
        [block("They like Wham! Records today. So do I.")], lexicon=OneReading("Wham! Records", "Wham")
    )
    assert [u.spoken_text for u in got] == ["They like Wham today.", "So do I."]


def test_what_an_editor_marks_stands_above_the_lexicon() -> None:
    marked = replace(block("See Ives now."), directions=(Direction(start=4, end=8, alias="Saint Ives"),))
    got = make_utterances([marked], lexicon=OneReading("Ives", "Eyves"))
    assert got[0].spoken_text == "See Saint Ives now."


def test_an_announcement_is_said_instead_of_the_text() -> None:
    table = replace(block("A 1 B 2", BlockKind.TABLE), announcement="There is a table here: 3 results")
    (utterance,) = make_utterances([table])
    assert utterance.spoken_text == "There is a table here three results."
    assert [(t.start, t.end, t.rules) for t in utterance.tokens] == [(0, 7, ("announcement",))]


@pytest.mark.slow
@pytest.mark.parametrize(
    "atom",
    [
        "a",
        "9",
        ".",
        "b.",
        "s' ",
        '"',
        "a@",
        "1-",
        "1/",
        "1,",
        "111,",
        "a.b",
        "#",
        "http://",
        "$",
        "FBI ",
        "a-",
        "\n",
        "👍\u200d",
        "I ",
        "[[h]] ",
        "1a",
        "a_",
        "a\u0301",
        "中",
        " ",
        "The cat sat. ",
    ],
)
def test_no_text_makes_a_rule_slow(atom: str) -> None:
    text = (atom * (20_000 // len(atom) + 1))[:20_000]
    assert takes_at_most(2, lambda: make_utterances([block(text)]))  # a pattern that grows with the square: minutes


def test_time_grows_with_the_words() -> None:
    """How long 600 words take is measured by `make text-score`."""
    sentence = "Dr. Holt said on 15 March 2024 that $1.5 million went to 12,500 people, up 5.6% from 1984. "
    blocks = [block(sentence * 7) for _ in range(6)]
    make_utterances(blocks[:1])
    assert costs_at_most(4 * 1.5, lambda: make_utterances(blocks * 4), lambda: make_utterances(blocks))
