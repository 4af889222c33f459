"""The result of one check of `tts-service doctor`, and how a check runs without ending the command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tts_service.errors import ServiceError, SettingsRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    name: str
    fine: bool
    found: str
    advice: str = ""

    @property
    def mark(self) -> str:
        """The mark before it: a fine one with advice is a warning."""
        return "FAIL" if not self.fine else "warn" if self.advice else "ok  "


def finding_of(name: str, check: Callable[[], str], advice: str) -> Finding:
    """Run a check. Whatever it raises is its finding: a package of another version fails with any error there is."""
    try:
        return Finding(name=name, fine=True, found=check())
    except SettingsRefused as error:  # it names the setting, and what to write
        return Finding(name=name, fine=False, found=_first_line(error.message))
    except ServiceError as error:
        return Finding(name=name, fine=False, found=_first_line(error.message), advice=advice)
    except Exception as error:  # noqa: BLE001
        said = f"{type(error).__name__}: {_first_line(str(error))}"
        return Finding(name=name, fine=False, found=said, advice=advice)


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0][:400]
