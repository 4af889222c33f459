"""Whatever a newsroom does and whenever a process dies: nothing retained is lost, nothing else is left."""

from __future__ import annotations

from tests.retention.histories import check_histories


def test_no_history_loses_what_is_kept_or_leaves_what_is_not() -> None:
    check_histories(6)
