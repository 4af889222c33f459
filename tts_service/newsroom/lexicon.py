"""The lexicon: editors' pronunciations in the database, checked when they are entered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed
from tts_service.access.audit import note as note_deed
from tts_service.article.clean import clean
from tts_service.db.session import Database, new_id
from tts_service.db.tables import LexiconEntryRow
from tts_service.engines.pronunciation.ipa import cleaned
from tts_service.engines.pronunciation.ipa_check import IpaCheck, SpelledBy
from tts_service.engines.voices.registry import Registry
from tts_service.errors import Conflict, InputRefused, NotFound
from tts_service.newsroom.lexicon_history import LexiconEdit, entry_fields, note_entry_change
from tts_service.newsroom.lexicon_place import (
    UNPRINTABLE,
    ArticleName,
    Place,
    checked_exceptions,
    exceptions_of,
    place_of,
)
from tts_service.newsroom.lexicon_version import lock_lexicons, note_change
from tts_service.speakable.lexeme import Lexeme, Scope, same_when, tidied
from tts_service.speakable.lexicon import Lexicon

MAX_ENTRIES = 20_000
"""Entries of one place: of all sites together, of one site, of one article."""
MAX_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry as it was kept."""

    row: LexiconEntryRow
    spelled_by: tuple[SpelledBy, ...]
    """Voices of its language that read the spelling, since they don't know all of its IPA."""


def lexicon_for(database: Database, site: str, external_id: str) -> Lexicon:
    """What holds for an article of a site: its own entries, the site's and everybody's."""
    row = LexiconEntryRow
    mine = and_(row.site == site, or_(row.scope == Scope.SITE, row.article == external_id))
    query = select(row).where(or_(row.scope == Scope.GLOBAL, mine))
    with database.reading() as session:
        rows = session.scalars(query.order_by(row.id)).all()
    article = ArticleName(site, external_id)
    return Lexicon(lexeme_of(found) for found in rows if article not in exceptions_of(found))


def lexeme_of(row: LexiconEntryRow) -> Lexeme:
    """What an entry says."""
    return Lexeme(
        graphemes=tuple(row.graphemes),
        language=row.language,
        alias=row.alias,
        ipa=row.ipa,
        scope=Scope(row.scope),
        case_sensitive=row.case_sensitive,
        alone=bool(row.alone),
    )


def add(
    database: Database,
    voices: Registry,
    place: Place,
    lexeme: Lexeme,
    *,
    note: str = "",
    author: str,
    except_articles: Iterable[ArticleName] = (),
) -> StoredEntry:
    """Keep a new entry. Raises InputRefused; Conflict when one of its graphemes has an entry."""
    place.check()
    lexeme, spelled = checked(lexeme, IpaCheck(voices, lexeme.language))
    with database.writing() as session:
        row = put_entry(
            database, session, place, lexeme, note, LexiconEdit(who=author), except_articles=except_articles
        )
        note_deed(database, session, Deed(who=author, what="lexicon.added", subject=row.id, site=row.site))
    return StoredEntry(row=row, spelled_by=spelled)


def change(
    database: Database,
    voices: Registry,
    row: LexiconEntryRow,
    lexeme: Lexeme,
    note: str,
    *,
    who: str,
    except_articles: Iterable[ArticleName] | None = None,
) -> StoredEntry:
    """Put a lexeme and a note into an entry that was found. `except_articles` None: those that it has already.

    Raises NotFound, InputRefused, Conflict as `add`."""
    lexeme, spelled = checked(lexeme, IpaCheck(voices, lexeme.language))
    with database.writing() as session:
        kept = change_entry(
            database, session, row.id, lexeme, note, LexiconEdit(who=who), except_articles=except_articles
        )
        note_deed(database, session, Deed(who=who, what="lexicon.changed", subject=kept.id, site=kept.site))
    return StoredEntry(row=kept, spelled_by=spelled)


def remove(database: Database, entry_id: str, *, who: str) -> LexiconEntryRow:
    """Forget an entry; returns what it was. Raises NotFound."""
    with database.writing() as session:
        row = delete_entry(database, session, entry_id, LexiconEdit(who=who))
        details = {"graphemes": row.graphemes}
        deed = Deed(who=who, what="lexicon.removed", subject=row.id, site=row.site, details=details)
        note_deed(database, session, deed)
        return row


def put_entry(
    database: Database,
    session: Session,
    place: Place,
    lexeme: Lexeme,
    note: str,
    edit: LexiconEdit,
    *,
    entry_id: str | None = None,
    except_articles: Iterable[ArticleName] = (),
) -> LexiconEntryRow:
    """Add an entry, `checked` before, in the caller's transaction; `entry_id`: the id of one that comes back.

    Raises Conflict when one of its graphemes has an entry, InputRefused when the place is full or an exception makes
    no sense."""
    existing = locked(database, session, place)
    refuse_taken(existing, lexeme)
    [row] = new_rows(place, [(lexeme, note)], edit.who, database.now_ms(session))
    row.id = entry_id or row.id
    row.except_articles = checked_exceptions(place, except_articles)
    session.add(row)
    session.flush()
    note_change(session, [], [row])
    note_entry_change(session, None, entry_fields(row), edit, row.created_ms)
    return row


def change_entry(
    database: Database,
    session: Session,
    entry_id: str,
    lexeme: Lexeme,
    note: str,
    edit: LexiconEdit,
    *,
    except_articles: Iterable[ArticleName] | None = None,
) -> LexiconEntryRow:
    """Put a lexeme, `checked` before, and a note into an entry, in the caller's transaction. `except_articles` None:
    those that it has already.

    Raises NotFound, and as `put_entry`."""
    lock_lexicons(database, session)
    kept = find(session, entry_id)
    existing = locked(database, session, place_of(kept))
    refuse_taken([other for other in existing if other is not kept], lexeme)
    before = entry_fields(kept)
    note_change(session, [kept], [])
    kept.language, kept.graphemes = lexeme.language, list(lexeme.graphemes)
    kept.case_sensitive, kept.alone = lexeme.case_sensitive, lexeme.alone
    if except_articles is not None:
        kept.except_articles = checked_exceptions(place_of(kept), except_articles)
    kept.alias, kept.ipa, kept.note = lexeme.alias, lexeme.ipa, tidy_note(note)
    note_change(session, [], [kept])
    kept.updated_ms = database.now_ms(session)
    note_entry_change(session, before, entry_fields(kept), edit, kept.updated_ms)
    return kept


def delete_entry(database: Database, session: Session, entry_id: str, edit: LexiconEdit) -> LexiconEntryRow:
    """Forget an entry, in the caller's transaction; returns what it was. Raises NotFound."""
    lock_lexicons(database, session)
    row = find(session, entry_id)
    note_change(session, [row], [])
    session.delete(row)
    note_entry_change(session, entry_fields(row), None, edit, database.now_ms(session))
    return row


def swap_entries(
    session: Session,
    gone: Sequence[LexiconEntryRow],
    fresh: Sequence[LexiconEntryRow],
    edit: LexiconEdit,
    now_ms: int,
) -> None:
    """Replace entries of one place by others, however many, in the caller's transaction and under `lock_lexicons`."""
    for row in gone:
        session.delete(row)
    session.flush()  # an entry may come back under its id
    session.add_all(fresh)
    session.flush()
    note_change(session, gone, fresh)
    for row in gone:
        note_entry_change(session, entry_fields(row), None, edit, now_ms)
    for row in fresh:
        note_entry_change(session, None, entry_fields(row), edit, now_ms)


def find(session: Session, entry_id: str) -> LexiconEntryRow:
    """Raises NotFound."""
    row = session.get(LexiconEntryRow, entry_id)
    if row is None:
        raise NotFound(f"There is no pronunciation {entry_id[:40]}.")
    return row


def checked(lexeme: Lexeme, check: IpaCheck) -> tuple[Lexeme, tuple[SpelledBy, ...]]:
    """The lexeme in normal form, without the invisible characters that no article's text has, and who will spell it.

    Raises InputRefused."""
    seen = replace(
        lexeme,
        graphemes=tuple(clean(grapheme)[0] for grapheme in lexeme.graphemes),
        alias=clean(lexeme.alias)[0] if lexeme.alias else None,
        ipa=clean(lexeme.ipa)[0] if lexeme.ipa else None,
    )
    lexeme = tidied(seen)
    if lexeme.ipa is None:
        return lexeme, ()
    return replace(lexeme, ipa=cleaned(lexeme.ipa)), check.spelled_by(lexeme.ipa)


def locked(database: Database, session: Session, place: Place) -> Sequence[LexiconEntryRow]:
    """Every entry of a place, until the session ends untouched by others. Raises InputRefused when it is full."""
    lock_lexicons(database, session)
    rows = session.scalars(select(LexiconEntryRow).filter_by(scope=place.scope, site=place.site, article=place.article))
    return rows.all()


def refuse_taken(existing: Sequence[LexiconEntryRow], lexeme: Lexeme) -> None:
    """Raises Conflict when one of the graphemes has an entry already; InputRefused when the place is full."""
    taken = forms_of(existing)
    for grapheme in lexeme.graphemes:
        if row := taken.get(form_of(grapheme, lexeme)):
            raise Conflict(
                f"The word {grapheme!r} already has an entry: {row.id}.",
                field="graphemes",
                entry=row.id,
                grapheme=grapheme,
            )
    if len(existing) >= MAX_ENTRIES:
        raise InputRefused(f"There are already {MAX_ENTRIES} entries, the maximum: remove some first.")


def forms_of(rows: Sequence[LexiconEntryRow]) -> dict[tuple[str, bool, str], LexiconEntryRow]:
    """Entry by what its graphemes are found at."""
    return {form_of(grapheme, lexeme_of(row)): row for row in rows for grapheme in row.graphemes}


def form_of(grapheme: str, lexeme: Lexeme) -> tuple[str, bool, str]:
    """Equal for graphemes of one place that no text can tell apart."""
    return lexeme.language.lower(), lexeme.case_sensitive, same_when(grapheme, lexeme.case_sensitive)


def new_rows(place: Place, lexemes: Sequence[tuple[Lexeme, str]], author: str, now_ms: int) -> list[LexiconEntryRow]:
    """Rows of (lexeme, note), their ids in the same order."""
    ids = sorted(new_id("lex") for _ in lexemes)
    return [
        LexiconEntryRow(
            id=entry_id,
            scope=place.scope,
            site=place.site,
            article=place.article,
            language=lexeme.language,
            graphemes=list(lexeme.graphemes),
            alias=lexeme.alias,
            ipa=lexeme.ipa,
            case_sensitive=lexeme.case_sensitive,
            alone=lexeme.alone,
            note=tidy_note(note),
            author=author,
            created_ms=now_ms,
            updated_ms=now_ms,
        )
        for entry_id, (lexeme, note) in zip(ids, lexemes, strict=True)
    ]


def tidy_note(note: str) -> str:
    """One line. Raises InputRefused when it is too long."""
    tidy = " ".join(UNPRINTABLE.sub(" ", note).split())
    if len(tidy) > MAX_NOTE:
        raise InputRefused(f"A note can have at most {MAX_NOTE} characters.", field="note")
    return tidy
