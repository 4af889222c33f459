"""Certificate and key files: whether their contents are usable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tts_service.errors import NotMarked
from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import Settings


def certificate_faults(settings: Settings) -> Iterator[Fault]:
    """Files with the wrong content, and a certificate and key that don't match."""
    files = [name for name in ("outbound_ca_file", "signing_cert", "signing_key") if _is_file(getattr(settings, name))]
    if not files:
        return
    faults = [fault for name in files for fault in _unusable(name, getattr(settings, name))]
    yield from faults
    if not faults and {"signing_cert", "signing_key"} <= set(files):
        yield from _unfit(settings)


def _is_file(path: Path | None) -> bool:
    return path is not None and path.is_file()


def _unusable(name: str, path: Path) -> Iterator[Fault]:
    from cryptography.exceptions import UnsupportedAlgorithm  # imported only if a file is configured
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificates

    read: Callable[[bytes], Any] = load_pem_x509_certificates
    what = "certificate"
    if name == "signing_key":
        read, what = (lambda data: load_pem_private_key(data, password=None)), "private key"
    try:
        read(path.read_bytes())
    except OSError as error:
        yield fault_of(name, f"{path} can't be read ({error.strerror}): let this user read it")
    except TypeError:  # encrypted key
        yield fault_of(name, f"the private key in {path} has a password: write the path of one without")
    except (ValueError, UnsupportedAlgorithm):
        yield fault_of(name, f"{path} holds no {what}: write the path of a PEM file that does")


def _unfit(settings: Settings) -> Iterator[Fault]:
    """Faults of certificate and key together. An expired certificate is only a warning: finished clips are served, and
    new ones wait."""
    from cryptography.x509 import load_pem_x509_certificates

    from tts_service.provenance.certificate import credentials_of

    assert settings.signing_cert is not None, "both were given"
    try:
        credentials_of(settings)
    except NotMarked as error:
        cert = load_pem_x509_certificates(settings.signing_cert.read_bytes())[0]
        holds = cert.not_valid_before_utc <= datetime.now(UTC) <= cert.not_valid_after_utc
        yield fault_of("signing_cert", error.message.removesuffix("."), refuses=holds)
