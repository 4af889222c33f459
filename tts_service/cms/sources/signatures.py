"""Webhook signature schemes, each as sign and verify. Constant-time, on raw bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re

from tts_service.cms.sources.base import Claims, Delivery
from tts_service.errors import InputRefused, WebhookRefused

TOLERANCE_MS = 5 * 60 * 1000
"""Maximum difference between a signed time and now, in either direction."""
_MAX_SIGNATURES = 16
"""Maximum signatures examined per header: a sender sends two while rotating keys."""
_SECONDS = re.compile(r"[0-9]{9,12}")
_NO_ID = re.compile(r"[^\x21-\x7e]")


def mac(secret: str | bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 over the concatenated parts."""
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.digest(key, b"".join(parts), hashlib.sha256)


def same(ours: str, theirs: str) -> bool:
    """Constant-time comparison. On bytes: compare_digest raises on non-ASCII str."""
    return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))


def require(ours: str, theirs: str) -> None:
    """Raises WebhookRefused unless both are equal."""
    if not same(ours, theirs):
        raise WebhookRefused("the signature is wrong")


def header(delivery: Delivery, name: str) -> str:
    """A required header. Raises WebhookRefused."""
    found = delivery.headers.get(name, "").strip()
    if not found:
        raise WebhookRefused(f"unsigned: no header {name}")
    return found


def digest(*parts: bytes) -> str:
    """A replay key: SHA-256 over length-prefixed parts, in hex."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def check_age(claims: Claims, now_ms: int) -> None:
    """Raises WebhookRefused if the send time differs from now by more than five minutes."""
    if claims.sent_ms is None:
        return
    age_ms = now_ms - claims.sent_ms
    if age_ms > TOLERANCE_MS:
        raise WebhookRefused(f"too old: signed {age_ms // 1000} s ago")
    if age_ms < -TOLERANCE_MS:
        raise WebhookRefused(f"from the future: signed {-age_ms // 1000} s ahead")


# --- Standard Webhooks 1.0.0 ---
# Kept, although `standardwebhooks` signs our callbacks: its verify() goes by the clock instead of the time of arrival,
# tries any number of signatures, and raises ValueError at malformed headers and at a body that isn't UTF-8.


def standard_key(secret: str) -> bytes:
    """The key in `whsec_<base64>`. Raises InputRefused if malformed."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputRefused("A Standard Webhooks secret is whsec_ followed by base64.") from error
    if not secret.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise InputRefused("A Standard Webhooks secret is whsec_ followed by 24 to 64 bytes in base64.")
    return key


def standard_headers(secret: str, message_id: str, now_ms: int, body: bytes) -> dict[str, str]:
    """The headers of a signed message."""
    seconds = str(now_ms // 1000)
    signed = mac(standard_key(secret), f"{message_id}.{seconds}.".encode(), body)
    signature = f"v1,{base64.b64encode(signed).decode()}"
    return {"webhook-id": message_id, "webhook-timestamp": seconds, "webhook-signature": signature}


def check_standard(delivery: Delivery, secret: str) -> Claims:
    """Verifies these headers: one signature must match. Raises WebhookRefused."""
    message_id, seconds = header(delivery, "webhook-id"), header(delivery, "webhook-timestamp")
    if not _SECONDS.fullmatch(seconds) or len(message_id) > 200 or _NO_ID.search(message_id):
        raise WebhookRefused("webhook-id or webhook-timestamp has the wrong form")
    sent_ms = int(seconds) * 1000
    ours = standard_headers(secret, message_id, sent_ms, delivery.body)["webhook-signature"]
    theirs = header(delivery, "webhook-signature").split(" ")[:_MAX_SIGNATURES]
    if not any(same(ours, signature) for signature in theirs):
        raise WebhookRefused("the signature is wrong")
    # A repeated id with another body is a retry that contains a newer state.
    return Claims(key=f"{message_id} {digest(delivery.body)[:32]}", sent_ms=sent_ms)


# --- A secret in a header, for sources that can't sign ---


def bearer_headers(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def check_bearer(delivery: Delivery, secret: str) -> None:
    """Raises WebhookRefused unless the secret itself was sent."""
    scheme, _, given = header(delivery, "authorization").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise WebhookRefused("unsigned: Authorization has no bearer token")
    require(secret, given.strip())
