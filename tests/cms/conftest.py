"""What the tests of webhooks, feeds and checks share: a desk that receives webhooks, and a publisher's site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.factories import Doorbell, make_parts
from tests.parts.feed_site import Publisher, publisher
from tests.parts.webhooks import Desk, desk
from tts_service.parts import Parts


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell) -> Iterator[Parts]:
    """Parts that ask a site without a pause between requests."""
    built = make_parts(tmp_path, bell, fetch_pause_s=0)
    yield built
    built.close()


@pytest.fixture
def site() -> Iterator[Publisher]:
    with publisher() as made:
        yield made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk for all tests of a file; `here` empties it for each."""
    with desk(make_parts(tmp_path_factory.mktemp("desk"))) as built:
        yield built


@pytest.fixture
def here(built: Desk) -> Desk:
    return built.cleared()
