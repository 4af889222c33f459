"""What is said of Python versions and packages agrees everywhere, and a version that isn't run is told as such."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.version import Version

from tests.measure.pythons import __main__ as pythons
from tests.measure.pythons import steps as pythons_steps
from tests.measure.pythons.found import ROOT, find_python, supported
from tests.measure.pythons.steps import Bench, Failed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONSTRAINTS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
NEEDED = [
    Requirement(text)
    for text in (
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["piper"],
        *PROJECT["optional-dependencies"]["espeak"],
    )
]
UNBOUND = {"argon2-cffi", "cryptography", "tzdata"}
"""Security fixes and data."""


def on(version: str) -> dict[str, str]:
    """The markers' environment on a Python here."""
    return {**default_environment(), "python_version": version, "python_full_version": f"{version}.1", "extra": ""}  # type: ignore[dict-item]


def pinned(name: str, version: str) -> Version | None:
    """What the constraints pin on a Python."""
    for line in CONSTRAINTS:
        if _name(line) == name and (line.marker is None or line.marker.evaluate(on(version))):
            (pin,) = line.specifier
            return Version(pin.version)
    return None


def _name(requirement: Requirement) -> str:
    return requirement.name.lower().replace("_", "-")


def test_every_place_names_the_same_versions() -> None:
    assert supported() == ("3.11", "3.12", "3.13")
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if "Python :: 3." in line]
    assert tuple(named) == supported()
    images = re.findall(r"FROM python:([\d.]+)", (ROOT / "Dockerfile").read_text("utf-8"))
    assert images
    assert set(images) <= set(supported())


@pytest.mark.parametrize("version", supported())
def test_what_the_constraints_pin_lies_within_the_bounds(version: str) -> None:
    for needed in NEEDED:
        if needed.marker is None or needed.marker.evaluate(on(version)):
            pin = pinned(_name(needed), version)
            assert pin is not None, f"{needed.name} isn't pinned on {version}"
            assert pin in needed.specifier, f"{needed} on {version}, where {pin} is pinned"


def test_every_package_has_both_bounds_and_no_upper_one_beyond_what_was_run() -> None:
    for needed in NEEDED:
        operators = {part.operator: Version(part.version) for part in needed.specifier}
        if "==" in operators or _name(needed) in UNBOUND:
            continue
        newest = max(filter(None, (pinned(_name(needed), version) for version in supported())))
        assert operators.keys() == {">=", "<"}, needed
        assert operators["<"] <= Version(str(newest.major + 1)), f"{needed}: {newest} was run"


def test_no_marker_compares_the_kernels_name() -> None:
    """pip 24 reads `6.1.0-18-amd64` as a version, and fails before it installs anything."""
    assert not [str(line) for line in CONSTRAINTS if "platform_release" in str(line.marker)]
    assert not [str(line) for line in CONSTRAINTS if "platform_version" in str(line.marker)]


class TestTable:
    @pytest.fixture(autouse=True)
    def _own_logs(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pythons_steps, "LOGS", tmp_path)

    def run(self, monkeypatch: pytest.MonkeyPatch, steps: dict[str, Callable[[Bench], str]], *given: str) -> int:
        monkeypatch.setattr(pythons, "steps_of", lambda _: steps)
        return pythons.main(list(given))

    def test_a_version_that_isnt_here_is_told_and_ends_with_1(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(pythons, "find_python", lambda version: None if version == "3.12" else ("p", version))
        assert self.run(monkeypatch, {"demo": lambda _: "fine"}) == 1
        said = capsys.readouterr().out
        assert said.count("fine, 0 s") == 2
        assert re.search(r"3\.12\W+NOT RUN\W+NOT RUN", said)
        assert "2 passed, 1 failed" in said

    def test_what_comes_behind_a_failed_step_isnt_run(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fails(_: Bench) -> str:
            raise Failed("no clip was checked")

        monkeypatch.setattr(pythons, "find_python", lambda version: ("p", version))
        assert self.run(monkeypatch, {"demo": fails, "doctor": lambda _: "fine"}, "--only", "3.13") == 1
        said = capsys.readouterr().out
        assert "FAILED: no clip was checked" in said
        assert "fine" not in said

    def test_the_ends_are_those_that_the_machine_has(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(pythons, "find_python", lambda version: None if version == "3.11" else ("p", version))
        assert self.run(monkeypatch, {"demo": lambda _: "fine"}, "--ends") == 0
        assert re.findall(r"3\.\d+(?= \(p\))", capsys.readouterr().out) == ["3.13", "3.12"]

    def test_a_version_outside_the_bounds_is_refused(self) -> None:
        with pytest.raises(SystemExit):
            pythons.main(["--only", "3.14"])


def test_a_python_is_only_taken_when_it_starts_and_is_the_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, body in (("3.12.9", "exit 1"), ("3.12.10", "echo 3.12.10"), ("3.12.8", "echo 3.11.2")):
        path = tmp_path / "versions" / name / "bin" / "python3"
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert find_python("3.12") == (str(tmp_path / "versions/3.12.10/bin/python3"), "3.12.10")
    assert find_python("3.99") is None
