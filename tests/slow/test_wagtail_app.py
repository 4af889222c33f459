"""Our Wagtail app in a real Wagtail site: each scenario of tests/measure/cms/wagtail_scenarios, and whole processes."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from tests.measure.cms import wagtail_scenarios, wagtail_venv
from tests.measure.cms.wagtail_receiver import HOOK, SECRET, receiving
from tests.parts.factories import make_parts
from tests.parts.tls import Authority
from tests.parts.webhooks import make_hook
from tts_service.cms.inbox.addresses import hook_path
from tts_service.cms.inbox.process import process_due
from tts_service.cms.inbox.staff import list_events
from tts_service.parts import Parts
from tts_service.web.app import create_app

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SITE = HERE.parent / "measure" / "cms" / "wagtail_site"
NO_WAGTAIL = "Wagtail isn't installed here: pip install wagtail, or name a Python that has it in WAGTAIL_PYTHON"


@pytest.fixture(scope="module")
def python() -> str:
    found = wagtail_venv.python()
    if found is None:
        pytest.skip(NO_WAGTAIL)
    return found


@dataclass(frozen=True, slots=True)
class Served:
    """The audio service on a port of its own."""

    parts: Parts
    address: str
    secret: str


@pytest.fixture(scope="module")
def served(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    parts = make_parts(tmp_path_factory.mktemp("service"))
    server = uvicorn.Server(uvicorn.Config(create_app(parts), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    hook = make_hook(parts, "wagtail")
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(parts, f"http://127.0.0.1:{port}{hook_path(hook)}", hook.secret)
    server.should_exit = True
    thread.join(10)


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of the scenarios, all run in one process."""

    folder: Path
    errors: dict[str, str]


@pytest.fixture(scope="module")
def ran(python: str, served: Served, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    ours = [item for item in request.session.items if isinstance(item, pytest.Function) and item.path == Path(__file__)]
    wanted = [str(item.callspec.params["name"]) for item in ours if hasattr(item, "callspec")]
    folder = tmp_path_factory.mktemp("gazette")
    environment = {**os.environ, "SERVICE_ADDRESS": served.address, "SERVICE_SECRET": served.secret}
    command = [python, str(HERE / "wagtail_site.py"), str(folder), *wanted]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=150, check=False)
    found = {line["name"]: line["error"] for line in map(json.loads, done.stdout.splitlines())}
    return Ran(folder, {name: found.get(name, f"it wasn't run:\n{done.stderr}") for name in wanted})


@pytest.mark.parametrize("name", [name for name in wagtail_scenarios.names() if not name.startswith("service.")])
def test_scenario(name: str, ran: Ran) -> None:
    assert ran.errors[name] == "", ran.errors[name]


@pytest.mark.parametrize("name", ["service.the_service_takes_every_state_of_a_page"])
def test_the_service_follows_a_page(name: str, ran: Ran, served: Served) -> None:
    assert ran.errors[name] == "", ran.errors[name]
    while process_due(served.parts):
        pass
    events = list(reversed(list_events(served.parts.database)))
    kinds = ["published", "unpublished", "published", "closed", "published", "deleted"]
    assert [event.kind for event in events] == kinds
    states = ["queued", "withdrawn", "queued", "withdrawn", "queued", "withdrawn"]
    assert [(event.outcome or [{}])[0]["state"] for event in events] == states
    assert len({event.external_id for event in events}) == 1


def test_publish_scheduled_tells_of_every_page_before_it_ends(python: str, ran: Ran, tmp_path: Path) -> None:
    """Over TLS, where a daemon thread of the command's process delivered none of nine."""
    authority = Authority(tmp_path)
    shutil.copy(ran.folder / "scheduled.sqlite3", tmp_path / "site.sqlite3")
    newest = subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info >= (3, 13))"], check=False)
    # From Python 3.13 on certificates must have extensions that the tests' authority does without.
    with receiving(None if newest.returncode else authority.server("localhost")) as receiver:
        given = {"LISTEN_ADDRESS": receiver.url + HOOK, "LISTEN_SECRET": SECRET, "LISTEN_SITE": "gazette"}
        (tmp_path / "listen.json").write_text(json.dumps(given))
        environment = {**os.environ, "GAZETTE_FOLDER": str(tmp_path), "SSL_CERT_FILE": str(authority.file)}
        command = [python, str(SITE / "manage.py"), "publish_scheduled"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        assert receiver.kinds() == ["published"] * 9
    with closing(sqlite3.connect(tmp_path / "site.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM listen_to_the_article_pendingpage").fetchone() == (0,)
