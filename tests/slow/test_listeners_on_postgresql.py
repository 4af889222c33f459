"""Feeds whose tags lie in PostgreSQL's own JSON, and counters that many add to at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.parts.factories import make_parts
from tests.parts.web_rows import ready_clip
from tests.web.test_podcast import filed
from tts_service.listeners.listening.counting import ListeningMessage, count, forget_listening, keys_of
from tts_service.listeners.listening.figures import figures_of, figures_of_sites
from tts_service.parts import Parts
from tts_service.web.podcast.choice import Heading, choose, headings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path_factory.mktemp("listeners"), database_url=postgres)
    yield built
    built.close()


def test_sections_and_tags_are_found_there_too(parts: Parts) -> None:
    filed(parts, "1", section="Kultur", tags=["müller", 'a"b'])
    filed(parts, "2", tags=[])
    filed(parts, "3")
    with parts.database.reading() as session:
        found = headings(session, "gazette")
        assert (found.sections, found.tags) == (("Kultur",), ('a"b', "müller"))
        for heading in (Heading(site="gazette", tag='a"b'), Heading(site="gazette", section="Kultur")):
            chosen, more = choose(parts, session, heading, 1)
            assert ([one.shown.clip.id for one in chosen], more) == (["clip_1"], False)
        everything, _ = choose(parts, session, Heading(site="gazette"), 1)
        assert len(everything) == 3


def test_nobody_is_lost_when_many_are_counted_at_once(parts: Parts) -> None:
    ready_clip(parts, name="heard", site="herald")
    told = [
        ListeningMessage(clip_id="clip_heard", revision=1, milestones=milestones, speed=1.0, left=left)
        for milestones, left in ((("start", "quarter"), 1), (("quarter", "start"), 2))
    ]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda heard: count(parts.database, heard, keys_of(heard)), told * 40))
    with parts.database.reading() as session:
        found = figures_of(session, "clip_heard")
        assert [one.clip_id for one in figures_of_sites(session, ("herald",), "", 10)] == ["clip_heard"]
    assert (found.all.starts, found.all.reached["quarter"], found.all.speed) == (80, 80, 1.0)
    assert [(one.sentence, one.times) for one in found.left] == [(1, 40), (2, 40)]
    assert forget_listening(parts.database, parts.settings) == 0
