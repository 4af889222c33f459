"""Where a site stands in each table: what its erasure deletes, changes, or leaves because it belongs to no site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from tts_service.callbacks.secret import site_owner
from tts_service.db.tables import (
    ApiKeyRow,
    ArticleCheckRow,
    ArticleRepairRow,
    ArticleRevisionRow,
    ArticleRow,
    AuditRow,
    Base,
    CallbackEndpointRow,
    CallbackSecretRow,
    CaseNoteRow,
    CaseRow,
    ClipRevisionRow,
    ClipRow,
    ClipTextRow,
    CorrectionClipRow,
    CorrectionRow,
    DailyKeyRow,
    DeliveryAttemptRow,
    DeliveryRow,
    DoomedObjectRow,
    FoundArticleRow,
    HeardSentenceRow,
    HearingRow,
    IdempotencyKeyRow,
    InboundEventRow,
    InstallationRow,
    JobRow,
    LexiconChangeRow,
    LexiconEntryRow,
    LexiconVersionRow,
    ListeningRow,
    MetricRow,
    ProcessRow,
    PruningRow,
    QueueTurnRow,
    ReportRow,
    SiteFeedRow,
    SiteRoundRow,
    SiteRow,
    SpeechUsageRow,
    StaffLinkRow,
    StaffRow,
    StaffSessionRow,
    StoreHoldRow,
    UtteranceRow,
    WebhookSourceRow,
    WithdrawnDocumentRow,
)
from tts_service.newsroom.lexicon_version import place_key
from tts_service.speakable.lexeme import Scope

Table = type[Base]

CHANGED: dict[Table, str] = {
    AuditRow: "its lines stay, with hashes in place of names",
    StaffRow: "its name goes from their lists of sites",
    SiteRow: "its own row goes last",
}
"""Tables whose rows name it and stay."""
OF_NO_SITE: dict[Table, str] = {
    DailyKeyRow: "keys of a day",
    InstallationRow: "the database's id",
    DoomedObjectRow: "its objects stand here until they are deleted",
    MetricRow: "sums over all sites",
    ProcessRow: "the service's own processes",
    PruningRow: "how far pruning got: the id of a clip",
    StaffLinkRow: "people's",
    StaffSessionRow: "people's",
    StoreHoldRow: "the service's own backups",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRows:
    """Its rows in one table."""

    table: Table
    mine: ColumnElement[bool]

    @property
    def key(self) -> tuple[ColumnElement[Any], ...]:
        """The columns of the primary key."""
        return tuple(self.table.__table__.primary_key)

    def keys(self) -> Select[Any]:
        """Their primary keys."""
        return select(*self.key).where(self.mine)


def before_articles(site: str) -> Sequence[SiteRows]:
    """What goes before its articles, in an order allowed by foreign keys: whatever else would be searched through for
    each of them."""
    deliveries = select(DeliveryRow.id).where(_delivery(site))
    jobs = select(JobRow.id).where(JobRow.site == site)
    corrections = select(CorrectionRow.id).where(CorrectionRow.site == site)
    of_jobs = or_(IdempotencyKeyRow.api_key.in_(_keys(site)), IdempotencyKeyRow.job_id.in_(jobs))
    return (
        SiteRows(table=IdempotencyKeyRow, mine=of_jobs),
        SiteRows(
            table=InboundEventRow,
            mine=or_(InboundEventRow.site == site, InboundEventRow.hook_id.in_(_hooks(site))),
        ),
        SiteRows(table=DeliveryAttemptRow, mine=DeliveryAttemptRow.delivery_id.in_(deliveries)),
        SiteRows(table=DeliveryRow, mine=_delivery(site)),
        SiteRows(table=FoundArticleRow, mine=FoundArticleRow.site == site),
        SiteRows(table=SiteFeedRow, mine=SiteFeedRow.site == site),
        SiteRows(table=SiteRoundRow, mine=SiteRoundRow.site == site),
        SiteRows(table=SpeechUsageRow, mine=SpeechUsageRow.site == site),
        SiteRows(table=ArticleCheckRow, mine=ArticleCheckRow.site == site),
        SiteRows(table=WithdrawnDocumentRow, mine=WithdrawnDocumentRow.site == site),
        SiteRows(table=HearingRow, mine=HearingRow.site == site),
        SiteRows(table=HeardSentenceRow, mine=HeardSentenceRow.site == site),
        SiteRows(table=ReportRow, mine=ReportRow.site == site),
        SiteRows(table=CorrectionClipRow, mine=CorrectionClipRow.correction_id.in_(corrections)),
        SiteRows(table=CorrectionRow, mine=CorrectionRow.site == site),
        SiteRows(table=CaseNoteRow, mine=CaseNoteRow.case_id.in_(cases_of(site))),
        SiteRows(table=CaseRow, mine=CaseRow.site == site),
        SiteRows(table=LexiconEntryRow, mine=LexiconEntryRow.site == site),
        SiteRows(
            table=LexiconChangeRow,
            mine=or_(
                *(fields["site"].as_string() == site for fields in (LexiconChangeRow.before, LexiconChangeRow.after))
            ),
        ),
        SiteRows(table=LexiconVersionRow, mine=_places(site)),
    )


def of_articles(site: str) -> Sequence[SiteRows]:
    """What goes with its articles, one article after the other (retention.erasure)."""
    articles = select(ArticleRow.id).where(ArticleRow.site == site)
    clips = select(ClipRow.id).where(ClipRow.article_id.in_(articles))
    return (
        SiteRows(table=UtteranceRow, mine=UtteranceRow.clip_id.in_(clips)),
        SiteRows(table=ClipTextRow, mine=ClipTextRow.clip_id.in_(clips)),
        SiteRows(table=ClipRevisionRow, mine=ClipRevisionRow.clip_id.in_(clips)),
        SiteRows(table=ListeningRow, mine=ListeningRow.clip_id.in_(clips)),
        SiteRows(table=ArticleRepairRow, mine=ArticleRepairRow.article_id.in_(articles)),
        SiteRows(table=JobRow, mine=JobRow.site == site),
        SiteRows(table=ClipRow, mine=ClipRow.article_id.in_(articles)),
        SiteRows(table=ArticleRevisionRow, mine=ArticleRevisionRow.article_id.in_(articles)),
        SiteRows(table=ArticleRow, mine=ArticleRow.site == site),
    )


def after_articles(site: str) -> Sequence[SiteRows]:
    """What goes last: others are found by it."""
    endpoints = select(CallbackEndpointRow.id).where(CallbackEndpointRow.site == site)
    owners = or_(CallbackSecretRow.owner == site_owner(site), CallbackSecretRow.owner.in_(endpoints))
    parties = or_(QueueTurnRow.party == site, QueueTurnRow.party.in_(endpoints))
    return (
        SiteRows(table=QueueTurnRow, mine=parties),
        SiteRows(table=CallbackSecretRow, mine=owners),
        SiteRows(table=CallbackEndpointRow, mine=CallbackEndpointRow.site == site),
        SiteRows(table=WebhookSourceRow, mine=WebhookSourceRow.site == site),
        SiteRows(table=ApiKeyRow, mine=ApiKeyRow.site == site),
    )


def all_rows(site: str) -> Sequence[SiteRows]:
    """Everything of it that is deleted, its own row aside."""
    return (*before_articles(site), *of_articles(site), *after_articles(site))


def cases_of(site: str) -> Select[Any]:
    """Ids of its cases."""
    return select(CaseRow.id).where(CaseRow.site == site)


def named_ids(site: str) -> ColumnElement[bool]:
    """The condition that a line of the audit log without a site is about something of it."""
    clips = select(ClipRow.id).join(ArticleRow).where(ArticleRow.site == site)
    own = (select(table.id).where(table.site == site) for table in (ArticleRow, JobRow, ReportRow, CaseRow))
    of_staff = (select(CorrectionRow.id).where(CorrectionRow.site == site), _keys(site), _hooks(site))
    return or_(*(AuditRow.subject.in_(ids) for ids in (clips, *own, *of_staff)))


def _delivery(site: str) -> ColumnElement[bool]:
    endpoints = select(CallbackEndpointRow.id).where(CallbackEndpointRow.site == site)
    return or_(DeliveryRow.site == site, DeliveryRow.endpoint_id.in_(endpoints))


def _keys(site: str) -> Select[Any]:
    return select(ApiKeyRow.id).where(ApiKeyRow.site == site)


def _hooks(site: str) -> Select[Any]:
    return select(WebhookSourceRow.id).where(WebhookSourceRow.site == site)


def _places(site: str) -> ColumnElement[bool]:
    """Where its entries hold: at all its articles, or at one."""
    of_articles = place_key(Scope.ARTICLE, site, "").removesuffix('""]')
    place = LexiconVersionRow.place
    return or_(place == place_key(Scope.SITE, site, None), place.startswith(of_articles, autoescape=True))
