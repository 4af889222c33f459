"""What Ghost, Directus and Strapi share as drivers: installing from npm once per version, running node, and HTTP.

Packages live below the machine's temporary folder and are used again by later runs. Install scripts are switched off,
because many of them download binaries from places that a build machine may not reach; the few native modules that are
needed are built from source afterwards.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CACHE = Path(tempfile.gettempdir()) / "tts-service-cms"
INSTALL_S = 900
"""Seconds that one npm command may take."""
START_S = 300
"""Seconds until a CMS has to answer."""
_NODE = 20
_QUIET = ("--no-audit", "--no-fund", "--loglevel=error", "--no-update-notifier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An npm package at one version, and what it needs to run here."""

    name: str
    version: str
    beside: Mapping[str, str] = field(default_factory=dict)
    """Packages that are installed along with it."""
    native: tuple[str, ...] = ()
    """Modules that are built from source."""
    unpacked: bool = False
    """The package is itself the project (Ghost): unpacked, then its dependencies are installed inside it."""
    flags: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        return CACHE / f"{self.name.rpartition('/')[2]}-{self.version}"


def why_missing(package: Package) -> str:
    """Install the package unless it is there; why that can't be done, or nothing."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return f"{program} isn't installed (Debian: nodejs, npm)"
    version = subprocess.run(
        ["node", "--version"], check=False, capture_output=True, text=True, timeout=30
    ).stdout.strip()
    if int(version.lstrip("v").partition(".")[0] or 0) < _NODE:
        return f"node is {version}, {_NODE} or later is needed"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{package.folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once don't install into the same folder
        if (package.folder / ".installed").exists():
            return ""
        try:
            _install(package)
        except subprocess.TimeoutExpired:
            return f"npm install of {package.name} {package.version} took longer than {INSTALL_S} s"
        except subprocess.CalledProcessError as error:
            return f"npm can't install {package.name} {package.version}: {_last_line(error.stderr or error.stdout)}"
    return ""


def _install(package: Package) -> None:
    shutil.rmtree(package.folder, ignore_errors=True)
    package.folder.mkdir(parents=True)
    if package.unpacked:
        _npm(package.folder, "pack", f"{package.name}@{package.version}", "--silent")
        archive = next(package.folder.glob("*.tgz"))
        shutil.unpack_archive(archive, package.folder)
        archive.unlink()
        for found in (package.folder / "package").iterdir():
            found.rename(package.folder / found.name)
        (package.folder / "package").rmdir()
        _drop_developers_packages(package.folder / "package.json")
    else:
        wanted = {"private": True, "dependencies": {package.name: package.version, **package.beside}}
        (package.folder / "package.json").write_text(json.dumps(wanted), "utf-8")
    _npm(package.folder, "install", "--ignore-scripts", "--no-package-lock", *package.flags, *_QUIET)
    if package.native:
        from_source = {"npm_config_build_from_source": "true"}
        headers = {"npm_config_nodedir": "/usr"} if Path("/usr/include/node").is_dir() else {}
        _npm(package.folder, "rebuild", *package.native, *_QUIET, more=from_source | headers)
    (package.folder / ".installed").touch()


def _drop_developers_packages(manifest: Path) -> None:
    """npm looks all of them up, even those it doesn't install, and some lie outside the registry."""
    read = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**read, "devDependencies": {}}), "utf-8")


def _npm(folder: Path, *arguments: str, more: Mapping[str, str] | None = None) -> None:
    subprocess.run(
        ["npm", *arguments],
        cwd=folder,
        env={**os.environ, **(more or {})},
        check=True,
        capture_output=True,
        text=True,
        timeout=INSTALL_S,
    )


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and "complete log" not in line]
    return (lines[-1] if lines else "no message")[:200]


# --- a running one ---


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: list[str], folder: Path, environment: Mapping[str, str], is_up: Callable[[], bool]
) -> Iterator[subprocess.Popen[bytes]]:
    """The program in `folder` with its output in log.txt, up and answering; ended at the end.

    Raises RuntimeError with the log's end when it stops or doesn't answer in time.
    """
    log = folder / "log.txt"
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + START_S
        while not is_up():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[-1]} didn't start:\n{log.read_text('utf-8', 'replace')[-3000:]}")
            time.sleep(0.5)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)


class Refused(Exception):
    """The CMS's API answered with an error."""


@dataclass(slots=True, kw_only=True)
class Api:
    """A CMS's JSON API on this machine, with what it wants in every request."""

    base: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer; None when it is empty. Raises Refused."""
        status, answer = self.ask(method, path, body)
        if status >= 400:
            raise Refused(f"{method} {path}: {status} {answer[:500]!r}")
        return json.loads(answer) if answer.strip().startswith((b"{", b"[")) else None

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Status and body, whatever they are. Raises OSError when nobody answers."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", **self.headers} if data else dict(self.headers)
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                for cookie in answer.headers.get_all("set-cookie") or []:
                    self.headers["cookie"] = cookie.partition(";")[0]
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def answers(self, path: str) -> bool:
        """Whether it is up: any answer below 500 counts."""
        try:
            return self.ask("GET", path)[0] < 500
        except OSError:
            return False
