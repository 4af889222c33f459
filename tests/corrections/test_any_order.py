"""Corrections, edits and withdrawals in any order, between the steps of workers: in the end every clip says what the
lexicon says now, reads the blocks that the site's rules leave, and nothing waits for ever."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.corrections.desk_bench import SITE, Newsroom
from tests.parts.factories import make_parts
from tests.parts.quick_render import Workers
from tts_service.article.blocks import read_blocks
from tts_service.corrections.accept_rule import accept_rule, accept_rule_gone
from tts_service.corrections.follow_up import OPEN, follow_up
from tts_service.corrections.taking_back import retry, take_back, take_back_clip
from tts_service.db.rows import stored_blocks, utterance_of
from tts_service.db.tables import (
    ArticleRevisionRow,
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    JobRow,
    UtteranceRow,
)
from tts_service.errors import Conflict, InputRefused, NotFound
from tts_service.jobs.control import cancel, withdraw
from tts_service.jobs.lease import Lease
from tts_service.jobs.rendering import article_from
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.lexicon_place import ArticleName, Place
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.repairs import repairs_for
from tts_service.parts import Parts
from tts_service.speakable.utterances import make_utterances
from tts_service.values.speech_policy import BlockRule, Treatment

TEXTS = (
    "First we met. Elmsworth was dark. Last we left.",
    "Dr. Elmsworth came at 5 p.m. and left. Nobody else was in Elmsworth-on-Sea.",
    "The dark town of Elmsworth. It was “dark”, they said.\n\nElmsworth’s mayor spoke. Nothing more.",
    "Quite another text.",
)
GRAPHEMES = ("Elmsworth", "dark", "was dark", "Dr. Elmsworth")
ALIASES = ("Emsworth", "Elms worth. Dot", "very dark", "dark", None)
PLACES = (SITE, Place.of(), Place.of("gazette", "0"))
ARTICLES = ("0", "1")
RULES = (
    BlockRule(text="Elmsworth", begins=True),
    BlockRule(text="Elmsworth’s mayor spoke. Nothing more.", treatment=Treatment.SPOKEN),
    BlockRule(text="the dark", begins=True),
)
"""For blocks of the third text; the first two overlap."""
STEPS = st.one_of(
    st.tuples(st.just("publish"), st.sampled_from(ARTICLES), st.sampled_from(TEXTS)),
    st.tuples(st.just("withdraw"), st.sampled_from(ARTICLES)),
    st.tuples(
        st.just("correct"),
        st.sampled_from(GRAPHEMES),
        st.sampled_from(ALIASES),
        st.sampled_from(PLACES),
        st.booleans(),
    ),
    st.tuples(st.sampled_from(["add rule", "add rule", "remove rule"]), st.sampled_from(RULES)),
    st.tuples(st.sampled_from(["take back", "take back clip", "retry"]), st.integers(0, 3)),
    st.tuples(st.sampled_from(["follow up", "begin", "begin", "finish", "finish", "cancel"])),
)


class Desk:
    """What may happen, each step by its name."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom, self.parts = newsroom, newsroom.parts
        self.leases: list[Lease] = []

    def do(self, step: tuple[Any, ...]) -> None:
        try:
            getattr(self, step[0].replace(" ", "_"))(*step[1:])
        except (Conflict, InputRefused, NotFound):
            return

    def publish(self, article: str, text: str) -> None:
        self.newsroom.save(article, text)

    def withdraw(self, article: str) -> None:
        withdraw(self.parts, "gazette", article)

    def correct(self, grapheme: str, alias: str | None, place: Place, change: bool) -> None:
        entries = [row.id for row in self.newsroom.entries() if row.site == place.site and row.article == place.article]
        entry = entries[0] if entries and (change or alias is None) else None
        excepted = (ArticleName("gazette", "1"),) if change and place == SITE else ()
        self.newsroom.correct(grapheme, alias, place=place, entry_id=entry, except_articles=excepted)

    def add_rule(self, rule: BlockRule) -> None:
        accept_rule(self.parts, "gazette", rule, who="staff:1")

    def remove_rule(self, rule: BlockRule) -> None:
        accept_rule_gone(self.parts, "gazette", rule, who="staff:1")

    def take_back(self, number: int) -> None:
        take_back(self.parts, self._correction(number), "staff:2")

    def take_back_clip(self, number: int) -> None:
        correction = self._correction(number)
        with self.parts.database.reading() as session:
            mine = select(CorrectionClipRow.clip_id).where(CorrectionClipRow.correction_id == correction)
            clip = session.scalars(mine.limit(1)).one_or_none()
        take_back_clip(self.parts, correction, clip or "", "staff:2")

    def retry(self, number: int) -> None:
        retry(self.parts, self._correction(number), "staff:2")

    def _correction(self, number: int) -> str:
        with self.parts.database.reading() as session:
            ids = session.scalars(select(CorrectionRow.id).order_by(CorrectionRow.id.desc())).all()
        if not ids:
            raise NotFound
        return ids[number % len(ids)]

    def follow_up(self) -> None:
        follow_up(self.parts)

    def begin(self) -> None:
        with self.parts.database.reading() as session:
            job = session.scalars(select(JobRow.id).where(JobRow.state == "queued").order_by(JobRow.id)).first()
        lease = self.newsroom.workers.begin(job) if job else None
        if lease is not None:
            self.leases.append(lease)

    def finish(self) -> None:
        if self.leases:
            self.newsroom.workers.finish(self.leases.pop(0))

    def cancel(self) -> None:
        with self.parts.database.reading() as session:
            job = session.scalars(select(JobRow.id).where(JobRow.state == "queued", JobRow.basis.is_not(None))).first()
        if job:
            cancel(self.parts, job)

    def rest(self) -> None:
        """Everything that is under way ends, and what failed is tried again."""
        while self.leases:
            self.finish()
        self.newsroom.work(12)
        with self.parts.database.reading() as session:
            failed = session.scalars(select(CorrectionRow.id).where(CorrectionRow.state == "failed")).all()
        for correction in failed:
            retry(self.parts, correction, "staff:2")
        self.newsroom.work(12)


def wrong(newsroom: Newsroom) -> list[str]:
    """What doesn't hold in the end."""
    with newsroom.parts.database.reading() as session:
        waiting = session.scalars(select(CorrectionClipRow).where(CorrectionClipRow.state.in_(OPEN))).all()
        rendering = session.scalars(select(CorrectionRow.state).where(CorrectionRow.state == "rendering")).all()
        found = [f"{row.correction_id} waits for {row.clip_id}" for row in waiting] + list(rendering)
        for clip in session.scalars(select(ClipRow).where(ClipRow.state == "ready")):
            article = session.get_one(ArticleRow, clip.article_id)
            row = session.get_one(ClipRevisionRow, (clip.id, clip.current_revision))
            lexicon = lexicon_for(newsroom.parts.database, article.site, article.external_id)
            wanted = [
                (said.block, said.start, said.end, said.words)
                for said in make_utterances(stored_blocks(row.blocks), lexicon=lexicon)
            ]
            lines = session.scalars(
                select(UtteranceRow)
                .where(UtteranceRow.clip_id == clip.id, UtteranceRow.revision == row.revision)
                .order_by(UtteranceRow.position)
            )
            heard = [(said.block, said.start, said.end, said.words) for said in map(utterance_of, lines)]
            found += [f"{article.external_id}: {heard} instead of {wanted}"] if heard != wanted else []
            found += wrong_blocks(newsroom.parts, session, article, row)
    return found


def wrong_blocks(parts: Parts, session: Session, article: ArticleRow, row: ClipRevisionRow) -> list[str]:
    """Blocks that are read although a rule leaves them out, or the other way round. An article of which nothing would
    be left is read as before."""
    made = session.scalars(select(JobRow).filter_by(clip_id=row.clip_id, revision=row.revision)).one()
    text = session.get_one(ArticleRevisionRow, made.article_revision_id)
    repairs = repairs_for(parts.database, article.site, article.external_id)
    policy = repairs.policy(policy_for(parts.database, parts.settings, article.site))
    wanted = [block.spoken for block in read_blocks(article_from(article, text), policy).blocks]
    heard = [block["spoken"] for block in row.blocks]
    return [f"{article.external_id}: {heard} instead of {wanted}"] if any(wanted) and heard != wanted else []


@settings(max_examples=5, deadline=None)
@given(steps=st.lists(STEPS, min_size=4, max_size=16))
def test_in_the_end_every_clip_says_what_the_lexicon_says(steps: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        parts = make_parts(Path(folder))
        newsroom = Newsroom(parts, Workers(parts, patch))
        try:
            for article in ARTICLES:
                newsroom.publish(article, TEXTS[int(article)])
            desk = Desk(newsroom)
            for step in steps:
                desk.do(step)
            desk.rest()
            assert wrong(newsroom) == []
        finally:
            parts.close()
