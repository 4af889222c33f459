"""The figures of the desk."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SpanOut(BaseModel):
    """A day or a week."""

    model_config = ConfigDict(from_attributes=True)

    day: str = Field(description="Its first day, UTC", examples=["2026-11-23"])
    reports: int = Field(examples=[12])
    listens: int | None = Field(description="Starts; null if there were fewer than 5", examples=[3100])
    reports_per_1000: float | None = Field(description="Reports per 1,000 listens", examples=[3.87])
    clips: int = Field(description="Articles that came then and whose clip has been published", examples=[41])


class ReportedWordOut(BaseModel):
    """A word that listeners reported."""

    model_config = ConfigDict(from_attributes=True)

    word: str = Field(examples=["Holyrood"])
    language: str = Field(examples=["en-GB"])
    reports: int = Field(examples=[9])


class QueueOut(BaseModel):
    """Jobs now."""

    model_config = ConfigDict(from_attributes=True)

    running: int = Field(examples=[2])
    waiting: int = Field(description="Due, and not begun", examples=[0])
    oldest_s: int | None = Field(description="Seconds since the longest waiting one was due")
    failed: int = Field(description="In the last 24 hours", examples=[0])


class OverviewOut(BaseModel):
    """The figures of a period, and of now."""

    model_config = ConfigDict(from_attributes=True)

    days: int = Field(description="Length of the period, up to and including today", examples=[28])
    span_days: int = Field(description="Length of each span: 1 or 7", examples=[1])
    spans: list[SpanOut] = Field(description="Oldest first")
    reports: int = Field(examples=[163])
    listens: int | None = Field(description="Starts; null if there were fewer than 5", examples=[31198])
    reports_per_1000: float | None = Field(description="Reports per 1,000 listens", examples=[5.22])
    heard_to_end: float | None = Field(description="Share of listens that reached the end, 0 to 1", examples=[0.33])
    corrected: int = Field(description="Cases corrected in the period", examples=[9])
    fix_median_h: float | None = Field(
        description="Hours from a case's first report to its correction, median", examples=[8.4]
    )
    fix_p90_h: float | None = Field(description="The same, 90th percentile", examples=[26.0])
    open: int = Field(description="Open cases now", examples=[12])
    open_by_age: dict[str, int] = Field(
        description="Open cases by age: under 1, 7 and 30 days, and older",
        examples=[{"1": 0, "7": 2, "30": 6, "older": 4}],
    )
    words: list[ReportedWordOut] = Field(description="Words reported most often in the period")
    clips: int = Field(description="Clips that can be heard", examples=[2040])
    never_reported: float | None = Field(
        description="Share of these clips about which there is no report, 0 to 1", examples=[0.912]
    )
    queue: QueueOut
