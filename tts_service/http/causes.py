"""Why a call failed, in plain sentences: one for each cause. The system's own words go to the log, for operators."""

from __future__ import annotations

import logging
import socket
import ssl

import httpcore

from tts_service.errors import RemoteUnavailable

_NO_SUCH_NAME = {
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY") if hasattr(socket, name)
}
_EXPIRED, _OTHER_NAME = 10, 62
"""X509_V_ERR_CERT_HAS_EXPIRED and X509_V_ERR_HOSTNAME_MISMATCH of OpenSSL."""

log = logging.getLogger(__name__)


def not_found(host: str, error: OSError | None = None) -> RemoteUnavailable:
    """The name has no address, or no resolver says so."""
    log.info("looking up %s: %s", host, error)
    if error is None or (isinstance(error, socket.gaierror) and error.errno in _NO_SUCH_NAME):
        return RemoteUnavailable(f"There is no server called {host}: check the address.")
    return RemoteUnavailable(f"The name {host} can't be looked up right now: try again later.")


def not_connected(host: str, port: int, error: OSError) -> RemoteUnavailable:
    """No address of the name accepts a connection."""
    log.info("connecting to %s port %d: %s", host, port, error)
    if isinstance(error, ConnectionRefusedError):
        return RemoteUnavailable(
            f"{host} accepts no connections on port {port}: check the address, or try again later."
        )
    return RemoteUnavailable(f"{host} doesn't respond on port {port}: check the address, or try again later.")


def not_secure(host: str, error: OSError) -> RemoteUnavailable:
    """The connection stands, but TLS can't be agreed on."""
    log.info("TLS with %s: %s", host, error)
    if not isinstance(error, ssl.SSLCertVerificationError):
        return RemoteUnavailable(f"No secure connection (https) to {host} is possible: check the address.")
    if error.verify_code == _EXPIRED:
        return RemoteUnavailable(f"The certificate of {host} has expired: its operator has to renew it.")
    if error.verify_code == _OTHER_NAME:
        return RemoteUnavailable(f"The certificate of {host} is for another name: check the address.")
    return RemoteUnavailable(f"The certificate of {host} is not from an authority that this service trusts.")


def broken_off(host: str, error: Exception) -> RemoteUnavailable:
    """The connection ended early, or what came isn't HTTP."""
    log.info("response of %s: %s", host, error or type(error).__name__)
    # httpcore has no class of its own for a connection that ends too early, only these words.
    ended = isinstance(error, httpcore.NetworkError) or "closed" in str(error) or "disconnected" in str(error)
    if ended:
        return RemoteUnavailable(f"{host} ended the connection before its response was complete: try again later.")
    return RemoteUnavailable(f"{host} doesn't answer in HTTP as a web server does: check the address.")
