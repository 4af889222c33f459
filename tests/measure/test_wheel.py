"""`make wheel-check` reads Dockerfile and docker-compose.yml as Docker does, and they name what is here."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.measure.pythons import steps
from tests.measure.pythons.found import Failed
from tests.measure.pythons.steps import Bench
from tests.measure.wheel.compose import read_services
from tests.measure.wheel.dockerfile import execute, read_steps
from tests.parts.manifests import FOLDER
from tests.parts.places import ROOT
from tts_service.settings import Settings

COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
PYTHON = f"python:{sys.version_info.major}.{sys.version_info.minor}-slim"
TWO_STAGES = f"""
FROM {PYTHON} AS build
WORKDIR /src
# a comment
COPY one.txt folder/ ./
COPY folder parts
RUN mkdir -p /opt/made && \\
    cat one.txt parts/two.txt > /opt/made/both
FROM {PYTHON}
RUN useradd somebody
COPY --from=build /opt/made /opt/made
ENV PATH=/opt/made:$PATH URL=http://here/path GREETING='two words'
USER somebody
WORKDIR /var/lib/it
RUN cat /opt/made/both > here
HEALTHCHECK --interval=15s \\
  CMD ["python", "-c", "pass"]
CMD ["tts-service", "api"]
"""


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(steps, "LOGS", tmp_path / "logs")
    return Bench("wheel", sys.executable, tmp_path)


@pytest.fixture
def context(tmp_path: Path) -> Path:
    folder = tmp_path / "context"
    (folder / "folder").mkdir(parents=True)
    (folder / "one.txt").write_text("one ")
    (folder / "folder" / "two.txt").write_text("two")
    (folder / "Dockerfile").write_text(TWO_STAGES)
    return folder


class TestDockerfile:
    def test_steps_are_executed_in_order(self, bench: Bench, context: Path, tmp_path: Path) -> None:
        root = tmp_path / "root"
        image = execute(bench, context, root)

        assert (root / "var/lib/it/here").read_text() == "one two"
        assert not (root / "src").exists()  # of the first stage, only what was copied is there
        assert image.environment["PATH"].startswith(f"{root}/opt/made:/")
        assert (image.environment["URL"], image.environment["GREETING"]) == ("http://here/path", "two words")
        assert (image.command, image.healthcheck) == (["tts-service", "api"], ["python", "-c", "pass"])

    def test_what_isnt_executed_is_told(self, bench: Bench, context: Path, tmp_path: Path) -> None:
        image = execute(bench, context, tmp_path / "root")

        assert [line.partition(" (")[0] for line in image.left_out] == ["RUN useradd somebody", "USER somebody"]

    @pytest.mark.parametrize(
        ("line", "why"),
        [("COPY gone.txt ./", "there is no gone.txt"), ("RUN exit 3", "3"), ("FROM alpine:3", "isn't on this machine")],
    )
    def test_a_step_that_fails_ends_it(self, bench: Bench, context: Path, tmp_path: Path, line: str, why: str) -> None:
        (context / "Dockerfile").write_text(TWO_STAGES.replace("COPY folder parts", line))

        with pytest.raises(Failed, match=why):
            execute(bench, context, tmp_path / "root")

    def test_docker_is_sent_what_is_copied(self) -> None:
        sent = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        steps = read_steps((ROOT / "Dockerfile").read_text("utf-8"))
        copied = [step.words[:-1] for step in steps if step.name == "COPY" and "--from" not in step.rest]

        assert {f"!{name}" for names in copied for name in names} == {line for line in sent if line.startswith("!")}

    def test_the_image_has_the_licence_and_the_notice(self) -> None:
        copied = [
            step.words[:-1] for step in read_steps((ROOT / "Dockerfile").read_text("utf-8")) if step.name == "COPY"
        ]

        assert {"LICENSE", "NOTICE"} <= {name for names in copied for name in names}


class TestCompose:
    def test_variables_have_their_defaults(self) -> None:
        text = "services: {a: {one: '${ONE:-1}', two: '${TWO:-}', three: 'a${THREE}b', four: ['${FOUR:?say it}']}}"
        assert read_services(text, {"FOUR": "4"})["a"] == {"one": "1", "two": "", "three": "ab", "four": ["4"]}
        with pytest.raises(Failed, match="FOUR: say it"):
            read_services(text, {})

    def test_every_variable_is_a_setting(self) -> None:
        services = read_services(COMPOSE, {"TTS_POSTGRES_PASSWORD": "x"})
        ours = [service for service in services.values() if "build" in service]
        known = {f"TTS_{name.upper()}" for name in Settings.model_fields}

        assert len(ours) == 4
        assert {name for service in ours for name in service["environment"]} <= known


def test_images_have_this_version() -> None:
    named = [re.findall(r"tts-service:([\d.]+)", path.read_text("utf-8")) for path in FOLDER.glob("*.yaml")]
    assert {version for found in named for version in found} == {VERSION}
    assert set(re.findall(r"tts-service:([\d.]+)", COMPOSE)) == {VERSION}
