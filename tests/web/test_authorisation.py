"""Who may what: the table of tests.measure.doors.authorisation holds for every route there is."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from tests.measure.doors.authorisation import (
    areas,
    colleagues_refused,
    routes,
    table,
    world,
    wrong_cells,
)
from tests.web.test_jobs import keyed
from tts_service.parts import Parts
from tts_service.web.app import create_app


def test_every_route_has_a_row_and_every_row_a_route(parts: Parts) -> None:
    assert sorted(routes(create_app(parts))) == sorted(table())


def test_a_new_route_without_a_row_is_noticed(parts: Parts) -> None:
    app = create_app(parts)
    app.add_api_route("/v1/back-door", lambda: None, methods=["POST"])
    assert set(routes(app)) - set(table()) == {"POST /v1/back-door"}


@pytest.mark.slow
@pytest.mark.parametrize("area", areas())
def test_every_cell_is_as_the_table_says(tmp_path: Path, area: str) -> None:
    """With one of six kinds of wrong key for each route, in turn; `make doors` tries them all."""
    with world(tmp_path) as made:
        made.turns = count()
        assert [line for name, row in areas()[area].items() for line in wrong_cells(made, name, row)] == []


def test_what_is_an_admins_is_not_every_colleagues(tmp_path: Path) -> None:
    with world(tmp_path) as made:
        assert colleagues_refused(made) == []


def test_the_table_notices_an_open_door(tmp_path: Path) -> None:
    """A route that asks for no key, in place of one that does: its cells are wrong, and it changed something."""
    with world(tmp_path) as made:
        app = made.client.app
        assert isinstance(app, FastAPI)

        def open_door(job_id: str) -> None:
            made.job(f"made by {job_id}")

        app.router.add_api_route("/v1/jobs/{job_id}", open_door, methods=["GET"])
        app.router.routes.insert(0, app.router.routes.pop())
        wrong = wrong_cells(made, "GET /v1/jobs/{job_id}", table()["GET /v1/jobs/{job_id}"])
        assert len([line for line in wrong if "gets 200" in line]) >= 4


def test_the_table_notices_a_refusal_that_changes_something(tmp_path: Path) -> None:
    with world(tmp_path) as made:
        app = made.client.app
        assert isinstance(app, FastAPI)

        def refuse(job_id: str) -> None:
            made.job(f"made by {job_id}")
            raise HTTPException(401)

        app.router.add_api_route("/v1/jobs/{job_id}", refuse, methods=["GET"])
        app.router.routes.insert(0, app.router.routes.pop())
        wrong = wrong_cells(made, "GET /v1/jobs/{job_id}", table()["GET /v1/jobs/{job_id}"])
        assert [line for line in wrong if "nobody is refused and changed something" in line]


def test_a_key_is_worth_nothing_in_a_cookie_or_an_address(parts: Parts) -> None:
    key = keyed(parts)["Authorization"].removeprefix("Bearer ")
    with TestClient(create_app(parts)) as client:
        for headers in (
            {"Cookie": f"Authorization=Bearer {key}"},
            {"X-API-Key": key},
            {"Authorization": key},
            {"Authorization": f"Basic {key}"},
        ):
            assert client.get(f"/v1/jobs?authorization=Bearer%20{key}&key={key}", headers=headers).status_code == 401
