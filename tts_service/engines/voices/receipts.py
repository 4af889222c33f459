"""Receipts: what was installed from the catalogue, from where, and who accepted its licence.

voices/ENGINE/FILE              as the catalogue names it
voices/ENGINE/NAME.json         `InstallReceipt`, written last
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceAcceptance:
    """Somebody's statement that a voice whose licence is `review` or `no` may be used here."""

    commercial: str
    """`Commercial`, as it was then."""
    by: str
    """As in the audit log."""
    at: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallReceipt:
    """What is known of an installed voice of the catalogue."""

    id: str
    source: str
    """Host or folder that its files came from."""
    installed_at: str
    """ISO 8601, UTC."""
    sha256: dict[str, str]
    """Verified hash by file."""
    gain_db: float | None
    """Gain towards the loudness target, measured when it was installed; None: its engine knows it."""
    accepted: LicenceAcceptance | None
    """None: its licence needs no acceptance."""


def receipt_path(voices_folder: Path, voice_id: str) -> Path:
    engine, _, name = voice_id.partition(":")
    return voices_folder / engine / f"{name}.json"


def write_receipt(voices_folder: Path, receipt: InstallReceipt) -> None:
    """Writes it whole or not at all. Raises OSError."""
    path = receipt_path(voices_folder, receipt.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".receipt-", encoding="utf-8", delete=False) as draft:
        draft.write(json.dumps(asdict(receipt), indent=2, ensure_ascii=False) + "\n")
    Path(draft.name).chmod(0o644)
    os.replace(draft.name, path)  # noqa: PTH105


def receipt_of(voices_folder: Path, voice_id: str) -> InstallReceipt | None:
    """None: it wasn't installed from the catalogue, or the receipt can't be read, which is logged."""
    path = receipt_path(voices_folder, voice_id)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        accepted = content.pop("accepted")
        return InstallReceipt(accepted=LicenceAcceptance(**accepted) if accepted else None, **content)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        logger.warning("Voice %s left out: %s can't be read: %s", voice_id, path, error)
        return None
