"""Who may call, as OpenAPI security schemes.

The schemes check nothing: routes read keys, sessions and signatures themselves, so that each fault has an error of its
own.
"""

from __future__ import annotations

from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer

API_KEY = HTTPBearer(
    scheme_name="apiKey",
    bearerFormat="ltk_…",
    description="An API key, made by `tts-service keys add NAME --scopes …`. An operation lists the rights it needs. "
    "A key for one site sees that site's things only.",
    auto_error=False,
)
SESSION = APIKeyCookie(
    scheme_name="staffSession",
    name="__Host-tts_staff",
    description="The session of somebody signed in at /staff/sign-in. It counts below /staff only.",
    auto_error=False,
)
FORM_TOKEN = APIKeyHeader(
    scheme_name="staffFormToken",
    name="X-Form-Token",
    description="The session's form token, which our own pages carry; a change also needs our own `Origin`.",
    auto_error=False,
)
STANDARD_WEBHOOKS = APIKeyHeader(
    scheme_name="standardWebhooks",
    name="webhook-signature",
    description="HMAC-SHA256 of `webhook-id.webhook-timestamp.body` after Standard Webhooks 1.0.0: sources `generic`, "
    "`wordpress` and `wagtail`, and everything this service sends.",
    auto_error=False,
)
SIGNATURES = (
    STANDARD_WEBHOOKS,
    APIKeyHeader(
        scheme_name="ghostSignature",
        name="X-Ghost-Signature",
        description="Source `ghost`: `sha256=…, t=…`, HMAC-SHA256 of body and time.",
        auto_error=False,
    ),
    APIKeyHeader(
        scheme_name="wooCommerceSignature",
        name="X-WC-Webhook-Signature",
        description="Source `woocommerce`: HMAC-SHA256 of the body in base64.",
        auto_error=False,
    ),
    APIKeyHeader(
        scheme_name="contentfulSignature",
        name="X-Contentful-Signature",
        description="Source `contentful`: HMAC-SHA256 of the canonical request.",
        auto_error=False,
    ),
    APIKeyHeader(
        scheme_name="sanitySignature",
        name="sanity-webhook-signature",
        description="Source `sanity`: `t=…,v1=…`, HMAC-SHA256 of time and body.",
        auto_error=False,
    ),
    APIKeyHeader(
        scheme_name="hubSignature",
        name="X-Hub-Signature-256",
        description="Source `drupal`: `sha256=…`, HMAC-SHA256 of the body.",
        auto_error=False,
    ),
    HTTPBearer(
        scheme_name="sharedSecret",
        description="Sources `strapi` and `directus`: the hook's secret as they send it.",
        auto_error=False,
    ),
)
"""A webhook is signed as its source signs."""
