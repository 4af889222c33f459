"""`make doors`: what gets in and out of the newsroom's side, measured: webhooks, callbacks, addresses, rights, scripts.

    python -m tests.measure.doors [--only NAME ...]

Prints each figure as soon as it is there with what it should reach, then one table of all and JSON lines, which
out/bench.jsonl keeps too. Ends with 1 when a figure isn't reached or couldn't be measured.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from tests.measure.doors import (
    authorisation,
    bombs,
    erasure,
    feedback,
    grants,
    headers,
    jobs,
    outbound,
    paths,
    rates,
    schema,
    sound,
)
from tests.measure.doors import callbacks as doors_callbacks
from tests.measure.doors import scripts as doors_scripts
from tests.measure.doors import webhooks as doors_webhooks
from tests.measure.figures import Figure
from tests.measure.one_by_one import measure

DOORS: dict[str, Callable[[], Sequence[Figure]]] = {
    "jobs": jobs.figures,
    "webhooks": doors_webhooks.figures,
    "outbound": outbound.figures,
    "paths": paths.figures,
    "bombs": bombs.figures,
    "sound": sound.figures,
    "headers": headers.figures,
    "rates": rates.figures,
    "erasure": erasure.figures,
    "authorisation": authorisation.figures,
    "feedback": feedback.figures,
    "grants": grants.figures,
    "schema": schema.figures,
    "scripts": doors_scripts.figures,
    "callbacks": doors_callbacks.figures,
}


def main() -> None:
    """Measure, print, keep."""
    logging.getLogger("tts_service").setLevel(logging.ERROR)  # each refusal has its line
    measure(DOORS, "Measure the newsroom's side")


if __name__ == "__main__":
    main()
