"""A change of the lexicon that staff propose, and the clips that it would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import and_, or_, select

from tts_service.db.rows import blocks_of
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, LexiconEntryRow
from tts_service.newsroom.lexicon import ArticleName, Place, exceptions_of, lexeme_of
from tts_service.newsroom.sites import policy_for
from tts_service.parts import Parts
from tts_service.speakable.changes import ChangedSentence, changed_sentences
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.speakable.lexicon import Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconProposal:
    """A change of one entry."""

    place: Place
    lexeme: Lexeme | None
    """None: the entry is removed."""
    entry_id: str | None = None
    """The entry that it changes or removes; None: it adds one."""
    except_articles: tuple[ArticleName, ...] = ()
    """Articles that the entry leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedClip:
    """A clip that would say something else."""

    clip_id: str
    revision: int
    site: str
    external_id: str
    title: str
    changes: tuple[ChangedSentence, ...]


def affected_clips(parts: Parts, proposal: LexiconProposal) -> Iterator[AffectedClip]:
    """The clips that a proposal changes, by reading every clip of its place."""
    query = (
        select(ClipRow, ArticleRow, ClipRevisionRow)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .join(
            ClipRevisionRow,
            and_(ClipRevisionRow.clip_id == ClipRow.id, ClipRevisionRow.revision == ClipRow.current_revision),
        )
        .where(ClipRow.state == "ready")
    )
    for column, value in (("site", proposal.place.site), ("external_id", proposal.place.article)):
        query = query.filter(getattr(ArticleRow, column) == value) if value is not None else query
    with parts.database.reading() as session:
        for clip, article, row in session.execute(query).all():
            name = ArticleName(article.site, article.external_id)
            mine = and_(
                LexiconEntryRow.site == name.site,
                or_(LexiconEntryRow.scope == Scope.SITE, LexiconEntryRow.article == name.external_id),
            )
            found = select(LexiconEntryRow).where(or_(LexiconEntryRow.scope == Scope.GLOBAL, mine))
            rows = [one for one in session.scalars(found) if name not in exceptions_of(one)]
            rest = [lexeme_of(one) for one in rows if one.id != proposal.entry_id]
            lexeme = proposal.lexeme and replace(proposal.lexeme, scope=proposal.place.scope)
            new = [lexeme] if lexeme and name not in proposal.except_articles else []
            now, then = Lexicon(map(lexeme_of, rows)), Lexicon([*rest, *new])
            policy = policy_for(parts.database, parts.settings, name.site)
            if changes := changed_sentences(blocks_of(row.blocks), now, then, policy):
                yield AffectedClip(
                    clip_id=clip.id,
                    revision=row.revision,
                    site=name.site,
                    external_id=name.external_id,
                    title=row.title,
                    changes=changes,
                )
