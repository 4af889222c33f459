"""What staff decide about cases, and what became of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from tts_service.corrections.cases.decisions import MAX_NOTE, MAX_TOGETHER
from tts_service.listeners.reports import MAX_COMMENT
from tts_service.web.schemas.cases import CASE, State
from tts_service.web.schemas.fields import WHOLE, Cleaned, example

CaseName = Annotated[str, Field(max_length=64, examples=[CASE])]
CaseVersion = Annotated[
    int,
    Field(ge=1, le=2**31, description="The version that you saw: 409 if someone has decided since", examples=[1]),
    WHOLE,
]


class CaseDecision(Cleaned):
    """A decision about a case: exactly one of `state` and `assigned_to`."""

    EMPTY_COUNTS = frozenset({"assigned_to"})
    model_config = example({"version": 1, "state": "rejected", "reason": "The minister says it so herself."})

    version: CaseVersion
    state: State | None = None
    reason: str | None = Field(None, max_length=MAX_COMMENT, description="For `rejected`: the listeners read it")
    duplicate_of: CaseName | None = Field(None, description="For `duplicate`: the case that gets the reports")
    assigned_to: str | None = Field(
        None, max_length=64, description='Id of a staff account; "" for nobody', examples=["stf_019b4c5e77f68a31"]
    )


class CaseSeen(Cleaned):
    """The version of a case that was seen."""

    version: CaseVersion


class OtherCase(Cleaned):
    """A case and the version that was seen."""

    id: CaseName
    version: CaseVersion


_Others = Annotated[list[OtherCase], Field(min_length=1, max_length=MAX_TOGETHER)]


class CaseMerge(Cleaned):
    """Cases that become duplicates of this one."""

    model_config = example({"version": 1, "cases": [{"id": "case_019b4c5e77f2b001", "version": 1}]})

    version: CaseVersion
    cases: _Others


class CaseSplit(Cleaned):
    """Reports that get a case of their own."""

    model_config = example({"version": 1, "reports": ["R-K7QM-2XWA"]})

    version: CaseVersion
    reports: Annotated[
        list[Annotated[str, Field(max_length=20, examples=["R-K7QM-2XWA"])]], Field(min_length=1, max_length=1000)
    ]


class CaseNoteIn(Cleaned):
    """A note of staff."""

    model_config = example({"text": "Ask the correspondent."})

    text: str = Field(min_length=1, max_length=MAX_NOTE)


class CasesDecision(Cleaned):
    """One decision about several cases."""

    EMPTY_COUNTS = frozenset({"assigned_to"})
    model_config = example({"cases": [{"id": CASE, "version": 1}], "state": "confirmed"})

    cases: _Others
    state: Literal["new", "confirmed", "corrected", "rejected"] | None = None
    reason: str | None = Field(None, max_length=MAX_COMMENT, description="For `rejected`: the listeners read it")
    assigned_to: str | None = Field(None, max_length=64, description='Id of a staff account; "" for nobody')


class CaseOutcome(BaseModel):
    """What became of one of several cases."""

    id: str = Field(examples=[CASE])
    version: int | None = Field(description="Its version since; null if it wasn't changed", examples=[2])
    error: str | None = Field(description="Why it wasn't changed: the error's code", examples=["case_changed"])
    detail: str | None = Field(description="The same in words")


class CasesDecided(BaseModel):
    cases: list[CaseOutcome]
