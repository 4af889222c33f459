"""MariaDB, PHP-FPM and nginx in a private folder: what a real WordPress site runs on.

PHP-FPM and not PHP's built-in server: only there a request can end for the browser while PHP goes on, which is how most
sites run and how the plugin sends its deliveries.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = {
    "php": "php-cli",
    "mariadbd": "mariadb-server",
    "mariadb-install-db": "mariadb-server",
    "nginx": "nginx-light",
}
EXTENSIONS = {"mysqli": "php-mysql", "curl": "php-curl", "mbstring": "php-mbstring", "xml": "php-xml"}
_WORKERS = 8


def find_fpm() -> str | None:
    """PHP-FPM under the name that Debian gives it, such as /usr/sbin/php-fpm8.2."""
    return next((str(path) for path in sorted(Path("/usr/sbin").glob("php-fpm*"))), shutil.which("php-fpm"))


def missing() -> str:
    """What this machine lacks; empty: nothing."""
    packages = {package for program, package in PROGRAMS.items() if shutil.which(program, path=_path()) is None}
    if find_fpm() is None:
        packages.add("php-fpm")
    if "php-cli" not in packages:
        loaded = subprocess.run(["php", "-m"], capture_output=True, text=True, check=False).stdout.lower().split()
        packages |= {package for name, package in EXTENSIONS.items() if name not in loaded}
    return f"not installed: {', '.join(sorted(packages))} (Debian packages)" if packages else ""


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server with a database."""

    folder: Path
    port: int
    socket: Path
    """MariaDB's."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def php(self, script: Path, *arguments: str, seconds: float = 60) -> str:
        """Run a PHP script on the command line; what it printed."""
        done = subprocess.run(
            ["php", "-d", "display_errors=stderr", script, *arguments],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{script.name} ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-500:]}")
        return done.stdout

    def sql(self, statement: str) -> str:
        """Run SQL as the database's owner; rows as lines with tabs."""
        command = ["mariadb", f"--socket={self.socket}", "-uroot", "-N", "-B", "wordpress", "-e", statement]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout


@contextmanager
def running(folder: Path, documents: Path) -> Iterator[Server]:
    """Serve `documents` on a free port. Everything is stopped at the end."""
    port = _free_port()
    server = Server(folder=folder, port=port, socket=folder / "db.sock")
    with ExitStack() as stack:
        stack.enter_context(_database(server))
        stack.enter_context(_php(folder))
        stack.enter_context(_nginx(server, documents))
        yield server


@contextmanager
def _database(server: Server) -> Iterator[None]:
    data = server.folder / "db"
    user = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(
        [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            *user,
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PATH": _path()},
    )
    command = [
        shutil.which("mariadbd", path=_path()) or "mariadbd",
        "--no-defaults",
        f"--datadir={data}",
        f"--socket={server.socket}",
        "--skip-networking",
        f"--pid-file={server.folder / 'db.pid'}",
        "--innodb-flush-log-at-trx-commit=2",
        "--innodb-buffer-pool-size=64M",
        *user,
    ]
    with _process(command, server.folder / "db.log"):
        # Its socket is there before it answers.
        _wait(lambda: _sql_done(server, "CREATE DATABASE IF NOT EXISTS wordpress"), "MariaDB", server.folder / "db.log")
        yield


def _sql_done(server: Server, statement: str) -> bool:
    command = ["mariadb", f"--socket={server.socket}", "-uroot", "-e", statement]
    return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0


@contextmanager
def _php(folder: Path) -> Iterator[None]:
    owner = "user = root\ngroup = root\n" if os.geteuid() == 0 else ""
    (folder / "fpm.conf").write_text(
        f"[global]\nerror_log = {folder}/fpm.log\ndaemonize = no\n"
        f"[site]\n{owner}listen = {folder}/fpm.sock\npm = static\npm.max_children = {_WORKERS}\n"
        f"php_admin_value[error_log] = {folder}/php.log\nphp_admin_flag[log_errors] = on\n"
        "php_admin_value[opcache.enable] = 1\ncatch_workers_output = yes\n"
    )
    command = [find_fpm() or "php-fpm", *(["-R"] if os.geteuid() == 0 else []), "-F", "-y", str(folder / "fpm.conf")]
    with _process(command, folder / "fpm.out"):
        _wait((folder / "fpm.sock").exists, "PHP-FPM's socket", folder / "fpm.log")
        yield


@contextmanager
def _nginx(server: Server, documents: Path) -> Iterator[None]:
    folder = server.folder
    temporary = "".join(
        f"{kind}_temp_path {folder}/nginx-{kind};" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi")
    )
    owner = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"""daemon off; {owner} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
  include /etc/nginx/mime.types; access_log off; client_max_body_size 16m; {temporary}
  server {{
    listen 127.0.0.1:{server.port}; root {documents}; index index.php; absolute_redirect off;
    location / {{ try_files $uri $uri/ /index.php?$args; }}
    location ~ \\.php$ {{
      include /etc/nginx/fastcgi_params;
      fastcgi_param HTTP_HOST $http_host;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_pass unix:{folder}/fpm.sock; fastcgi_read_timeout 60s; fastcgi_buffers 16 32k; fastcgi_buffer_size 32k;
    }}
  }}
}}
"""
    )
    command = [shutil.which("nginx", path=_path()) or "nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with _process(command, folder / "nginx.out"):
        _wait(lambda: _answers(server.port), "nginx", folder / "nginx.log")
        yield


@contextmanager
def _process(command: list[str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(ready: Callable[[], bool], what: str, log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            said = log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"{what} wasn't there within {seconds:g} s: {said}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
