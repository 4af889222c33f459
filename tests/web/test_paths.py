"""Nothing outside of its folder is read or written, however a name is spelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measure.doors.paths import UPWARDS, escapes


@pytest.mark.slow
def test_no_spelling_leads_out_of_a_folder(tmp_path: Path) -> None:
    wrong, tried = escapes(tmp_path, [f"{up * 4}canary.txt" for up in UPWARDS])
    assert wrong == []
    assert tried > 25 * 25
