"""Settings that depend on each other."""

from __future__ import annotations

from collections.abc import Iterator

from tts_service.installation.fault import Fault, fault_of, variable
from tts_service.settings import Settings

_BOTH = (("s3_access_key_id", "s3_secret_access_key"), ("signing_cert", "signing_key"))
"""Both must be set, or neither."""
_NOTHING_WITHOUT = (
    ("oidc_client_id", "oidc_issuer", "TTS_OIDC_ISSUER=https://login.example.org"),
    ("oidc_client_secret", "oidc_issuer", "TTS_OIDC_ISSUER=https://login.example.org"),
)
"""A setting, the one it needs, and how to write that one."""


def pair_faults(settings: Settings) -> Iterator[Fault]:
    """Incomplete pairs, and settings that the configured store ignores."""
    for one, other in _BOTH:
        for here, absent in ((one, other), (other, one)):
            if getattr(settings, here) and not getattr(settings, absent):
                yield fault_of(here, f"it needs {variable(absent)} too: set both, or neither")
    if settings.oidc_issuer and not settings.oidc_client_id:
        yield fault_of("oidc_issuer", "nobody can sign in there: set TTS_OIDC_CLIENT_ID too, or remove it")
    for one, other, written in _NOTHING_WITHOUT:
        if getattr(settings, one) and not getattr(settings, other):
            yield fault_of(one, f"it has no effect on its own: set {written} too, or remove it", False)
    yield from _of_the_store(settings)


def _of_the_store(settings: Settings) -> Iterator[Fault]:
    is_bucket = settings.store_url.startswith("s3://")
    if not is_bucket and settings.s3_endpoint:
        yield fault_of("s3_endpoint", "the store is a folder: set TTS_STORE_URL=s3://bucket too, or remove it", False)
    if not is_bucket and settings.s3_access_key_id and settings.s3_secret_access_key:
        yield fault_of(
            "s3_access_key_id", "the store is a folder: set TTS_STORE_URL=s3://bucket too, or remove it", False
        )
    if not is_bucket and settings.signed_store_urls:
        yield fault_of("signed_store_urls", "only a bucket can sign URLs: set TTS_STORE_URL=s3://bucket, or remove it")
    if settings.accel_redirect and is_bucket:
        yield fault_of(
            "accel_redirect", "nginx can't serve a bucket from its disk: remove it, or use a folder as store"
        )
    elif settings.accel_redirect and not settings.accel_redirect.startswith("/"):
        yield fault_of("accel_redirect", f"it must be a path in nginx: write /{settings.accel_redirect}")
