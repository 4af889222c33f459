"""The signing certificate: from the settings, or created for this installation.

A self-made certificate proves that a file is unaltered since signing, not who signed it: validators report an unknown
signer.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tts_service.errors import NotMarked
from tts_service.settings import Settings

_YEARS = 20
"""Without a time-stamp, a signature is valid only as long as its certificate."""
_SERVICE = "Listen to the article"
_PEM = serialization.Encoding.PEM
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
_Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Certificate chain and key for signing."""

    chain_pem: bytes
    """Certificates, the signing certificate first."""
    key_pem: bytes = field(repr=False)
    """Private key, PKCS #8, unencrypted."""
    algorithm: str
    """C2PA algorithm name: es256, es384, es512, ps256, ed25519."""
    tsa_url: str | None
    """URL of a time-stamp authority (RFC 3161); None: no time-stamp."""
    own: bool
    """Created by this installation, so that no validator elsewhere trusts it."""

    def as_json(self) -> dict[str, Any]:
        """Serialised for another process of this service, including the key."""
        return {**asdict(self), "chain_pem": self.chain_pem.decode(), "key_pem": self.key_pem.decode()}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Credentials:
        """Inverse of as_json()."""
        return cls(**{**kept, "chain_pem": kept["chain_pem"].encode(), "key_pem": kept["key_pem"].encode()})


def credentials_of(settings: Settings) -> Credentials:
    """Signing credentials of this installation; created on first use if the settings name none. Raises NotMarked."""
    if (settings.signing_cert is None) != (settings.signing_key is None):
        raise NotMarked("TTS_SIGNING_CERT and TTS_SIGNING_KEY need each other: set both, or neither.")
    own = settings.signing_cert is None
    if settings.signing_cert is None or settings.signing_key is None:
        folder = own_folder(settings)
        if not folder.exists():
            keep_own(folder, _own_chain())
        cert, key = folder / "chain.pem", folder / "key.pem"
    else:
        cert, key = settings.signing_cert, settings.signing_key
    try:
        chain_pem, key_pem = cert.read_bytes(), key.read_bytes()
        chain = x509.load_pem_x509_certificates(chain_pem)
        private = serialization.load_pem_private_key(key_pem, password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotMarked(f"Signing with {cert} and {key} failed: {error}") from error
    _usable(chain[0], private, cert)
    pkcs8 = private.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Credentials(
        chain_pem=chain_pem,
        key_pem=pkcs8,
        algorithm=_algorithm(private),
        tsa_url=settings.signing_tsa_url or None,
        own=own,
    )


def own_folder(settings: Settings) -> Path:
    """Folder of the self-made certificate: chain.pem, key.pem, and root.pem for others who want to trust it."""
    return settings.data_dir / "signing"


def own_certificates(settings: Settings) -> str:
    """PEM of this installation's certificates, for verifying its own files; empty if it never signed."""
    chain = settings.signing_cert or own_folder(settings) / "chain.pem"
    return chain.read_text("utf-8") if chain.is_file() else ""


def _usable(cert: x509.Certificate, private: PrivateKeyTypes, path: Path) -> None:
    """Raises NotMarked if the certificate belongs to another key or isn't currently valid."""
    if cert.public_key() != private.public_key():
        raise NotMarked(f"The first certificate in {path} doesn't match the key in TTS_SIGNING_KEY.")
    if not cert.not_valid_before_utc <= datetime.now(UTC) <= cert.not_valid_after_utc:
        raise NotMarked(f"{path} is valid from {cert.not_valid_before_utc} to {cert.not_valid_after_utc}: renew it.")


def _algorithm(private: object) -> str:
    if isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name in _CURVES:
        return _CURVES[private.curve.name]
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(private, rsa.RSAPrivateKey):
        return "ps256"
    raise NotMarked("C2PA doesn't support this type of TTS_SIGNING_KEY: use P-256, Ed25519 or RSA.")


def keep_own(folder: Path, files: Mapping[str, bytes]) -> None:
    """Creates the folder with these files atomically, or keeps the one that exists. Raises NotMarked."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".signing-", dir=folder.parent) as draft:
            whole = Path(draft) / "signing"
            whole.mkdir(mode=0o700)
            for name, data in files.items():
                (whole / name).touch(mode=0o600)
                (whole / name).write_bytes(data)
            whole.rename(folder)
    except OSError as error:
        if not folder.exists():
            raise NotMarked(f"No signing certificate could be created in {folder}: {error}") from error


def _own_chain() -> dict[str, bytes]:
    """A root and a signing certificate issued by it. The root's key is discarded: it signs nothing else."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name(f"{_SERVICE}: root of this installation")
    root = _base(root_name, root_name, root_key)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root_cert = root.add_extension(_usage(signs_certificates=True), critical=True).sign(root_key, hashes.SHA256())
    leaf = _base(_name(f"{_SERVICE}: signer of this installation"), root_name, key)
    leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    leaf = leaf.add_extension(_usage(signs_certificates=False), critical=True)
    # C2PA requires one of two extended key usages.
    leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=True)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    leaf_cert = leaf.add_extension(authority, critical=False).sign(root_key, hashes.SHA256())
    root_pem, leaf_pem = root_cert.public_bytes(_PEM), leaf_cert.public_bytes(_PEM)
    secret = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {"root.pem": root_pem, "chain.pem": leaf_pem + root_pem, "key.pem": secret}


def _base(subject: x509.Name, issuer: x509.Name, key: _Key) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(issuer_name=issuer, subject_name=subject, public_key=key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    # Backdated by a day, for machines whose clock is slow.
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=365 * _YEARS))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, _SERVICE), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
