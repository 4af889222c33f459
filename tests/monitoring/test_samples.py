"""samples/monitoring: every metric that the rules and the dashboard name exists, and promtool accepts the rules."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient

from tests.parts.factories import make_parts
from tests.parts.metrics import TOKEN, scraped
from tests.parts.places import ROOT, operations_sections
from tts_service.web.app import create_app

FOLDER = ROOT / "samples" / "monitoring"
_NAME = re.compile(r"\btts_\w+")


def expressions() -> Iterator[str]:
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for panel in json.loads((FOLDER / "dashboard.json").read_text("utf-8"))["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_every_metric_that_they_name_exists(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, metrics_token=TOKEN)
    with TestClient(create_app(parts)) as client:
        text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
        there = {name for name, _ in scraped(client)} | set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    named = {name for expression in expressions() for name in _NAME.findall(expression)}
    assert len(named) > 15
    assert named - there == set()


def test_each_alert_says_what_to_do_and_names_a_section_of_the_operations_guide() -> None:
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]:
        for rule in group["rules"]:
            assert rule["annotations"]["action"]
            assert rule["annotations"]["runbook"].removeprefix("docs/operations.md#") in operations_sections()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Debian package prometheus) isn't installed")
def test_promtool_accepts_the_rules_and_their_tests() -> None:
    for arguments in (("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")):
        done = subprocess.run(["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
