"""Lease owners: processes that others on the same machine can see are dead before the lease ends."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""Another one on each machine, and after each start of it."""


def this_owner() -> str:
    """Name of this process: machine and pid namespace, pid, start time (a pid alone may be another's by now)."""
    return f"{_place()}|{os.getpid()}|{_started(os.getpid())}"


def is_dead(owner: str | None) -> bool:
    """True only when the owner ran here and is gone; an owner elsewhere is never called dead."""
    if not owner or owner.count("|") != 2:
        return False
    place, pid, started = owner.split("|")
    return place == _place() and pid.isdigit() and _started(int(pid)) != started


@cache
def _place() -> str:
    try:
        namespace = Path("/proc/self/ns/pid").readlink().name
        boot = BOOT_ID.read_text().strip()  # machines made from one image have the same name and the same namespace
    except OSError:  # not Linux: nobody is called dead, the lease's time decides
        namespace, boot = f"unknown:{os.getpid()}", ""
    return f"{platform.node()}:{boot}:{namespace}"


def _started(pid: int) -> str:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if fields[0] in ("Z", "X") else fields[19]
