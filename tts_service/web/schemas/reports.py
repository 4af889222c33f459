"""Reports from listeners."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tts_service.errors.faults import expected
from tts_service.listeners.reports import CATEGORIES, MAX_COMMENT, MAX_EMAIL, STATES
from tts_service.web.schemas.fields import (
    CLIP_TOKEN,
    WHOLE,
    Cleaned,
    LanguageTag,
    NextCursor,
    ShownClip,
    ShownSite,
    Timestamp,
    example,
)

_EMAIL = expected(r"^[^\s@<>\x7f-\x9f]+@[^\s@<>\x7f-\x9f]+$", "must be an e-mail address such as name@example.org")
_VERSION = expected(
    r"^[0-9A-Za-z._+-]{1,64}$", "must be a version such as 0.1.2: at most 64 letters, digits, '.', '_', '+' and '-'"
)
_SENT_KEY = expected(r"^[0-9A-Za-z._-]{16,64}$", "must have 16 to 64 letters, digits, '.', '_' and '-'")
_REPORT = {
    "clip": "clip_019b4c5e77f27c10",
    "revision": 1,
    "category": "pronunciation",
    "clip_token": CLIP_TOKEN,
    "comment": "The town is pronounced with a soft th.",
}
"""What the examples of both forms have in common."""


class FeedbackIn(Cleaned):
    """A listener's report."""

    model_config = example({"position_ms": 4200, "token": 4} | _REPORT)

    clip: str = Field(max_length=64)
    revision: int | None = Field(
        None, ge=1, le=2**31, description="The revision that the listener heard. Default: the newest"
    )
    position_ms: int = Field(0, ge=0, le=10**9)
    token: int | None = Field(None, ge=0, le=10**6, description="Index of the word in its sentence, as in marks.json")
    category: Literal["pronunciation", "number", "missing", "extra", "sound", "other"]
    clip_token: str = Field(
        "", max_length=200, description="`feedback_token` from the clip's description. Valid for 2 hours"
    )
    website: str = Field("", max_length=200, description="Omit it: only bots fill it in")
    comment: str = Field("", max_length=MAX_COMMENT)
    email: str | None = Field(None, max_length=MAX_EMAIL, pattern=_EMAIL)
    language: LanguageTag | None = Field(
        None, description="BCP 47 tag of the language for the answer. Default: from Accept-Language"
    )
    player: str | None = Field(None, pattern=_VERSION, description="Version of the player")
    sent_key: str | None = Field(
        None,
        pattern=_SENT_KEY,
        description="Random key for this report. Sending the report again with the same key stores it only once and "
        "returns the same reference",
    )


class FeedbackForm(BaseModel):
    """A report from the page that works without JavaScript."""

    model_config = ConfigDict(extra="forbid") | example({"position": "0:04"} | _REPORT)

    clip: str
    revision: int | None = None
    position: str = Field("", description="Position as minutes:seconds, such as 1:23", examples=["0:04"])
    category: Literal["pronunciation", "number", "missing", "extra", "sound", "other"]
    clip_token: str = Field(description="From the form")
    website: str = Field("", description="Leave it empty: only bots fill it in")
    comment: str = ""
    email: str = ""
    language: str | None = Field(None, description="From the form: its language, for the answer")
    sent_key: str | None = Field(None, description="From the form: a report that is sent twice is stored only once")


class ReportChange(Cleaned):
    """A change to a report by staff."""

    EMPTY_COUNTS = frozenset({"note"})

    model_config = example({"state": "corrected", "note": "Added to the lexicon."})

    state: Literal["new", "confirmed", "corrected", "rejected"] | None = None
    note: str | None = Field(
        None, max_length=MAX_COMMENT, description="For a rejected report, the listener sees it as the reason"
    )
    corrected_revision: Annotated[int, Field(ge=1, le=2**31), WHOLE] | None = Field(
        None,
        description="For a corrected report: the clip revision with the correction. Default: the newest revision if "
        "it is newer than the reported one, otherwise the next one",
    )


assert tuple(FeedbackIn.model_fields["category"].annotation.__args__) == CATEGORIES  # type: ignore[union-attr]
assert set(STATES) == {"new", "confirmed", "corrected", "rejected"}


class FeedbackReceived(BaseModel):
    reference: str = Field(examples=["K7QM-2XWA"])
    state: str = Field(examples=["new"])
    url: str = Field(examples=["https://audio.example.org/v1/feedback/K7QM-2XWA"])


class FeedbackState(BaseModel):
    """A report as anyone with its reference sees it."""

    reference: str = Field(examples=["K7QM-2XWA"])
    state: Literal["new", "confirmed", "corrected", "rejected"]
    category: str = Field(examples=["pronunciation"])
    clip: ShownClip
    created_at: Timestamp
    updated_at: Timestamp
    corrected_revision: int | None = Field(
        None, description="The clip revision with the correction, once it is finished"
    )
    corrected_at: str | None = Field(None, description="When that revision was finished")
    reason: str | None = Field(None, description="Why nothing was changed, in the newsroom's words")


class ReportOut(FeedbackState):
    """A report as staff see it."""

    site: ShownSite
    revision: int = Field(examples=[1])
    position_ms: int = Field(examples=[4200])
    sentence: str = Field(examples=["The harbour town of Elmsworth opened its new bridge on Monday."])
    utterance: int | None = Field(examples=[1])
    token: int | None = Field(examples=[4])
    voice: str = Field(examples=["hibari:heart"])
    comment: str = Field(examples=["The town is pronounced with a soft th."])
    email: str | None
    note: str = Field(examples=[""])
    player: str | None = Field(description="Version of the player that sent the report", examples=["0.1.0"])


class ReportList(BaseModel):
    reports: list[ReportOut]
    next: NextCursor
