"""How many generated pages lose text, and how many have furniture read aloud."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from tests.measure.figures import Figure, exact
from tests.measure.text.newsroom.pages import MadePage, made_pages
from tts_service.article.blocks import read_blocks

PAGES = 150
MAX_NAME = 3
"""Words of a label that may stand in a line of the story by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is wrong with a page as it is read."""

    lost: tuple[str, ...]
    """Lines of the story that are not spoken."""
    furniture: tuple[str, ...]
    """Spoken blocks that are not in the story."""


def heard(page: MadePage) -> Heard:
    """Compares what is spoken of a page with its story, by words in a row."""
    blocks = read_blocks(page.article).blocks
    said = [_bare(block.text) for block in blocks if block.spoken and block.announcement is None]
    wanted = [_bare(line) for line in page.wanted]
    whole = "".join(said)
    lost = [line for line, words in zip(page.wanted, wanted, strict=True) if whole.count(words) < wanted.count(words)]
    return Heard(lost=tuple(lost), furniture=tuple(text for text in said if not _is_of(text, wanted)))


def _is_of(text: str, wanted: Sequence[str]) -> bool:
    """Whether a spoken block is a line of the story, or a stretch of it that is more than a name."""
    return text in wanted or (len(text.split()) > MAX_NAME and text in "".join(wanted).replace("  ", " "))


def generated(wrong: Console | None) -> Iterator[Figure]:
    """Pages generated from the day's seed, or from SEED."""
    seed = int(os.environ.get("SEED") or datetime.now(UTC).date().toordinal())
    for unknown, name, least in ((False, "generated pages", 97.0), (True, "generated pages in unknown words", None)):
        lost = furniture = 0
        for page in made_pages(PAGES, seed, unknown=unknown):
            found = heard(page)
            lost += bool(found.lost)
            furniture += bool(found.furniture)
            if wrong and (found.lost or found.furniture):
                wrong.print(f"  {page.name}", markup=False)
                for word, texts in (("lost", found.lost), ("furniture", found.furniture)):
                    for text in texts:
                        wrong.print(f"    {word}: {text.strip()}", markup=False)
        for what, bad, target in (("no text lost", lost, 100.0), ("no furniture read", furniture, least)):
            percent = 100 * (PAGES - bad) / PAGES
            note = f"{PAGES - bad} of {PAGES}, seed {seed}"
            yield exact(f"{name}: {what}", percent, "%", target=target, sense="≥", note=note)


def _bare(text: str) -> str:
    """The words, each between spaces, so that one line is found in another only as whole words."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return f" {words} "
