"""A collector: takes traces by OTLP over HTTP and parses their protobuf messages."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedSpan:
    """A span as it was sent."""

    name: str
    id: str
    parent: str
    trace: str
    part: str
    """service.instance.id of its process."""
    attributes: dict[str, Any]
    raw: str


@dataclass(slots=True, kw_only=True)
class Receiver:
    """What has arrived."""

    url: str
    spans: list[ReceivedSpan] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, *names: str, seconds: float = 60) -> None:
        """Until there are spans of all these names."""
        with self.arrived:
            found = self.arrived.wait_for(lambda: set(names) <= {one.name for one in self.spans}, seconds)
        assert found, f"only {sorted({one.name for one in self.spans})} arrived"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A collector on this machine."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
        ExportTraceServiceRequest,
        ExportTraceServiceResponse,
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            assert (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/x-protobuf")
            with receiver.arrived:
                receiver.spans += _spans(ExportTraceServiceRequest.FromString(body))
                receiver.arrived.notify_all()
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests' output is for failures."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(url=f"http://127.0.0.1:{server.server_port}/v1/traces")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def _spans(request: Any) -> Iterator[ReceivedSpan]:
    for resource in request.resource_spans:
        named = {one.key: one.value.string_value for one in resource.resource.attributes}
        for span in (span for scope in resource.scope_spans for span in scope.spans):
            yield ReceivedSpan(
                name=span.name,
                id=span.span_id.hex(),
                parent=span.parent_span_id.hex(),
                trace=span.trace_id.hex(),
                part=named["service.instance.id"],
                attributes={one.key: one.value.string_value for one in span.attributes},
                raw=str(span),
            )
