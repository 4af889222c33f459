"""The Dockerfile's steps, executed in order without Docker, with a folder in place of the image's root.

A path such as /opt/tts becomes FOLDER/opt/tts. What needs a container or changes the machine is listed, not executed.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.measure.pythons.found import Failed, find_python
from tests.measure.pythons.steps import Bench

_PATH = re.compile(r"(?<![\w./$])/(?=[a-z])")
_NEEDS_ROOT = ("useradd ",)
_UP_TO_S = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An instruction."""

    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        """Of COPY, CMD and the like, in either form."""
        found: list[str] = json.loads(self.rest) if self.rest.startswith("[") else shlex.split(self.rest)
        return found


@dataclass(slots=True, kw_only=True)
class Image:
    """What executing the steps left."""

    root: Path
    environment: dict[str, str]
    workdir: Path
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Each with its reason."""


def read_steps(text: str) -> list[Step]:
    """Comments dropped, continued lines joined."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", lines)
    parts = [line.strip().partition(" ") for line in joined.splitlines() if line.strip()]
    return [Step(name=name.upper(), rest=rest.strip()) for name, _, rest in parts]


def execute(bench: Bench, context: Path, root: Path) -> Image:
    """Every step of `context`/Dockerfile. Raises Failed."""
    stages: dict[str, Path] = {}
    image, stage = _image(root), ""
    for step in read_steps((context / "Dockerfile").read_text("utf-8")):
        line = f"{step.name} {step.rest}"
        if step.name == "FROM":
            if stage:  # its files lie aside, for COPY --from
                stages[stage] = root.rename(root.with_name(f"stage-{stage}"))
            image, stage = _from(step, image, root), step.rest.rpartition(" ")[2]
        elif step.name == "WORKDIR":
            image.workdir = Path(_placed(step.rest, root))
            image.workdir.mkdir(parents=True, exist_ok=True)
        elif step.name == "COPY":
            _copy(step, image, context, stages)
        elif step.name == "RUN" and not step.rest.startswith(_NEEDS_ROOT):
            bench.run(["sh", "-ec", _placed(step.rest, root)], _UP_TO_S, image.environment, image.workdir)
        elif step.name == "ENV":
            _set(step, image)
        elif step.name == "CMD":
            image.command = step.words
        elif step.name == "HEALTHCHECK":
            image.healthcheck = json.loads(step.rest[step.rest.index("[") :])
        else:
            why = {"RUN": "adds an account to the machine", "USER": "that account isn't there"}
            image.left_out.append(f"{line} ({why.get(step.name, 'says something to Docker only')})")
            continue
        image.executed.append(line)
    return image


def _image(root: Path) -> Image:
    return Image(root=root, environment={}, workdir=root)


def _from(step: Step, before: Image, root: Path) -> Image:
    """A new stage, in which `python` is the one that the image's name tells."""
    named = re.match(r"python:(\d+\.\d+)", step.rest)
    found = find_python(named[1]) if named else None
    if found is None:
        raise Failed(f"FROM {step.rest}: that Python isn't on this machine")
    root.mkdir(parents=True)
    image = _image(root)
    image.executed, image.left_out = before.executed, before.left_out
    image.environment = {"PATH": f"{Path(found[0]).parent}:/usr/bin:/bin"}
    return image


def _copy(step: Step, image: Image, context: Path, stages: dict[str, Path]) -> None:
    *sources, target = [word for word in step.words if not word.startswith("--")]
    stage = next((word.partition("=")[2] for word in step.words if word.startswith("--from=")), None)
    into = image.root / target.lstrip("/") if target.startswith("/") else image.workdir / target
    for name in sources:
        source = (stages[stage] if stage else context) / name.lstrip("/")
        if not source.exists():
            raise Failed(f"COPY {step.rest}: there is no {name}")
        place = into / source.name if target.endswith("/") else into
        place.parent.mkdir(parents=True, exist_ok=True)
        if stage:
            source.rename(place)  # a virtual environment works only where it was made
        elif source.is_dir():
            shutil.copytree(source, place)
        else:
            shutil.copy2(source, place)


def _set(step: Step, image: Image) -> None:
    for word in shlex.split(step.rest):
        name, _, value = word.partition("=")
        placed = _placed(value, image.root)
        image.environment[name] = re.sub(r"\$(\w+)", lambda found: image.environment.get(found[1], ""), placed)


def _placed(text: str, root: Path) -> str:
    """With the root's folder before each absolute path."""
    return _PATH.sub(f"{root}/", text)
