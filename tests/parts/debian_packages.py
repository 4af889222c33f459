"""Installs what the slow tests run beside Python, where Debian's package manager can; says so where it can't."""

from __future__ import annotations

import os
import shutil
import subprocess

from tests.parts.browser import SHELL, find
from tests.parts.nginx_proxy import find_nginx

PHP = ("php-cli", "php-sqlite3", "php-mbstring")
"""For the tests of the WordPress plugin."""


def missing() -> list[str]:
    """Debian packages whose programs aren't here."""
    return [
        *([] if shutil.which(SHELL) else [SHELL]),
        *([] if shutil.which("php") else PHP),
        *([] if find_nginx() else ["nginx-light"]),
    ]


def install() -> None:
    """Try apt-get, as root only; never fails: the tests say what they couldn't do."""
    wanted = missing()
    if not wanted or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {', '.join(wanted)} for the slow tests …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": 300}
    environment = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(["apt-get", "update", "-q"], check=True, env=environment, **quiet)
        if SHELL in wanted and subprocess.run(["apt-cache", "show", SHELL], check=False, **quiet).returncode:
            wanted.remove(SHELL)  # Debian has it, Ubuntu doesn't
            wanted += [] if find() else ["chromium"]
        if wanted:
            subprocess.run(["apt-get", "install", "-y", "-q", *wanted], check=True, env=environment, **quiet)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"Not installed ({error}): tests that need them will be skipped.", flush=True)


if __name__ == "__main__":
    install()
