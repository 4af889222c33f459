"""Which state of an article is the newest, by the CMS's own time: events arrive late, twice, and out of order."""

from __future__ import annotations

from tts_service.db.tables import ArticleRow
from tts_service.errors import Outdated


def follow(row: ArticleRow, as_of_ms: int | None) -> None:
    """Note that the article is now as it was at `as_of_ms`, milliseconds since 1970; None: the sender doesn't say.

    Raises Outdated when a newer state is known. The same time again is taken: some CMSs count in whole seconds.
    """
    if as_of_ms is None:
        return
    if row.source_updated_ms is not None and as_of_ms < row.source_updated_ms:
        late_s = (row.source_updated_ms - as_of_ms) / 1000
        raise Outdated(f"A state of article {row.external_id} that is {late_s:.3f} s newer is known here.")
    row.source_updated_ms = as_of_ms
