"""Places survive the tidying of white space and invisible characters: what editors marked is what is said otherwise."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parts.examples import examples
from tests.parts.processor import takes_at_most
from tts_service.article.blocks import read_blocks
from tts_service.article.clean import clean, one_line
from tts_service.article.places import tidied_text
from tts_service.values import Article, Block, SourceFormat

CHARACTERS = st.sampled_from(
    [
        *"ab e\t\n",
        "\u0301",
        "\u200b",
        "\u200d",
        "\u200c",
        "👩",
        "🚀",
        "\ufe0f",
        "\xa0",
        "\u1100",
        "\u1161",
        "\u11a8",
        "가",
        "\x00",
        "ü",
        "\u3000",
        "\u0627",
        "\ud800",
        "\u3164",
        "\u0323",
        "\u202e",
        "\xad",
    ]
)
RAW = st.lists(CHARACTERS, max_size=14).map("".join)
WORDS = st.lists(st.sampled_from(["ab", "é", "c\u200bd", "  ", "\n", "e\u0301", "&amp;", "&shy;x"]), max_size=4)


@settings(max_examples=400, deadline=None)
@given(RAW, st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=3))
def test_spans_lie_in_the_text_that_is_left_and_change_nothing_of_it(raw: str, ends: list[tuple[int, int]]) -> None:
    spans = [(min(one, other, len(raw)), min(max(one, other), len(raw))) for one, other in ends]
    text, placed, _ = tidied_text(raw, spans)
    assert text == one_line(clean(raw)[0])
    for start, end in placed:
        assert 0 <= start <= end <= len(text)
        assert text[start:end] == text[start:end].strip()


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
@given(st.lists(WORDS.map("".join), min_size=2, max_size=6))
def test_an_alias_lies_over_exactly_its_elements_characters(parts: list[str]) -> None:
    source = "<p>" + "".join(
        f'<span data-tts="alias:n{number}">{part}</span>' if number % 2 else part for number, part in enumerate(parts)
    )
    blocks = read(source + "<p>End.")
    if len(blocks) == 1:
        return
    said = {direction.alias: blocks[0].text[direction.start : direction.end] for direction in blocks[0].directions}
    for number, part in enumerate(parts):
        want = tidied_text(part.replace("&amp;", "&").replace("&shy;", "\xad"))[0]
        assert said.get(f"n{number}", "") == (want if number % 2 else "")


def test_an_accent_and_a_joined_emoji_stay_with_their_letter() -> None:
    assert tidied_text("e\u0301x", [(1, 3)]) == ("éx", [(1, 2)], 0)
    assert tidied_text("👩\u200d🚀!", [(0, 1)])[1] == [(0, 3)]
    assert tidied_text("a \u200b b", [(1, 5)]) == ("a b", [(2, 3)], 1)


def test_directions_are_in_order_and_never_overlap() -> None:
    block = read('<p>A <i data-tts="alias:x">b <b data-tts="alias:y">c</b></i> d <b data-tts="alias:z">e</b></p>')[0]
    assert [(block.text[d.start : d.end], d.alias) for d in block.directions] == [("b c", "x"), ("e", "z")]
    assert all(one.end <= other.start for one, other in pairwise(block.directions))


def test_a_hundred_thousand_marked_accents_take_no_time() -> None:
    marked = [(place, place + 1) for place in range(0, 100_000, 2)]
    assert takes_at_most(2, lambda: tidied_text("a" + "\u0301" * 100_000, marked))


def read(source: str) -> tuple[Block, ...]:
    return read_blocks(
        Article(site="s", external_id="1", source=source, source_format=SourceFormat.HTML, language="en")
    ).blocks
