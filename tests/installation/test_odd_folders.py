"""A data folder may be called anything: database, store and broker lie in it, and nowhere else."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import redis
from kombu.utils.url import parse_url
from sqlalchemy import select

from tests.parts.factories import make_parts
from tests.parts.web_rows import ready_clip
from tts_service.db.tables import ClipRow

NAMES = (
    "a #1",
    "warum?",
    "a?mode=ro#x",
    "100%",
    "%20",
    "Straße",
    "😀",
    unicodedata.normalize("NFD", "Brücke"),
    "a&b=c;d",
    "a:b@c",
)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_everything_lies_in_the_folder_that_was_named(tmp_path: Path, name: str) -> None:
    parts = make_parts(tmp_path / name)
    ready_clip(parts)
    parts.close()
    again = make_parts(tmp_path / name)
    with again.database.reading() as session:
        assert session.scalars(select(ClipRow.id)).all() == ["clip_1"]
    again.close()

    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "data" / "tts.sqlite3").is_file()
    broker, socket = again.settings.broker, str(again.settings.broker_socket.absolute())
    assert f"/{parse_url(broker)['virtual_host']}" == socket
    with redis.Redis.from_url(broker.replace("redis+socket://", "unix://")) as client:
        assert client.connection_pool.connection_kwargs["path"] == socket
