"""GET /metrics for Prometheus, behind a token of its own."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tts_service.errors import DatabaseUnavailable, KeyMissing, NotFound
from tts_service.monitoring.totals import total_metrics
from tts_service.web.given import GivenParts
from tts_service.web.responses import problems, reply, text

router = APIRouter(tags=["operation"])
_TOKEN = HTTPBearer(scheme_name="metricsToken", description="The value of TTS_METRICS_TOKEN.", auto_error=False)
_EXPOSITION = text("text/plain", 'tts_jobs{state="queued"} 3\n')


class _Found(Collector):
    """Metrics that were collected already: database errors must not end up inside the exposition."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> list[Metric]:
        return self._metrics


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: reply("The metrics.", _EXPOSITION), **problems(DatabaseUnavailable, KeyMissing, NotFound)},
)
def metrics(
    request: Request,
    parts: GivenParts,
    token: Annotated[HTTPAuthorizationCredentials | None, Security(_TOKEN)],
) -> Response:
    """Get metrics in Prometheus' text format (exposition format 0.0.4).

    They are about the whole service, whichever process answers. 404 unless TTS_METRICS_TOKEN is set, 401 without it.
    """
    expected = parts.settings.metrics_token
    if not expected:
        raise NotFound("There are no metrics here: set TTS_METRICS_TOKEN to have them.")
    if token is None or not hmac.compare_digest(token.credentials.encode(), expected.encode()):
        raise KeyMissing("Send the metrics token: Authorization: Bearer <TTS_METRICS_TOKEN>.")
    with parts.database.reading() as session:
        found = [*request.app.state.gauges.metrics(session), *total_metrics(session)]
    live = GaugeMetricFamily("tts_live_revisions", "Renditions listened to while they are made, by this process")
    live.add_metric([], request.app.state.hub.following_now)
    registry = CollectorRegistry()
    registry.register(_Found([*found, live]))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
