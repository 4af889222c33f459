"""Cursors: each belongs to one list with one set of filters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.measure.openapi_document import document
from tests.parts.correction_rows import corrected
from tests.parts.web_rows import ready_clip
from tests.web.test_jobs import is_problem
from tts_service.access.keys import SCOPES, create_key
from tts_service.parts import Parts
from tts_service.web.api.callbacks import DeliveryFilter
from tts_service.web.api.jobs import JobFilter
from tts_service.web.api.reports import ReportQuery
from tts_service.web.app import create_app
from tts_service.web.schemas.cases import CaseQuery
from tts_service.web.schemas.corrections import ClipsQuery, CorrectionQuery
from tts_service.web.schemas.lexicon import EntryQuery
from tts_service.web.schemas.paging import PageQuery

Listed = tuple[PageQuery, str, str]
"""A list's query with a filter, a place in the list, and the thing whose list it is."""


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    key = {"Authorization": f"Bearer {create_key(parts.database, 'all', SCOPES)}"}
    with TestClient(create_app(parts), headers=key, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def lists(parts: Parts) -> dict[str, Listed]:
    ready_clip(parts)
    one, other = (corrected(parts, "clip_1") for _ in range(2))
    return {
        "/v1/callbacks/deliveries": (DeliveryFilter(state="failed"), "dlv_019b4c5e77f47e11", ""),
        "/v1/cases": (CaseQuery(site="gazette"), "0~0.1234567890123456~case_019b4c5e77f17a42", ""),
        "/v1/corrections": (CorrectionQuery(site="gazette"), "cor_019b4c5e77f68a31", ""),
        f"/v1/corrections/{one}": (ClipsQuery(state="done"), "clip_019b4c5e77f27c10", one),
        f"/v1/corrections/{other}": (ClipsQuery(state="done"), "clip_019b4c5e77f27c10", other),
        "/v1/jobs": (JobFilter(site="gazette"), "job_019b4c5e77f17a42", ""),
        "/v1/lexicon": (EntryQuery(site="gazette"), "lex_019b4c5e77f17a42", ""),
        "/v1/reports": (ReportQuery(state="new"), "1773041412500~R-7K2M9Q", ""),
    }


def test_a_cursor_of_another_list_or_of_other_filters_is_refused(client: TestClient, lists: dict[str, Listed]) -> None:
    cursors = {path: query.cursor_after(place, of) for path, (query, place, of) in lists.items()}
    for path, (query, _, _) in lists.items():
        filters = query.model_dump(exclude_none=True, exclude={"limit"})
        assert client.get(path, params=filters | {"cursor": cursors[path], "limit": 7}).status_code == 200, path
        other = is_problem(client.get(path, params={"cursor": cursors[path]}), 400, "input_refused")
        assert "with other filters" in other["detail"]
        for elsewhere, cursor in cursors.items():
            if elsewhere != path:
                refused = is_problem(client.get(path, params=filters | {"cursor": cursor}), 400, "input_refused")
                assert "from another list" in refused["detail"], (path, elsewhere)
        for made_up in ("x", "job_019b4c5e77f17a42", "~~", "a~b~", cursors[path].rpartition("~")[0][:17] + "~"):
            refused = is_problem(client.get(path, params=filters | {"cursor": made_up}), 400, "input_refused")
            assert "`next`" in refused["detail"], (path, made_up)


def test_every_list_with_pages_is_tried(lists: dict[str, Listed]) -> None:
    paged = {
        path
        for path, methods in document()["paths"].items()
        if any(one["name"] == "cursor" for one in methods.get("get", {}).get("parameters", ()))
    }
    tried = {"/v1/corrections/{correction_id}" if of else path for path, (_, _, of) in lists.items()}
    assert paged == tried


def test_an_empty_filter_is_no_filter(client: TestClient) -> None:
    cursor = JobFilter().cursor_after("job_019b4c5e77f17a42")
    assert client.get("/v1/jobs", params={"state": "", "cursor": cursor}).status_code == 200
