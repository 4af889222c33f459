"""Changed sentences: the same as making every utterance twice and comparing, for much less work."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tts_service.speakable import changes
from tts_service.speakable.changes import ChangedSentence, changed_sentences, same_sound
from tts_service.speakable.lexeme import Lexeme, Scope, tidied
from tts_service.speakable.lexicon import GraphemeWords, Lexicon, grapheme_words, text_words
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind, Direction, Utterance


def lexeme(*graphemes: str, **values: Any) -> Lexeme:
    said: dict[str, Any] = {} if values.keys() & {"alias", "ipa"} else {"alias": "said so"}
    return tidied(Lexeme(graphemes=graphemes, **{"language": "en", **said, **values}))


def block(text: str, **values: Any) -> Block:
    return Block(**{"kind": BlockKind.PARAGRAPH, "text": text, "language": "en", **values})


def changed(
    blocks: Sequence[Block], before: Sequence[Lexeme], after: Sequence[Lexeme], *, quick: bool = True
) -> tuple[ChangedSentence, ...]:
    touches = GraphemeWords({*before} ^ {*after}) if quick else None
    return changed_sentences(blocks, Lexicon(before), Lexicon(after), touches=touches)


def applied(old: Sequence[Utterance], found: Sequence[ChangedSentence]) -> list[Utterance]:
    """The utterances of an article with the changes put in their places."""
    out = list(old)
    for change in found:
        for gone in change.before:
            out.remove(gone)
        out += change.after
    return sorted(out, key=lambda one: (one.block, one.start))


def check(blocks: Sequence[Block], before: Sequence[Lexeme], after: Sequence[Lexeme]) -> tuple[ChangedSentence, ...]:
    """The changes, held against both articles as a whole."""
    old = make_utterances(blocks, lexicon=Lexicon(before))
    new = make_utterances(blocks, lexicon=Lexicon(after))
    found = changed(blocks, before, after)
    assert same_sound(applied(old, found), new)
    whole = [
        change
        for index in range(len(blocks))
        for change in changes.paired(
            index, [one for one in old if one.block == index], [one for one in new if one.block == index]
        )
    ]
    assert list(found) == whole
    return found


# --- what changes ---


def test_only_the_sentence_with_the_word_changes() -> None:
    text = "Holyrood met today. Nothing else was said. The weather was fine."
    (change,) = check([block("A headline"), block(text)], [], [lexeme("Holyrood")])
    assert (change.block, text[change.start : change.end]) == (1, "Holyrood met today.")
    assert [one.spoken_text for one in change.before] == ["Holyrood met today."]
    assert [one.spoken_text for one in change.after] == ["said so met today."]


def test_an_entry_that_says_the_same_changes_nothing() -> None:
    same = [lexeme("Holyrood", alias="Holyrood"), lexeme("met", alias="met")]
    assert check([block("Holyrood met today.")], [], same) == ()
    old, new = lexeme("Holyrood", scope=Scope.SITE), lexeme("Holyrood", scope=Scope.ARTICLE)
    assert check([block("Holyrood met today.")], [old], [new]) == ()


def test_a_grapheme_over_a_sentences_end_moves_the_bounds() -> None:
    text = "We heard Boom. Crash yesterday. It was loud."
    (change,) = check([block(text)], [], [lexeme("Boom. Crash", alias="boom crash")])
    assert len(change.before) == 2
    assert [one.spoken_text for one in change.after] == ["We heard boom crash yesterday."]


def test_a_sentence_with_nothing_to_say_is_joined() -> None:
    text = "* * *"
    blocks = [block("One came. *** Two came."), block(text), block("Three came here.")]
    check(blocks, [], [lexeme("came", alias="went")])
    check(blocks, [lexeme("One", alias="Won")], [lexeme("Two", alias="Too")])
    check([block("One came. ***. Nato met. Two.")], [], [lexeme("***. Nato", alias="said so")])


NOTHING = "0\ufe0f\u20e3"
"""An emoji made of a digit: a word that isn't said."""


@pytest.mark.parametrize(
    "text", ["Nato! One came.", "One came. Nato! Two went.", "One came. Nato!", "* * *\n\nNato!", "Nato!"]
)
def test_an_entry_may_silence_a_sentence_or_give_one_a_voice(text: str) -> None:
    silent = lexeme("Nato", alias=NOTHING)
    for written, one in ((text, silent), (text.replace("Nato", NOTHING), lexeme(NOTHING, alias="Nato"))):
        check([block(written), block("One came.")], [], [one])
        check([block("A headline"), block(written), block("* * *")], [one], [])


def test_where_a_headline_falls_silent_the_next_block_begins_the_clip() -> None:
    long = block("One two three four five six seven eight nine ten, eleven twelve thirteen fourteen fifteen.")
    found = check([block("Nato"), block("* * *"), long, long], [], [lexeme("Nato", alias=NOTHING)])
    assert [change.block for change in found] == [0, 2]


def test_the_first_sentence_stays_short() -> None:
    long = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen."
    check([block(long)], [], [lexeme("eleven twelve thirteen", alias="more")])
    check([block(long), block(long)], [], [lexeme("twelve")])


def test_announced_and_skipped_blocks_stay_as_they_are() -> None:
    blocks = [block("Holyrood", spoken=False), block("Holyrood", announcement="There is a table: Holyrood.")]
    assert check(blocks, [], [lexeme("Holyrood")]) == ()


def test_what_an_article_directs_stays() -> None:
    inside = Direction(start=0, end=8, alias="the parliament")
    text = "Holyrood met Holyrood. Then more."
    (change,) = check([block(text, directions=(inside,))], [], [lexeme("Holyrood")])
    assert change.after[0].spoken_text == "the parliament met said so."
    direct = (Direction(start=0, end=8, language="de"), Direction(start=13, end=13, break_ms=700))
    check([block(text, directions=direct)], [], [lexeme("met")])


def test_other_blocks_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    tokens = changes.tokens

    def counted(text: str, start: int, end: int, *more: Any) -> Any:
        read.append(text[start:end])
        return tokens(text, start, end, *more)

    monkeypatch.setattr(changes, "tokens", counted)
    text = "Nothing here. Holyrood met. Nothing there."
    changed([block("A headline here"), block(text), block("Something else.")], [], [lexeme("Holyrood")])
    assert read == ["Holyrood met."] * 2


# --- held against whole articles ---

PIECES = [
    *(
        "Holyrood",
        "Müller",
        "Müllers",
        "l’Otan",
        "d'Holyrood",
        "Nato-Gipfel",
        "Nato",
        "NATO",
        "nato.int",
        "Dr.",
        "a.m.",
    ),
    *(
        "Inc.",
        "U.S.",
        "e.g.",
        "3.5",
        "5",
        "1990.",
        "£3m",
        "***",
        "…",
        "“",
        "”",
        "—",
        "***.",
        "!",
        "?",
        ".",
        ". ",
        "\n\n",
    ),
    *("Zürich", "re\u0301sume\u0301", "the", "and", "said", "it", "One", "two", "·", "¶", "§", "*", "The", "Karl V."),
    *(
        "0️⃣",
        "0️⃣.",
        "***. Nato",
        "hello,",
        "Stop!",
        "Then",
        "ʼ",
        "o’clock",
        "’s",
        "St.",
        "12.",
        "Oktober",
        "z. B.",
        "x" * 60,
    ),
]
GRAPHEMES = [
    *("Holyrood", "Müller", "Otan", "l’Otan", "Nato", "nato", "Nato-Gipfel", "Dr. Müller", "Dr", "Inc. The", "U.S."),
    *(
        "said. The",
        "5",
        "3.5",
        "résumé",
        "Zürich",
        "the",
        "One",
        "two. One",
        "12. Oktober",
        "z. B.",
        "Stop! Then",
        "it",
    ),
    *("0️⃣", "***. Nato", ". Then", "Karl V. One", "*** the", "C++", "a.m. The", "· Nato"),
]
ALIASES = ["said so", "Holyrood", "the", "Dr. No", "5", "Mr. X. The end", "one two three four five six seven", "0️⃣", "."]


def made(grapheme: str, alias: str, ipa: bool, any_case: bool, alone: bool, scope: Scope) -> Lexeme | None:
    said: dict[str, Any] = {"ipa": "ˈsɛd"} if ipa else {"alias": alias}
    if not any(map(str.isalnum, grapheme + alias)) or (not ipa and not any(map(str.isalnum, alias))):
        return None
    return tidied(
        Lexeme(graphemes=(grapheme,), language="en", case_sensitive=not any_case, alone=alone, scope=scope, **said)
    )


LEXEMES = st.lists(
    st.builds(
        made,
        st.sampled_from(GRAPHEMES),
        st.sampled_from(ALIASES),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.sampled_from(Scope),
    ).filter(bool),
    max_size=4,
    unique_by=lambda one: one.graphemes,
)
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map(" ".join)
BLOCKS = st.lists(
    st.builds(
        block,
        st.one_of(TEXTS, TEXTS, TEXTS.map(lambda text: unicodedata.normalize("NFD", text))),
        kind=st.sampled_from([BlockKind.PARAGRAPH, BlockKind.HEADING]),
        language=st.sampled_from(["en", "en-GB", "de", "fr"]),
    ),
    min_size=1,
    max_size=4,
)


def in_all(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """For every language of the blocks."""
    from dataclasses import replace

    return [replace(one, language=language) for one in lexemes for language in ("en", "de", "fr")]


@settings(max_examples=150, deadline=None)
@given(BLOCKS, LEXEMES, LEXEMES)
@example([block("*** Nato ***"), block("· One")], [], [made("Nato", "said so", False, False, False, Scope.SITE)])
def test_changes_are_those_of_the_whole_article(blocks: list[Block], before: list[Lexeme], after: list[Lexeme]) -> None:
    check(blocks, in_all(before), in_all(after))


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.sampled_from(["plain", "NFD"]), LEXEMES)
def test_no_grapheme_is_found_where_its_words_are_not(text: str, form: str, lexemes: list[Lexeme]) -> None:
    if form == "NFD":
        text = unicodedata.normalize("NFD", text)
    words = text_words(text)
    for one in in_all(lexemes):
        if Lexicon([one]).readings(text, one.language):
            assert any(words >= set(grapheme) for grapheme in grapheme_words([one]))
            assert GraphemeWords([one])(text)
