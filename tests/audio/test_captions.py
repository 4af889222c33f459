"""Marks, captions and transcript from the same lines."""

from __future__ import annotations

from itertools import pairwise

from tts_service.audio.captions import CaptionLine, TimedUtterance, Word, lines_of, marks_json, transcript, webvtt
from tts_service.values import Token, Utterance, WordTime

BLOCK = "It cost $1.5m. Then what?"


def line(text: str, block: int = 0, start_ms: int = 0) -> CaptionLine:
    """A line whose words take 100 ms each."""
    words, at = [], 0
    for number, part in enumerate(text.split(" ")):
        words.append(
            Word(
                start=at,
                end=at + len(part),
                text=part,
                spoken=part,
                token=number,
                start_ms=start_ms + 100 * number,
                end_ms=start_ms + 100 * number + 90,
            )
        )
        at += len(part) + 1
    end_ms = start_ms + 100 * len(words)
    return CaptionLine(
        block=block, start=0, end=len(text), text=text, start_ms=start_ms, end_ms=end_ms, words=tuple(words)
    )


def utterance() -> Utterance:
    said = [(0, 2, ("It",), ""), (3, 7, ("cost",), ""), (8, 13, ("one", "point", "five", "million", "dollars"), ".")]
    tokens = tuple(Token(start=start, end=end, spoken=spoken, after=after) for start, end, spoken, after in said)
    return Utterance(block=0, start=0, end=14, tokens=tokens, language="en", pause_after_ms=350)


def test_a_written_word_lasts_as_long_as_all_its_spoken_words() -> None:
    times = tuple(WordTime(start_ms=100.0 * n, end_ms=100.0 * n + 80) for n in range(7))
    said = TimedUtterance(utterance=utterance(), start_ms=1000.4, length_ms=700.0, words=times)
    (made,) = lines_of([BLOCK], [said])

    assert (made.text, made.start_ms, made.end_ms) == ("It cost $1.5m.", 1000, 1700)
    assert [(w.text, w.spoken, w.start_ms, w.end_ms) for w in made.words] == [
        ("It", "It", 1000, 1080),
        ("cost", "cost", 1100, 1180),
        ("$1.5m", "one point five million dollars", 1200, 1680),
    ]


def test_marks_have_the_promised_shape() -> None:
    made = marks_json(3, [line("Hi there", block=2)], 750)

    assert made == {
        "revision": 3,
        "end_ms": 750,
        "sentences": [
            {
                "block": 2,
                "start": 0,
                "end": 8,
                "text": "Hi there",
                "start_ms": 0,
                "end_ms": 200,
                "words": [
                    {"start": 0, "end": 2, "text": "Hi", "spoken": "Hi", "token": 0, "start_ms": 0, "end_ms": 90},
                    {
                        "start": 3,
                        "end": 8,
                        "text": "there",
                        "spoken": "there",
                        "token": 1,
                        "start_ms": 100,
                        "end_ms": 190,
                    },
                ],
            },
        ],
    }


def test_a_cue_per_sentence() -> None:
    made = webvtt([line("One."), line("Two.", start_ms=3_723_004)])

    assert made == ("WEBVTT\n\n1\n00:00:00.000 --> 00:00:00.100\nOne.\n\n2\n01:02:03.004 --> 01:02:03.104\nTwo.\n")


def test_captions_are_escaped() -> None:
    assert "a &lt;b&gt; &amp; --&gt; c" in webvtt([line("a <b> & --> c")])


def test_a_long_sentence_becomes_several_cues_of_two_short_lines() -> None:
    text = " ".join(f"word{number:02}" for number in range(30))
    blocks = webvtt([line(text)]).split("\n\n")[1:]
    shown = [block.strip().split("\n")[2:] for block in blocks]

    assert " ".join(part for cue in shown for part in cue) == text
    assert all(len(cue) <= 2 and sum(map(len, cue)) <= 84 for cue in shown)
    times = [block.split("\n")[1].split(" --> ") for block in blocks]
    assert all(start < end for start, end in times)
    assert all(before[1] == after[0] for before, after in pairwise(times))


def test_a_long_word_stays_whole() -> None:
    assert "x" * 200 in webvtt([line("x" * 200 + " end")])


def test_line_breaks_in_a_block_dont_end_a_cue() -> None:
    assert "one two three" in webvtt([line("one\n\ntwo three")])


def test_the_transcript_has_a_paragraph_per_block() -> None:
    assert transcript([line("One."), line("Two."), line("Three.\nFour.", block=4)]) == "One. Two.\n\nThree. Four.\n"
    assert transcript([]).strip() == ""
