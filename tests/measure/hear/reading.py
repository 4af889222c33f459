"""What is read along: marks, captions and transcript hold the text's words once, in order, with times that go on."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from tests.measure.hear.texts import HearText
from tts_service.audio.captions import CaptionLine, Word, transcript, webvtt

_STAMP = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})")


def problems(text: HearText, marks: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(what was looked at, what is wrong or nothing) of a text's marks and what is made from them."""
    written = words_of(f"{text.title} {text.body}")
    marked = [word for sentence in marks["sentences"] for word in sentence["words"]]
    yield "marks: the text's words, in order", "" if words_of(" ".join(w["text"] for w in marked)) == written else "no"
    times = [time for word in marked for time in (word["start_ms"], word["end_ms"])]
    yield "marks: times never go back", "" if times == sorted(times) else "they do"
    lines = [line_of(sentence) for sentence in marks["sentences"]]
    captions = webvtt(lines)
    cues = [row for row in captions.splitlines()[1:] if row and not _STAMP.search(row)]
    yield "captions: the text's words, in order", "" if words_of(html.unescape(" ".join(cues))) == written else "no"
    stamps = [stamp_ms(match.groups()) for match in _STAMP.finditer(captions)]
    flat = [time for stamp in stamps for time in stamp]
    yield "captions: times never go back, to the last sentence", wrong_end(flat, marks["sentences"][-1]["end_ms"])
    yield "transcript: the text's words, in order", "" if words_of(transcript(lines)) == written else "no"


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)


def line_of(sentence: dict[str, Any]) -> CaptionLine:
    fields = {name: value for name, value in sentence.items() if name != "words"}
    return CaptionLine(**fields, words=tuple(Word(**word) for word in sentence["words"]))


def stamp_ms(groups: tuple[str, ...]) -> tuple[int, int]:
    """(start, end) of a cue in ms."""
    numbers = [int(group) for group in groups]
    first, second = (
        ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
        for hours, minutes, seconds, thousandths in (numbers[:4], numbers[4:])
    )
    return first, second


def wrong_end(times: list[int], end_ms: int) -> str:
    if times != sorted(times):
        return "they do"
    return "" if times and times[-1] == end_ms else f"the last cue ends at {times[-1:]} instead of {end_ms} ms"
