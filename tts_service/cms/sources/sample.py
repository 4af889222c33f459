"""The sample article sent by `hooks test`."""

from __future__ import annotations

from tts_service.cms.sources.base import Document
from tts_service.values import SourceFormat

SAMPLE = Document(
    external_id="tts-service-test",
    title="A test of the connection",
    source="<p>This short article was sent to test the connection between the newsroom and this service.</p>",
    source_format=SourceFormat.HTML,
    language="en",
)
