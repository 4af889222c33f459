"""Signs by Standard Webhooks and posts in a thread: the editor doesn't wait; a few tries under the same id."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
import threading
import time
import urllib.request
from typing import Any

from django.conf import settings

TIMEOUT_S = 5
WAITS_S = (0, 5, 60, 300)

log = logging.getLogger(__name__)


def deliver(kind: str, data: dict[str, Any]) -> threading.Thread:
    """Post the message. Returns its thread."""
    body = json.dumps({"type": kind, "data": data}).encode()
    thread = threading.Thread(target=_try, args=(f"msg_{secrets.token_hex(16)}", body), daemon=True)
    thread.start()
    return thread


def signed(message_id: str, body: bytes, seconds: int) -> dict[str, str]:
    """The headers of Standard Webhooks 1.0.0."""
    key = base64.b64decode(settings.LISTEN_SECRET.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _try(message_id: str, body: bytes) -> None:
    """The id stays the same, so that the service takes it once; the time is each try's own."""
    for wait_s in WAITS_S:
        time.sleep(wait_s)
        headers = signed(message_id, body, int(time.time()))
        request = urllib.request.Request(settings.LISTEN_ADDRESS, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S):
                return
        except OSError as error:
            log.warning("the audio service didn't take %s: %s", message_id, error)
