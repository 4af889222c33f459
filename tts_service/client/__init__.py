"""A client for the service's API: what a CMS's plugin needs, with and without asyncio.

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
from tts_service.client.retries import Patience
from tts_service.client.synchronous import Client
from tts_service.client.values import (
    Article,
    Clip,
    Explained,
    ExplainedWord,
    Grant,
    Job,
    Report,
    ReportPage,
    ReportState,
)

__all__ = [
    "Article",
    "AsyncClient",
    "AudioError",
    "CallbackRefused",
    "Client",
    "Clip",
    "Conflict",
    "Event",
    "Explained",
    "ExplainedWord",
    "Grant",
    "Job",
    "NotAllowed",
    "NotFound",
    "NotMade",
    "NotReached",
    "Patience",
    "Refused",
    "Report",
    "ReportPage",
    "ReportState",
    "StillWaiting",
    "TryLater",
    "Unintelligible",
    "verify",
]
