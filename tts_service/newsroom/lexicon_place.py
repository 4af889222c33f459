"""Where a pronunciation holds: in all sites, in one, in one article; and the articles that it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tts_service.access.sites import SITE_NAME
from tts_service.db.tables import LexiconEntryRow
from tts_service.errors import InputRefused
from tts_service.newsroom.lexicon_version import place_key
from tts_service.speakable.lexeme import Scope

NO_ARTICLE = ""
"""The id of no article: what holds for it holds for every article of its site."""


MAX_EXCEPTIONS = 500
"""Articles that one entry leaves out."""


UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where entries hold."""

    scope: Scope
    site: str | None = None
    """None for scope global."""
    article: str | None = None
    """External id; only for scope article."""

    @classmethod
    def of(cls, site: str | None = None, article: str | None = None) -> Place:
        """An article of a site, a site, or all sites: as narrow as what is given."""
        scope = Scope.ARTICLE if article else Scope.SITE if site else Scope.GLOBAL
        return cls(scope=scope, site=site, article=article)

    def check(self) -> None:
        """Raises InputRefused when site and article don't go with the scope."""
        wanted = (self.scope is not Scope.GLOBAL, self.scope is Scope.ARTICLE)
        if (self.site is not None, self.article is not None) != wanted:
            if self.scope is Scope.GLOBAL:
                raise InputRefused("An entry for all sites names neither a site nor an article.", field="scope")
            if self.scope is Scope.SITE:
                raise InputRefused("An entry for a site names the site, and no article.", field="site")
            raise InputRefused("An entry for an article names the site and the article.", field="article")
        if self.site is not None and not SITE_NAME.fullmatch(self.site):
            raise InputRefused(f"{self.site[:80]!r} is not a valid site name.", field="site")
        if self.article is not None and (not 0 < len(self.article) <= 200 or UNPRINTABLE.search(self.article)):
            raise InputRefused(
                "An article's id must have 1 to 200 characters, without control characters.", field="article"
            )

    @property
    def name(self) -> str:
        """For messages."""
        return {
            Scope.GLOBAL: "all sites",
            Scope.SITE: f"the site {self.site}",
            Scope.ARTICLE: f"the article {self.article} of {self.site}",
        }[self.scope]

    @property
    def key(self) -> str:
        """Another one for each place."""
        return place_key(self.scope, self.site, self.article)


@dataclass(frozen=True, slots=True, order=True)
class ArticleName:
    """How a publication names one of its articles."""

    site: str
    external_id: str


def exceptions_of(row: LexiconEntryRow) -> frozenset[ArticleName]:
    """The articles that an entry leaves out."""
    return frozenset(ArticleName(site, external_id) for site, external_id in row.except_articles or ())


def checked_exceptions(place: Place, articles: Iterable[ArticleName]) -> list[list[str]] | None:
    """Articles that an entry of a place leaves out, as they are stored; None: none. Raises InputRefused."""
    wanted = sorted(set(articles))
    if not wanted:
        return None
    if place.scope is Scope.ARTICLE:
        raise InputRefused("An entry for one article can't leave out articles.", field="except_articles")
    if len(wanted) > MAX_EXCEPTIONS:
        raise InputRefused(
            f"An entry can leave out at most {MAX_EXCEPTIONS} articles; these are {len(wanted)}.",
            field="except_articles",
        )
    for article in wanted:
        Place.of(article.site, article.external_id).check()
        if place.site not in (None, article.site):
            raise InputRefused(
                f"The article {article.external_id} belongs to the site {article.site}; "
                f"an entry for {place.name} doesn't apply to it anyway.",
                field="except_articles",
            )
    return [[article.site, article.external_id] for article in wanted]


def place_of(row: LexiconEntryRow) -> Place:
    """Where an entry holds."""
    return Place(scope=Scope(row.scope), site=row.site, article=row.article)
