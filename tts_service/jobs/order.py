"""Which state of an article is the newest by the CMS's own time: events arrive late, twice, out of order.

Two states may carry the same time: some CMSs count in whole seconds, and some leave `updated_at` alone when an article
is only taken offline. Then the one that was told later wins, if both say when that was. Otherwise the one that fewer
people may hear wins: a text that stays silent is a smaller harm than one that must not be heard.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol

from tts_service.db.tables import ArticleRow
from tts_service.errors import Outdated
from tts_service.values import PUBLIC


class Reach(IntEnum):
    """How many people may hear an article."""

    NOBODY = 0
    SOME = 1
    """Those with a grant."""
    EVERYBODY = 2


class Dated(Protocol):
    """A row that knows its newest state's time."""

    source_updated_ms: int | None
    source_told_ms: int | None


def reach_of(row: ArticleRow) -> Reach:
    """Who may hear it as things stand."""
    if row.withdrawn_ms is not None:
        return Reach.NOBODY
    return Reach.EVERYBODY if row.visibility == PUBLIC else Reach.SOME


def follow(row: ArticleRow, as_of_ms: int | None, reach: Reach, told_ms: int | None = None) -> None:
    """Note that the article is now as it was at `as_of_ms`, milliseconds since 1970; None: the sender doesn't say.

    `reach`: who may hear it in that state. `told_ms`: when the sender told of it. Raises Outdated when a newer state
    is known.
    """
    if as_of_ms is None:
        return
    require_newest(row, reach_of(row), as_of_ms, reach, told_ms)
    if as_of_ms == row.source_updated_ms and (told_ms is None or row.source_told_ms is None):
        row.source_told_ms = None  # of one of the two nobody knows when it was told
    else:
        row.source_told_ms = told_ms
    row.source_updated_ms = as_of_ms


def require_newest(known: Dated, known_reach: Reach, as_of_ms: int, reach: Reach, told_ms: int | None) -> None:
    """Raises Outdated unless this state is at least as new as the known one."""
    if known.source_updated_ms is None or as_of_ms > known.source_updated_ms:
        return
    if as_of_ms < known.source_updated_ms:
        late_s = (known.source_updated_ms - as_of_ms) / 1000
        raise Outdated(f"A newer state of this article, by {late_s:.3f} s, is already known.")
    if told_ms is None or known.source_told_ms is None or told_ms == known.source_told_ms:
        if reach > known_reach:
            raise Outdated(
                "The article was closed at exactly this time, so it is unclear whether it was opened afterwards. "
                "Save it again in the CMS."
            )
    elif told_ms < known.source_told_ms:
        raise Outdated("A state of this article with the same time that was reported later is already known.")
