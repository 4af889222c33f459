"""What a paper adds behind the text is found by its markup, whatever its words are; the text's own last lines stay."""

from __future__ import annotations

import pytest

from tests.article.test_cards import TEXT
from tts_service.article.closing import APART, BYLINE, FRAME
from tts_service.article.html import read_fragment
from tts_service.article.pieces import NOT_MAIN, piece
from tts_service.article.sifting import skip_furniture
from tts_service.values import BlockKind

DIVS = TEXT.replace("<p>", '<div class="mt-4">').replace("</p>", "</div>")
GOAT = "A goat has read all of this."


def reasons(source: str) -> dict[str, str | None]:
    return {item.text: item.skip_reason for item in skip_furniture(read_fragment(source))}


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (f'<div class="c9">{GOAT}</div>', {GOAT: APART}),
        (f'<div class="c9"><span>{GOAT}</span></div>', {GOAT: APART}),
        (f"<p><em>{GOAT}</em></p>", {GOAT: APART}),
        (f'<p><i>{GOAT}</i></p><div class="c9">Fog fell.</div>', {GOAT: APART, "Fog fell.": APART}),
        ('<section class="c9"><h4>Ada Quill</h4><p>She keeps bees.</p></section>', {"Ada Quill": BYLINE}),
        (
            '<div class="c9"><img src="a"><div>Ada Quill</div><div>She keeps bees, and a boat.</div></div>',
            {"Ada Quill": BYLINE, "She keeps bees, and a boat.": BYLINE},
        ),
        ('<p class="x"><a href="/a">Ada Quill</a> keeps bees.</p>', {"Ada Quill keeps bees.": BYLINE}),
    ],
)
def test_a_line_behind_the_text_that_is_marked_up_otherwise_is_skipped(
    closing: str, expected: dict[str, str | None]
) -> None:
    found = reasons(TEXT + closing)
    assert {text: found[text] for text in expected} == expected
    assert [reason for text, reason in found.items() if len(text) > 60] == [None] * 3


def test_a_plain_paragraph_behind_a_text_of_boxes_is_skipped() -> None:
    assert reasons(f"{DIVS}<p>{GOAT}</p>")[GOAT] == APART


@pytest.mark.parametrize(
    "closing",
    [
        f"<p>{GOAT}</p>",
        f"<div>{GOAT}</div>",
        f'<p class="last">{GOAT}</p>',
        f"<p>The <em>Goat</em>: {GOAT}</p>",
        f"<p><em>“{GOAT}”</em></p>",
        f"<p><em>Correction, 3 March: {GOAT}</em></p>",
        f'<div class="c9">Korrektur: {GOAT}</div>',
        f'<div class="c9"><h4>What it means</h4><p>{GOAT}</p></div>',
        f'<div class="c9"><ul><li>{GOAT}</li></ul></div>',
        f'<div class="c9"><blockquote>{GOAT}</blockquote></div>',
        f'<div class="c9">{GOAT} {GOAT} {GOAT} {GOAT} {GOAT} It ate it, too.</div>',
    ],
)
def test_the_last_lines_of_a_text_stay(closing: str) -> None:
    assert not [text for text, reason in reasons(TEXT + closing).items() if reason]


def test_a_box_named_like_those_of_the_text_stays() -> None:
    assert reasons(f'{DIVS}<div class="mt-4 last">{GOAT}</div>')[GOAT] is None


def test_a_line_amid_the_text_stays() -> None:
    assert reasons(f'{TEXT}<div class="c9">{GOAT}</div><p>It was not asked.</p>')[GOAT] is None


def test_a_last_line_that_also_stands_in_the_frame_of_the_page_is_skipped() -> None:
    frame = piece(BlockKind.PARAGRAPH, GOAT, NOT_MAIN)
    found = skip_furniture([*read_fragment(f"{TEXT}<p>{GOAT}</p>"), frame])
    assert [item.skip_reason for item in found][-2:] == [FRAME, NOT_MAIN]


def test_links_that_are_buttons_of_scripts_lead_nowhere_in_the_article() -> None:
    found = read_fragment('<p><a href="#">Mail it</a> | <a href="#part">Part two</a></p>')[0]
    assert (found.linked, found.anchored) == (len("Mail itPart two"), len("Part two"))
