"""What a correction still changes in a clip: the sentences it touches whose present sound isn't the wanted one.

Planned on the revision that is heard now and with the lexicon as it is now, whenever a job is about to be queued. So a
clip that was edited meanwhile, a second try and a correction that is taken back are all the same question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.impact.block_rules import RuleEdit
from tts_service.corrections.impact.clip_plan import ClipPlan, current_revision, stored_sentences
from tts_service.corrections.impact.correction_lexicons import CorrectionLexicons
from tts_service.corrections.impact.whole_text import plan_repair, plan_rule
from tts_service.corrections.kinds import BLOCK, LEXICON
from tts_service.db.rows import stored_blocks, utterance_of
from tts_service.db.tables import (
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionRow,
    JsonDict,
    UtteranceRow,
)
from tts_service.jobs.revise import Basis, Replacement, is_recorded
from tts_service.jobs.revised import recast
from tts_service.narration.speak import key_of
from tts_service.newsroom.lexicon_place import ArticleName
from tts_service.newsroom.lexicon_version import lexicon_version
from tts_service.newsroom.policies import policy_version
from tts_service.parts import Parts
from tts_service.speakable.changes import ChangedSentence, changed_sentences, said_words
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, Utterance
from tts_service.values.speech_policy import SpeechPolicy


class CorrectionPlanner:
    """Plans one correction clip by clip: one planner for each batch."""

    def __init__(self, parts: Parts, correction: CorrectionRow) -> None:
        self._parts = parts
        self._lexicons = CorrectionLexicons(parts, correction) if correction.kind == LEXICON else None
        self._rule = RuleEdit.of(correction).rule if correction.kind == BLOCK else None

    def plan(self, clip_id: str) -> ClipPlan | None:
        """What is to be replaced in the clip's current revision; None: nothing of it is heard."""
        with self._parts.database.reading() as session:
            article = _heard_article(session, clip_id)
        if article is None:
            return None
        if self._rule is not None:
            return plan_rule(self._parts, clip_id, article, self._rule)
        if self._lexicons is None:
            return plan_repair(self._parts, clip_id, article)
        # Before the lexicon: should an entry come between the two, the record names the older one.
        version = lexicon_version(self._parts.database, article.site, article.external_id)
        site = self._lexicons.of_site(article.site)
        with self._parts.database.reading() as session:
            row = current_revision(session, clip_id)
            lexicons = self._lexicons.of_article(session, site, article)
            blocks = stored_blocks(row.blocks)
            touched = [
                one for side in lexicons.sides for one in changed_sentences(blocks, side, lexicons.now, site.policy)
            ]
            stored = stored_sentences(session, row, {one.block for one in touched})
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


def _heard_article(session: Session, clip_id: str) -> ArticleName | None:
    clip = session.get(ClipRow, clip_id)
    if clip is None or clip.state == "withdrawn" or clip.current_revision is None:
        return None
    if is_recorded(session, clip_id, clip.current_revision):
        return None
    article = session.get_one(ArticleRow, clip.article_id)
    return ArticleName(article.site, article.external_id)


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
