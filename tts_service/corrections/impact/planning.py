"""What a correction still changes in a clip: the sentences it touches whose present sound isn't the wanted one.

Planned on the revision that is heard now and with the lexicon as it is now, whenever a job is about to be queued. So a
clip that was edited meanwhile, a second try and a correction that is taken back are all the same question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.entry_edits import LEXICON
from tts_service.corrections.impact.correction_lexicons import CorrectionLexicons
from tts_service.db.rows import stored_blocks, utterance_of
from tts_service.db.tables import (
    ArticleRevisionRow,
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionRow,
    JsonDict,
    UtteranceRow,
)
from tts_service.errors import NotFound
from tts_service.jobs.rendering import article_from
from tts_service.jobs.revise import Basis, Replacement, is_recorded, made_by
from tts_service.jobs.revised import recast
from tts_service.narration.prepared import prepare
from tts_service.narration.speak import key_of
from tts_service.newsroom.lexicon import ArticleName, lexicon_for
from tts_service.newsroom.lexicon_version import lexicon_version
from tts_service.newsroom.repairs import repairs_for
from tts_service.newsroom.sites import options_for, policy_for, policy_version
from tts_service.parts import Parts
from tts_service.speakable.changes import ChangedSentence, changed_sentences, said_words
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, Utterance
from tts_service.values.speech_policy import SpeechPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipPlan:
    """What is to be replaced in a clip."""

    basis: Basis
    changes: list[JsonDict]
    """For the record, per replaced stretch: block, start, end, text, and the words spoken before and after. Empty for a
    repair, whose record says already what it changes."""
    touched: bool
    """Whether the correction touches the clip's text at all."""
    complete: bool
    """Whether the clip then says everything as if its text was prepared now: entries that came without a correction, or
    another policy, may change more of it."""


class CorrectionPlanner:
    """Plans one correction clip by clip: one planner for each batch."""

    def __init__(self, parts: Parts, correction: CorrectionRow) -> None:
        self._parts = parts
        self._lexicons = CorrectionLexicons(parts, correction) if correction.kind == LEXICON else None

    def plan(self, clip_id: str) -> ClipPlan | None:
        """What is to be replaced in the clip's current revision; None: nothing of it is heard."""
        with self._parts.database.reading() as session:
            article = _heard_article(session, clip_id)
        if article is None:
            return None
        if self._lexicons is None:
            return _plan_repair(self._parts, clip_id, article)
        # Before the lexicon: should an entry come between the two, the record names the older one.
        version = lexicon_version(self._parts.database, article.site, article.external_id)
        site = self._lexicons.of_site(article.site)
        with self._parts.database.reading() as session:
            row = _current(session, clip_id)
            lexicons = self._lexicons.of_article(session, site, article)
            blocks = stored_blocks(row.blocks)
            touched = [
                one for side in lexicons.sides for one in changed_sentences(blocks, side, lexicons.now, site.policy)
            ]
            stored = _stored(session, row, {one.block for one in touched})
        places = _places(touched, stored, lambda block: _whole_block(block, blocks, site.policy, lexicons.now))
        replacements = [one for one in places if not _says_so(self._parts, row, stored, one)]
        return ClipPlan(
            basis=Basis(revision=row.revision, replacements=tuple(replacements), lexicon_version=version),
            changes=[_change(blocks, one, stored) for one in replacements],
            touched=bool(touched),
            complete=self._is_complete(row, blocks, site.policy, lexicons.now, replacements),
        )

    def _is_complete(
        self,
        row: ClipRevisionRow,
        blocks: Sequence[Block],
        policy: SpeechPolicy,
        now: Lexicon,
        replacements: Sequence[Replacement],
    ) -> bool:
        if (row.provenance or {}).get("policy_version") != policy_version(policy):
            return False
        columns = (UtteranceRow.block, UtteranceRow.start, UtteranceRow.end, UtteranceRow.segment_key)
        mine = (UtteranceRow.clip_id == row.clip_id, UtteranceRow.revision == row.revision)
        with self._parts.database.reading() as session:
            stored = session.execute(select(*columns).where(*mine)).all()
        kept = [
            tuple(one)
            for one in stored
            if not any(one.block == p.block and p.start <= one.start and one.end <= p.end for p in replacements)
        ]
        said = [utterance for one in replacements for utterance in one.utterances]
        return sorted([*kept, *self._keys(row, said)]) == sorted(
            self._keys(row, make_utterances(blocks, policy=policy, lexicon=now))
        )

    def _keys(self, row: ClipRevisionRow, said: Sequence[Utterance]) -> list[tuple[int, int, int, str]]:
        cast = recast(self._parts, row, said)
        return [(one.block, one.start, one.end, key_of(one, cast.cast)) for one in cast.said]


def _plan_repair(parts: Parts, clip_id: str, article: ArticleName) -> ClipPlan:
    """The whole text prepared again, unless that would sound like what is heard now."""
    version = lexicon_version(parts.database, article.site, article.external_id)
    with parts.database.reading() as session:
        row = _current(session, clip_id)
        made = made_by(session, clip_id, row.revision)
        if made is None:
            raise NotFound(f"Revision {row.revision} of clip {clip_id} wasn't made from a text.")
        text = session.get_one(ArticleRevisionRow, made.article_revision_id)
        source = article_from(session.get_one(ArticleRow, made.article_id), text)
        stored = session.execute(
            select(
                UtteranceRow.block,
                UtteranceRow.start,
                UtteranceRow.end,
                UtteranceRow.segment_key,
                UtteranceRow.pause_after_ms,
            )
            .where(UtteranceRow.clip_id == clip_id, UtteranceRow.revision == row.revision)
            .order_by(UtteranceRow.position)
        ).all()
    repairs = repairs_for(parts.database, article.site, article.external_id)
    prepared = prepare(
        source,
        parts.voices,
        repairs.voice or made.voice,
        policy=policy_for(parts.database, parts.settings, article.site),
        lexicon=lexicon_for(parts.database, article.site, article.external_id),
        zone=options_for(parts.database, article.site).zone,
        repairs=repairs,
    )
    wanted = [
        (one.block, one.start, one.end, key_of(one, prepared.cast), one.pause_after_ms) for one in prepared.utterances
    ]
    says_so = [tuple(one) for one in stored] == wanted
    basis = Basis(revision=row.revision, replacements=() if says_so else None, lexicon_version=version)
    return ClipPlan(basis=basis, changes=[], touched=True, complete=True)


def _heard_article(session: Session, clip_id: str) -> ArticleName | None:
    clip = session.get_one(ClipRow, clip_id)
    if clip.state == "withdrawn" or clip.current_revision is None:
        return None
    if is_recorded(session, clip_id, clip.current_revision):
        return None
    article = session.get_one(ArticleRow, clip.article_id)
    return ArticleName(article.site, article.external_id)


def _current(session: Session, clip_id: str) -> ClipRevisionRow:
    return session.get_one(ClipRevisionRow, (clip_id, session.get_one(ClipRow, clip_id).current_revision))


def _places(
    touched: Iterable[ChangedSentence], stored: Sequence[UtteranceRow], whole_block: Callable[[int], Replacement]
) -> list[Replacement]:
    """What is to be said where: stretch by stretch, or the whole block where stretches don't fit the stored sentences,
    since an earlier version of the service divided them elsewhere."""
    found: dict[int, list[Replacement]] = {}
    for one in touched:
        place = Replacement(block=one.block, start=one.start, end=one.end, utterances=one.after)
        others = found.setdefault(one.block, [])
        apart = not any(place.start < other.end and other.start < place.end for other in others)
        if apart and all(place.start <= row.start and row.end <= place.end for row in _inside(stored, place)):
            others.append(place)
        elif place not in others:
            found[one.block] = [whole_block(one.block)]
    return [place for places in found.values() for place in places]


def _stored(session: Session, row: ClipRevisionRow, blocks: set[int]) -> list[UtteranceRow]:
    mine = (UtteranceRow.clip_id == row.clip_id, UtteranceRow.revision == row.revision)
    query = select(UtteranceRow).where(*mine, UtteranceRow.block.in_(sorted(blocks)))
    return list(session.scalars(query.order_by(UtteranceRow.position)))


def _inside(stored: Iterable[UtteranceRow], place: Replacement) -> tuple[UtteranceRow, ...]:
    """The sentences that are said in a stretch, or reach into it."""
    return tuple(one for one in stored if one.block == place.block and one.start < place.end and place.start < one.end)


def _whole_block(block: int, blocks: Sequence[Block], policy: SpeechPolicy, now: Lexicon) -> Replacement:
    said = tuple(one for one in make_utterances(blocks, policy=policy, lexicon=now) if one.block == block)
    return Replacement(block=block, start=0, end=len(blocks[block].text), utterances=said)


def _says_so(parts: Parts, row: ClipRevisionRow, stored: Sequence[UtteranceRow], place: Replacement) -> bool:
    """Whether the revision sounds like this already."""
    cast = recast(parts, row, place.utterances)
    now = [(one.start, one.end, one.segment_key) for one in _inside(stored, place)]
    return now == [(one.start, one.end, key_of(one, cast.cast)) for one in cast.said]


def _change(blocks: Sequence[Block], place: Replacement, stored: Sequence[UtteranceRow]) -> JsonDict:
    text = blocks[place.block].text[place.start : place.end]
    said: Mapping[str, str] = {
        "before": said_words(utterance_of(one) for one in _inside(stored, place)),
        "after": said_words(place.utterances),
    }
    return {"block": place.block, "start": place.start, "end": place.end, "text": text, **said}
