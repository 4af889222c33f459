"""An index of the words of clips: which clips can contain a grapheme, and staff's search for articles.

Kept by the database: FTS5 on SQLite, by triggers of clip_texts; a GIN index of clip_texts on PostgreSQL. Measured on
5,000 texts of 330 distinct words, per text written and in all, beside a table of a row per word and clip:

    SQLite       FTS5 0.13 ms, 4 MB      a row per word 4.2 ms, 75 MB
    PostgreSQL   GIN  0.63 ms, 31 MB     a row per word 2.2 ms, 255 MB

A look-up takes below 12 ms with each of them. Words are split by our own rules, those of the lexicon, never by the
database's: PostgreSQL's parser takes "a/b" for one token.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, text, true
from sqlalchemy.orm import Session

from tts_service.article.clean import clean
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, ClipTextRow
from tts_service.speakable.apostrophes import with_apostrophes
from tts_service.speakable.lexeme import word_pattern
from tts_service.speakable.lexicon import text_words
from tts_service.speakable.word_index import index_form, index_words

_PAGES_AT_ONCE = 200
_GRAPHEMES_AT_ONCE = 100
"""Graphemes of one query: FTS5 limits how complex it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipsOf:
    """Whose clips are looked for."""

    sites: tuple[str, ...] | None = None
    """None: of all sites."""
    external_id: str | None = None
    """Only of this article, of one site."""


def index_clip(session: Session, clip_id: str) -> None:
    """Index a clip's current revision, or the held one before there is any, in place of what was indexed. In the
    transaction that makes it so."""
    clip = session.get_one(ClipRow, clip_id)
    session.execute(delete(ClipTextRow).where(ClipTextRow.clip_id == clip_id))
    held = select(func.max(ClipRevisionRow.revision)).where(
        ClipRevisionRow.clip_id == clip_id, ClipRevisionRow.state == "held"
    )
    number = clip.current_revision or session.scalar(held)
    if number is None:
        return
    revision = session.get_one(ClipRevisionRow, (clip_id, number))
    words = index_words([revision.title, *(block["text"] for block in revision.blocks)])
    session.add(ClipTextRow(clip_id=clip_id, words=words))


def forget_clip(session: Session, clip_id: str) -> int:
    """Remove a clip from the index. Returns the number of rows that went."""
    return int(session.execute(delete(ClipTextRow).where(ClipTextRow.clip_id == clip_id)).rowcount)  # type: ignore[attr-defined]


def forget_removed_words(database: Database) -> None:
    """Make SQLite forget what was removed from the index: FTS5 keeps it until it merges. Some pages in each
    transaction, as other writers wait (https://sqlite.org/fts5.html, "The 'merge' Command")."""
    if not database.is_sqlite:
        return
    pages = -_PAGES_AT_ONCE  # the first one begins a merge of everything
    while True:
        with database.writing() as session:
            session.execute(text("PRAGMA secure_delete=ON"))
            connection: Any = session.connection().connection.driver_connection
            before = connection.total_changes
            merge = text("INSERT INTO clip_words(clip_words, rank) VALUES ('merge', :pages)")
            session.execute(merge, {"pages": pages})
            if connection.total_changes - before < 2:
                return
        pages = _PAGES_AT_ONCE


def candidates(
    session: Session, graphemes: Collection[tuple[str, ...]], whose: ClipsOf, *, most: int | None = None
) -> list[str]:
    """Ids of the clips that can contain one of some graphemes (`lexicon.grapheme_words`), newest first: all, or the
    newest `most`. Clips that aren't heard (withdrawn, held, still rendered) are left out. None that has a grapheme is
    missing."""
    found: set[str] = set()
    wanted = sorted({tuple(map(index_form, words)) for words in graphemes})
    for start in range(0, len(wanted), _GRAPHEMES_AT_ONCE):
        some = wanted[start : start + _GRAPHEMES_AT_ONCE]
        heard = (ClipRow.state == "ready", ClipRow.current_revision.is_not(None))
        query = _having(session, _matching(session, some), whose).where(*heard)
        found |= set(session.scalars(query if most is None else query.order_by(ClipRow.id.desc()).limit(most)))
    return sorted(found, reverse=True)[:most]


def clips_with_text(session: Session, words: str, whose: ClipsOf, *, begun: bool) -> list[str]:
    """Ids of the clips that can contain a text, newest first: all that have its words, the last one perhaps only begun
    if the text is the beginning of a longer one. As for `candidates`, clips that aren't heard are left out."""
    heard = (ClipRow.state == "ready", ClipRow.current_revision.is_not(None))
    wanted = tuple(sorted(map(index_form, text_words(words))))
    matching = _matching(session, [wanted], begun=_begun(words) if begun else None) if wanted else true()
    return list(session.scalars(_having(session, matching, whose).where(*heard).order_by(ClipRow.id.desc())))


def search_clips(
    session: Session, words: str, sites: Sequence[str] | None = None, *, before: str | None = None, most: int = 50
) -> list[str]:
    """Ids of the clips that have all these words in title or text, the last one perhaps only begun; newest first. Also
    of those that are held or withdrawn.

    `sites` None: of all sites; `before`: only those with lower ids, to go on."""
    words = clean(words)[0]
    wanted = tuple(sorted(map(index_form, text_words(words))))
    if not wanted:
        return []
    matching = _matching(session, [wanted], begun=_begun(words))
    query = _having(session, matching, ClipsOf(sites=None if sites is None else tuple(sites)))
    query = query.where(ClipRow.id < before) if before else query
    return list(session.scalars(query.order_by(ClipRow.id.desc()).limit(most)))


def _begun(words: str) -> str | None:
    """The form of a text's last word, which may go on; None: something stands behind it."""
    words = with_apostrophes(words)
    *_, last = word_pattern().findall(words)
    (form,) = map(index_form, text_words(last))
    return form if words.endswith(last) else None


def _having(session: Session, matching: ColumnElement[bool], whose: ClipsOf) -> Select[str]:
    query = select(ClipRow.id).join(ClipTextRow, ClipTextRow.clip_id == ClipRow.id).where(matching)
    if whose.sites is None and whose.external_id is None:
        return query
    query = query.join(ArticleRow, ArticleRow.id == ClipRow.article_id)
    if whose.external_id is not None:
        query = query.where(ArticleRow.external_id == whose.external_id)
    # By an index of sites, SQLite would take each of the site's articles and go through all the matches for it.
    of_many = whose.external_id is None and _on_sqlite(session)
    site = ArticleRow.site + "" if of_many else ArticleRow.site
    return query.where(site.in_(whose.sites)) if whose.sites is not None else query


def _matching(session: Session, wanted: Iterable[tuple[str, ...]], begun: str | None = None) -> ColumnElement[bool]:
    """Rows with all the words of one of some tuples; `begun` may be the beginning of a longer word. The forms of words
    have nothing that a query would have to quote."""
    if _on_sqlite(session):
        query = " OR ".join("(" + " AND ".join(_quoted(words, begun, '"', "*")) + ")" for words in wanted)
        matched = text("clip_texts.number IN (SELECT rowid FROM clip_words WHERE clip_words MATCH :query)")
    else:
        query = " | ".join("(" + " & ".join(_quoted(words, begun, "'", ":*")) + ")" for words in wanted)
        matched = text("array_to_tsvector(string_to_array(clip_texts.words, ' ')) @@ CAST(:query AS tsquery)")
    return or_(matched.bindparams(query=query))


def _quoted(words: Iterable[str], begun: str | None, quote: str, more: str) -> Iterator[str]:
    return (f"{quote}{word}{quote}{more if word == begun else ''}" for word in words)


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
