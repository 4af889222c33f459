"""Plans corrections for which a clip's whole text is prepared again: repairs of its article, and rules for blocks."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.article.blocks import read_blocks
from tts_service.corrections.impact.clip_plan import ClipPlan, current_revision, stored_sentences
from tts_service.db.rows import stored_blocks, utterance_of
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, JobRow, JsonDict, UtteranceRow
from tts_service.errors import NotFound, NothingToSpeak
from tts_service.jobs.rendering import article_from
from tts_service.jobs.revise import Basis, made_by
from tts_service.narration.prepared import Prepared, prepare
from tts_service.narration.speak import key_of
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.lexicon_place import ArticleName
from tts_service.newsroom.lexicon_version import lexicon_version
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.repairs import repairs_for
from tts_service.newsroom.site_voices import voices_for
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.speakable.changes import said_words
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Article, Block
from tts_service.values.repairs import ArticleRepairs
from tts_service.values.speech_policy import BlockRule

NOTHING_LEFT = "Nothing of the article would be read then."


def plan_repair(parts: Parts, clip_id: str, name: ArticleName) -> ClipPlan:
    """The whole text prepared again, unless that would sound like what is heard now."""
    version = lexicon_version(parts.database, name.site, name.external_id)
    with parts.database.reading() as session:
        row = current_revision(session, clip_id)
        made = _job_of(session, row)
        article = _article_of(session, made)
        columns = (
            UtteranceRow.block,
            UtteranceRow.start,
            UtteranceRow.end,
            UtteranceRow.segment_key,
            UtteranceRow.pause_after_ms,
        )
        mine = (UtteranceRow.clip_id == clip_id, UtteranceRow.revision == row.revision)
        stored = session.execute(select(*columns).where(*mine).order_by(UtteranceRow.position)).all()
    repairs = repairs_for(parts.database, name.site, name.external_id)
    prepared = prepared_now(parts, name, article, made.voice, repairs)
    wanted = [
        (one.block, one.start, one.end, key_of(one, prepared.cast), one.pause_after_ms) for one in prepared.utterances
    ]
    says_so = [tuple(one) for one in stored] == wanted
    basis = Basis(revision=row.revision, replacements=() if says_so else None, lexicon_version=version)
    return ClipPlan(basis=basis, changes=[], touched=True, complete=True)


def prepared_now(
    parts: Parts, name: ArticleName, article: Article, voice: str | None, repairs: ArticleRepairs
) -> Prepared:
    """An article's text as it would be prepared now, with these repairs; `voice`: what its job asked for. Raises as
    `prepare`."""
    return prepare(
        article,
        voices_for(parts.database, parts.voices, name.site),
        repairs.voice or voice,
        policy=policy_for(parts.database, parts.settings, name.site),
        lexicon=lexicon_for(parts.database, name.site, name.external_id),
        zone=options_for(parts.database, name.site).zone,
        repairs=repairs,
    )


def text_of(session: Session, row: ClipRevisionRow) -> tuple[JobRow, Article]:
    """The job that made a revision, and the text that it was made from. Raises NotFound."""
    made = _job_of(session, row)
    return made, _article_of(session, made)


def plan_rule(parts: Parts, clip_id: str, name: ArticleName, rule: BlockRule) -> ClipPlan:
    """The whole text prepared again if a block that the rule fits isn't read as policy and exceptions say now.

    Raises NothingToSpeak if nothing of the article would be read.
    """
    version = lexicon_version(parts.database, name.site, name.external_id)
    policy = repairs_for(parts.database, name.site, name.external_id).policy(
        policy_for(parts.database, parts.settings, name.site)
    )
    lexicon = lexicon_for(parts.database, name.site, name.external_id)
    with parts.database.reading() as session:
        row = current_revision(session, clip_id)
        article = _article_of(session, _job_of(session, row))
        blocks = read_blocks(article, policy, parts.voices.speaks).blocks
        fitting = {index: block for index, block in enumerate(blocks) if rule.fits(block.kind, block.text)}
        # By their texts: an earlier version of the service may have divided the article elsewhere.
        heard = {(block.kind, block.text): (index, block) for index, block in enumerate(stored_blocks(row.blocks))}
        changes: list[JsonDict] = []
        for index, block in fitting.items():
            place, was = heard.get((block.kind, block.text), (None, None))
            if _treatment(block) != _treatment(was):
                sentences = [] if place is None else stored_sentences(session, row, [place])
                before = said_words(utterance_of(one) for one in sentences)
                after = said_words(make_utterances([block], policy=policy, lexicon=lexicon))
                here = {"block": index, "start": 0, "end": len(block.text), "text": block.text}
                changes.append({**here, "before": before, "after": after})
    if changes and not any(block.spoken for block in blocks):
        raise NothingToSpeak(NOTHING_LEFT)
    basis = Basis(revision=row.revision, replacements=None if changes else (), lexicon_version=version)
    return ClipPlan(basis=basis, changes=changes, touched=bool(fitting), complete=True)


def _treatment(block: Block | None) -> tuple[bool, str | None]:
    """Whether a block is read, and what is said in its place; one that isn't there isn't read."""
    return (block.spoken, block.announcement) if block is not None else (False, None)


def _job_of(session: Session, row: ClipRevisionRow) -> JobRow:
    made = made_by(session, row.clip_id, row.revision)
    if made is None:
        raise NotFound(f"Revision {row.revision} of clip {row.clip_id} wasn't made from a text.")
    return made


def _article_of(session: Session, made: JobRow) -> Article:
    text = session.get_one(ArticleRevisionRow, made.article_revision_id)
    return article_from(session.get_one(ArticleRow, made.article_id), text)
