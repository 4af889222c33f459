"""Listeners' reports."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from tts_service.errors.faults import expected
from tts_service.listeners.reports import CATEGORIES, MAX_COMMENT, MAX_EMAIL, STATES
from tts_service.web.schemas.fields import WHOLE, Cleaned

_EMAIL = expected(r"^[^\s@<>\x7f-\x9f]+@[^\s@<>\x7f-\x9f]+$", "must be an e-mail address such as name@example.org")
_VERSION = expected(
    r"^[0-9A-Za-z._+-]{1,64}$", "must be a version such as 0.1.2: at most 64 letters, digits, '.', '_', '+' and '-'"
)
_SENT_KEY = expected(r"^[0-9A-Za-z._-]{16,64}$", "must have 16 to 64 letters, digits, '.', '_' and '-'")


class FeedbackIn(Cleaned):
    """What a listener reports."""

    clip: str = Field(max_length=64)
    revision: int | None = Field(None, ge=1, le=2**31, description="The revision heard; newest when left out")
    position_ms: int = Field(0, ge=0, le=10**9)
    token: int | None = Field(None, ge=0, le=10**6, description="Index of the word in the sentence's tokens")
    category: Literal["pronunciation", "number", "missing", "extra", "sound", "other"]
    clip_token: str = Field("", max_length=200, description="`feedback_token` of the clip's description; lasts 2 h")
    website: str = Field("", max_length=200, description="Leave it out: only machines fill it in")
    comment: str = Field("", max_length=MAX_COMMENT)
    email: str | None = Field(None, max_length=MAX_EMAIL, pattern=_EMAIL)
    player: str | None = Field(None, pattern=_VERSION, description="Version of the sending player")
    sent_key: str | None = Field(
        None,
        pattern=_SENT_KEY,
        description="Drawn at random for this report: however often it is "
        "sent with it, it is kept once, and answered with the same reference",
    )


class ReportChange(Cleaned):
    """What staff decide about a report."""

    EMPTY_COUNTS = frozenset({"note"})

    state: Literal["new", "confirmed", "corrected", "rejected"] | None = None
    note: str | None = Field(
        None, max_length=MAX_COMMENT, description="Of a rejected report, the listener reads it as the reason"
    )
    corrected_revision: Annotated[int, Field(ge=1, le=2**31), WHOLE] | None = Field(
        None,
        description="Of a corrected one: the clip revision that says it right; left out: the "
        "newest one, if it is newer than what was reported, or the next one",
    )


assert tuple(FeedbackIn.model_fields["category"].annotation.__args__) == CATEGORIES  # type: ignore[union-attr]
assert set(STATES) == {"new", "confirmed", "corrected", "rejected"}


class FeedbackReceived(BaseModel):
    reference: str
    state: str
    url: str


class FeedbackState(BaseModel):
    """What anybody who has the reference may see of a report."""

    reference: str
    state: Literal["new", "confirmed", "corrected", "rejected"]
    category: str
    clip: str
    created_at: str
    updated_at: str
    corrected_revision: int | None = Field(None, description="The clip revision that says it right, once it is there")
    corrected_at: str | None = Field(None, description="When that revision was finished")
    reason: str | None = Field(None, description="Why nothing was changed, in the newsroom's words")


class ReportOut(FeedbackState):
    """A report as staff see it."""

    site: str
    revision: int
    position_ms: int
    sentence: str
    utterance: int | None
    token: int | None
    voice: str
    comment: str
    email: str | None
    note: str
    player: str | None = Field(description="Version of the player it was sent from")


class ReportList(BaseModel):
    reports: list[ReportOut]
    next: str | None
