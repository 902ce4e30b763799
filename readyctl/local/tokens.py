"""Checks the tokens of a Cognito user pool as API Gateway's authorizer does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt

_ALGORITHM = "RS256"
_REQUIRED = ("exp", "iat", "iss", "sub", "token_use")


class TokenVerifier:
    """One user pool's issuer, its clients, and its keys as `/.well-known/jwks.json` has them.

    Only RS256 is believed, whatever a token says of itself. An ID token names its client in `aud`,
    an access token in `client_id` (Amazon Cognito Developer Guide, "Verifying JSON web tokens").
    """

    def __init__(self, issuer: str, clients: frozenset[str], keys: Mapping[str, Any]) -> None:
        self._issuer = issuer
        self._clients = clients
        self._keys = {key.key_id: key.key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys}

    def claims(self, token: str, now: datetime) -> Mapping[str, Any] | None:
        """Return what a token says, None unless this pool signed it for one of the clients."""
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            found: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                issuer=self._issuer,
                # The times are compared below, with the clock that was handed in.
                options={
                    "require": list(_REQUIRED),
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, KeyError, ValueError, TypeError):
            return None
        return found if self._meant(found, now) else None

    def _meant(self, claims: Mapping[str, Any], now: datetime) -> bool:
        use = claims["token_use"]
        client = {"id": claims.get("aud"), "access": claims.get("client_id")}.get(use)
        expires = claims["exp"]
        return (
            isinstance(expires, int)
            and now.timestamp() < expires
            and isinstance(client, str)
            and client in self._clients
        )
