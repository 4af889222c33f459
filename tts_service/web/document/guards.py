"""Who may call, as OpenAPI security schemes."""

from __future__ import annotations

from typing import Any

API_KEY = "apiKey"
SESSION = "staffSession"
FORM_TOKEN = "staffFormToken"
SCHEMES: dict[str, dict[str, Any]] = {
    API_KEY: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "ltk_…",
        "description": "An API key, made by `tts-service keys add NAME --scopes …`. What stands behind it in an "
        "operation are the rights it needs. A key for one site sees that site's things only.",
    },
    SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-tts_staff",
        "description": "The session of somebody signed in at /staff/sign-in. It counts below /staff only.",
    },
    FORM_TOKEN: {
        "type": "apiKey",
        "in": "header",
        "name": "X-Form-Token",
        "description": "The session's form token, which our own pages carry; a change also needs our own `Origin`.",
    },
    "standardWebhooks": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "HMAC-SHA256 of `webhook-id.webhook-timestamp.body` after Standard Webhooks 1.0.0: sources "
        "`generic`, `wordpress` and `wagtail`, and everything this service sends.",
    },
    "ghostSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Ghost-Signature",
        "description": "Source `ghost`: `sha256=…, t=…`, HMAC-SHA256 of body and time.",
    },
    "wooCommerceSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-WC-Webhook-Signature",
        "description": "Source `woocommerce`: HMAC-SHA256 of the body in base64.",
    },
    "contentfulSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Contentful-Signature",
        "description": "Source `contentful`: HMAC-SHA256 of the canonical request.",
    },
    "sanitySignature": {
        "type": "apiKey",
        "in": "header",
        "name": "sanity-webhook-signature",
        "description": "Source `sanity`: `t=…,v1=…`, HMAC-SHA256 of time and body.",
    },
    "hubSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Hub-Signature-256",
        "description": "Source `drupal`: `sha256=…`, HMAC-SHA256 of the body.",
    },
    "sharedSecret": {
        "type": "http",
        "scheme": "bearer",
        "description": "Sources `strapi` and `directus`: the hook's secret as they send it.",
    },
}
BY_SESSION: dict[str, tuple[str, ...]] = {SESSION: (), FORM_TOKEN: ()}
"""A change by a script of our own pages; who only reads needs no form token."""
WEBHOOK_WAYS = tuple({name: ()} for name in SCHEMES if name not in (API_KEY, SESSION, FORM_TOKEN))
"""A webhook is signed as its source signs."""
