"""The Kubernetes manifests fit together, and to this service. `make kubernetes` checks them by schema and runs them."""

from __future__ import annotations

import re

import pytest
import typer.main

from tests.parts.manifests import FOLDER, Manifest, container, given_settings, of_kind
from tts_service.commands import app
from tts_service.settings import Settings

DEPLOYMENTS = of_kind("Deployment")
README = (FOLDER / "README.md").read_text("utf-8")


def name_of(manifest: Manifest) -> str:
    name: str = manifest["metadata"]["name"]
    return name


def in_secret() -> list[str]:
    return re.findall(r"--from-literal=(\w+)=", README)


each_deployment = pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=name_of)


def test_every_variable_is_a_setting() -> None:
    known = {f"TTS_{name.upper()}" for name in Settings.model_fields}

    assert {*given_settings(), *in_secret()} <= known


def test_what_must_stay_secret_is_in_the_secret() -> None:
    secret = {name for name in given_settings() if re.search(r"DATABASE|BROKER|SECRET|TOKEN|PASSWORD|ACCESS_KEY", name)}

    assert not secret
    assert {"TTS_DATABASE_URL", "TTS_BROKER_URL", "TTS_S3_SECRET_ACCESS_KEY"} <= set(in_secret())


@each_deployment
def test_its_command_exists(deployment: Manifest) -> None:
    program, command, *options = container(deployment)["command"]
    known = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]

    assert program == "tts-service"
    known.make_context(command, options, resilient_parsing=False)


@each_deployment
def test_it_can_do_nothing_that_it_needn_t(deployment: Manifest) -> None:
    pod, only = deployment["spec"]["template"]["spec"], container(deployment)

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert only["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert only["resources"]["limits"]["memory"]


@each_deployment
def test_its_parts_fit_together(deployment: Manifest) -> None:
    pod, only = deployment["spec"]["template"]["spec"], container(deployment)
    labels = deployment["spec"]["template"]["metadata"]["labels"]

    assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert {one["name"] for one in only["volumeMounts"]} == {one["name"] for one in pod["volumes"]}
    sources = {source["name"] for one in only["envFrom"] for source in one.values()}
    assert sources == {name_of(of_kind("ConfigMap")[0]), "tts-secrets"}
    assert all(
        f"create secret {kind} {name}" in README for kind, name in (("generic", "tts-secrets"), ("tls", "tts-signing"))
    )


def test_services_and_budgets_find_their_pods() -> None:
    labels = [deployment["spec"]["template"]["metadata"]["labels"] for deployment in DEPLOYMENTS]
    wanted = [one["spec"]["selector"] for one in of_kind("Service")]
    wanted += [one["spec"]["selector"]["matchLabels"] for one in of_kind("PodDisruptionBudget")]

    assert len(wanted) == 4
    assert all(any(each.items() <= one.items() for one in labels) for each in wanted)


def test_workers_are_asked_by_the_name_that_the_command_gives_them() -> None:
    for name, queues in (("tts-worker", "breaking-normal-backfill-formats"), ("tts-callbacks", "callbacks")):
        (only,) = [one for one in DEPLOYMENTS if name_of(one) == name]
        # tts-service becomes celery (execve), so that in a container its process is number 1.
        assert f'"{queues}-1@$HOSTNAME"' in container(only)["livenessProbe"]["exec"]["command"][-1]


def test_workers_are_scaled_by_metrics_of_ours() -> None:
    (scaled,) = of_kind("ScaledObject")
    (worker,) = [one for one in DEPLOYMENTS if name_of(one) == scaled["spec"]["scaleTargetRef"]["name"]]
    queries = [trigger["metadata"]["query"] for trigger in scaled["spec"]["triggers"]]
    metrics = {found.removesuffix("_count") for query in queries for found in re.findall(r"tts_\w+", query)}
    source = "".join(file.read_text("utf-8") for file in (FOLDER.parents[1] / "tts_service").rglob("*.py"))

    assert "replicas" not in worker["spec"]
    assert len(metrics) == 3
    assert [metric for metric in metrics if f'"{metric}"' not in source] == []
