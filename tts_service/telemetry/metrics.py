"""The counters and histograms of every process. A process counts in memory; monitoring.totals adds the counts up."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
"""What this process has counted since it started."""

STAGES = ("prepare", "speak", "join", "finish", "publish")

QUEUE_WAIT_S = Histogram(
    "tts_queue_wait_seconds",
    "Seconds from when a job was due until a worker first took it",
    ["queue"],
    buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3_600, 14_400, 86_400),
    registry=REGISTRY,
)
STAGE_S = Histogram(
    "tts_stage_seconds",
    "Seconds per stage of narration: a sentence (speak), a format (finish), an article (the others)",
    ["stage"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300),
    registry=REGISTRY,
)
JOBS_ENDED = Counter("tts_jobs_ended", "Jobs ended by workers, by state", ["state"], registry=REGISTRY)
JOBS_FAILED = Counter("tts_jobs_failed", "Failed jobs by error code", ["code"], registry=REGISTRY)
AUDIO_S = Counter("tts_audio_seconds", "Seconds of finished audio", registry=REGISTRY)
SEGMENTS = Counter("tts_segments", "Sentences by where their sound came from", ["source"], registry=REGISTRY)
ENGINE_DEATHS = Counter("tts_engine_deaths", "Engine processes lost, by cause", ["cause"], registry=REGISTRY)
WORKERS_STUCK = Counter(
    "tts_workers_stuck", "Workers that ended themselves since they took no messages", registry=REGISTRY
)
CALLBACK_ATTEMPTS = Counter(
    "tts_callback_attempts",
    "Callback attempts by result and class of HTTP status (none: no response)",
    ["result", "status"],
    registry=REGISTRY,
)
CALLBACK_S = Histogram(
    "tts_callback_seconds",
    "Seconds per callback attempt",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
    registry=REGISTRY,
)

# A counter that first appears with its first count shows no increase: those whose labels are known begin at 0.
for _stage in STAGES:
    STAGE_S.labels(_stage)
for _queue in ("breaking", "normal", "backfill"):
    QUEUE_WAIT_S.labels(_queue)
for _state in ("succeeded", "failed", "superseded"):
    JOBS_ENDED.labels(_state)
for _source in ("store", "engine"):
    SEGMENTS.labels(_source)
for _cause in ("died", "hung", "memory", "start"):
    ENGINE_DEATHS.labels(_cause)
for _result, _status in (("delivered", "2xx"), ("again", "5xx"), ("again", "none"), ("failed", "4xx")):
    CALLBACK_ATTEMPTS.labels(_result, _status)
