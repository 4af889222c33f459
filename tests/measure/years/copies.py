"""Copies of the pattern, a day's at once: rows as they are in its tables, files as further names of its files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Insert, Table, Text, bindparam, func, literal, or_, select

from tests.measure.years.pattern import NAME, SITE, Pattern
from tts_service.db.session import new_id
from tts_service.db.tables import (
    ArticleRevisionRow,
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    ClipTextRow,
    DeliveryAttemptRow,
    DeliveryRow,
    InboundEventRow,
    JobRow,
    UtteranceRow,
)
from tts_service.parts import Parts

GAZETTE = "gazette"
_STAMP = 13
"""Characters of an id's own that stay behind the copy's stamp: its time, and some that nobody else has."""
_HEAD = 8
"""Characters of a segment's key that each copy has for itself."""
_OWN_IDS = {
    "articles": "art_",
    "article_revisions": "rev_",
    "clips": "clip_",
    "jobs": "job_",
    "inbound_events": "evt_",
    "callback_deliveries": "dlv_",
}
_OTHER_IDS = {
    "article_id": "art_",
    "article_revision_id": "rev_",
    "clip_id": "clip_",
    "delivery_id": "dlv_",
    "event_id": "evt_",
}
_UNIQUE = ("live_key", "natural_key", "event_key", "content_hash")
_NAMED = ("title", "words", "tokens", "blocks", "source", "outcome")
"""Texts in which the pattern's name stands, and JSON that is kept as text."""
_NO_TIMES = ("duration_ms", "pause_after_ms", "took_ms", "unneeded_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy that was made."""

    number: int
    clip_id: str
    day: int

    @property
    def external_id(self) -> str:
        return str(self.number)

    @property
    def name(self) -> str:
        return name_of_copy(self.number)


def name_of_copy(number: int) -> str:
    """A place's name, as long as the pattern's: different for 125,000 numbers."""
    consonants, vowels = "bdfgklmnrs", "aeiou"
    syllables = []
    for _ in range(3):
        number, rest = divmod(number, len(consonants) * len(vowels))
        syllables.append(consonants[rest // len(vowels)] + vowels[rest % len(vowels)])
    return f"{''.join(syllables)}ton".capitalize()


class Copier:
    """Copies the pattern."""

    def __init__(self, parts: Parts, pattern: Pattern, store: Path) -> None:
        self._parts, self._pattern, self._store = parts, pattern, store
        clip, article = pattern.clip_id, pattern.article_id
        with parts.database.reading() as session:
            told = session.scalars(select(DeliveryRow.id).where(DeliveryRow.body.contains(clip))).all()
            sent = session.scalars(select(InboundEventRow.id).where(InboundEventRow.site == SITE)).all()
        self._inserts = [
            _insert(ArticleRow, ArticleRow.id == article),
            _insert(ArticleRevisionRow, ArticleRevisionRow.article_id == article),
            _insert(ClipRow, ClipRow.id == clip),
            _insert(ClipRevisionRow, ClipRevisionRow.clip_id == clip),
            _insert(ClipTextRow, ClipTextRow.clip_id == clip),
            _insert(UtteranceRow, UtteranceRow.clip_id == clip),
            _insert(JobRow, JobRow.clip_id == clip),
            _insert(InboundEventRow, _one_of(InboundEventRow.id, sent)),
            _insert(DeliveryRow, _one_of(DeliveryRow.id, told)),
            _insert(DeliveryAttemptRow, _one_of(DeliveryAttemptRow.delivery_id, told)),
        ]

    def copy(self, numbers: Sequence[int], day: int, now_ms: int, *, live: bool) -> list[Copy]:
        """Rows and files of so many articles that were published and edited just now. `live`: with the pieces of
        live.mp3."""
        values = [self._values(number, now_ms) for number in numbers]
        with self._parts.database.writing() as session:
            for insert in self._inserts:
                session.connection().execute(insert, values)
        for one in values:
            self._link(one, live=live)
        return [Copy(number=number, clip_id=one["clip"], day=day) for number, one in zip(numbers, values, strict=True)]

    def _values(self, number: int, now_ms: int) -> dict[str, Any]:
        stamp = new_id("x")[2:11]
        return {
            "stamp": stamp,
            "head": f"{number * 2_654_435_761 % 2**32:0{_HEAD}x}",
            "shift": now_ms - self._pattern.made_ms,
            "number": str(number),
            "name": name_of_copy(number),
            "lower_name": name_of_copy(number).lower(),
            "pattern_clip": self._pattern.clip_id,
            "clip": f"clip_{stamp}{self._pattern.clip_id[5 : 5 + _STAMP]}",
        }

    def _link(self, one: dict[str, Any], *, live: bool) -> None:
        made = set[Path]()
        for number, file in enumerate(self._pattern.files):
            if file.kind == "live" and not live:
                continue
            if file.kind == "segments":
                key = one["head"] + file.name.rpartition("/")[2][_HEAD:]
                path = self._store / "segments" / key[:2] / key
            else:
                path = self._store / file.name.replace(self._pattern.clip_id, one["clip"])
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            os.link(self._pattern.folder / str(number), path)


def _insert(row: Any, which: ColumnElement[bool]) -> Insert:
    table: Table = row.__table__
    columns = [column for column in table.columns if column.name != "number" or table.name != "clip_texts"]
    copied = [_copied(table, column).label(f"c{place}") for place, column in enumerate(columns)]
    return table.insert().from_select([column.name for column in columns], select(*copied).where(which))


def _copied(table: Table, column: Any) -> ColumnElement[Any]:
    """What a copy has in a column."""
    name = column.name
    prefix = _OWN_IDS.get(table.name) if name == "id" else _OTHER_IDS.get(name)
    value: ColumnElement[Any] = column
    if prefix is not None:
        value = literal(prefix) + _given("stamp") + func.substr(column, len(prefix) + 1, _STAMP)
    elif name == "segment_key":
        value = _given("head") + func.substr(column, _HEAD + 1)
    elif name in _UNIQUE:
        value = _given("number") + literal("-") + column
    elif name == "site":
        value = literal(GAZETTE)
    elif name == "external_id":
        value = _given("number")
    elif name in ("url", "page_key") and table.name != "callback_deliveries":
        value = func.replace(column, literal(f"/{SITE}"), literal("/") + _given("number"))
    elif name in ("body", "live_piece") and table.name != "inbound_events":
        value = func.replace(column, _given("pattern_clip"), _given("clip"))
    elif name in _NAMED:
        value = func.replace(
            func.replace(column, literal(NAME), _given("name")), literal(NAME.lower()), _given("lower_name")
        )
    elif name == "live_kept":
        value = literal(True)
    elif name == "unneeded_ms":
        value = literal(None, BigInteger)
    elif name.endswith("_ms") and name not in _NO_TIMES:
        value = column + bindparam("shift", type_=BigInteger)
    return value


def _one_of(column: Any, ids: Sequence[str]) -> ColumnElement[bool]:
    """Written out: a statement for many copies can't have a list for a parameter."""
    return or_(*(column == one for one in ids))


def _given(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=Text)
