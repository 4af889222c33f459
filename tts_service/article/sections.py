"""The blocks of an article that stand below one of its headings."""

from __future__ import annotations

from collections.abc import Sequence

from tts_service.errors import InputRefused
from tts_service.values import Block, BlockKind

_HEADINGS = (BlockKind.HEADLINE, BlockKind.HEADING)


def section_places(blocks: Sequence[Block], heading: str) -> range:
    """Places of the first heading with these words, in any case, and of what stands below it up to the next heading.

    Raises InputRefused, with the headings that there are.
    """
    headings = [place for place, block in enumerate(blocks) if block.kind in _HEADINGS]
    wanted = heading.strip().casefold()
    for place, behind in zip(headings, [*headings[1:], len(blocks)], strict=True):
        if wanted in blocks[place].text.casefold():
            return range(place, behind)
    known = "; ".join(blocks[place].text for place in headings) or "none"
    raise InputRefused(f"The article has no heading with “{heading}”. Its headings: {known}.")
