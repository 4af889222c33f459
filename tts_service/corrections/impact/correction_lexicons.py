"""What holds for an article now, and what would with a correction's entries as on either side of the correction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tts_service.corrections.entry_edits import entry_edits
from tts_service.db.tables import CorrectionRow, JsonDict, LexiconEntryRow
from tts_service.newsroom.lexicon import forms_of, lexeme_of
from tts_service.newsroom.lexicon_place import NO_ARTICLE, ArticleName, exceptions_of
from tts_service.newsroom.lexicon_version import lexicon_version
from tts_service.newsroom.policies import policy_for
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Scope
from tts_service.speakable.lexicon import Lexicon
from tts_service.values.speech_policy import SpeechPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLexicons:
    """What holds for an article."""

    now: Lexicon
    sides: Sequence[Lexicon]
    """With the correction's entries as they were before, and as the correction left them."""


@dataclass(slots=True, kw_only=True)
class SiteLexicon:
    """What holds for every article of a site."""

    version: str
    rows: Sequence[LexiconEntryRow]
    excepting: frozenset[ArticleName]
    """Articles that some entry leaves out."""
    policy: SpeechPolicy
    plain: ArticleLexicons | None = None
    """Of an article without entries or exceptions of its own."""


class CorrectionLexicons:
    """The lexicons of a correction's articles. Reads a site's entries once, as long as they don't change."""

    def __init__(self, parts: Parts, correction: CorrectionRow) -> None:
        self._parts = parts
        with parts.database.reading() as session:
            edits = entry_edits(session, correction)
        self._entry_ids = {edit.entry_id for edit in edits}
        self._sides: tuple[list[LexiconEntryRow], list[LexiconEntryRow]] = ([], [])
        for edit in edits:
            before, after = _for_every_article(edit.before), _for_every_article(edit.after)
            if before and not (after and lexeme_of(before) == lexeme_of(after)):
                self._sides[0].append(before)  # of the same on both sides, what counts is where it isn't heard yet
            if after:
                self._sides[1].append(after)
        self._forms = forms_of([row for side in self._sides for row in side]).keys()
        self._sites: dict[str, SiteLexicon] = {}

    def of_site(self, site: str) -> SiteLexicon:
        """What holds for every article of a site, read again as soon as it has changed."""
        version = lexicon_version(self._parts.database, site, NO_ARTICLE)
        policy = policy_for(self._parts.database, self._parts.settings, site)
        known = self._sites.get(site)
        if known is None or (known.version, known.policy) != (version, policy):
            of_site = (LexiconEntryRow.scope == Scope.SITE) & (LexiconEntryRow.site == site)
            query = select(LexiconEntryRow).where(or_(LexiconEntryRow.scope == Scope.GLOBAL, of_site))
            with self._parts.database.reading() as session:
                rows = session.scalars(query).all()
            excepting = frozenset(article for row in rows for article in exceptions_of(row))
            known = SiteLexicon(version=version, rows=rows, excepting=excepting, policy=policy)
            self._sites[site] = known
        return known

    def of_article(self, session: Session, site: SiteLexicon, article: ArticleName) -> ArticleLexicons:
        """What holds for an article now, and what would with the entries as on either side of the correction."""
        mine = (LexiconEntryRow.site == article.site, LexiconEntryRow.article == article.external_id)
        own = session.scalars(select(LexiconEntryRow).where(LexiconEntryRow.scope == Scope.ARTICLE, *mine)).all()
        plain = not own and article not in site.excepting
        if plain and site.plain is not None:
            return site.plain
        now = [row for row in sorted([*site.rows, *own], key=lambda row: row.id) if article not in exceptions_of(row)]
        # Nor an entry of the article's own in its stead: taking back one clip may have added it.
        rest = [
            row
            for row in now
            if row.id not in self._entry_ids and not (row.article and self._forms & forms_of([row]).keys())
        ]
        sides = [_lexicon([*rest, *(one for one in side if _holds(one, article))]) for side in self._sides]
        lexicons = ArticleLexicons(now=_lexicon(now), sides=sides)
        # An entry for one article is nobody else's.
        if plain and not any(one.article for side in self._sides for one in side):
            site.plain = lexicons
        return lexicons


def _for_every_article(side: JsonDict | None) -> LexiconEntryRow | None:
    """An entry as on one side of a correction, without exceptions: articles left out since are to be found, too."""
    return LexiconEntryRow(**{**side, "except_articles": None}) if side else None


def _holds(row: LexiconEntryRow, article: ArticleName) -> bool:
    return row.site in (None, article.site) and row.article in (None, article.external_id)


def _lexicon(rows: Iterable[LexiconEntryRow]) -> Lexicon:
    return Lexicon(lexeme_of(row) for row in rows)
