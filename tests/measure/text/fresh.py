"""Fresh lines: news that was written before anybody looked at the rules, and what a presenter says.

`tests/data/fresh/` holds a folder a batch and a table a language or country (`en.tsv`, `en-GB.tsv`). A row holds the
verdict of the first look (right, wrong), what is written, and what is said, with " ‖ " between sentences and " | "
between readings that are equally good. The verdicts stay as they were; rules are changed by kind, never for one line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.measure.text.pairs import bare
from tests.parts.places import DATA
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind

FOLDER = DATA / "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshLine:
    """A line with what is right for it."""

    batch: str
    language: str
    was_right: bool
    """At the first look."""
    written: str
    right: tuple[str, ...]

    @property
    def said(self) -> str:
        """What is said now, " ‖ " between utterances."""
        # The opening of a clip is divided into shorter utterances: a block stands before the line.
        blocks = [_block("Oh.", self.language), _block(self.written, self.language)]
        found = make_utterances(blocks)
        return " ‖ ".join(said for one in found if one.block == 1 and (said := one.spoken_text))

    @property
    def is_right(self) -> bool:
        """Whether the words and the ends of sentences are right; marks and capitals don't count."""
        return _sentences(self.said) in [_sentences(reading) for reading in self.right]


def fresh_lines() -> Iterator[FreshLine]:
    """All lines, batch by batch."""
    for path in sorted(FOLDER.glob("*/*.tsv")):
        for row in path.read_text("utf-8").splitlines():
            if row.startswith("# "):
                continue
            verdict, written, right = row.split("\t")
            yield FreshLine(
                batch=path.parent.name,
                language=path.stem,
                was_right=verdict == "right",
                written=written,
                right=tuple(right.split(" | ")),
            )


def by_batch(lines: Iterator[FreshLine]) -> Mapping[tuple[str, str], list[FreshLine]]:
    """(batch, language without its country) -> lines."""
    found: dict[tuple[str, str], list[FreshLine]] = defaultdict(list)
    for line in lines:
        found[line.batch, line.language[:2]].append(line)
    return found


def _block(text: str, language: str) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, text=text, language=language)


def _sentences(said: str) -> list[str]:
    return [bare(part) for part in said.split("‖")]
