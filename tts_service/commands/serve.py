"""run, demo, api, worker, beat: the service as a whole and its parts."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tts_service.commands.app import app, say, settings
from tts_service.queue.names import SPEECH, WAITING
from tts_service.settings import Settings

CALLBACKS = "callbacks"
"""Stands for all queues whose work waits for others' answers: threads serve them, and no voice is loaded."""


@app.command("run")
def run_service(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the API; if taken, the next free one.")
    ] = None,
) -> None:
    """Run everything on this machine: broker, database, API, workers, beat. Ctrl-C stops it."""
    from tts_service.embedded.run import start_service, stop_signals

    configured = _with_port(settings(), port)
    with stop_signals() as stop:
        service = start_service(configured, say)
        try:
            _greet(service.settings)
            service.watch(stop)
        finally:
            say("Stopping …")
            service.stop()


@app.command()
def demo(
    once: Annotated[bool, typer.Option(help="Exit when every sample is finished and checked.")] = False,
    samples: Annotated[Path, typer.Option(help="Folder of article files (JSON).")] = Path("samples/articles"),
    out: Annotated[Path, typer.Option(help="Folder to copy the finished files to.")] = Path("out"),
) -> None:
    """Start everything, send the sample articles as a CMS would, and play them."""
    from tts_service.embedded.demo import make_samples
    from tts_service.embedded.run import start_service, stop_signals

    with stop_signals() as stop:
        service = start_service(settings(), say)
        try:
            fine = make_samples(service, samples, out, stop)
            if not once and not stop.is_set():
                _greet(service.settings)
                service.watch(stop)
        finally:
            say("Stopping …")
            service.stop()
    if not fine:
        raise typer.Exit(1)


@app.command()
def api() -> None:
    """Run only the HTTP API, at TTS_HOST and TTS_PORT."""
    configured = settings()  # before everything is loaded, so that errors are shown at once
    gc.disable()  # a search for garbage among 250,000 objects that all stay takes 0.2 s each time
    import uvicorn

    from tts_service.embedded.sockets import listening_socket, require_place
    from tts_service.monitoring.reporting import Reporter
    from tts_service.web.app import create_app
    from tts_service.wiring import build

    require_place(configured.host, configured.port)
    parts = build(configured)
    reporter = Reporter(lambda: parts.database, "api")

    def close() -> None:
        reporter.close()
        parts.close()

    config = uvicorn.Config(
        create_app(replace(parts, close=close)),
        host=configured.host,
        port=configured.port,
        access_log=False,
        proxy_headers=False,  # TTS_TRUSTED_PROXIES decides whose headers count
        timeout_graceful_shutdown=3,
        log_level="warning",
        log_config=None if configured.log_format == "json" else uvicorn.config.LOGGING_CONFIG,
    )
    # uvicorn's own socket at :: would take no IPv4 callers.
    sockets = [listening_socket(configured.host, configured.port)] if configured.host == "::" else None
    server = uvicorn.Server(config)
    gc.freeze()
    gc.enable()
    reporter.start()
    with suppress(KeyboardInterrupt):
        server.run(sockets)
    if not server.started:
        raise typer.Exit(1)


@app.command()
def worker(
    queues: Annotated[str, typer.Option(help="Queues to serve, in order of priority.")] = ",".join(SPEECH),
    slots: Annotated[int | None, typer.Option(help="Number of concurrent jobs (default: TTS_WORKER_SLOTS).")] = None,
) -> None:
    """Run only the Celery workers. With `--queues callbacks`: only the worker that calls CMSs, feeds and publishers."""
    waiting = queues == CALLBACKS
    number = slots or (settings().callback_slots if waiting else settings().worker_slots)
    _celery(
        "worker",
        "-Q",
        ",".join(WAITING) if waiting else queues,
        "-c",
        str(number),
        "-n",
        f"{queues.replace(',', '-')}-{os.getpid()}@%h",
        "--pool",
        "threads" if waiting else "prefork",
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    )


@app.command()
def beat() -> None:
    """Run only the scheduler (Celery beat)."""
    settings()  # says what is wrong in words, where Celery would show a traceback
    _celery("beat", "--scheduler", "workers.schedule:InPlaceScheduler", "--pidfile=", "--loglevel", "WARNING")


def _celery(*arguments: str) -> None:
    # By command, not by import: this package never imports the workers.
    environment = dict(os.environ) | {"REMAP_SIGTERM": "SIGQUIT", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "workers", "--quiet", "-A", "workers.celery_app", *arguments]
    os.execve(sys.executable, command, environment)


def _with_port(configured: Settings, port: int | None) -> Settings:
    return configured.model_copy(update={"port": port}) if port else configured


def _greet(configured: Settings) -> None:
    from tts_service.embedded.welcome import welcome

    for line in welcome(configured):
        typer.echo(line)
