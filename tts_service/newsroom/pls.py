"""PLS import (all or nothing) and export of the lexicon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.db.session import Database
from tts_service.db.tables import LexiconEntryRow
from tts_service.engines.pronunciation.ipa_check import IpaCheck, SpelledBy
from tts_service.engines.voices.registry import Registry
from tts_service.errors import Conflict, InputRefused, MarkupRefused, NotFound
from tts_service.newsroom.lexicon import (
    MAX_ENTRIES,
    checked,
    form_of,
    forms_of,
    lexeme_of,
    new_rows,
    swap_entries,
    tidy_note,
)
from tts_service.newsroom.lexicon_history import LexiconEdit
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.lexicon_search import LexiconFilter, entries
from tts_service.newsroom.lexicon_version import lock_lexicons
from tts_service.speakable.pls import Pls, PlsLexeme, read_pls, write_pls

MAX_TOLD = 100
"""Lexemes told one by one in an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did; with `dry_run`, what it would do."""

    language: str
    added: int
    replaced: int
    """Entries that went because a new one has one of their graphemes."""
    unchanged: int
    """Lexemes that were there already, word for word."""
    notices: tuple[str, ...]
    """What the document says and is left out."""
    spelled_by: tuple[tuple[PlsLexeme, tuple[SpelledBy, ...]], ...]
    """Lexemes whose IPA not every voice of the language knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """How a document is taken."""

    author: str
    replace: bool = False
    """Entries that hold one of its graphemes go; otherwise the import is refused."""
    dry_run: bool = False
    """Only say what would happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPls:
    """A document whose every lexeme can be kept."""

    language: str
    lexemes: tuple[PlsLexeme, ...]
    """In normal form."""
    notices: tuple[str, ...]
    spelled_by: tuple[tuple[PlsLexeme, tuple[SpelledBy, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlsComparison:
    """A document beside what is there."""

    fresh: tuple[PlsLexeme, ...]
    """Lexemes that are new."""
    gone: tuple[LexiconEntryRow, ...]
    """Entries that they replace."""
    unchanged: int

    def imported(self, document: CheckedPls) -> Imported:
        """For people."""
        return Imported(
            language=document.language,
            added=len(self.fresh),
            replaced=len(self.gone),
            unchanged=self.unchanged,
            notices=(*document.notices, *_lost_exceptions(self.gone)),
            spelled_by=document.spelled_by[:MAX_TOLD],
        )


def check_pls(voices: Registry, source: bytes) -> CheckedPls:
    """A document, read and checked. Raises MarkupRefused (line, column, reason)."""
    document = read_pls(source)
    found = list(_checked(document, IpaCheck(voices, document.language)))
    return CheckedPls(
        language=document.language,
        lexemes=tuple(lexeme for lexeme, _ in found),
        notices=document.notices,
        spelled_by=tuple(both for both in found if both[1]),
    )


def compare_pls(session: Session, document: CheckedPls, place: Place, *, replaces: bool) -> PlsComparison:
    """What an import would change, as of now. Raises Conflict (a grapheme has an entry), InputRefused."""
    place.check()
    mine = select(LexiconEntryRow).filter_by(scope=place.scope, site=place.site, article=place.article)
    return _compared(session.scalars(mine).all(), document.lexemes, place, replaces=replaces)


def put_pls(session: Session, found: PlsComparison, place: Place, edit: LexiconEdit, now_ms: int) -> None:
    """Keep what is new in a document, compared under `lock_lexicons`, in the caller's transaction."""
    lexemes = [(new.lexeme, new.note) for new in found.fresh]
    swap_entries(session, found.gone, new_rows(place, lexemes, edit.who, now_ms), edit, now_ms)


def import_pls(database: Database, voices: Registry, source: bytes, place: Place, taking: Taking) -> Imported:
    """Keep every lexeme of a document, or none.

    Raises MarkupRefused (line, column, reason), Conflict (a grapheme has an entry), InputRefused.
    """
    document = check_pls(voices, source)
    if taking.dry_run:
        with database.reading() as session:
            return compare_pls(session, document, place, replaces=taking.replace).imported(document)
    with database.writing() as session:
        lock_lexicons(database, session)
        found = compare_pls(session, document, place, replaces=taking.replace)
        put_pls(session, found, place, LexiconEdit(who=taking.author), database.now_ms(session))
        done = found.imported(document)
        details = {"added": done.added, "replaced": done.replaced}
        deed = Deed(
            who=taking.author,
            what="lexicon.imported",
            subject=place.site or "all sites",
            site=place.site,
            details=details,
        )
        note(database, session, deed)
        return done


def export_pls(database: Database, place: Place, language: str | None = None) -> bytes:
    """One place's entries of one language as a document, oldest first.

    Raises NotFound when there are none, InputRefused when there are several languages and none is chosen.
    """
    place.check()
    wanted = LexiconFilter(scope=place.scope, site=place.site, article=place.article, language=language)
    with database.reading() as session:
        rows = entries(session, wanted)
    languages = sorted({row.language.lower(): row.language for row in rows}.values())
    if not rows:
        if language:
            raise NotFound(f"There are no pronunciations in {language[:40]!r} for {place.name}.")
        raise NotFound(f"There are no pronunciations for {place.name}.")
    if len(languages) > 1:
        raise InputRefused(f"A PLS document can have only one language: choose one of {', '.join(languages)}.")
    left_out = sum(bool(row.except_articles) for row in rows)
    notice = f"Left out: the articles that {left_out} of these entries don't apply to." if left_out else ""
    return write_pls(((lexeme_of(row), row.note) for row in reversed(rows)), languages[0], notice)


def _lost_exceptions(gone: Sequence[LexiconEntryRow]) -> tuple[str, ...]:
    """What PLS can't say of the entries that it replaces."""
    entries = [row for row in gone if row.except_articles]
    if not entries:
        return ()
    named = ", ".join(row.graphemes[0] for row in entries[:3]) + (", …" if len(entries) > 3 else "")
    return (f"Replaced entries that no longer leave articles out ({len(entries)}): {named}",)


def _checked(document: Pls, check: IpaCheck) -> Iterator[tuple[PlsLexeme, tuple[SpelledBy, ...]]]:
    """Each lexeme in normal form, and who will spell it. Raises MarkupRefused."""
    seen: set[tuple[str, bool, str]] = set()
    for found in document.lexemes:
        try:
            lexeme, spelled = checked(found.lexeme, check)
            forms = {form_of(grapheme, lexeme) for grapheme in lexeme.graphemes}
            if not seen.isdisjoint(forms):  # two that differ in invisible characters
                raise InputRefused(f"The spelling {lexeme.graphemes[0]!r} is listed twice.")
            seen |= forms
            yield replace(found, lexeme=lexeme, note=tidy_note(found.note)), spelled
        except InputRefused as error:
            place = {"line": found.line, "column": found.column, "reason": error.message.rstrip(".")}
            message = f"PLS, line {found.line}, column {found.column}: {error.message}"
            raise MarkupRefused(message, **(error.details | place)) from error


def _compared(
    existing: Sequence[LexiconEntryRow], lexemes: Sequence[PlsLexeme], place: Place, *, replaces: bool
) -> PlsComparison:
    """Raises Conflict, InputRefused."""
    taken = forms_of(existing)
    fresh: list[PlsLexeme] = []
    gone: dict[str, LexiconEntryRow] = {}
    unchanged = 0
    for found in lexemes:
        held = {
            taken[form].id: taken[form] for g in found.lexeme.graphemes if (form := form_of(g, found.lexeme)) in taken
        }
        wanted = replace(found.lexeme, scope=place.scope)
        if any(lexeme_of(row) == wanted and row.note == found.note for row in held.values()):
            unchanged += 1
            continue
        if held and not replaces:
            row = next(iter(held.values()))
            raise Conflict(
                f"PLS, line {found.line}, column {found.column}: one of {', '.join(map(repr, found.lexeme.graphemes))} "
                f"has an entry for {place.name} already, {row.id}. Choose to replace it, or remove it from the file.",
                line=found.line,
                column=found.column,
                entry=row.id,
            )
        fresh.append(found)
        gone |= held
    if len(existing) - len(gone) + len(fresh) > MAX_ENTRIES:
        raise InputRefused(
            f"With these, there would be more than {MAX_ENTRIES} entries for {place.name}: remove some first."
        )
    return PlsComparison(fresh=tuple(fresh), gone=tuple(gone.values()), unchanged=unchanged)
