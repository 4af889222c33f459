"""Standard Webhooks: the secret, and the three headers of an attempt."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

SECRET_BYTES = 32


def new_secret() -> str:
    """A new secret: `whsec_` and 32 random bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def signed(signing: Sequence[str], message_id: str, now_ms: int, body: str) -> dict[str, str]:
    """The headers of a message, with one signature per secret, newest first."""
    # In UTC: the library treats every time as UTC.
    sent_at = datetime.fromtimestamp(now_ms // 1000, UTC)
    signatures = [Webhook(secret).sign(message_id, sent_at, body) for secret in signing]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now_ms // 1000),
        "webhook-signature": " ".join(signatures),
    }
