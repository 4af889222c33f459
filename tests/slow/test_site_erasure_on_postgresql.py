"""A whole site is erased on PostgreSQL, with its objects in S3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.factories import delete_all_rows, make_parts
from tests.parts.whole_site import everything
from tests.retention.test_site_erasure import GONE, STAYS, forget, left, only, two_sites
from tts_service.access.audit import COMMAND_LINE
from tts_service.parts import Parts
from tts_service.retention.site_erasure import erase_site, go_on_erasing

pytestmark = pytest.mark.slow


@pytest.fixture
def parts(tmp_path: Path, postgres: str, s3: dict[str, str]) -> Iterator[Parts]:
    built = make_parts(tmp_path, database_url=postgres, **s3)
    delete_all_rows(built.database)
    yield built
    built.close()


def test_nothing_is_left_and_the_site_beside_it_lost_nothing(parts: Parts) -> None:
    kept = two_sites(parts)
    assert not erase_site(parts, GONE, COMMAND_LINE, within_s=0).finished
    go_on_erasing(parts, within_s=60)
    forget(parts)
    assert left(parts) == []
    assert only(everything(parts), STAYS) == kept
