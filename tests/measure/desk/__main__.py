"""`make desk`: the staff's desk, measured: impact lists, previews, corrections, the queue, grouping.

    python -m tests.measure.desk [--only NAME ...]

Prints each figure as soon as it is known, then one table (each figure with what it should reach) and JSON lines, which
out/bench.jsonl keeps too. Ends with 1 when a figure isn't reached or couldn't be measured.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from importlib import import_module

from tests.measure import desk
from tests.measure.figures import Figure
from tests.measure.one_by_one import measure


def parts() -> dict[str, Callable[[], Iterable[Figure]]]:
    """`figures` of every module of this folder that has some, by its name."""
    names = sorted(found.name for found in pkgutil.iter_modules(desk.__path__) if not found.name.startswith("_"))
    modules = {name: import_module(f"tests.measure.desk.{name}") for name in names}
    return {name: module.figures for name, module in modules.items() if hasattr(module, "figures")}


def main() -> None:
    """Measure, print, keep."""
    measure(parts(), "Measure the staff's desk")


if __name__ == "__main__":
    main()
