"""The document's `webhooks`: the events that callbacks carry (written by callbacks/news.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import APIRouter, Depends, Header, Security
from pydantic import BaseModel, Field

from tts_service.web.responses import reply
from tts_service.web.schemas.clips import ReadyRendition
from tts_service.web.schemas.fields import ShownClip, ShownSite, ShownUrl, Timestamp
from tts_service.web.security import STANDARD_WEBHOOKS

_Kind = TypeVar("_Kind", bound=str)
_Data = TypeVar("_Data", bound=BaseModel)
_CLIP = "https://audio.example.org/v1/clips/clip_019b4c5e77f27c10"


class EventArticle(BaseModel):
    """The article with its id in the CMS."""

    id: str = Field(examples=["42"])
    url: ShownUrl | None
    title: str | None = Field(examples=["New bridge opens"])


class ClipFacts(BaseModel):
    """Data of every event about a clip."""

    site: ShownSite
    article: EventArticle
    clip: ShownClip
    current_revision: int | None = Field(
        description="The revision that listeners hear; null if there is none", examples=[1]
    )
    url: str = Field(description="Address of the clip's description", examples=[_CLIP])
    listen_url: str = Field(examples=["https://audio.example.org/listen/clip_019b4c5e77f27c10"])
    revision: int = Field(examples=[1])
    state: str = Field(examples=["withdrawn"])


class ClipReady(ClipFacts):
    """Data of `clip.ready`."""

    state: str = Field(examples=["ready"])
    job: str = Field(examples=["job_019b4c5e77f17a42"])
    language: str = Field(examples=["en"])
    voice: str = Field(examples=["hibari:heart"])
    duration_ms: int | None = Field(examples=[15117])
    audio: dict[str, str] = Field(description="Address by format", examples=[{"mp3": f"{_CLIP}/r/1/audio.mp3"}])
    renditions: list[ReadyRendition]


class EventError(BaseModel):
    """Why a job failed."""

    code: str | None = Field(examples=["nothing_to_speak"])
    title: str | None = Field(examples=["Nothing in this article is spoken"])
    detail: str | None = Field(
        examples=["Every part of the article was skipped: `tts-service extract` shows the reasons."]
    )


class ClipFailed(ClipFacts):
    """Data of `clip.failed`."""

    state: str = Field(examples=["failed"])
    job: str = Field(examples=["job_019b4c5e77f17a42"])
    error: EventError


class ReportFacts(ClipFacts):
    """What a report is about. Contains nothing that the listener wrote."""

    state: str = Field(examples=["corrected"])
    report: str = Field(examples=["K7QM-2XWA"])
    category: str = Field(examples=["pronunciation"])
    position_ms: int = Field(examples=[4200])
    sentence: str | None = Field(examples=["The harbour town of Elmsworth opened its new bridge on Monday."])
    token: int | None = Field(examples=[4])
    updated_ms: int = Field(examples=[1773041400000])


class TestFacts(BaseModel):
    """Data of `callback.test`."""

    endpoint: str = Field(examples=["end_019b4c5e77f37d01"])
    site: ShownSite | None
    text: str = Field(examples=["This is a test."])


class EventOut(BaseModel, Generic[_Kind, _Data]):
    """An event: its type, time and data, below 20 kB."""

    type: _Kind
    timestamp: Timestamp = Field(description="When the event happened (RFC 3339)")
    data: _Data


class ClipReadyEvent(EventOut[Literal["clip.ready"], ClipReady]):
    """A revision is now the one that listeners hear."""


class ClipFailedEvent(EventOut[Literal["clip.failed"], ClipFailed]):
    """A job ended without a clip. An earlier revision stays available."""


class ClipWithdrawnEvent(EventOut[Literal["clip.withdrawn"], ClipFacts]):
    """The clip is offline."""


class ReportReceivedEvent(EventOut[Literal["report.received"], ReportFacts]):
    """A listener sent a report."""


class ReportResolvedEvent(EventOut[Literal["report.resolved"], ReportFacts]):
    """Staff corrected or rejected a report."""


class TestEvent(EventOut[Literal["callback.test"], TestFacts]):
    """You requested a test."""


def _sent_with(
    webhook_id: Annotated[
        str,
        Header(description="The event's id, the same in every attempt", examples=["evt_01HX0000000000000000000001"]),
    ],
    webhook_timestamp: Annotated[
        str, Header(description="When this attempt was signed, in seconds since 1970", examples=["1766500000"])
    ],
    webhook_signature: Annotated[
        str,
        Header(
            description="`v1,` and an HMAC-SHA256 in base64; with two secrets, two signatures separated by a space",
            examples=["v1,c2lnbmVk"],
        ),
    ],
) -> None:
    """The headers of every event."""


def _endpoint_for(event: type[BaseModel]) -> Callable[[Any], None]:
    def endpoint(sent: Any) -> None:
        """Documents a publisher's endpoint; never called."""

    endpoint.__annotations__["sent"] = event
    return endpoint


_LATER = reply("Not now: the service waits as long as `Retry-After` says, up to an hour.")
router = APIRouter(
    tags=["events"],
    generate_unique_id_function=lambda route: route.name,
    dependencies=[Security(STANDARD_WEBHOOKS), Depends(_sent_with)],
    responses={
        204: reply("Acknowledged. Any 2xx counts."),
        410: reply("Don't send again: the service turns the endpoint off."),
        429: _LATER,
        503: _LATER,
    },
)
for _kind, _event in (
    ("clip.ready", ClipReadyEvent),
    ("clip.failed", ClipFailedEvent),
    ("clip.withdrawn", ClipWithdrawnEvent),
    ("report.received", ReportReceivedEvent),
    ("report.resolved", ReportResolvedEvent),
    ("callback.test", TestEvent),
):
    router.post(_kind, name=_kind.replace(".", "_"), status_code=204, description=_event.__doc__)(_endpoint_for(_event))
