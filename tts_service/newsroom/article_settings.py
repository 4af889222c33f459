"""What is settled for an article that arrives (policy, options, lexicon, repairs), read in one statement, along with
what its acceptance needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Text, bindparam, exists, select
from sqlalchemy.orm import Session

from tts_service.db.clock import CLOCK
from tts_service.db.closed_sites import note_open
from tts_service.db.session import note_clock
from tts_service.db.tables import ArticleRepairRow, ArticleRow, LexiconVersionRow, SiteRow
from tts_service.newsroom.lexicon_version import places_of, sum_of_versions
from tts_service.newsroom.policies import version_of_given
from tts_service.newsroom.repairs import repairs_version
from tts_service.settings import Settings
from tts_service.values.site_options import SiteOptions, read_options


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSettings:
    """What holds for an article, in versions that change with what is settled."""

    options: SiteOptions
    policy: str
    lexicon: str
    repairs: str
    """Empty: it has none."""
    is_known: bool
    """Whether the site has an article by this id."""


_LEXICON_PLACES = 3
_VERSIONS = [
    select(LexiconVersionRow.version)
    .where(LexiconVersionRow.place == bindparam(f"place_{number}", None))
    .scalar_subquery()
    for number in range(_LEXICON_PLACES)
]
_ITS = (ArticleRow.site == bindparam("site"), ArticleRow.external_id == bindparam("external_id"))
_IS_KNOWN = exists(select(ArticleRow.id).where(*_ITS))
_IS_REPAIRED = exists(
    select(ArticleRepairRow.id).join(ArticleRow, ArticleRow.id == ArticleRepairRow.article_id).where(*_ITS)
)
_SITE = select(bindparam("site", type_=Text).label("name")).subquery()
"""One row, also for a site that has none."""
_ALL = (
    select(CLOCK, SiteRow.policy, SiteRow.options, SiteRow.closed_ms, _IS_KNOWN, _IS_REPAIRED, *_VERSIONS)
    .select_from(_SITE)
    .outerjoin(SiteRow, SiteRow.name == _SITE.c.name)
)


def article_settings(session: Session, settings: Settings, site: str, external_id: str) -> ArticleSettings:
    """The settings of an article, which needn't be known yet."""
    places = places_of(site, external_id)
    named = {f"place_{number}": place for number, place in enumerate(places)}
    row = session.connection().execute(_ALL, {"site": site, "external_id": external_id, **named}).one()
    now, policy, options, closed_ms, is_known, is_repaired, *versions = row
    note_clock(session, now)
    if closed_ms is None:
        note_open(session, site)
    return ArticleSettings(
        options=read_options(options or {}),
        policy=version_of_given(policy or {}, settings),
        lexicon=sum_of_versions(version for version in versions if version is not None),
        repairs=repairs_version(session, site, external_id) if is_repaired else "",
        is_known=is_known,
    )
