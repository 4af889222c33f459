"""The pipeline from an article to its files, without database or queue: prepare -> speak -> join -> finish -> mark.

`narrate` (`narration/pipeline.py`) runs it in one function. A worker's turn, `tts-service speak` and the tests pass it
different sinks, which decide where sentences, files and marks are kept, and when a turn is over.
"""

from __future__ import annotations

from tts_service.narration.labels import (
    NOTICES,
    mixed_notice,
    notice,
    provenance_of,
    recorded_notice,
    source_type_of,
    tags_of,
)
from tts_service.narration.pipeline import Sink, narrate, prepare_script
from tts_service.narration.prepared import Prepared, SpeakingManner, prepare
from tts_service.narration.script import Script, ScriptLine, SpokenLine
from tts_service.narration.speak import key_of, spoken

__all__ = [
    "NOTICES",
    "Prepared",
    "Script",
    "ScriptLine",
    "Sink",
    "SpeakingManner",
    "SpokenLine",
    "key_of",
    "mixed_notice",
    "narrate",
    "notice",
    "prepare",
    "prepare_script",
    "provenance_of",
    "recorded_notice",
    "source_type_of",
    "spoken",
    "tags_of",
]
