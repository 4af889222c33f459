"""A fault in the settings: the name, and one sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault in the settings."""

    setting: str
    """Name of the environment variable, or `.env`."""
    message: str
    """What is wrong and what to write instead. Never contains a password: only parts of addresses are shown."""
    refuses: bool = True
    """Whether it prevents the start; False: the service warns and starts, and `tts-service doctor` fails."""

    def __str__(self) -> str:
        return f"{self.setting}: {self.message}"


def fault_of(name: str, message: str, refuses: bool = True) -> Fault:
    """A fault of the setting with this field name; adds the final full stop."""
    return Fault(setting=variable(name), message=message + ("" if message.endswith("…") else "."), refuses=refuses)


def variable(name: str) -> str:
    """Environment variable of a setting's field."""
    return f"TTS_{name.upper()}"
