"""The document's examples, which examples.json keeps: of bodies by model, of problems by code, of events by type."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

_KEPT: dict[str, dict[str, Any]] = json.loads((files(__package__) / "examples.json").read_text("utf-8"))
MODELS: dict[str, Any] = _KEPT["models"]
"""By name of the model."""
PROBLEMS: dict[str, dict[str, Any]] = _KEPT["problems"]
"""By code: detail, and further members where there are any."""
EVENTS: dict[str, dict[str, Any]] = _KEPT["events"]
"""By type."""
PARAMETERS: dict[str, Any] = _KEPT["parameters"]
"""By name: meaning, and an example."""
