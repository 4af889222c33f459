"""Which entries of a feed were missed (unknown or changed); the others are counted with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tts_service.cms.feeds.parse import FeedEntry
from tts_service.db.pages import at_page, exactly_at, identity_in
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, FoundArticleRow
from tts_service.values import PUBLIC, PageIdentity, WebAddress

GRACE_MS = 300_000
"""How long after a change its webhook may still be on its way."""
TOLERANCE_MS = 60_000
"""Tolerated difference between the clocks of CMS and service: a change is newer only beyond it."""
_MOST_HOSTS = 20
"""Hosts of a feed that are looked up."""
_AT_ONCE = 200
"""Entries noted in one transaction: webhooks wait for it where the database is SQLite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Which entries count."""

    site: str
    feed_url: str
    now_ms: int
    since_ms: int | None = None
    """Earlier entries are ignored; None: none is too old."""
    undated: bool = True
    """Whether entries without any date count."""
    grace_ms: int = GRACE_MS
    any_host: bool = False
    """Whether articles on hosts that aren't the feed's count."""
    found_in: str | None = None
    """What requests them: an archive's name; None: the feed's."""
    failed_too: bool = False
    """Whether what failed before counts as missed."""


@dataclass(slots=True)
class Missed:
    """What came of a feed's entries."""

    counts: Counter[str] = field(default_factory=Counter)
    """How many are missed, and how many aren't, by reason."""
    addresses: list[str] = field(default_factory=list)
    """Those that are missed or wait already, in the feed's order."""


def note_missed(database: Database, entries: Sequence[FeedEntry], horizon: Horizon, *, keep: bool = True) -> Missed:
    """Keep what was missed as `waiting`. `keep` False: only say what is."""
    missed = Missed()
    with database.reading() as session:
        wanted = _wanted(session, entries, horizon, missed.counts)
    for start in range(0, len(wanted), _AT_ONCE):
        some = _noted(database, wanted[start : start + _AT_ONCE], horizon, keep=keep)
        missed.counts.update(some.counts)
        missed.addresses += some.addresses
    return missed


def newest_known_ms(session: Session, article: ArticleRow) -> int:
    """When the newest state of an article that is known here was made, as far as that is known."""
    if article.source_updated_ms is not None:
        return article.source_updated_ms
    newest = select(ArticleRevisionRow.created_ms).where(ArticleRevisionRow.article_id == article.id)
    received = session.scalar(newest.order_by(ArticleRevisionRow.created_ms.desc()).limit(1))
    return received or article.created_ms


def article_at(session: Session, site: str, address: str, external_id: str | None) -> ArticleRow | None:
    """The article of a site at this address, however it is written, or with this id."""
    mine = ArticleRow.site == site
    if external_id is not None:
        row = session.scalars(select(ArticleRow).where(mine, ArticleRow.external_id == external_id)).one_or_none()
        if row is not None:
            return row
    found = session.scalars(select(ArticleRow).where(at_page(session, address, site)).order_by(ArticleRow.id))
    return next(iter(exactly_at(found, address)), None)


class _Hosts:
    """Hosts a site's articles are at: its feed's, those below and above it, and those that its CMS has named."""

    def __init__(self, session: Session, horizon: Horizon) -> None:
        self._session = session
        self._site = horizon.site
        self._feed = _bare_host(horizon.feed_url)
        self._known: dict[str, bool] = {}

    def has(self, url: str) -> bool:
        host = _bare_host(url)
        if host not in self._known:
            near = host == self._feed or host.endswith(f".{self._feed}") or self._feed.endswith(f".{host}")
            self._known[host] = near or (len(self._known) < _MOST_HOSTS and self._named(url))
        return self._known[host]

    def _named(self, url: str) -> bool:
        host = str(PageIdentity().key(url)).partition("/")[0]
        like = ArticleRow.page_key.startswith(f"{host}/", autoescape=True)
        mine = select(ArticleRow.id).where(ArticleRow.site == self._site, like)
        return self._session.scalar(mine.limit(1)) is not None


def _noted(database: Database, entries: Sequence[FeedEntry], horizon: Horizon, *, keep: bool, tries: int = 3) -> Missed:
    missed = Missed()
    try:
        with database.writing() as session:
            _note(session, entries, horizon, missed)
            if not keep:
                session.rollback()
    except IntegrityError:  # another feed reported the same article at the same moment: now it can be found
        if not tries:
            raise
        return _noted(database, entries, horizon, keep=keep, tries=tries - 1)
    return missed


def _wanted(session: Session, entries: Sequence[FeedEntry], horizon: Horizon, counts: Counter[str]) -> list[FeedEntry]:
    """Entries that are looked up, each page once; the others are counted."""
    ours, wanted = _Hosts(session, horizon), []
    key, seen = identity_in(session, horizon.site).key, set[str | None]()
    for entry in entries:
        page = key(entry.url)
        if page in seen:
            continue
        seen.add(page)
        elsewhere = not horizon.any_host and not ours.has(entry.url)
        reason = "elsewhere" if elsewhere else _passed(entry, horizon)
        if reason is None:
            wanted.append(entry)
        else:
            counts[reason] += 1
    return wanted


def _passed(entry: FeedEntry, horizon: Horizon) -> str | None:
    """Why an entry is passed over whatever is known of it; None: it is looked up."""
    if entry.changed_ms is None:
        return None if horizon.undated else "undated"
    if horizon.since_ms is not None and entry.changed_ms < horizon.since_ms:
        return "old"
    return "too young" if entry.changed_ms > horizon.now_ms - horizon.grace_ms else None


def _note(session: Session, entries: Sequence[FeedEntry], horizon: Horizon, missed: Missed) -> None:
    identity = identity_in(session, horizon.site)
    pages = {str(identity.key(entry.url)): entry for entry in entries}
    at = (FoundArticleRow.site == horizon.site, FoundArticleRow.page_key.in_(list(pages)))
    noted = {row.page_key: row for row in session.scalars(select(FoundArticleRow).where(*at))}
    known = _known_articles(session, pages, horizon.site)
    for key, entry in pages.items():
        row, article = noted.get(key), known.get(key)
        state = _state(session, entry, row, article)
        if state == "failed" and horizon.failed_too:
            state = "missed"
        missed.counts[state] += 1
        if state == "missed":
            row = row or _new_row(session, key, entry, horizon, identity)
            _wait(entry, row, horizon)
        elif state == "waiting" and row is not None:
            row.found_in = horizon.found_in or horizon.feed_url  # whoever saw it last requests it
        if state in ("missed", "waiting") and row is not None:
            missed.addresses.append(row.address)


def _known_articles(session: Session, pages: Mapping[str, FeedEntry], site: str) -> Mapping[str, ArticleRow]:
    """By page key."""
    mine = ArticleRow.site == site
    at = select(ArticleRow).where(mine, ArticleRow.page_key.in_(list(pages))).order_by(ArticleRow.id)
    known: dict[str, ArticleRow] = {}
    for row in session.scalars(at):
        key = row.page_key or ""
        if key not in known or row.url == pages[key].url:
            known[key] = row
    ids = {entry.external_id: key for key, entry in pages.items() if entry.external_id is not None}
    for row in session.scalars(select(ArticleRow).where(mine, ArticleRow.external_id.in_(list(ids)))):
        known[ids[row.external_id]] = row
    return known


def _state(session: Session, entry: FeedEntry, row: FoundArticleRow | None, article: ArticleRow | None) -> str:
    """missed, or why it isn't: known, waiting, failed, not public, withdrawn."""
    if row is not None and not _newer(entry.changed_ms, row.changed_ms):
        return "known" if row.state == "requested" else row.state
    if article is None:
        return "missed"
    if article.visibility != PUBLIC:
        return "not public"
    changed = _newer(entry.changed_ms, max(newest_known_ms(session, article), article.withdrawn_ms or 0))
    return "missed" if changed else "withdrawn" if article.withdrawn_ms is not None else "known"


def _newer(changed_ms: int | None, known_ms: int | None) -> bool:
    return changed_ms is not None and (known_ms is None or changed_ms > known_ms + TOLERANCE_MS)


def _new_row(session: Session, key: str, entry: FeedEntry, horizon: Horizon, identity: PageIdentity) -> FoundArticleRow:
    read = WebAddress.read(entry.url)
    address = read.untracked(identity.tracking) if read else entry.url
    row = FoundArticleRow(site=horizon.site, address=address, page_key=key, found_ms=horizon.now_ms)
    session.add(row)
    return row


def _wait(entry: FeedEntry, row: FoundArticleRow, horizon: Horizon) -> None:
    row.found_in = horizon.found_in or horizon.feed_url
    row.state, row.reason, row.attempts, row.due_ms = "waiting", "", 0, horizon.now_ms
    row.changed_ms, row.external_id = entry.changed_ms, entry.external_id


def _bare_host(url: str) -> str:
    return (urlsplit(WebAddress.read(url) or url).hostname or "").removeprefix("www.")
