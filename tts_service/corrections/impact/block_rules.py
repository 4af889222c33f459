"""Rules for recurring blocks ("this box should not be read"): which articles one changes, and carrying it out.

Candidates are clips that have a block with the rule's text; their articles are read with and without the change, so
that the list is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, record
from tts_service.article.blocks import read_blocks
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import Conflict, EmptyArticle, NotFound
from tts_service.jobs.dispatch import dispatch
from tts_service.jobs.rendering import article_from
from tts_service.jobs.revise import RECORDING, Basis, revise
from tts_service.newsroom.sites import RulesEdit, change_rules, policy_for
from tts_service.parts import Parts
from tts_service.values import Block, BlockKind
from tts_service.values.speech_policy import BlockRule, SpeechPolicy

MOST_READ = 5_000
"""Clips that are looked through, newest first: a site's older articles are hardly heard any more."""
_ROWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedBlock:
    """A block that would be read, or not be read, from then on."""

    kind: BlockKind
    text: str
    spoken: bool
    """After the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """An article that a change of rules affects."""

    article_id: str
    clip_id: str
    revision: int
    title: str
    blocks: tuple[ChangedBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleImpact:
    """Everything that a change of rules affects."""

    hits: tuple[RuleHit, ...]
    """Newest first."""
    read: int
    complete: bool
    """Whether every clip of the site was looked through."""

    @property
    def blocks(self) -> int:
        return sum(len(hit.blocks) for hit in self.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged:
    """A change of rules that was carried out."""

    rendered: int
    """Articles that are being rendered again."""
    busy: int
    """Articles left as they are, since another job was at work on them or they changed meanwhile."""


def rule_impact(parts: Parts, site: str, rules: Sequence[BlockRule]) -> RuleImpact:
    """What another list of rules would change in clips that are out."""
    before = policy_for(parts.database, parts.settings, site)
    after = replace(before, rules=tuple(rules))
    changed = {*before.rules} ^ {*after.rules}
    hits: list[RuleHit] = []
    read = 0
    with parts.database.reading() as session:
        for row in _clips(session, site):
            read += 1
            if any(rule.fits(BlockKind(block["kind"]), block["text"]) for block in row.blocks for rule in changed):
                hits += _hit(session, row, before, after)
    return RuleImpact(hits=tuple(hits), read=read, complete=read < MOST_READ)


def add_rule(parts: Parts, site: str, rule: BlockRule, *, who: str) -> RulesChanged:
    """Add a rule, and render again what it changes. Raises PolicyRefused, Conflict (it is there)."""

    def added(rules: tuple[BlockRule, ...]) -> tuple[BlockRule, ...]:
        if rule in rules:
            raise Conflict("The site has this rule already.")
        return (*rules, rule)

    return _changed(parts, site, added, Deed(who=who, what="site.rule-added", subject=site))


def remove_rule(parts: Parts, site: str, rule: BlockRule, *, who: str) -> RulesChanged:
    """Remove a rule, and render again what it changed. Raises NotFound (it isn't there)."""

    def without(rules: tuple[BlockRule, ...]) -> tuple[BlockRule, ...]:
        if rule not in rules:
            raise NotFound("The site doesn't have this rule any more.")
        return tuple(one for one in rules if one != rule)

    return _changed(parts, site, without, Deed(who=who, what="site.rule-removed", subject=site))


def _changed(parts: Parts, site: str, change: RulesEdit, deed: Deed) -> RulesChanged:
    hits = rule_impact(parts, site, change(policy_for(parts.database, parts.settings, site).rules)).hits
    change_rules(parts.database, parts.settings, site, change)
    record(parts.database, replace(deed, site=site, details={"articles": len(hits)}))
    rendered = sum(_render(parts, hit) for hit in hits)
    if rendered:
        dispatch(parts)
    return RulesChanged(rendered=rendered, busy=len(hits) - rendered)


def _render(parts: Parts, hit: RuleHit) -> bool:
    basis = Basis(revision=hit.revision, replacements=None)
    try:
        with parts.database.writing() as session:
            revise(parts, session, hit.clip_id, basis, correction_id=None, cause="correction", queue="backfill")
    except (Conflict, NotFound):
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Clip:
    """A clip as it is heard now."""

    article_id: str
    clip_id: str
    revision: int
    title: str
    blocks: list[dict[str, str]]


def _clips(session: Session, site: str) -> Iterator[_Clip]:
    current = and_(ClipRevisionRow.clip_id == ClipRow.id, ClipRevisionRow.revision == ClipRow.current_revision)
    query = (
        select(ArticleRow.id, ClipRow.id, ClipRevisionRow.revision, ClipRevisionRow.title, ClipRevisionRow.blocks)
        .join(ClipRow, ClipRow.article_id == ArticleRow.id)
        .join(ClipRevisionRow, current)
        .where(ArticleRow.site == site, ArticleRow.withdrawn_ms.is_(None), ClipRevisionRow.cause != RECORDING)
        .order_by(ArticleRow.id.desc())
        .limit(MOST_READ)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    for article_id, clip_id, revision, title, blocks in session.execute(query):
        yield _Clip(article_id, clip_id, revision, title, blocks)


def _hit(session: Session, clip: _Clip, before: SpeechPolicy, after: SpeechPolicy) -> Iterator[RuleHit]:
    made = (JobRow.clip_id == clip.clip_id, JobRow.revision == clip.revision)
    text_id = session.scalar(select(JobRow.article_revision_id).where(*made))
    text = session.get(ArticleRevisionRow, text_id) if text_id else None
    if text is None:
        return
    article = article_from(session.get_one(ArticleRow, clip.article_id), text)
    try:
        old, new = read_blocks(article, before).blocks, read_blocks(article, after).blocks
    except EmptyArticle:
        return
    blocks = tuple(_differing(old, new))
    if blocks:
        yield RuleHit(
            article_id=clip.article_id,
            clip_id=clip.clip_id,
            revision=clip.revision,
            title=clip.title or article.external_id,
            blocks=blocks,
        )


def _differing(old: Sequence[Block], new: Sequence[Block]) -> Iterator[ChangedBlock]:
    for one, other in zip(old, new, strict=True):
        if (one.spoken, one.announcement) != (other.spoken, other.announcement):
            yield ChangedBlock(kind=other.kind, text=other.text, spoken=other.spoken)
