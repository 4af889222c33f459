"""The OpenAPI security schemes.

They check nothing: routes read keys, sessions and signatures themselves, so that each fault has its own error.
"""

from __future__ import annotations

from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer


def _header(scheme_name: str, name: str, description: str) -> APIKeyHeader:
    return APIKeyHeader(scheme_name=scheme_name, name=name, description=description, auto_error=False)


API_KEY = HTTPBearer(
    scheme_name="apiKey",
    bearerFormat="ltk_…",
    description="An API key, created by `tts-service keys add NAME --scopes …`. Operations list the scopes they need. "
    "A key for one site has access only to that site.",
    auto_error=False,
)
SESSION = APIKeyCookie(
    scheme_name="staffSession",
    name="__Host-tts_staff",
    description="The session of someone signed in at /staff/sign-in. Only accepted below /staff.",
    auto_error=False,
)
FORM_TOKEN = _header(
    "staffFormToken",
    "X-Form-Token",
    "The session's form token, contained in the service's own pages. Changes also need the service's own `Origin`.",
)
STANDARD_WEBHOOKS = _header(
    "standardWebhooks",
    "webhook-signature",
    "HMAC-SHA256 of `webhook-id.webhook-timestamp.body` according to Standard Webhooks 1.0.0: sources `generic`, "
    "`wordpress` and `wagtail`, and the callbacks that this service sends.",
)
SIGNATURES = (
    STANDARD_WEBHOOKS,
    _header("ghostSignature", "X-Ghost-Signature", "Source `ghost`: `sha256=…, t=…`, HMAC-SHA256 of body and time."),
    _header(
        "wooCommerceSignature", "X-WC-Webhook-Signature", "Source `woocommerce`: HMAC-SHA256 of the body in base64."
    ),
    _header(
        "contentfulSignature", "X-Contentful-Signature", "Source `contentful`: HMAC-SHA256 of the canonical request."
    ),
    _header(
        "sanitySignature", "sanity-webhook-signature", "Source `sanity`: `t=…,v1=…`, HMAC-SHA256 of time and body."
    ),
    _header("hubSignature", "X-Hub-Signature-256", "Source `drupal`: `sha256=…`, HMAC-SHA256 of the body."),
    HTTPBearer(
        scheme_name="sharedSecret",
        description="Sources `strapi` and `directus`: the hook's secret.",
        auto_error=False,
    ),
)
"""A webhook has the signature of its source."""
