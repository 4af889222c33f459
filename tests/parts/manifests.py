"""The Kubernetes manifests in samples/, as Python values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "kubernetes"
Manifest = dict[str, Any]


def manifests() -> list[Manifest]:
    """Every object, in the order of files and of their documents."""
    return [one for file in sorted(FOLDER.glob("*.yaml")) for one in yaml.safe_load_all(file.read_text("utf-8"))]


def of_kind(kind: str) -> list[Manifest]:
    """Objects of one kind."""
    return [one for one in manifests() if one["kind"] == kind]


def container(deployment: Manifest) -> dict[str, Any]:
    """A deployment's only container."""
    (only,) = deployment["spec"]["template"]["spec"]["containers"]
    found: dict[str, Any] = only
    return found


def given_settings() -> dict[str, str]:
    """Environment variables of the ConfigMap."""
    (only,) = of_kind("ConfigMap")
    data: dict[str, str] = only["data"]
    return data
