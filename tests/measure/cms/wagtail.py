"""A real Wagtail with our app, set up as docs/cms/wagtail.md says, on a WSGI server whose workers are recycled.

Wagtail comes from the package registry into an environment below the machine's temporary folder, once per version.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.measure.cms import wagtail_venv
from tests.measure.cms.driver import Address, Posted, states_but
from tests.parts.places import ROOT

NAME = "wagtail"
SOURCE = "wagtail"
_REASONS = {
    "paid": "Wagtail has no paid pages; a site's own paywall closes them by LISTEN_VISIBILITY",
}
SITE = Path(__file__).parent / "wagtail_site"
APP = ROOT / "samples" / "wagtail" / "listen_to_the_article"
_STARTS_IN_S = 60


def missing() -> str:
    """Why it can't run on this machine; empty: it can."""
    try:
        wagtail_venv.made()
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", b"") or b"").decode(errors="replace").strip().splitlines()
        return f"Wagtail can't be installed: {said[-1] if said else error}"
    return ""


@dataclass(slots=True)
class Wagtail:
    """A running site."""

    folder: Path
    python: str
    port: int
    workers: subprocess.Popen[bytes] | None = None
    states: Mapping[str, str] = field(default_factory=lambda: states_but(_REASONS))
    hook_options: Mapping[str, str] = field(default_factory=dict)
    hook_fields: Mapping[str, str] = field(default_factory=dict)
    hook_types: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self, service: Address) -> None:
        """The guide's steps: copy the app, settings, migrate, `listen_check`. Raises RuntimeError with its output."""
        shutil.copytree(APP, self.folder / APP.name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        given = {
            "LISTEN_ADDRESS": service.hook_url,
            "LISTEN_SECRET": service.secret,
            "LISTEN_SITE": service.site,
            "LISTEN_BASE": service.url,
            "LISTEN_KEY": service.key,
        }
        (self.folder / "listen.json").write_text(json.dumps(given))
        self.manage("migrate", "-v0", "listen_to_the_article")
        said = self.manage("listen_check", fails=True).splitlines()
        wrong = [text for text in said if text.startswith("WRONG") and "tts-service sites origins" not in text]
        if wrong or not said:  # whoever runs the service enters the origin of its pages
            raise RuntimeError(f"listen_check says: {wrong or 'nothing'}")
        self.restart()

    def publish(self, title: str, html: str) -> Posted:
        made = self.act("publish", title=title, html=html)
        return Posted(id=str(made["id"]), url=made["url"])

    def change(self, posted: Posted, html: str) -> None:
        self.act("change", page=int(posted.id), html=html)

    def put(self, posted: Posted, state: str) -> None:
        """A page that expires is taken offline by the next run of the queue."""
        self.act("put", page=int(posted.id), state=state)

    def run_queue(self) -> None:
        """What cron does every minute."""
        self.manage("publish_scheduled")
        self.manage("listen_deliver", "--once", fails=True)

    def act(self, do: str, **given: Any) -> Any:
        """What an editor does, in a worker of the site."""
        answer = httpx.post(f"{self.url}/act/", json={"do": do, **given}, timeout=60, trust_env=False)
        if answer.status_code != 200:
            raise RuntimeError(f"Wagtail answered {answer.status_code} to {do}: {answer.text[:500]}")
        return answer.json()

    def manage(self, *command: str, fails: bool = False, **environment: str) -> str:
        """A management command in a process of its own; what it printed. `fails`: its exit code may say so."""
        done = subprocess.run(
            [self.python, str(SITE / "manage.py"), *command],
            env={**os.environ, "GAZETTE_FOLDER": str(self.folder), **environment},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        if done.returncode and not fails:
            raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}: {done.stdout}{done.stderr[-2000:]}")
        return done.stdout

    def restart(self) -> None:
        """End the workers, start others, wait until they answer."""
        self.stop()
        log = (self.folder / "gunicorn.log").open("ab")
        options = ["--workers=1", "--threads=4", "--max-requests=60", "--max-requests-jitter=20", "--timeout=120"]
        with log:
            self.workers = subprocess.Popen(
                [self.python, "-m", "gunicorn", "wsgi:application", f"--bind=127.0.0.1:{self.port}", *options],
                env={**os.environ, "GAZETTE_FOLDER": str(self.folder)},
                cwd=SITE,
                stdout=log,
                stderr=log,
            )
        until, pause = time.monotonic() + _STARTS_IN_S, 0.1
        while time.monotonic() < until and self.workers.poll() is None:
            try:
                httpx.get(f"{self.url}/act/", timeout=30, trust_env=False)
                return
            except httpx.TransportError:
                time.sleep(pause)
        raise RuntimeError(f"gunicorn doesn't answer: {(self.folder / 'gunicorn.log').read_text()[-2000:]}")

    def stop(self) -> None:
        if self.workers is None:
            return
        self.workers.terminate()
        try:
            self.workers.wait(20)
        except subprocess.TimeoutExpired:
            self.workers.kill()
            self.workers.wait()
        self.workers = None


@contextmanager
def started(folder: Path) -> Iterator[Wagtail]:
    """Wagtail with an empty site in `folder`; stopped and removed at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    site = Wagtail(folder=folder, python=wagtail_venv.made(), port=free_port())
    try:
        _migrate(site)
        site.restart()
        site.act("begin", hostname="127.0.0.1", port=site.port)
        yield site
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(site: Wagtail) -> None:
    """Wagtail's own migrations take a minute on a busy machine: an empty database is kept for the next time."""
    source = b"".join(path.read_bytes() for path in sorted((SITE / "blog" / "migrations").glob("*.py")))
    name = f"wagtail-{wagtail_venv.VERSION}-{hashlib.sha256(source).hexdigest()[:12]}.sqlite3"
    kept, database = Path(tempfile.gettempdir()) / name, site.folder / "site.sqlite3"
    if kept.exists():
        shutil.copy(kept, database)
        return
    site.manage("migrate", "-v0")
    half = kept.with_suffix(f".{os.getpid()}")
    shutil.copy(database, half)
    half.replace(kept)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
