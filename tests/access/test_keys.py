"""API keys over their lives: made, used, followed by another, ended."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from typer.testing import CliRunner

from tests.parts.statements import loaded
from tests.web.test_jobs import is_problem
from tts_service.access.audit import deeds
from tts_service.access.keys import caller_of, create_key, list_keys, revoke_key, rotate_key
from tts_service.commands import app as command_line
from tts_service.db.tables import ApiKeyRow
from tts_service.errors import Conflict, KeyMissing, NotFound
from tts_service.parts import Parts
from tts_service.web.app import create_app


def made(parts: Parts, site: str | None = None) -> str:
    return create_key(parts.database, "cms", ("jobs:write", "jobs:read"), site)


def works(parts: Parts, key: str) -> bool:
    try:
        caller_of(parts.database, f"Bearer {key}")
    except KeyMissing:
        return False
    return True


def test_a_rotated_key_works_beside_its_follower_until_its_days_are_over(parts: Parts) -> None:
    old = made(parts, "gazette")
    new = rotate_key(parts.database, old[4:12], days=2)
    assert (works(parts, old), works(parts, new)) == (True, True)
    caller = caller_of(parts.database, f"Bearer {new}")
    assert (caller.site, caller.scopes) == ("gazette", frozenset({"jobs:write", "jobs:read"}))
    facts = {key["id"]: key for key in list_keys(parts.database)}
    assert facts[new[4:12]]["follows"] == old[4:12]
    assert facts[old[4:12]]["expires_ms"] - facts[new[4:12]]["created_ms"] == 2 * 86_400_000
    with parts.database.writing() as session:
        session.execute(update(ApiKeyRow).where(ApiKeyRow.id == old[4:12]).values(expires_ms=1))
    assert (works(parts, old), works(parts, new)) == (False, True)


def test_a_key_is_looked_up_in_one_statement(parts: Parts) -> None:
    key = made(parts)
    works(parts, key)  # notes its use
    with loaded(parts.database.engine) as seen:
        assert works(parts, key)
    assert len(seen.sent) == 1, "\n".join(seen.sent)


def test_of_one_key_two_live_at_most(parts: Parts) -> None:
    first = made(parts)
    second = rotate_key(parts.database, first[4:12])
    for either in (first, second):
        with pytest.raises(Conflict, match="both active"):
            rotate_key(parts.database, either[4:12])
    revoke_key(parts.database, first[4:12])
    with pytest.raises(Conflict, match="no longer works"):
        rotate_key(parts.database, first[4:12])
    assert works(parts, rotate_key(parts.database, second[4:12]))
    with pytest.raises(NotFound):
        rotate_key(parts.database, "nobodyss")


def test_rotating_never_lengthens_a_keys_life(parts: Parts) -> None:
    short = create_key(parts.database, "intern", ("jobs:read",), days=1)
    rotate_key(parts.database, short[4:12], days=30)
    facts = next(one for one in list_keys(parts.database) if one["id"] == short[4:12])
    assert facts["expires_ms"] == facts["created_ms"] + 86_400_000


def test_a_key_ends_at_once_and_says_when_it_was_used(parts: Parts) -> None:
    key = made(parts)
    assert list_keys(parts.database)[0]["used_ms"] is None
    with TestClient(create_app(parts), headers={"Authorization": f"Bearer {key}"}) as client:
        assert client.get("/v1/jobs").status_code == 200
        used = list_keys(parts.database)[0]["used_ms"]
        assert used is not None
        client.get("/v1/jobs")
        assert list_keys(parts.database)[0]["used_ms"] == used  # to the minute: one write is enough
        revoke_key(parts.database, key[4:12])
        is_problem(client.get("/v1/jobs"), 401, "key_missing")


def test_the_log_names_keys_but_never_their_secrets(parts: Parts) -> None:
    key = made(parts)
    new = rotate_key(parts.database, key[4:12])
    revoke_key(parts.database, key[4:12])
    lines = deeds(parts.database)
    assert [line.what for line in lines] == ["key.revoked", "key.rotated", "key.made"]
    assert {line.who for line in lines} == {"command line"}
    told = " ".join(str(line.details) + line.subject for line in lines)
    assert new[4:12] in told
    assert new[13:] not in told
    assert key[13:] not in told


def test_keys_by_command(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    runner = CliRunner()
    key = runner.invoke(command_line, ["keys", "add", "cms"]).stdout.strip()
    new = runner.invoke(command_line, ["keys", "rotate", key[4:12], "--days", "3"])
    assert works(parts, new.stdout.strip().splitlines()[0])
    assert "stays valid for 3 more days" in new.stderr
    assert runner.invoke(command_line, ["keys", "revoke", key[4:12]]).exit_code == 0
    assert not works(parts, key)
    listed = runner.invoke(command_line, ["keys", "--json"]).stdout
    assert key[4:12] in listed
    assert key[13:] not in listed
