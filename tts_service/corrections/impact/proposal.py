"""A change of the lexicon that somebody considers, and the lexicons of articles with and without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tts_service.db.tables import LexiconEntryRow
from tts_service.engines.pronunciation.ipa_check import IpaCheck
from tts_service.engines.voices.registry import Registry
from tts_service.errors import NotFound
from tts_service.newsroom.lexicon import checked, lexeme_of, refuse_taken
from tts_service.newsroom.lexicon_place import ArticleName, Place, checked_exceptions, exceptions_of, place_of
from tts_service.newsroom.pls import PlsComparison, check_pls, compare_pls
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.speakable.lexicon import GraphemeWords, Lexicon

_ARTICLES_AT_ONCE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconProposal:
    """One entry to add, change or remove."""

    place: Place
    lexeme: Lexeme | None
    """What it is to say; None: the entry is removed."""
    entry_id: str | None = None
    """The entry that it changes or removes; None: a new one."""
    except_articles: tuple[ArticleName, ...] = ()
    """Articles that the entry leaves out."""
    note: str | None = None
    """The entry's note from now on; None: as it was."""
    seen_ms: int | None = None
    """When the entry had been changed, as whoever proposes saw it: a later change isn't overwritten. None: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedEntry:
    """An entry that would hold."""

    place: Place
    lexeme: Lexeme
    except_articles: frozenset[ArticleName] = frozenset()

    def holds_for(self, article: ArticleName) -> bool:
        place = self.place
        return (
            place.site in (None, article.site)
            and place.article in (None, article.external_id)
            and article not in self.except_articles
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconChange:
    """Entries that go and entries that come, all at once: one proposal, or the import of a file."""

    gone: tuple[LexiconEntryRow, ...] = ()
    fresh: tuple[ProposedEntry, ...] = ()
    repeated: bool = False
    """The entry is there already, word for word: what counts is where it isn't heard yet."""

    @property
    def lexemes(self) -> tuple[Lexeme, ...]:
        """All that may be found in a text on one side only."""
        return (*map(lexeme_of, self.gone), *(entry.lexeme for entry in self.fresh))

    @property
    def places(self) -> tuple[Place, ...]:
        return (*map(place_of, self.gone), *(entry.place for entry in self.fresh))


def change_of(session: Session, voices: Registry, proposal: LexiconProposal) -> LexiconChange:
    """What a proposal changes, checked as saving it would be. Raises InputRefused, NotFound, Conflict (a grapheme has
    an entry in this place)."""
    proposal.place.check()
    gone: tuple[LexiconEntryRow, ...] = ()
    if proposal.entry_id is not None:
        row = session.get(LexiconEntryRow, proposal.entry_id)
        if row is None:
            raise NotFound(f"There is no pronunciation {proposal.entry_id[:40]}.")
        gone = (row,)
    if proposal.lexeme is None:
        return LexiconChange(gone=gone)
    lexeme, _ = checked(proposal.lexeme, IpaCheck(voices, proposal.lexeme.language))
    lexeme = replace(lexeme, scope=proposal.place.scope)
    refuse_taken([row for row in _entries_of(session, proposal.place) if row not in gone], lexeme)
    checked_exceptions(proposal.place, proposal.except_articles)
    entry = ProposedEntry(place=proposal.place, lexeme=lexeme, except_articles=frozenset(proposal.except_articles))
    repeated = any(
        lexeme_of(row) == lexeme and place_of(row) == entry.place and exceptions_of(row) == entry.except_articles
        for row in gone
    )
    return LexiconChange(gone=gone, fresh=(entry,), repeated=repeated)


def change_of_import(
    session: Session, voices: Registry, source: bytes, place: Place, *, replaces: bool
) -> LexiconChange:
    """What the import of a PLS document changes. Raises MarkupRefused, Conflict, InputRefused."""
    return change_by(compare_pls(session, check_pls(voices, source), place, replaces=replaces), place)


def change_by(found: PlsComparison, place: Place) -> LexiconChange:
    """What the import of a document changes that was compared with what is there."""
    lexemes = (replace(new.lexeme, scope=place.scope) for new in found.fresh)
    return LexiconChange(gone=found.gone, fresh=tuple(ProposedEntry(place=place, lexeme=one) for one in lexemes))


def _entries_of(session: Session, place: Place) -> Sequence[LexiconEntryRow]:
    mine = select(LexiconEntryRow).filter_by(scope=place.scope, site=place.site, article=place.article)
    return session.scalars(mine).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconPair:
    """What holds for an article without and with a change."""

    before: Lexicon
    after: Lexicon
    touches: GraphemeWords
    """Whether a text may have a grapheme in which the two differ."""


@dataclass(slots=True)
class _Shared:
    """Entries of all sites and of one site, and the lexicons of its articles without entries of their own."""

    rows: Sequence[LexiconEntryRow]
    excepting: frozenset[ArticleName]
    """Articles that some entry leaves out."""
    pairs: dict[tuple[bool, ...], LexiconPair] = field(default_factory=dict)
    """By which of the proposed entries hold."""


class ChangedLexicons:
    """Lexicons of articles with and without a change. Reads a site's entries once."""

    def __init__(self, session: Session, change: LexiconChange) -> None:
        self._session, self._repeated = session, change.repeated
        self._fresh: dict[ProposedEntry, list[Lexeme]] = {}
        """Lexemes that hold for the same articles, by the first entry of them: a file has thousands."""
        firsts: dict[tuple[Place, frozenset[ArticleName]], ProposedEntry] = {}
        for entry in change.fresh:
            first = firsts.setdefault((entry.place, entry.except_articles), entry)
            self._fresh.setdefault(first, []).append(entry.lexeme)
        self._gone = {row.id for row in change.gone}
        self._touches = GraphemeWords(change.lexemes)
        self._sites: dict[str, _Shared] = {}

    def of(self, articles: Sequence[ArticleName]) -> dict[ArticleName, LexiconPair]:
        """For each article of one batch."""
        own = self._own(articles)
        return {article: self._pair(article, own.get(article, ())) for article in articles}

    def _pair(self, article: ArticleName, own: Sequence[LexiconEntryRow]) -> LexiconPair:
        shared = self._site(article.site)
        holding = tuple(entry.holds_for(article) for entry in self._fresh)
        plain = not own and article not in shared.excepting
        if plain and holding in shared.pairs:
            return shared.pairs[holding]
        rows = sorted([*shared.rows, *own], key=lambda row: row.id)
        pair = self._made([row for row in rows if article not in exceptions_of(row)], holding)
        if plain:
            shared.pairs[holding] = pair
        return pair

    def _made(self, rows: Sequence[LexiconEntryRow], holding: Sequence[bool]) -> LexiconPair:
        held = (lexemes for lexemes, holds in zip(self._fresh.values(), holding, strict=True) if holds)
        fresh = [lexeme for lexemes in held for lexeme in lexemes]
        before: list[Lexeme] = []
        after: list[Lexeme] = []
        for row in rows:
            if row.id not in self._gone:
                lexeme = lexeme_of(row)
                before.append(lexeme)
                after.append(lexeme)
            elif not self._repeated:
                before.append(lexeme_of(row))
        return LexiconPair(before=Lexicon(before), after=Lexicon([*after, *fresh]), touches=self._touches)

    def _site(self, site: str) -> _Shared:
        if site not in self._sites:
            row = LexiconEntryRow
            mine = and_(row.scope == Scope.SITE, row.site == site)
            query = select(row).where(or_(row.scope == Scope.GLOBAL, mine)).order_by(row.id)
            rows = self._session.scalars(query).all()
            excepting = frozenset(article for row in rows for article in exceptions_of(row))
            self._sites[site] = _Shared(rows, excepting)
        return self._sites[site]

    def _own(self, articles: Iterable[ArticleName]) -> dict[ArticleName, list[LexiconEntryRow]]:
        """Entries for single articles."""
        row, found = LexiconEntryRow, dict[ArticleName, list[LexiconEntryRow]]()
        by_site: dict[str, list[str]] = {}
        for article in articles:
            by_site.setdefault(article.site, []).append(article.external_id)
        for site, ids in by_site.items():
            for start in range(0, len(ids), _ARTICLES_AT_ONCE):
                some = row.article.in_(ids[start : start + _ARTICLES_AT_ONCE])
                query = select(row).where(row.scope == Scope.ARTICLE, row.site == site, some).order_by(row.id)
                for one in self._session.scalars(query):
                    found.setdefault(ArticleName(site, one.article or ""), []).append(one)
        return found
