"""Lists and withdrawals take no longer when the queue or the archive is large: an index finds what they read."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from tests.parts.factories import make_article
from tests.parts.staff import signed
from tests.parts.statements import steps
from tests.parts.web_rows import ready_clip
from tts_service.access.keys import create_key
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw
from tts_service.jobs.submit import submit
from tts_service.parts import Parts

SORTED = "USE TEMP B-TREE FOR ORDER BY"


@pytest.mark.parametrize("address", ["/v1/jobs", "/v1/jobs?site=gazette", "/v1/jobs?state=queued"])
def test_a_list_of_jobs_is_read_in_its_order(client: TestClient, parts: Parts, address: str) -> None:
    key = create_key(parts.database, "test", ("jobs:read",))
    with steps(parts.database.engine) as made:
        assert client.get(address, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert SORTED not in made


@pytest.mark.parametrize("query", ["", "?site=gazette", "?state=rendering", "?state=ready"])
def test_the_list_of_articles_is_read_in_its_order(client: TestClient, parts: Parts, query: str) -> None:
    with steps(parts.database.engine) as made:
        assert client.get(f"/staff/articles{query}", headers=signed(parts).headers).status_code == 200
    assert SORTED not in made


def test_failed_articles_are_found_without_the_others(client: TestClient, parts: Parts) -> None:
    with steps(parts.database.engine) as made:
        assert client.get("/staff/articles?state=failed", headers=signed(parts).headers).status_code == 200
    assert [step for step in made if step.startswith("SCAN jobs")] == []


def test_to_withdraw_an_article_no_others_of_its_site_are_read(parts: Parts) -> None:
    submit(parts, make_article(), Wish(voice="tone:beep"))
    with steps(parts.database.engine) as made:
        withdraw(parts, "gazette", "1")
    searches = [step for step in made if re.search("SEARCH (articles|jobs|clips) ", step)]
    assert searches
    assert [step for step in searches if step.endswith("(site=?)")] == []


@pytest.mark.parametrize("query", ["site=gazette&article=1", "site=gazette&article=1&language=en"])
def test_to_find_an_articles_clip_no_others_of_its_site_are_read(client: TestClient, parts: Parts, query: str) -> None:
    ready_clip(parts)
    with steps(parts.database.engine) as made:
        assert len(client.get(f"/v1/clips?{query}").json()["clips"]) == 1
    searches = [step for step in made if step.startswith("SEARCH articles ")]
    assert searches
    assert [step for step in searches if step.endswith("(site=?)")] == []


def test_a_feed_reads_only_the_clips_that_it_lists(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with steps(parts.database.engine) as made:
        assert client.get("/feeds/gazette.rss").status_code == 200
    assert [step for step in made if "<expr>" in step] == [
        "SEARCH articles USING INDEX ix_articles_dated (site=? AND <expr><?)",
        "SEARCH articles USING INDEX ix_articles_dated (site=? AND <expr>>?)",
    ]
    assert "SEARCH articles USING COVERING INDEX ix_articles_withdrawn (site=? AND withdrawn_ms>?)" in made
    assert "SCAN clip_revisions USING INDEX ix_clip_revisions_recorded" in made
