"""A live blog's entries begin with their times; a single time is the article's own and is not said."""

from __future__ import annotations

import pytest

from tts_service.article.html import read_fragment
from tts_service.article.sifting import skip_furniture


def spoken(source: str) -> list[str]:
    return [item.text for item in skip_furniture(read_fragment(source)) if item.skip_reason is None]


ENTRY = '<div class="post"><header><time>{}</time></header><h2>{}</h2><p>More of it, as far as it is known.</p></div>'
MORE = "More of it, as far as it is known."


@pytest.mark.parametrize("time", ["14:32", "9.12am", "11.38 BST", "18.30 Uhr", "8h15", "14:32 Uhr", "11.38 BST 2m ago"])
def test_the_time_is_said_with_the_first_line_of_its_entry(time: str) -> None:
    got = spoken(ENTRY.format(time, "Ferries stop") + ENTRY.format("10:00", "Goats go"))
    said = time.removesuffix(" 2m ago").removesuffix(" BST")
    assert got == [f"{said}: Ferries stop", MORE, "10:00: Goats go", MORE]


def test_entries_without_a_heading_begin_with_their_times_too() -> None:
    entries = "".join(f"<article><p>{hour}:05</p><p>Train {hour} is late, it said.</p></article>" for hour in (8, 9))
    assert spoken(entries) == ["8:05: Train 8 is late, it said.", "9:05: Train 9 is late, it said."]


def test_a_timetable_in_one_box_is_read_the_same_way() -> None:
    assert spoken("<p>9:00</p><p>Doors open, it says.</p><p>9:30</p><p>Doors close, it says.</p>") == [
        "9:00: Doors open, it says.",
        "9:30: Doors close, it says.",
    ]


def test_what_stands_beside_the_time_is_skipped_with_a_reason() -> None:
    pieces = skip_furniture(read_fragment(ENTRY.format("11.38 BST", "Ferries stop") * 2))
    assert [(item.text, item.skip_reason) for item in pieces[:2]] == [
        ("BST", "dateline standing alone"),
        ("11.38: Ferries stop", None),
    ]


@pytest.mark.parametrize(
    "source",
    [
        ENTRY.format("14:32", "Ferries stop"),
        '<div class="post"><time>14:32</time></div>' * 2 + f"<div><p>{MORE}</p></div>",
    ],
)
def test_times_that_head_no_entries_stay_out(source: str) -> None:
    assert not any(text[:1].isdigit() for text in spoken(source))
