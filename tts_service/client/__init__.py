"""A client for the service's API: what CMS plugins and newsroom tools need, with and without asyncio.

    with Client("https://audio.example.org", key) as audio:
        job = audio.request(Article(site="gazette", id="42", title="New bridge opens", html=body))
        clip = audio.wait(job)

It needs httpx and standardwebhooks, and nothing of the service itself.
"""

from tts_service.client.asynchronous import AsyncClient
from tts_service.client.callbacks import Event, verify
from tts_service.client.errors import (
    AudioError,
    CallbackRefused,
    CaseChanged,
    Conflict,
    NotAllowed,
    NotFound,
    NotMade,
    NotReached,
    Refused,
    StillWaiting,
    TryLater,
    Unintelligible,
)
from tts_service.client.queue_events import QueueEvent
from tts_service.client.retries import Patience
from tts_service.client.synchronous import Client
from tts_service.client.values.articles import Article, Clip, Explained, ExplainedWord, Grant, Job, NextRule
from tts_service.client.values.cases import (
    Case,
    CaseDetail,
    CaseNote,
    CaseOutcome,
    CasePage,
    CaseReport,
    CaseStep,
    HeardAt,
    SaidWord,
)
from tts_service.client.values.corrections import (
    CorrectedClip,
    CorrectedSentence,
    Correction,
    CorrectionDetail,
    CorrectionPage,
)
from tts_service.client.values.lexicon import (
    AffectedClip,
    ArticleName,
    Change,
    Doubt,
    Entry,
    EntryPage,
    Impact,
    Import,
    Lexeme,
    SpelledBy,
)
from tts_service.client.values.overview import Overview, ReportedWord, Span
from tts_service.client.values.previews import (
    ClipSentence,
    IpaCheck,
    IpaVoice,
    Preview,
    Sound,
    Suggestion,
    TypedSentence,
)
from tts_service.client.values.reports import Report, ReportPage, ReportState
from tts_service.client.values.running import Running

__all__ = [
    "AffectedClip",
    "Article",
    "ArticleName",
    "AsyncClient",
    "AudioError",
    "CallbackRefused",
    "Case",
    "CaseChanged",
    "CaseDetail",
    "CaseNote",
    "CaseOutcome",
    "CasePage",
    "CaseReport",
    "CaseStep",
    "Change",
    "Client",
    "Clip",
    "ClipSentence",
    "Conflict",
    "CorrectedClip",
    "CorrectedSentence",
    "Correction",
    "CorrectionDetail",
    "CorrectionPage",
    "Doubt",
    "Entry",
    "EntryPage",
    "Event",
    "Explained",
    "ExplainedWord",
    "Grant",
    "HeardAt",
    "Impact",
    "Import",
    "IpaCheck",
    "IpaVoice",
    "Job",
    "Lexeme",
    "NextRule",
    "NotAllowed",
    "NotFound",
    "NotMade",
    "NotReached",
    "Overview",
    "Patience",
    "Preview",
    "QueueEvent",
    "Refused",
    "Report",
    "ReportPage",
    "ReportState",
    "ReportedWord",
    "Running",
    "SaidWord",
    "Sound",
    "Span",
    "SpelledBy",
    "StillWaiting",
    "Suggestion",
    "TryLater",
    "TypedSentence",
    "Unintelligible",
    "verify",
]
