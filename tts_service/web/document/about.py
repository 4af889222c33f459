"""The document's head: what this is, who to ask, what the groups of operations are for."""

from __future__ import annotations

from typing import Any

TITLE = "Listen to the article"
OPENAPI = "3.1.0"
DESCRIPTION = """\
Turns published articles into audio clips, and listeners' reports into corrections.

Errors are `application/problem+json` (RFC 9457): decide by `code`. Requests that fail with 429, 503 or 507 may be
repeated after `Retry-After`; others not without a change. A fault of ours is a 500 with the code `internal`.

Every answer but those to `/healthz`, `/readyz` and `/metrics` has the headers `RateLimit-Policy` and `RateLimit`.
Wherever GET is, HEAD is too. Ids are opaque. Times are RFC 3339 in UTC, spans are milliseconds.

A listener's report carries a token in its body: `clip_token`, which is `feedback_token` of the clip's description.
"""
CONTACT = "The operator of this service"
LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
TAGS: dict[str, str] = {
    "jobs": "For the CMS: send an article, see what becomes of it, stop it, withdraw it.",
    "webhooks": "For the CMS: what it calls by itself, signed as it signs.",
    "callbacks": "For the CMS: who hears of results, what was sent, sending it again.",
    "events": "What this service calls publishers with.",
    "clips": "For readers, without a key: the clip, its audio, captions, word times and text.",
    "feeds": "For anybody: a site's clips as podcasts.",
    "listening": "How far clips are listened to, without saying whose ears they are.",
    "feedback": "For readers: a report about what was heard, and what became of it.",
    "reports": "For staff and their tools: what listeners reported.",
    "voices": "The voices there are.",
    "sites": "How a site's articles are spoken, where its pages are, which feeds are read.",
    "lexicon": "How editors want words said.",
    "staff": "For staff and their tools; below /staff a session counts, too.",
    "operation": "For operators: health and counts.",
}


def tags() -> list[dict[str, Any]]:
    """The groups in the order they are shown."""
    return [{"name": name, "description": meaning} for name, meaning in TAGS.items()]
