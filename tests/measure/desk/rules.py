"""A rule about a box that recurs: what it costs to weigh one and to accept it, by the articles that it changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager

from tests.measure.desk.databases import on_postgresql, on_sqlite
from tests.measure.desk.newspaper import newspaper
from tests.measure.figures import Figure, exact
from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tts_service.corrections.accept_rule import accept_rule
from tts_service.corrections.impact.block_rules import RuleEdit, rule_impact
from tts_service.parts import Parts
from tts_service.values.speech_policy import BlockRule

ARTICLES = 5_000
RULE = BlockRule(text="Read our free newsletter")


def figures() -> Iterator[Figure]:
    yield from _on("SQLite", on_sqlite())
    yield from _on("PostgreSQL", on_postgresql())


def _on(database: str, place: AbstractContextManager[Parts]) -> Iterator[Figure]:
    with place as parts:
        insert_clips(parts, map(_with_box, newspaper(ARTICLES, with_name=0)))
        begun, worked = time.perf_counter(), time.process_time()
        found = rule_impact(parts, RuleEdit(site="gazette", rule=RULE, before=None, after=0))
        weighed_s, weighing_s = time.perf_counter() - begun, time.process_time() - worked
        begun, worked = time.perf_counter(), time.process_time()
        accepted = accept_rule(parts, "gazette", RULE, who="measurement")
        accepted_s, accepting_s = time.perf_counter() - begun, time.process_time() - worked
    thousands = ARTICLES / 1000
    name = f"rule that changes {ARTICLES:,} articles, {database}"
    note = "processor time without the database's server" if database == "PostgreSQL" else "processor time"
    yield exact(f"{name}: clips listed", accepted.clips, target=found.articles, sense="=")
    yield exact(f"{name}: weighed", weighed_s, "s")
    yield exact(f"{name}: weighed, per 1,000", weighing_s / thousands, "s", note=note)
    yield exact(f"{name}: accepted", accepted_s, "s")
    yield exact(f"{name}: accepted, per 1,000", accepting_s / thousands, "s", note=note)


def _with_box(article: RowArticle) -> RowArticle:
    blocks = (*article.blocks, *paragraphs(RULE.text))
    return RowArticle(external_id=article.external_id, blocks=blocks, title=article.title, sentences=False)
