"""WebKit (Debian's webkit2gtk-driver) on a screen that nobody sees, driven over the WebDriver protocol."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

_BROWSERS = ("/usr/lib/*/webkit2gtk-4.*/MiniBrowser",)
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver names an element."""
_STARTS_IN_S = 30


def why_missing() -> str:
    """Why it can't run on this machine; empty: it can."""
    needed = {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}
    if packages := [package for program, package in needed.items() if shutil.which(program) is None]:
        return f"no WebKit on this machine: apt-get install {' '.join(packages)} gstreamer1.0-libav"
    return "" if _mini_browser() else "WebKitWebDriver is here, its MiniBrowser isn't"


@dataclass(slots=True, kw_only=True)
class Tab:
    """A page in WebKit."""

    session: str
    client: httpx.Client

    def open(self, url: str) -> None:
        self._call("/url", {"url": url})

    def ask(self, script: str) -> Any:
        """What a function body in the page returns."""
        return self._call("/execute/sync", {"script": script, "args": []})

    def press(self, script: str) -> None:
        """Press the element that a function body in the page returns, as a person does."""
        element = self.ask(script)
        self._call(f"/element/{element[_ELEMENT]}/click", {})

    def wait(self, script: str, seconds: float = 60) -> None:
        """Until a function body in the page returns something true."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.ask(script):
                return
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s: {script}")

    def _call(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.client.post(self.session + path, json=body)
        value = answer.json()["value"]
        assert answer.is_success, value
        return value


@contextmanager
def tab() -> Iterator[Tab]:
    """A new WebKit with one page; it asks for a press before it plays, as Safari does."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    screen, port = f":{_free(range(90, 190), '/tmp/.X11-unix/X{}')}", _free_port()
    display = subprocess.Popen(["Xvfb", screen, "-screen", "0", "1280x900x24"], **quiet)
    # Its sandbox needs user namespaces, which a container may not have.
    environment = {**os.environ, "DISPLAY": screen, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    driver = subprocess.Popen(["WebKitWebDriver", f"--port={port}"], env=environment, **quiet)
    try:
        with httpx.Client(timeout=60, trust_env=False) as client:
            yield _started(client, f"http://127.0.0.1:{port}")
    finally:
        for process in (driver, display):
            process.terminate()
            process.wait(20)


def _started(client: httpx.Client, driver: str) -> Tab:
    options = {"binary": _mini_browser(), "args": ["--automation"]}
    wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
    until = time.monotonic() + _STARTS_IN_S
    while True:
        try:
            made = client.post(f"{driver}/session", json=wanted).json()["value"]
            return Tab(session=f"{driver}/session/{made['sessionId']}", client=client)
        except (httpx.TransportError, KeyError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _mini_browser() -> str:
    found = [path for pattern in _BROWSERS for path in Path("/").glob(pattern.lstrip("/"))]
    return str(found[-1]) if found else ""


def _free(numbers: range, path: str) -> int:
    return next(number for number in numbers if not Path(path.format(number)).exists())


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
