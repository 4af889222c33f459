"""JSON about when words sound, which routes write themselves."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class MarkedWord(BaseModel):
    """A word and when it sounds."""

    start: int = Field(description="First character in the block's text", examples=[16])
    end: int = Field(description="One past the last character", examples=[21])
    text: str = Field(description="As written", examples=["£3.5m"])
    spoken: str = Field(description="As said", examples=["three point five million pounds"])
    token: int | None = Field(description="Its index in the sentence, which a report names", examples=[3])
    start_ms: int = Field(examples=[1400])
    end_ms: int = Field(examples=[3050])


class MarkedSentence(BaseModel):
    """A sentence and when it sounds."""

    block: int = Field(examples=[1])
    start: int = Field(description="First character in the block's text", examples=[0])
    end: int = Field(description="One past the last character", examples=[22])
    text: str = Field(examples=["The bridge cost £3.5m."])
    start_ms: int = Field(examples=[900])
    end_ms: int = Field(examples=[3200])
    words: list[MarkedWord]


class MarkedChapter(BaseModel):
    """Where a headline or a heading begins."""

    title: str = Field(examples=["New bridge opens"])
    start_ms: int = Field(examples=[0])


class Marks(BaseModel):
    """marks.json: when every sentence and word sounds."""

    revision: int = Field(examples=[1])
    end_ms: int | None = Field(description="Where the clip ends; null while it is made", examples=[15117])
    sentences: list[MarkedSentence]
    chapters: list[MarkedChapter]


class PodcastChapter(BaseModel):
    """Where a headline or a heading begins, in seconds."""

    startTime: float = Field(examples=[0])  # noqa: N815  # as the format has it
    title: str = Field(examples=["New bridge opens"])


class PodcastChapters(BaseModel):
    """JSON chapters 1.2, as podcast apps read them."""

    version: Literal["1.2.0"]
    chapters: list[PodcastChapter]
