"""Makes a release's data folder with that release's own code, as its users did: by its commands and its API.

    git archive 7aa7873a tts_service workers | tar x -C /tmp/old
    python tests/data/releases/make.py /tmp/old tests/data/releases/0.2.0.tar.xz

Before a version is released, make its folder: `make upgrade` fails for a version in CHANGELOG.md that has none.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import httpx

TEXT = "The ferry to Elmsworth sails. It cost £3m."
PORT = "18765"
NOT_KEPT = ("signing", "logs", "valkey", "valkey.sock", "run.lock")
"""A private key, which the next start makes anew, and what only the running service needs."""


def main(code: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TTS_")}
        env = kept | {"PYTHONPATH": str(code), "TTS_DATA_DIR": str(data), "TTS_PORT": PORT, "TTS_WARM_VOICES": ""}
        command = [sys.executable, "-m", "tts_service.cli"]
        service = subprocess.Popen([*command, "run"], cwd=code, env=env, stdout=subprocess.PIPE, text=True)
        try:
            assert service.stdout is not None
            key = next(line.rpartition(" ")[2].strip() for line in service.stdout if line.startswith("API key"))
            _fill(key)
        finally:
            service.send_signal(signal.SIGINT)
            service.wait(60)
        for name in NOT_KEPT:
            path = data / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        database = sqlite3.connect(data / "tts.sqlite3")
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("VACUUM")
        database.close()
        with tarfile.open(target, "w:xz") as archive:
            archive.add(data, ".", filter=_without_owner)


def _fill(key: str) -> None:
    """A finished clip, and one that is withdrawn."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{PORT}", headers={"Authorization": f"Bearer {key}"}, timeout=30, trust_env=False
    ) as client:
        for number in ("1", "2"):
            article = {"site": "gazette", "id": number, "title": "Ferry", "text": TEXT, "language": "en"}
            job = client.post("/v1/jobs", json={"article": article, "voice": "tone:beep"}).raise_for_status().json()
            for _ in range(300):
                if (job := client.get(f"/v1/jobs/{job['id']}").json())["state"] not in ("queued", "running"):
                    break
                time.sleep(0.2)
            assert job["state"] == "succeeded", job
        client.delete("/v1/articles/gazette/2").raise_for_status()


def _without_owner(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute())
