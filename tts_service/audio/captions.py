"""What is shown while a clip plays: sentences and words with their times, as WebVTT, JSON and plain text."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tts_service.values import Utterance, WordTime, marks_of

_CUE_CHARACTERS = 84
"""Two lines of 42 characters, as caption guides have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A written word and when it is heard."""

    start: int
    """First character in the block's text."""
    end: int
    text: str
    spoken: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence and when it is heard."""

    block: int
    start: int
    """First character in the block's text."""
    end: int
    text: str
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]


def lines_of(
    blocks: Sequence[str], timed: Sequence[tuple[Utterance, float, float, Sequence[WordTime]]]
) -> list[Line]:
    """Lines from the blocks' texts and (utterance, start in ms, length in ms, word times) each."""
    lines = []
    for said, start_ms, length_ms, times in timed:
        text = blocks[said.block]
        words = []
        for mark in marks_of(said, tuple(times)):
            token = said.tokens[mark.token]
            words.append(Word(
                start=token.start, end=token.end, text=text[token.start : token.end], spoken=" ".join(token.spoken),
                start_ms=round(start_ms + mark.start_ms), end_ms=round(start_ms + mark.end_ms),
            ))  # fmt: skip
        lines.append(Line(
            block=said.block, start=said.start, end=said.end, text=text[said.start : said.end],
            start_ms=round(start_ms), end_ms=round(start_ms + length_ms), words=tuple(words),
        ))  # fmt: skip
    return lines


def marks_json(revision: int, lines: Sequence[Line]) -> dict[str, Any]:
    """The document behind marks.json; start and end count characters of the block."""
    return {
        "revision": revision,
        "sentences": [
            {
                "block": line.block, "start": line.start, "end": line.end, "text": line.text,
                "start_ms": line.start_ms, "end_ms": line.end_ms,
                "words": [
                    {"start": word.start, "end": word.end, "text": word.text, "spoken": word.spoken,
                     "start_ms": word.start_ms, "end_ms": word.end_ms}
                    for word in line.words
                ],
            }
            for line in lines
        ],
    }  # fmt: skip


def webvtt(lines: Sequence[Line]) -> str:
    """Captions (W3C WebVTT): a cue per sentence, a long one divided between words."""
    cues = ["WEBVTT\n"]
    for line in lines:
        cues += [f"{_stamp(start)} --> {_stamp(end)}\n{text}\n" for start, end, text in _cues(line)]
    return "\n".join(cues)


def transcript(lines: Sequence[Line]) -> str:
    """What is heard as plain text, a paragraph per block."""
    paragraphs: dict[int, list[str]] = {}
    for line in lines:
        paragraphs.setdefault(line.block, []).append(" ".join(line.text.split()))
    return "\n\n".join(" ".join(parts) for parts in paragraphs.values()) + ("\n" if paragraphs else "")


def _cues(line: Line) -> list[tuple[int, int, str]]:
    """(start, end, text) per cue: cut before the word that would make it too long."""
    cues: list[tuple[int, int, str]] = []
    first, begin_ms = line.start, line.start_ms
    for word in line.words:
        if word.end - first > _CUE_CHARACTERS and word.start > first:
            cues.append((begin_ms, word.start_ms, _cue_text(line, first, word.start)))
            first, begin_ms = word.start, word.start_ms
    cues.append((begin_ms, line.end_ms, _cue_text(line, first, line.end)))
    return [(start, max(end, start + 1), text) for start, end, text in cues if text]


def _cue_text(line: Line, start: int, end: int) -> str:
    # A cue ends at a blank line and its text knows markup: one line, escaped ("-->" too, by its ">").
    return html.escape(" ".join(line.text[start - line.start : end - line.start].split()), quote=False)


def _stamp(milliseconds: int) -> str:
    seconds, ms = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"
