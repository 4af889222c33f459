"""OpenID Connect sign-in: authorisation code with PKCE, state and nonce; ID tokens are fully verified.

All calls go through the guarded client: an issuer in the operator's own network needs TTS_ALLOW_HOSTS.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2 import ClientAuth, OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tts_service.access.staff import Identity
from tts_service.errors import RemoteUnavailable, SignInRefused
from tts_service.http.client import Answer, Outbound
from tts_service.http.terms import MIB, Terms
from tts_service.settings import Settings

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Asymmetric signatures only: `none`, and HMAC with the client's secret, are refused."""
_TERMS = Terms(total_s=10, wire_bytes=MIB, unpacked_bytes=MIB, redirects=0, https_only=True)
_LEEWAY_S = 60
_FRESH_S = 3600.0
"""Seconds the issuer's metadata is cached."""
_NOT_BELIEVED = "The sign-in service's response could not be verified: start again, or ask an admin to check the log."

log = logging.getLogger(__name__)


class Issuer:
    """The configured issuer. Thread-safe."""

    def __init__(self, settings: Settings, outbound: Outbound, back: str) -> None:
        """`back`: the redirect URI."""
        self._name = settings.oidc_issuer.rstrip("/")
        self._settings = settings
        self._session = _Session(outbound)
        self._back = back
        self._facts: dict[str, Any] = {}
        self._facts_until = 0.0

    def draw(self) -> dict[str, str]:
        """Random values for one sign-in that the response must match: nonce, verifier."""
        return {"nonce": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(48)}

    def address(self, state: str, drawn: Mapping[str, str]) -> str:
        """Authorisation URL for the browser. Raises RemoteUnavailable, AddressRefused."""
        address, _ = self._client().create_authorization_url(
            self._described()["authorization_endpoint"],
            state=state,
            code_verifier=drawn["verifier"],
            nonce=drawn["nonce"],
        )
        return str(address)

    def finish(self, details: Mapping[str, Any], answer: Mapping[str, str]) -> Identity:
        """The identity in this callback (its query). Raises SignInRefused, RemoteUnavailable, AddressRefused."""
        if answer.get("error") or not answer.get("code"):
            raise SignInRefused("The sign-in service refused to sign you in: start again, or ask an admin.")
        if answer.get("iss", self._described()["issuer"]) != self._described()["issuer"]:  # RFC 9207
            raise _refused("the response names another issuer")
        try:
            token = self._client().fetch_token(
                self._described()["token_endpoint"], code=answer["code"], code_verifier=details["verifier"]
            )
            return self._identity(token, details["nonce"])
        except (AuthlibBaseError, JoseError, ValueError, KeyError, httpx.HTTPError) as error:
            raise _refused(f"{type(error).__name__}: {error}") from error

    def _identity(self, token: Mapping[str, Any], nonce: str) -> Identity:
        keys = KeySet.import_key_set(self._get(self._described()["jwks_uri"]))  # type: ignore[arg-type]
        decoded = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        client_id = self._settings.oidc_client_id
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self._described()["issuer"]},
                "aud": {"essential": True, "value": client_id},
            },
            params={"client_id": client_id, "nonce": nonce, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=_LEEWAY_S)
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(
            issuer=str(claims["iss"]), subject=str(claims["sub"]), email=str(email).lower() if email else None
        )

    def _described(self) -> dict[str, Any]:
        """The issuer's metadata (OpenID Connect Discovery 1.0, 4)."""
        if time.monotonic() >= self._facts_until:
            facts = self._get(f"{self._name}/.well-known/openid-configuration")
            if str(facts.get("issuer", "")).rstrip("/") != self._name:
                raise RemoteUnavailable(f"{self._name} reports a different issuer: check TTS_OIDC_ISSUER.")
            missing = [name for name in ("authorization_endpoint", "token_endpoint", "jwks_uri") if name not in facts]
            if missing:
                raise RemoteUnavailable(f"{self._name} doesn't publish its {', '.join(missing)}.")
            self._facts, self._facts_until = facts, time.monotonic() + _FRESH_S
        return self._facts

    def _get(self, url: str) -> dict[str, Any]:
        answer = self._session.get(url)
        try:
            found = json.loads(answer.content) if answer.is_success else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise RemoteUnavailable(f"{url} returned {answer.status_code} without a JSON object.")
        return found

    def _client(self) -> OAuth2Client:
        secret = self._settings.oidc_client_secret
        return OAuth2Client(
            self._session,
            self._settings.oidc_client_id,
            secret or None,
            scope="openid email",
            redirect_uri=self._back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
        )


class _Session:
    """Adapts the guarded client to the interface that Authlib expects."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    def get(self, url: str) -> httpx.Response:
        """Raises AddressRefused, RemoteUnavailable."""
        return _answered(self._outbound.get(url, _TERMS, {"Accept": "application/json"}))

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: ClientAuth) -> httpx.Response:
        """Raises AddressRefused, RemoteUnavailable."""
        target_url, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return _answered(self._outbound.post(target_url, body.encode(), _TERMS, sent))


def _answered(answer: Answer) -> httpx.Response:
    return httpx.Response(answer.status, content=answer.body, request=httpx.Request("GET", answer.url))


def state_of(token: str) -> str:
    """The `state` parameter: proves that the browser has the token without revealing it."""
    return hashlib.sha256(f"state {token}".encode()).hexdigest()


def _refused(why: str) -> SignInRefused:
    log.warning("single sign-on refused: %s", why)
    return SignInRefused(_NOT_BELIEVED)
