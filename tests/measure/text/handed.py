"""Lines and pages from outside that were said wrongly once: `tests/data/handed/`, counted by kind.

`cases.jsonl` holds a case a line: its id, language, kind, form (line, html, text or markdown), what is written and
what is right: utterances with " ‖ " between them for a line, spoken blocks with " | " between them for the other forms.
`wrong.txt` names those that are still wrong; the tests see to it that it only gets shorter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.parts.places import DATA
from tts_service.article.blocks import read_blocks
from tts_service.errors import EmptyArticle
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Article, Block, BlockKind, SourceFormat

FOLDER = DATA / "handed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line, text or page, and what is right for it."""

    id: str
    language: str
    kind: str
    form: str
    written: str
    right: str

    @property
    def said(self) -> str:
        """What the service makes of it now."""
        if self.form != "line":
            return _blocks(self.written, SourceFormat(self.form), self.language)
        block = Block(kind=BlockKind.PARAGRAPH, text=self.written, language=self.language)
        return " ‖ ".join(said for one in make_utterances([block]) if (said := one.spoken_text))


def handed_cases() -> list[Case]:
    """All of them, in the order of the file."""
    return [Case(**json.loads(line)) for line in (FOLDER / "cases.jsonl").read_text("utf-8").splitlines()]


def known_wrong() -> frozenset[str]:
    """Ids of the cases that nobody has mended yet."""
    return frozenset((FOLDER / "wrong.txt").read_text("utf-8").split())


def by_kind(cases: list[Case], wrong: frozenset[str]) -> Mapping[str, tuple[int, int]]:
    """Kind -> (right, all)."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        kinds[case.kind].append(case.id not in wrong)
    return {kind: (sum(found), len(found)) for kind, found in sorted(kinds.items())}


def wrong_cases(cases: list[Case]) -> Iterator[tuple[Case, str]]:
    """(case, what was said) of each that is said otherwise."""
    for case in cases:
        if (said := case.said) != case.right:
            yield case, said


def _blocks(source: str, source_format: SourceFormat, language: str) -> str:
    article = Article(site="s", external_id="1", source=source, source_format=source_format, language=language)
    try:
        blocks = read_blocks(article).blocks
    except EmptyArticle:
        return ""
    return " | ".join(block.text for block in blocks if block.spoken)
