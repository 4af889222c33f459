"""Pages for readers, in their language."""

from __future__ import annotations

from tts_service.web.pages import clip, corrections, feedback

ROUTERS = (feedback.router, clip.router, corrections.router)
