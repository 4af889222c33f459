"""A collector that is away: nothing waits for it, spans are dropped, and the log has one line."""

from __future__ import annotations

import logging
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from tests.parts.factories import make_parts
from tts_service.telemetry import collector, tracing
from tts_service.telemetry.collector import TRIED_AGAIN_AFTER_S, CollectorSender
from tts_service.telemetry.tracing import traced


class Result(Enum):
    SUCCESS = 0
    FAILURE = 1


class Exporter:
    """Counts what it is asked to send."""

    def __init__(self) -> None:
        self.result = Result.FAILURE
        self.asked = 0

    def export(self, spans: Any) -> Result:
        self.asked += 1
        return self.result


def test_it_is_asked_again_after_a_while_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    clock, exporter = [100.0], Exporter()
    sender = CollectorSender(exporter, now_s=lambda: clock[0])
    for _ in range(5):
        sender.export([])
    assert exporter.asked == 1
    clock[0] += TRIED_AGAIN_AFTER_S
    sender.export([])
    sender.export([])
    assert exporter.asked == 2
    clock[0] += TRIED_AGAIN_AFTER_S
    exporter.result = Result.SUCCESS
    sender.export([])
    sender.export([])
    assert exporter.asked == 4
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "The collector of TTS_TRACES_URL takes no traces",
        "The collector of TTS_TRACES_URL takes traces again.",
    ]


def test_work_goes_on_and_ends_while_nobody_takes_its_traces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="the extra `tracing` isn't installed")
    monkeypatch.setattr(tracing, "_EXPORT_TIMEOUT_S", 0.1)
    parts = make_parts(tmp_path, traces_url="http://127.0.0.1:9/v1/traces")
    tracing.start_tracing(parts.settings, "worker")
    try:
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                for number in range(600):  # more than a batch
                    with traced(f"work {number}"):
                        pass
                tracing._provider.force_flush()
    finally:
        tracing.stop_tracing()
        parts.close()
    assert [record.name for record in caplog.records] == [collector.__name__]
