"""The API's operations, a file per resource."""

from __future__ import annotations

from tts_service.web.api import (
    callbacks,
    case_events,
    cases,
    clip_audio,
    clips,
    corrections,
    events,
    explain,
    feedback,
    feeds,
    grants,
    impact,
    jobs,
    lexicon,
    listening,
    oembed,
    overview,
    podcasts,
    preview,
    recordings,
    release,
    reports,
    running,
    sites,
    speech,
    texts,
    webhooks,
)

ROUTERS = (
    jobs.router,
    texts.router,
    clips.router,
    clip_audio.router,
    release.router,
    recordings.router,
    explain.router,
    speech.router,
    feedback.router,
    reports.router,
    case_events.router,
    cases.router,
    overview.router,
    running.router,
    sites.router,
    lexicon.router,
    impact.router,
    preview.router,
    corrections.router,
    webhooks.router,
    callbacks.router,
    feeds.router,
    podcasts.router,
    grants.router,
    listening.router,
    oembed.router,
)
"""In the order in which a request is held against them, and of the document."""
EVENTS = events.router
"""What the document says that this service calls publishers with."""
FOR_STAFF = (
    case_events.router,
    cases.router,
    overview.router,
    lexicon.router,
    impact.router,
    preview.router,
    corrections.router,
    sites.router,
    feeds.router,
    callbacks.router,
)
"""What staff sessions reach too."""
