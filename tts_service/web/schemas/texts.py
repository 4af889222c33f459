"""marks.json and chapters.json, for the document only: the routes write the JSON themselves."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class MarkedWord(BaseModel):
    """A word and when it is spoken."""

    start: int = Field(description="Position of the first character in the block's text", examples=[16])
    end: int = Field(description="Position after the last character", examples=[21])
    text: str = Field(description="As written", examples=["£3.5m"])
    spoken: str = Field(description="As spoken", examples=["three point five million pounds"])
    token: int | None = Field(description="Index of the word in its sentence, which a report can name", examples=[3])
    start_ms: int = Field(examples=[1400])
    end_ms: int = Field(examples=[3050])


class MarkedSentence(BaseModel):
    """A sentence and when it is spoken."""

    block: int = Field(examples=[1])
    start: int = Field(description="Position of the first character in the block's text", examples=[0])
    end: int = Field(description="Position after the last character", examples=[22])
    text: str = Field(examples=["The bridge cost £3.5m."])
    start_ms: int = Field(examples=[900])
    end_ms: int = Field(examples=[3200])
    words: list[MarkedWord]


class MarkedChapter(BaseModel):
    """The start of a headline or heading."""

    title: str = Field(examples=["New bridge opens"])
    start_ms: int = Field(examples=[0])


class Marks(BaseModel):
    """marks.json: when each sentence and word is spoken."""

    revision: int = Field(examples=[1])
    end_ms: int | None = Field(description="End of the clip; null while it is being made", examples=[15117])
    sentences: list[MarkedSentence]
    chapters: list[MarkedChapter]


class PodcastChapter(BaseModel):
    """The start of a headline or heading, in seconds."""

    startTime: float = Field(examples=[0])  # noqa: N815  # as the format has it
    title: str = Field(examples=["New bridge opens"])


class PodcastChapters(BaseModel):
    """Chapters for podcast apps (JSON chapters 1.2)."""

    version: Literal["1.2.0"]
    chapters: list[PodcastChapter]
