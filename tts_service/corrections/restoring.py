"""Puts lexicon entries back to what they were before a correction: all of them, or for one article."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.entry_edits import EntryEdit, entry_edits, is_import
from tts_service.corrections.impact.proposal import LexiconChange, LexiconProposal, ProposedEntry
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, CorrectionRow, JsonDict, LexiconEntryRow
from tts_service.errors import Conflict
from tts_service.newsroom.lexicon import (
    change_entry,
    delete_entry,
    find,
    forms_of,
    lexeme_of,
    locked,
    put_entry,
    swap_entries,
)
from tts_service.newsroom.lexicon_history import LexiconEdit, entry_fields
from tts_service.newsroom.lexicon_place import ArticleName, Place, exceptions_of, place_of
from tts_service.newsroom.lexicon_version import lock_lexicons
from tts_service.parts import Parts
from tts_service.speakable.lexicon import grapheme_words, text_words

_NOT_COMPARED = ("author", "except_articles", "note")
"""Fields of an entry that say nothing about whether it is as a correction left it."""
_ENTRIES_AT_ONCE = 500


def opposite(session: Session, correction: CorrectionRow) -> LexiconProposal | LexiconChange:
    """What taking a correction of the lexicon back proposes."""
    edits = entry_edits(session, correction)
    present = _present_entries(session, edits)
    if is_import(correction):
        before = [LexiconEntryRow(**edit.before) for edit in edits if edit.before]
        return LexiconChange(
            gone=tuple(present.values()),
            fresh=tuple(
                ProposedEntry(place=place_of(row), lexeme=lexeme_of(row), except_articles=exceptions_of(row))
                for row in before
            ),
        )
    (edit,) = edits
    entry = LexiconEntryRow(**(edit.before or edit.after or {}))
    now = present.get(edit.entry_id)
    return LexiconProposal(
        place=place_of(entry),
        lexeme=lexeme_of(entry) if edit.before else None,
        entry_id=edit.entry_id if now else None,
        except_articles=tuple(sorted(_restored_exceptions(edit, now))) if edit.before else (),
    )


def entry_changed_since(session: Session, correction: CorrectionRow) -> str | None:
    """Id of an entry that isn't as the correction left it; None: all are."""
    edits = entry_edits(session, correction)
    now = {entry_id: _compared(entry_fields(row)) for entry_id, row in _present_entries(session, edits).items()}
    return next((edit.entry_id for edit in edits if now.get(edit.entry_id) != _compared(edit.after)), None)


def restore_entries(parts: Parts, session: Session, correction: CorrectionRow, edit: LexiconEdit) -> None:
    """Put all entries back. Raises Conflict when a word has got another entry since."""
    edits = entry_edits(session, correction)
    if is_import(correction):
        _restore_many(parts, session, edits, edit)
        return
    database, (one,) = parts.database, edits
    if one.before is None:
        delete_entry(database, session, one.entry_id, edit)
        return
    entry = LexiconEntryRow(**one.before)
    if one.after is None:
        put_entry(
            database,
            session,
            place_of(entry),
            lexeme_of(entry),
            entry.note,
            edit,
            entry_id=one.entry_id,
            except_articles=exceptions_of(entry),
        )
        return
    now = find(session, one.entry_id)
    kept = _restored_exceptions(one, now)
    change_entry(database, session, now.id, lexeme_of(entry), now.note, edit, except_articles=kept)


def leave_out(parts: Parts, session: Session, correction: CorrectionRow, clip: ClipRow, edit: LexiconEdit) -> None:
    """The entries leave the clip's article out; what held before holds on for this article alone."""
    article = session.get_one(ArticleRow, clip.article_id)
    name = ArticleName(article.site, article.external_id)
    edits = entry_edits(session, correction)
    if is_import(correction):
        edits = _heard_in(session, clip, edits)
    present = _present_entries(session, edits)
    for one in edits:
        row = present.get(one.entry_id)
        if row is not None:
            exceptions = exceptions_of(row) | {name}
            change_entry(parts.database, session, row.id, lexeme_of(row), row.note, edit, except_articles=exceptions)
    for one in edits:
        if one.before is not None:
            before = LexiconEntryRow(**one.before)
            own = Place.of(article.site, article.external_id)
            put_entry(parts.database, session, own, lexeme_of(before), before.note, edit)


def _restore_many(parts: Parts, session: Session, edits: Sequence[EntryEdit], edit: LexiconEdit) -> None:
    lock_lexicons(parts.database, session)
    now_ms = parts.database.now_ms(session)
    gone = list(_present_entries(session, edits).values())
    fresh = [LexiconEntryRow(**one.before, created_ms=now_ms, updated_ms=now_ms) for one in edits if one.before]
    if fresh:
        going = {row.id for row in gone}
        rest = [row for row in locked(parts.database, session, place_of(fresh[0])) if row.id not in going]
        taken = forms_of(rest)
        for form, row in forms_of(fresh).items():
            if form in taken:
                other, word = taken[form].id, row.graphemes[0]
                raise Conflict(f"The word {word!r} already has an entry: {other}.", entry=other, grapheme=word)
    swap_entries(session, gone, fresh, edit, now_ms)


def _present_entries(session: Session, edits: Sequence[EntryEdit]) -> dict[str, LexiconEntryRow]:
    """The entries of a correction that exist, by id."""
    found: dict[str, LexiconEntryRow] = {}
    for start in range(0, len(edits), _ENTRIES_AT_ONCE):
        ids = [edit.entry_id for edit in edits[start : start + _ENTRIES_AT_ONCE]]
        for row in session.scalars(select(LexiconEntryRow).where(LexiconEntryRow.id.in_(ids))):
            found[row.id] = row
    return found


def _restored_exceptions(edit: EntryEdit, now: LexiconEntryRow | None) -> frozenset[ArticleName]:
    """The articles that were left out before the correction, and those that were left out since: whoever did that
    meant the article."""
    before = exceptions_of(LexiconEntryRow(**edit.before)) if edit.before else frozenset()
    after = exceptions_of(LexiconEntryRow(**edit.after)) if edit.after else frozenset()
    return before | (exceptions_of(now) - after if now is not None else frozenset())


def _heard_in(session: Session, clip: ClipRow, edits: Sequence[EntryEdit]) -> tuple[EntryEdit, ...]:
    """Those edits whose words a clip has."""
    revision = session.get_one(ClipRevisionRow, (clip.id, clip.current_revision))
    words = set[str]().union(*(text_words(block["text"]) for block in revision.blocks))

    def heard(fields: JsonDict | None) -> bool:
        graphemes = grapheme_words([lexeme_of(LexiconEntryRow(**fields))]) if fields else set()
        return any(words.issuperset(grapheme) for grapheme in graphemes)

    return tuple(one for one in edits if heard(one.after) or heard(one.before))


def _compared(fields: JsonDict | None) -> JsonDict | None:
    return {name: value for name, value in fields.items() if name not in _NOT_COMPARED} if fields else None
