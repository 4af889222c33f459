"""Rules for recurring blocks ("this box should not be read"): which clips a change of one affects.

Judged by the blocks of the clips as they are heard, without reading their articles again: fast enough to be looked up
while somebody waits. Whether a rule that goes leaves a block read is known only once the article is read again; such
clips are listed, and left as they are when their turn comes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, and_, select

from tts_service.article.treatment import NOT_CHOSEN
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, CorrectionRow
from tts_service.jobs.clip_words import ClipsOf, clips_with_text
from tts_service.jobs.revise import RECORDING
from tts_service.newsroom.block_rules import exception_from, rule_fields
from tts_service.newsroom.policies import policy_in
from tts_service.parts import Parts
from tts_service.values import BlockKind
from tts_service.values.speech_policy import BlockRule, SpeechPolicy, Treatment

_READ_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEdit:
    """A rule of a site that is added or removed."""

    site: str
    rule: BlockRule
    before: int | None
    """Its position among the site's rules; None: it isn't there."""
    after: int | None

    @classmethod
    def of(cls, correction: CorrectionRow) -> RuleEdit:
        """What a correction of the kind block did."""
        before, after = correction.before, correction.after
        return cls(
            site=correction.site or "",
            rule=exception_from(after or before or {}).rule,
            before=before["position"] if before else None,
            after=after["position"] if after else None,
        )

    def opposite(self) -> RuleEdit:
        """What takes it back."""
        return replace(self, before=self.after, after=self.before)

    @property
    def rule_id(self) -> str:
        """The same for all corrections of one rule."""
        named = json.dumps([self.site, rule_fields(self.rule, None)], sort_keys=True)
        return f"rule_{hashlib.sha256(named.encode()).hexdigest()[:22]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedBlock:
    """A block that would be read, or not be read, from then on."""

    index: int
    """Among the clip's blocks."""
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

    articles: int
    blocks: int
    newest: tuple[RuleHit, ...]


def rule_impact(parts: Parts, edit: RuleEdit, *, most: int = 50) -> RuleImpact:
    """What a change of a rule affects, with the newest `most` of the articles."""
    articles = blocks = 0
    newest: list[RuleHit] = []
    for hit in rule_hits(parts, edit):
        articles += 1
        blocks += len(hit.blocks)
        if len(newest) < most:
            newest.append(hit)
    return RuleImpact(articles=articles, blocks=blocks, newest=tuple(newest))


def rule_hits(parts: Parts, edit: RuleEdit) -> Iterator[RuleHit]:
    """Every clip with a block that a change of a rule affects, newest first, however many; few are in memory at a
    time. Clips that a person reads are none of them."""
    with parts.database.reading() as session:
        policy = policy_in(session, parts.settings, edit.site)
        after = policy.with_rule(edit.rule, edit.after)
        found = clips_with_text(session, edit.rule.text, ClipsOf(sites=(edit.site,)), begun=edit.rule.begins)
        for start in range(0, len(found), _READ_AT_ONCE):
            for row in session.execute(_as_heard(found[start : start + _READ_AT_ONCE])):
                blocks = tuple(_changed(row.blocks, edit.rule, policy, after))
                if blocks:
                    yield _hit(row, blocks)


def _as_heard(clip_ids: Sequence[str]) -> Select[Any]:
    current = and_(ClipRevisionRow.clip_id == ClipRow.id, ClipRevisionRow.revision == ClipRow.current_revision)
    columns = (
        ArticleRow.id.label("article_id"),
        ArticleRow.external_id,
        ClipRow.id.label("clip_id"),
        ClipRevisionRow.revision,
        ClipRevisionRow.title,
        ClipRevisionRow.blocks,
    )
    return (
        select(*columns)
        .join(ClipRow, ClipRow.article_id == ArticleRow.id)
        .join(ClipRevisionRow, current)
        .where(ClipRow.id.in_(clip_ids), ClipRevisionRow.cause != RECORDING)
        .order_by(ClipRow.id.desc())
    )


def _changed(
    blocks: Sequence[Mapping[str, Any]], rule: BlockRule, before: SpeechPolicy, after: SpeechPolicy
) -> Iterator[ChangedBlock]:
    if any(block["skip_reason"] == NOT_CHOSEN for block in blocks):
        return  # editors chose what is read: their marks stand above rules
    for index, block in enumerate(blocks):
        kind, text = BlockKind(block["kind"]), block["text"]
        if not rule.fits(kind, text):
            continue
        decided, decides = before.rule_for(kind, text), after.rule_for(kind, text)
        if decided == decides:
            continue
        heard = block["spoken"] and not block["announcement"]
        if decides is not None:
            changes = heard != (decides.treatment is Treatment.SPOKEN)
        else:
            changes = heard == (rule.treatment is Treatment.SPOKEN)
        if changes:
            yield ChangedBlock(index=index, kind=kind, text=text, spoken=not heard)


def _hit(row: Row[Any], blocks: tuple[ChangedBlock, ...]) -> RuleHit:
    return RuleHit(
        article_id=row.article_id,
        clip_id=row.clip_id,
        revision=row.revision,
        title=row.title or row.external_id,
        blocks=blocks,
    )
