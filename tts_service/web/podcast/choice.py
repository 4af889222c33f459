"""Which clips are in a feed: public, finished, of a site or under one heading, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, and_, case, func, select, union_all
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, ClipRow, JobRow, SiteRow
from tts_service.db.tables.base import literal
from tts_service.errors import GrantNeeded, NotFound
from tts_service.jobs.revise import RECORDING
from tts_service.newsroom.sites import options_in
from tts_service.parts import Parts
from tts_service.values import PUBLIC
from tts_service.web.reading import Shown, show

dated_ms = func.coalesce(ArticleRow.published_ms, ArticleRow.created_ms)
"""When an article was published, as the index of articles by date has it."""
PAGE = 100
"""Clips on one page of a feed: more than podcast apps show at once, and about 300 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A feed of a site. With neither, everything."""

    site: str
    section: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A clip in a feed."""

    shown: Shown
    section: str | None
    tags: tuple[str, ...]
    now_ms: int
    """When the feed was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """Under which headings a site has public clips, by name."""

    sections: tuple[str, ...]
    tags: tuple[str, ...]


def choose(parts: Parts, session: Session, heading: Heading, page: int) -> tuple[list[Chosen], bool]:
    """(the clips of a page, whether there is another page behind it)."""
    now_ms = parts.database.now_ms(session)
    last = page * PAGE + 1
    # Each half in the order of its index, so that a feed costs the same whatever the number of older clips.
    dated = _in_order(session, heading, dated_ms, last).where(dated_ms <= now_ms)
    # A date in the future is a mistake or a plan: until it comes, the article stands where it arrived.
    planned = _in_order(session, heading, ArticleRow.created_ms, last).where(dated_ms > now_ms)
    both = union_all(*(select(half.subquery()) for half in (dated, planned))).subquery()
    wanted = select(both.c.id, both.c.section, both.c.tags).order_by(both.c.at_ms.desc(), both.c.id.desc())
    rows = session.execute(wanted.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    at_hand = _at_hand(session, [row[0] for row in rows[:PAGE]])
    found = [_chosen(parts, session, now_ms, *row) for row in rows[:PAGE]]
    del at_hand
    return [one for one in found if one is not None], len(rows) > PAGE


def _in_order(session: Session, heading: Heading, at_ms: SQLColumnExpression[int], last: int) -> Select[Any]:
    """The newest clips of a feed by this time, at most so many."""
    clips = _under(session, heading).add_columns(
        ClipRow.id, ArticleRevisionRow.section, ArticleRevisionRow.tags, at_ms.label("at_ms")
    )
    return clips.order_by(at_ms.desc(), ClipRow.id.desc()).limit(last)


def whether_recorded(session: Session, heading: Heading) -> frozenset[bool]:
    """Whether people read the clips of a feed, on all its pages: both, if some are recorded and others aren't."""
    current = and_(ClipRevisionRow.clip_id == ClipRow.id, ClipRevisionRow.revision == ClipRow.current_revision)
    # Recordings are few and have an index of their own. An expression instead of the site lets the search begin there.
    recorded = _filed(session, _public(), heading).where(ArticleRow.site.concat("") == heading.site)
    recorded = recorded.join(ClipRevisionRow, current).where(ClipRevisionRow.cause == literal(RECORDING))
    spoken = _under(session, heading).join(ClipRevisionRow, current).where(ClipRevisionRow.cause != RECORDING)
    kinds = {True: recorded, False: spoken}
    return frozenset(
        kind for kind, clips in kinds.items() if session.scalar(clips.add_columns(ClipRow.id).limit(1)) is not None
    )


def headings(session: Session, site: str) -> Headings:
    """The sections and tags of a site's public clips."""
    tag = _each_tag(session)
    sections = session.scalars(_public(site).add_columns(ArticleRevisionRow.section).distinct())
    with_tags = _public(site).join(tag, tag.c.value != "")
    tags = session.scalars(with_tags.add_columns(tag.c.value).distinct())
    return Headings(sections=tuple(sorted(filter(None, sections))), tags=tuple(sorted(tags)))


def sites_with_feeds(session: Session) -> list[str]:
    """Every site that has a public clip and wants feeds, by name."""
    found = session.scalars(_public().add_columns(ArticleRow.site).distinct())
    return [site for site in sorted(found) if options_in(session, site).feeds]


def is_known(session: Session, site: str) -> bool:
    """Whether anything of this site was ever here."""
    wanted = select(ArticleRow.id).where(ArticleRow.site == site).limit(1)
    return session.get(SiteRow, site) is not None or session.scalar(wanted) is not None


def last_withdrawn_ms(session: Session, site: str) -> int:
    """When something was last taken out of the site's feeds; 0: never."""
    mine = (ArticleRow.site == site, ArticleRow.withdrawn_ms.is_not(None))
    return session.scalar(select(func.max(ArticleRow.withdrawn_ms)).where(*mine)) or 0


def _public(site: str | None = None) -> Select[Any]:
    """Finished clips of articles that anybody may read. `show` has the last word on each."""
    wanted = (
        select()
        .select_from(ClipRow)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .join(JobRow, and_(JobRow.clip_id == ClipRow.id, JobRow.revision == ClipRow.current_revision))
        .join(ArticleRevisionRow, ArticleRevisionRow.id == JobRow.article_revision_id)
        .where(ArticleRow.withdrawn_ms.is_(None), ArticleRow.visibility == PUBLIC, ClipRow.state != "withdrawn")
    )
    return wanted.where(ArticleRow.site == site) if site is not None else wanted


def _under(session: Session, heading: Heading) -> Select[Any]:
    """The same of one feed."""
    return _filed(session, _public(heading.site), heading)


def _filed(session: Session, wanted: Select[Any], heading: Heading) -> Select[Any]:
    """Those under the heading's section or tag."""
    if heading.section is not None:
        wanted = wanted.where(ArticleRevisionRow.section == heading.section)
    if heading.tag is not None:
        tag = _each_tag(session)
        wanted = wanted.where(select(1).select_from(tag).where(tag.c.value == heading.tag).exists())
    return wanted


def _each_tag(session: Session) -> Any:
    """A table of one column, `value`: the tags of an article's revision. SQLite and PostgreSQL name it differently."""
    tags = ArticleRevisionRow.tags
    if session.get_bind().dialect.name == "sqlite":
        return func.json_each(tags).table_valued("value", name="each_tag")
    # Where nothing was told the column holds JSON's null, which PostgreSQL refuses to take apart.
    listed = case((func.json_typeof(tags) == "array", tags))
    return func.json_array_elements_text(listed).table_valued("value", name="each_tag")


def _at_hand(session: Session, clips: list[str]) -> list[Any]:
    """The rows that `show` asks for, fetched at once; the session finds them as long as somebody holds them."""
    current = and_(ClipRevisionRow.clip_id == ClipRow.id, ClipRevisionRow.revision == ClipRow.current_revision)
    wanted = (
        select(ClipRow, ArticleRow, ClipRevisionRow)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .join(ClipRevisionRow, current)
        .where(ClipRow.id.in_(clips))
    )
    return list(session.execute(wanted).all())


def _chosen(parts: Parts, session: Session, now_ms: int, clip_id: str, section: str | None, tags: Any) -> Chosen | None:
    """None: it isn't public after all, or nothing tells how it was made."""
    try:
        shown = show(parts, session, clip_id)
    except (NotFound, GrantNeeded):
        return None
    if shown.state != "ready" or shown.revision is None:
        return None
    if not shown.revision.provenance or not shown.revision.renditions:
        return None
    return Chosen(shown=shown, section=section, tags=tuple(tags or ()), now_ms=now_ms)
