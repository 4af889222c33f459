"""Rows of cases, for tests of what is done with many."""

from __future__ import annotations

from tts_service.db.tables import CaseRow


def case_row(number: int, *, at_ms: int, site: str = "gazette", key: str = "") -> CaseRow:
    """A case that was last changed at a time."""
    return CaseRow(
        id=f"case_{number}",
        site=site,
        language="en",
        voice="tone:beep",
        kind="word",
        key=key or str(number),
        category="other",
        written="Elmsworth",
        sentence="Elmsworth was dark.",
        state="new",
        reason="",
        first_ms=at_ms,
        last_ms=at_ms,
        updated_ms=at_ms,
        reports=1,
    )
