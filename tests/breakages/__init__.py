"""The breakages of `make sabotage`: every file here is a subject."""

from __future__ import annotations

import importlib
import pkgutil

from tests.breakages.breakage import Breakage

_SUBJECTS = [
    importlib.import_module(f"{__name__}.{found.name}")
    for found in pkgutil.iter_modules(__path__)
    if found.name != "__main__"
]
BREAKAGES: tuple[Breakage, ...] = tuple(
    breakage for subject in _SUBJECTS for breakage in getattr(subject, "BREAKAGES", ())
)

__all__ = ["BREAKAGES", "Breakage"]
