"""Installs Chromium for the browser tests where Debian's package manager can; says so where it can't."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Path of an installed Chromium; None: there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Try apt-get, as root only; never fails: the tests say what they couldn't do."""
    if find() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser tests …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": 300}
    environment = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(["apt-get", "update", "-q"], check=True, env=environment, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-q", "chromium"], check=True, env=environment, **quiet)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"No Chromium ({error}): browser tests will be skipped.", flush=True)


if __name__ == "__main__":
    install()
