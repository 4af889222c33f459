"""Articles of true length by the hundred: copies of one that was made once."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Row, insert

from tests.parts.made_once import Kept, keep
from tests.parts.web_rows import ready_clip
from tts_service.parts import Parts

SENTENCES = tuple(f"Sentence number {number} of an article of usual length is said here." for number in range(30))
_AT_ONCE = 200
_NAME = "0000"


def many_clips(parts: Parts, site: str, number: int) -> list[str]:
    """So many articles with a finished clip each; their names, of which their ids are made as by `ready_clip`."""
    kept, names = _kept(site), [f"{site}{one:04}" for one in range(number)]
    for start in range(0, number, _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        with parts.database.writing() as session:
            for table, rows in kept.rows.items():
                copies = [_copy(row, name) for name in some for row in rows]
                session.connection().execute(insert(table), copies)
    for name in names:
        parts.store.put(f"clips/clip_{name}/1/audio.mp3", b"sound")
    return names


@cache
def _kept(site: str) -> Kept:
    return keep(lambda parts: ready_clip(parts, name=_NAME, site=site, sentences=SENTENCES))


def _copy(row: Row[Any], name: str) -> dict[str, Any]:
    return {
        column: value.replace(_NAME, name) if isinstance(value, str) else value
        for column, value in row._asdict().items()
    }
