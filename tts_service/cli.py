"""The command line: `tts-service --help`. Exit codes: 0 done, 1 failed (one clear line on stderr), 2 wrong use."""

from __future__ import annotations

import sys

from tts_service import commands
from tts_service.errors import ServiceError


def main() -> None:
    """Entry point: every refusal is one line on stderr and exit code 1."""
    try:
        commands.app()
    except ServiceError as error:
        known = error.details.get("known")
        hint = f" Known: {', '.join(map(str, known[:12]))}." if isinstance(known, list | tuple) else ""
        sys.exit(f"{error.title}: {error.message}{hint}")
    except OSError as error:
        sys.exit(f"{error.strerror or error}: {error.filename or ''}")


if __name__ == "__main__":
    main()
