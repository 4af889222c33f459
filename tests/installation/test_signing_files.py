"""Files of certificates and keys are looked into at start: what is in them signs, or the setting is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.parts.settings_faults import environment
from tts_service.installation.check import read_settings

PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
NAME = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "signer")])
KEY, OTHER_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))


def certificate(ends_in: timedelta) -> bytes:
    """Of KEY, in PEM."""
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(NAME, NAME, KEY.public_key(), x509.random_serial_number())
    made = builder.not_valid_before(now - timedelta(days=9)).not_valid_after(now + ends_in).sign(KEY, hashes.SHA256())
    return made.public_bytes(PEM)


def key_file(key: ec.EllipticCurvePrivateKey, password: bytes | None = None) -> bytes:
    hidden = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(PEM, PKCS8, hidden)


FINE = certificate(timedelta(days=9))
CASES = {
    "fine": (FINE, key_file(KEY), None, ""),
    "the key of another one": (FINE, key_file(OTHER_KEY), True, "doesn't match the key in TTS_SIGNING_KEY"),
    "expired": (certificate(timedelta(days=-1)), key_file(KEY), False, "renew it"),
    "the two swapped": (key_file(KEY), FINE, True, "holds no certificate"),
    "a key with a password": (FINE, key_file(KEY, b"open"), True, "has a password"),
    "empty files": (b"", b"", True, "holds no certificate"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_in_the_files(name: str, tmp_path: Path) -> None:
    cert, key, refuses, says = CASES[name]
    (tmp_path / "cert.pem").write_bytes(cert)
    (tmp_path / "key.pem").write_bytes(key)
    with environment({"TTS_SIGNING_CERT": "cert.pem", "TTS_SIGNING_KEY": "key.pem"}, tmp_path):
        _, faults = read_settings()
    assert (faults[0].refuses if faults else None) is refuses, faults
    assert not faults or says in faults[0].message


def test_an_authority_to_trust_is_a_certificate(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(FINE)
    with environment({"TTS_OUTBOUND_CA_FILE": "ca.pem"}, tmp_path):
        assert read_settings()[1] == []
