"""A fault in the settings: its name, and one sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in the settings that is wrong."""

    setting: str
    """Name of the environment variable, or of the .env file."""
    message: str
    """What is wrong and what to write instead. Never a password: addresses are named by their parts."""
    refuses: bool = True
    """Whether the service doesn't start with it; False: it starts, warns, and `tts-service doctor` fails."""

    def __str__(self) -> str:
        return f"{self.setting}: {self.message}"


def fault_of(name: str, message: str, refuses: bool = True) -> Fault:
    """A fault of the setting with this field name; the sentence gets its full stop here."""
    return Fault(setting=variable(name), message=message + ("" if message.endswith("…") else "."), refuses=refuses)


def variable(name: str) -> str:
    """The environment variable of a setting's field."""
    return f"TTS_{name.upper()}"
