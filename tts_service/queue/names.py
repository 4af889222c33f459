"""Names of the queues, by the workers that take their rings."""

from __future__ import annotations

JOBS = ("breaking", "normal", "backfill")
"""Queues of jobs, in the order in which a free slot serves them."""
SPEECH = (*JOBS, "formats")
"""Queues whose work takes a slot for speech."""
WAITING = ("callbacks", "lookups", "feeds", "checks", "weighing", "hearing", "hearing-idle")
"""Queues whose work waits for others' answers, or for the recogniser's process: in the callback worker's threads, never
in a slot for speech."""
