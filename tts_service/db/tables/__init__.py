"""The tables (SQLAlchemy 2): SQLite by default, PostgreSQL in production. Audio is in the store."""

from __future__ import annotations

from tts_service.db.tables.access import ApiKeyRow, AuditRow, DailyKeyRow, StaffLinkRow, StaffRow, StaffSessionRow
from tts_service.db.tables.articles import ArticleRevisionRow, ArticleRow, SiteRow, WithdrawnDocumentRow
from tts_service.db.tables.base import Base, JsonDict
from tts_service.db.tables.callbacks import CallbackEndpointRow, CallbackSecretRow, DeliveryAttemptRow, DeliveryRow
from tts_service.db.tables.cases import CaseNoteRow, CaseRow
from tts_service.db.tables.catchup import FoundArticleRow, SiteFeedRow
from tts_service.db.tables.checking import ArticleCheckRow, SiteRoundRow
from tts_service.db.tables.clips import ClipRevisionRow, ClipRow, ClipTextRow, UtteranceRow
from tts_service.db.tables.corrections import CorrectionClipRow, CorrectionRow, LexiconChangeRow
from tts_service.db.tables.hearing import HeardSentenceRow, HearingRow
from tts_service.db.tables.holds import StoreHoldRow
from tts_service.db.tables.installation import InstallationRow
from tts_service.db.tables.jobs import IdempotencyKeyRow, JobRow, QueueTurnRow
from tts_service.db.tables.lexicon import LexiconEntryRow, LexiconVersionRow
from tts_service.db.tables.listeners import ListeningRow, ReportRow
from tts_service.db.tables.monitoring import MetricRow, ProcessRow
from tts_service.db.tables.pruning import PruningRow
from tts_service.db.tables.repairs import ArticleRepairRow
from tts_service.db.tables.retention import DoomedObjectRow
from tts_service.db.tables.usage import SpeechUsageRow
from tts_service.db.tables.webhooks import InboundEventRow, WebhookSourceRow

__all__ = [
    "ApiKeyRow",
    "ArticleCheckRow",
    "ArticleRepairRow",
    "ArticleRevisionRow",
    "ArticleRow",
    "AuditRow",
    "Base",
    "CallbackEndpointRow",
    "CallbackSecretRow",
    "CaseNoteRow",
    "CaseRow",
    "ClipRevisionRow",
    "ClipRow",
    "ClipTextRow",
    "CorrectionClipRow",
    "CorrectionRow",
    "DailyKeyRow",
    "DeliveryAttemptRow",
    "DeliveryRow",
    "DoomedObjectRow",
    "FoundArticleRow",
    "HeardSentenceRow",
    "HearingRow",
    "IdempotencyKeyRow",
    "InboundEventRow",
    "InstallationRow",
    "JobRow",
    "JsonDict",
    "LexiconChangeRow",
    "LexiconEntryRow",
    "LexiconVersionRow",
    "ListeningRow",
    "MetricRow",
    "ProcessRow",
    "PruningRow",
    "QueueTurnRow",
    "ReportRow",
    "SiteFeedRow",
    "SiteRoundRow",
    "SiteRow",
    "SpeechUsageRow",
    "StaffLinkRow",
    "StaffRow",
    "StaffSessionRow",
    "StoreHoldRow",
    "UtteranceRow",
    "WebhookSourceRow",
    "WithdrawnDocumentRow",
]
