"""JSON logs, if TTS_LOG_FORMAT is json: one object per line, with job, article and site where they are known."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from tts_service.telemetry.subject import subject


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, message, what it is about, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **subject(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json() -> None:
    """Every logger of this process, and every Python warning, writes JSON lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
