"""Impact of one entry over many articles: complete, exact, and how long an editor waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

from tests.measure.desk.databases import on_postgresql, on_sqlite
from tests.measure.desk.newspaper import NAME, newspaper
from tests.measure.figures import Figure, exact, median
from tests.parts.clip_rows import RowArticle, insert_clips
from tts_service.corrections.impact.comparing import AffectedClip
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.corrections.impact.weighing import impact
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.changes import paired, same_sound
from tts_service.speakable.lexeme import Lexeme
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.utterances import make_utterances

LEXEME = Lexeme(graphemes=(NAME,), language="en", ipa="ˈhɒlɪˌruːd")
PROPOSAL = LexiconProposal(place=Place.of("gazette"), lexeme=LEXEME)
TIMES = 5
SHARE, RARER = 0.1, 0.05
"""Of the articles that have the name: of a thousand, and of twenty thousand."""


def figures() -> Iterator[Figure]:
    yield from _on("SQLite", on_sqlite(), 1_000, limit_s=2)
    yield from _on("PostgreSQL", on_postgresql(), 1_000, limit_s=2)
    yield from _on("PostgreSQL", on_postgresql(), 20_000, limit_s=5, share=RARER, brute=False)


def _on(
    database: str,
    place: AbstractContextManager[Parts],
    count: int,
    *,
    limit_s: float,
    share: float = SHARE,
    brute: bool = True,
) -> Iterator[Figure]:
    articles = list(newspaper(count, with_name=share))
    with place as parts:
        # Sentences of articles without the name are never read: of many articles they are left out.
        kept = [one if brute else replace(one, sentences=_has_name(one)) for one in articles]
        insert_clips(parts, kept)
        taken_s, worked_s = [], []
        for _ in range(TIMES):
            begun, worked = time.perf_counter(), time.process_time()
            found = impact(parts, PROPOSAL)
            taken_s.append(time.perf_counter() - begun)
            worked_s.append(time.process_time() - worked)
    named = sum(map(_has_name, articles))
    note = f"{found.sentences} sentences in {found.articles} articles; {named} have the name"
    name = f"impact of an entry over {count:,} articles, {database}"
    yield median(name, taken_s, "s", target=limit_s, note=note)
    yield median(f"{name}: processor time without the database's", worked_s, "s")
    if brute:
        right = _right(articles, {clip.external_id: clip for clip in found.clips})
        yield exact(f"{name}: as by brute force", right, "%", target=100, sense="=")


def _has_name(article: RowArticle) -> bool:
    return any(NAME in block.text for block in article.blocks)


def _right(articles: list[RowArticle], found: dict[str, AffectedClip]) -> float:
    """Per cent of the articles whose list is exactly that of making all utterances twice."""
    right = 0
    for one in articles:
        old = make_utterances(one.blocks)
        new = make_utterances(one.blocks, lexicon=Lexicon([LEXEME]))
        whole = [
            change
            for index in range(len(one.blocks))
            for change in paired(
                index, [said for said in old if said.block == index], [said for said in new if said.block == index]
            )
        ]
        listed = found[one.external_id].changes if one.external_id in found else ()
        right += len(whole) == len(listed) and all(
            same_sound(mine.after, theirs.after) and (mine.block, mine.start) == (theirs.block, theirs.start)
            for mine, theirs in zip(listed, whole, strict=True)
        )
    return 100 * right / len(articles)
