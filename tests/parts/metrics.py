"""What GET /metrics tells, for tests."""

from __future__ import annotations

from typing import Any

from prometheus_client.parser import text_string_to_metric_families

TOKEN = "read the meters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}

Scraped = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scraped(client: Any) -> Scraped:
    """Every sample by its name and labels. The app's settings have `metrics_token=TOKEN`."""
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value_of(found: Scraped, name: str, **labels: str) -> float | None:
    """None: there is no such sample."""
    return found.get((name, frozenset(labels.items())))
