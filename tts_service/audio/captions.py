"""Word timing for highlighting (marks.json), captions (WebVTT) and transcript, all from the same lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tts_service.values import BlockKind, Utterance, WordTime, marks_of

_LINE_CHARACTERS = 42
"""Characters per caption line: the broadcast convention, two lines at once."""
_CUE_CHARACTERS = 2 * _LINE_CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A written word and its time. Positions are characters of the block's text."""

    start: int
    end: int
    text: str
    """As written."""
    spoken: str
    """As spoken."""
    token: int
    """Its index among the sentence's tokens, as used by reports."""
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionLine:
    """A sentence and its time."""

    block: int
    start: int
    end: int
    text: str
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedUtterance:
    """An utterance at its place in the clip."""

    utterance: Utterance
    start_ms: float
    length_ms: float
    words: tuple[WordTime, ...]
    """Times of its spoken words, from its start."""


def lines_of(blocks: Sequence[str], timed: Sequence[TimedUtterance]) -> list[CaptionLine]:
    """Lines, from the blocks' texts and the utterances with their times."""
    return [_line(blocks[one.utterance.block], one) for one in timed]


def _line(text: str, timed: TimedUtterance) -> CaptionLine:
    utterance, start_ms = timed.utterance, timed.start_ms
    words = []
    for mark in marks_of(utterance, timed.words):
        token = utterance.tokens[mark.token]
        words.append(
            Word(
                start=token.start,
                end=token.end,
                text=text[token.start : token.end],
                spoken=" ".join(token.spoken),
                token=mark.token,
                start_ms=round(start_ms + mark.start_ms),
                end_ms=round(start_ms + mark.end_ms),
            )
        )
    return CaptionLine(
        block=utterance.block,
        start=utterance.start,
        end=utterance.end,
        text=text[utterance.start : utterance.end],
        start_ms=round(start_ms),
        end_ms=round(start_ms + timed.length_ms),
        words=tuple(words),
    )


def timed(
    utterance: Utterance, start_sample: int, samples: int, rate_hz: int, words: Iterable[Sequence[float]]
) -> TimedUtterance:
    """An utterance at its place in the clip; `words`: [start_ms, end_ms] each within it, as they are kept."""
    times = tuple(WordTime(start_ms=start, end_ms=end) for start, end in words)
    per_ms = rate_hz / 1000
    return TimedUtterance(utterance=utterance, start_ms=start_sample / per_ms, length_ms=samples / per_ms, words=times)


def marks_document(
    revision: int, lines: Sequence[CaptionLine], end_ms: int | None, blocks: Sequence[tuple[str, str]]
) -> str:
    """marks.json with its chapters, as it is served and written; `blocks`: (kind, text) each."""
    marks = marks_json(revision, lines, end_ms) | {"chapters": chapter_marks(lines, blocks)}
    return json.dumps(marks, ensure_ascii=False, separators=(",", ":"))


def chapter_marks(lines: Sequence[CaptionLine], blocks: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Where headline and headings begin: [{title, start_ms}]; `blocks`: (kind, text) each."""
    first: dict[int, int] = {}
    for line in lines:
        first.setdefault(line.block, line.start_ms)
    return [
        {"title": blocks[block][1], "start_ms": start_ms}
        for block, start_ms in first.items()
        if blocks[block][0] in (BlockKind.HEADLINE, BlockKind.HEADING)
    ]


def marks_json(revision: int, lines: Sequence[CaptionLine], end_ms: int | None = None) -> dict[str, Any]:
    """marks.json: {revision, end_ms, sentences: [{block, start, end, text, start_ms, end_ms, words: […]}]}.

    `end_ms` of the document is the clip's end including the last pause; None while the clip is being made.
    """
    return {
        "revision": revision,
        "end_ms": end_ms,
        "sentences": [
            {
                "block": line.block,
                "start": line.start,
                "end": line.end,
                "text": line.text,
                "start_ms": line.start_ms,
                "end_ms": line.end_ms,
                "words": [
                    {
                        "start": word.start,
                        "end": word.end,
                        "text": word.text,
                        "spoken": word.spoken,
                        "token": word.token,
                        "start_ms": word.start_ms,
                        "end_ms": word.end_ms,
                    }
                    for word in line.words
                ],
            }
            for line in lines
        ],
    }


def transcript(lines: Sequence[CaptionLine]) -> str:
    """Plain text as written, one paragraph per block, of everything spoken."""
    blocks = groupby(lines, key=lambda line: line.block)
    return "".join(" ".join(_flat(line.text) for line in group) + "\n\n" for _, group in blocks).rstrip("\n") + "\n"


def webvtt(lines: Sequence[CaptionLine]) -> str:
    """Captions (W3C WebVTT): one cue per sentence, several for long ones, at most two lines of 42 characters."""
    cues = [cue for line in lines for cue in _cues(line)]
    body = [
        f"{number}\n{_clock(start)} --> {_clock(end)}\n{_escaped(_folded(text))}\n"
        for number, (start, end, text) in enumerate(cues, 1)
    ]
    return "\n".join(["WEBVTT\n", *body])


def _cues(line: CaptionLine) -> Iterator[tuple[int, int, str]]:
    """(start_ms, end_ms, text), split before words, as evenly as they allow."""
    text = _flat(line.text)
    if len(text) <= _CUE_CHARACTERS or not line.words:
        yield line.start_ms, _after(line.start_ms, line.end_ms), text
        return
    start, start_ms = line.start, line.start_ms
    for word in _cuts(line):
        yield start_ms, _after(start_ms, word.start_ms), _flat(line.text[start - line.start : word.start - line.start])
        start, start_ms = word.start, max(word.start_ms, start_ms + 1)
    yield start_ms, _after(start_ms, line.end_ms), _flat(line.text[start - line.start :])


def _cuts(line: CaptionLine) -> Iterator[Word]:
    """The words that start a new cue."""
    parts = -(-len(line.text) // _CUE_CHARACTERS)
    aim = len(line.text) / parts
    start = line.start
    for word, following in zip(line.words, [*line.words[1:], None], strict=True):
        ahead = (following.start if following else line.end) - start
        if word.start > start and (ahead > _CUE_CHARACTERS or word.start - start >= aim):
            yield word
            start = word.start


def _folded(text: str) -> str:
    """The text on two lines of similar length if one line is too short for it."""
    if len(text) <= _LINE_CHARACTERS or " " not in text:
        return text
    middle = len(text) / 2
    cut = min((i for i, character in enumerate(text) if character == " "), key=lambda i: abs(i - middle))
    return f"{text[:cut]}\n{text[cut + 1 :]}"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    # Also escaping ">" keeps "-->" out of cue text (WebVTT, 4.1).
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _after(start_ms: int, end_ms: int) -> int:
    """Makes sure that a cue ends after it starts."""
    return max(end_ms, start_ms + 1)


def _clock(ms: int) -> str:
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"
