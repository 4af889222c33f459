"""What there is: rows by table, objects and bytes by kind; and what of their growth the rule of retention keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from tests.measure.years.pattern import Pattern
from tts_service.db.tables import Base
from tts_service.parts import Parts

KEPT_PER_ARTICLE = ("articles", "article_revisions", "clips", "clip_revisions", "clip_texts", "jobs")
"""Tables in which each article keeps one row for ever."""
KEPT_FOR_EVER = (
    "reports",
    "cases",
    "corrections",
    "correction_clips",
    "lexicon_entries",
    "lexicon_changes",
    "lexicon_versions",
)
"""Tables whose every row is kept: what listeners reported and what the newsroom decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What there is at one moment."""

    articles: int
    """That were published until then, less those that were withdrawn."""
    rows: Mapping[str, int]
    objects: Mapping[str, int]
    bytes: Mapping[str, int]
    """Of the objects."""
    database_bytes: int


def weigh(parts: Parts, articles: int) -> Amounts:
    """Count everything."""
    with parts.database.reading() as session:
        rows = {
            name: int(session.scalar(select(func.count()).select_from(table)) or 0)
            for name, table in Base.metadata.tables.items()
        }
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        free = session.connection().exec_driver_sql("PRAGMA freelist_count").scalar_one()
        size = session.connection().exec_driver_sql("PRAGMA page_size").scalar_one()
    objects, weights = Counter[str](), Counter[str]()
    for one in parts.store.objects(""):
        kind = one.name.partition("/")[0]
        objects[kind] += 1
        weights[kind] += one.bytes
    return Amounts(articles=articles, rows=rows, objects=objects, bytes=weights, database_bytes=(pages - free) * size)


def beyond_rule(before: Amounts, after: Amounts, pattern: Pattern) -> dict[str, float]:
    """By table and kind of object: growth that the rule of retention doesn't explain, as a share of what there was."""
    more = after.articles - before.articles
    kept = Counter(dict.fromkeys(KEPT_PER_ARTICLE, 1))
    kept["utterances"] = pattern.sentences
    weights = Counter[str]()
    for file in pattern.files:
        kept[f"{file.kind}/"] += file.kept
        weights[file.kind] += file.bytes * file.kept
    found = {}
    for name, count in after.rows.items():
        if name not in KEPT_FOR_EVER:
            found[name] = _share(before.rows[name], count, more * kept[name])
    for kind in ("clips", "live", "segments"):
        found[f"objects in {kind}/"] = _share(before.objects[kind], after.objects[kind], more * kept[f"{kind}/"])
        found[f"bytes in {kind}/"] = _share(before.bytes[kind], after.bytes[kind], more * weights[kind])
    return found


def _share(before: int, after: int, kept: int) -> float:
    return (after - before - kept) / max(before, 1)
