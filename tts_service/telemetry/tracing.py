"""OpenTelemetry traces, if TTS_TRACES_URL names a collector. Without it the SDK isn't even imported.

A trace begins with the request that sends an article, is stored with the job, and continues in each of its turns.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tts_service import __version__
from tts_service.errors import SettingsRefused
from tts_service.settings import Settings
from tts_service.telemetry.collector import CollectorSender
from tts_service.telemetry.subject import subject, working_on

_EXPORT_TIMEOUT_S = 3.0
"""For a batch with all its tries: a process that ends waits for two at most."""
_UNSAFE = ("url.query", "url.path")
"""Attributes of FastAPI's spans that can contain secrets: grants, sign-in links. `http.route` remains."""

_provider: Any = None
_starting = threading.Lock()


def start_tracing(settings: Settings, part: str, exporter: Any = None) -> Any:
    """Trace this process, once. Call it after forking. Returns the tracer provider; None: tracing is off.

    `part`: api, worker, callbacks or beat. `exporter`: instead of the one that sends to TTS_TRACES_URL.

    Raises SettingsRefused if the optional packages aren't installed."""
    global _provider  # noqa: PLW0603 - one per process, like the SDK's own
    if not settings.traces_url:
        return None
    with _starting:
        if _provider is None:
            _provider = _provider_for(settings, part, exporter)
        return _provider


def stop_tracing() -> None:
    """Send what is left, and trace no longer."""
    global _provider
    with _starting:
        provider, _provider = _provider, None
    if provider is not None:
        provider.shutdown()


@contextmanager
def traced(name: str, parent: str | None = None, **attributes: str | int | float) -> Iterator[None]:
    """A span around the block. `parent`: the traceparent that it continues (W3C Trace Context); None: the current
    span. An exception ends it as failed."""
    if _provider is None:
        yield
        return
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
    named = {f"tts.{key}": value for key, value in {**subject(), **attributes}.items() if key != "trace_id"}
    with (
        _provider.get_tracer("tts-service", __version__).start_as_current_span(
            name, context=context, attributes=named
        ) as started,
        working_on(trace_id=f"{started.get_span_context().trace_id:032x}"),
    ):
        yield


def current_traceparent() -> str | None:
    """The current span, as `parent` takes it; None: nothing is traced."""
    if _provider is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent")


def _provider_for(settings: Settings, part: str, exporter: Any) -> Any:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsRefused(
            "TTS_TRACES_URL is set, but OpenTelemetry isn't installed: run pip install 'tts-service[tracing]', "
            "or remove the setting.",
            settings=["TTS_TRACES_URL"],
        ) from error

    class WithoutSecrets(SpanProcessor):  # type: ignore[misc]
        def on_start(self, span: Any, parent_context: Any = None) -> None:
            for name in _UNSAFE:
                if name in (span.attributes or {}):
                    span.set_attribute(name, "")

    named = {"service.name": "tts-service", "service.version": __version__, "service.instance.id": part}
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(WithoutSecrets())
    sender = exporter or OTLPSpanExporter(endpoint=settings.traces_url, timeout=_EXPORT_TIMEOUT_S)
    provider.add_span_processor(BatchSpanProcessor(CollectorSender(sender)))
    return provider
