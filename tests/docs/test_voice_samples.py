"""Samples of voices in docs/: each row of the table has its file, small and signed, and no other file is there."""

from __future__ import annotations

import pytest

from tests.measure.voice_samples import (
    BEGIN,
    END,
    FOLDER,
    HEAD,
    MAX_BYTES,
    PAGE,
    VOICES,
    file_of,
    rows_of,
    with_rows,
)
from tts_service.provenance.read_back import State, read_disclosure


def test_every_shipped_voice_has_its_row_and_no_other_file_is_there() -> None:
    rows = rows_of(PAGE.read_text("utf-8"))
    assert tuple(rows) == VOICES
    assert all(f"(voices/{file_of(name).name})" in row for name, row in rows.items())
    assert set(FOLDER.iterdir()) == {file_of(name) for name in VOICES}


@pytest.mark.parametrize("voice", VOICES)
def test_a_sample_is_small_and_says_that_it_is_synthetic(voice: str) -> None:
    assert file_of(voice).stat().st_size <= MAX_BYTES
    told = read_disclosure(file_of(voice))
    assert told.state is State.UNALTERED
    assert told.source_type in told.tags["digitalSourceType"]


def test_another_table_leaves_the_rest_of_the_page() -> None:
    page = f"# A\n\n{BEGIN}\nold\n{END}\n\n## B\n"
    row = "| `a:b` | English | [listen](voices/a-b.mp3) |"
    made = with_rows(page, [row])
    assert made == "\n".join(["# A", "", BEGIN, *HEAD, row, END, "", "## B", ""])
    assert with_rows(made, [row]) == made
    assert rows_of(made) == {"a:b": row}
