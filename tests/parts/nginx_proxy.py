"""A real nginx with TLS before a service, configured as docs/operations.md says."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.parts.places import ROOT
from tests.parts.tls import Authority

DOCS = ROOT / "docs" / "operations.md"
HOST = "localhost"
_STARTS_S = 15
_AROUND = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_buffering on;
    gzip on;
{servers}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the world sees of a service."""

    url: str
    """Where nginx hands the path on as it came."""
    stripped: str
    """Where it takes the path off."""
    authority: Authority
    """Whom clients have to trust."""


def find_nginx() -> str | None:
    """Path of an installed nginx; None: there is none."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def documented() -> str:
    """The server block of the documentation."""
    found = re.search(r"```nginx\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found is not None, "docs/operations.md has no nginx configuration"
    return found[1]


@contextmanager
def proxied(folder: Path, inside: int, outside: tuple[int, int]) -> Iterator[Front]:
    """nginx before the service at port `inside`; `outside`: ports that hand the path on, and that take it off."""
    authority = Authority(folder)
    authority.server(HOST)
    block = documented().replace("/etc/ssl/news.example.pem", f"{folder}/{HOST}.pem")
    block = block.replace("/etc/ssl/news.example.key", f"{folder}/{HOST}.pem").replace("news.example", HOST)
    block = block.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{inside}")
    keeps = block.replace("listen 443 ssl", f"listen 127.0.0.1:{outside[0]} ssl")
    strips = block.replace("listen 443 ssl", f"listen 127.0.0.1:{outside[1]} ssl")
    strips = strips.replace(f"proxy_pass http://127.0.0.1:{inside};", f"proxy_pass http://127.0.0.1:{inside}/;")
    assert keeps.count(str(inside)) == strips.count(f"{inside}/;") == 1
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(_AROUND.format(user=user, folder=folder, servers=keeps + strips))
    server = subprocess.Popen([str(find_nginx()), "-c", str(file), "-p", str(folder), "-e", f"{folder}/error.log"])
    try:
        _wait(server, outside[0], folder / "error.log")
        yield Front(
            url=f"https://{HOST}:{outside[0]}/audio", stripped=f"https://{HOST}:{outside[1]}/audio", authority=authority
        )
    finally:
        server.terminate()
        server.wait(10)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _STARTS_S
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nginx doesn't start: {log.read_text() if log.exists() else ''}")
