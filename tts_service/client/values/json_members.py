"""Reading the values' members from the service's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

Json = Mapping[str, Any]


def members(kind: type[Any], data: Json, **read: Any) -> dict[str, Any]:
    """The arguments of a value: those in `read`, everything the service said as `raw`, and the others by their names.

    Raises KeyError for one that is missing.
    """
    names = [one.name for one in fields(kind) if one.name not in read and one.name != "raw"]
    known = {name: tuple(data[name]) if isinstance(data[name], list) else data[name] for name in names} | read
    return known | {"raw": data} if any(one.name == "raw" for one in fields(kind)) else known
