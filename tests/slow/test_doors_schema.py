"""A few requests made from the OpenAPI document, the same ones each time: `make doors` makes many."""

from __future__ import annotations

import pytest

from tests.measure.doors.schema import search
from tests.measure.openapi_document import operations

pytestmark = pytest.mark.slow
ABOUT = len([name for name, _ in operations() if " /" in name])


def test_no_request_breaks_anything_and_every_answer_is_as_the_document_says() -> None:
    found = search("key", examples=1, seed=1, rounds=[{"coverage": {"enabled": False}, "stateful": {"enabled": False}}])
    assert (found.failures, found.errors) == ({}, [])
    assert len(found.operations) > ABOUT * 0.9
    assert found.cases["fuzzing"] >= ABOUT
