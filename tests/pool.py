"""A user pool of the tests' own: its keys, and the tokens that it signs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
CLIENT = "client-of-the-app"


@dataclass(frozen=True)
class Pool:
    """A pool's issuer, the name of its key, and the key."""

    issuer: str
    key_id: str
    key: rsa.RSAPrivateKey

    def jwks(self) -> dict[str, Any]:
        """Return the public keys, as the pool publishes them."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": self.key_id, "alg": "RS256", "use": "sig"}]}

    def token(self, subject: str, *, algorithm: str = "RS256", **changes: Any) -> str:
        """Return an ID token; a claim that is changed to None is left out."""
        claims = {
            "sub": subject,
            "iss": self.issuer,
            "aud": CLIENT,
            "token_use": "id",
            "iat": int(NOW.timestamp()),
            "exp": int((NOW + timedelta(hours=1)).timestamp()),
            **changes,
        }
        given = {name: value for name, value in claims.items() if value is not None}
        key: Any = self.key if algorithm == "RS256" else None
        return jwt.encode(given, key, algorithm=algorithm, headers={"kid": self.key_id})


@cache
def pool(name: str = "One") -> Pool:
    """Return a pool; its key is made once for a run."""
    issuer = f"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_{name}"
    return Pool(issuer, "key-1", rsa.generate_private_key(public_exponent=65537, key_size=2048))
