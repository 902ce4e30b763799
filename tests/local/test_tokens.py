"""Which tokens are believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from readyctl.local.tokens import TokenVerifier
from tests.pool import CLIENT, NOW, pool

MINE = pool()
VERIFIER = TokenVerifier(MINE.issuer, frozenset({CLIENT}), MINE.jwks())


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _signed_with_the_public_key() -> str:
    pem = MINE.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = _part({"alg": "HS256", "kid": MINE.key_id, "typ": "JWT"})
    text = f"{head}.{MINE.token('host').split('.')[1]}"
    digest = hmac.new(pem, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _with_the_body_of(subject: str) -> str:
    head, _, signature = MINE.token("host").split(".")
    return f"{head}.{MINE.token(subject).split('.')[1]}.{signature}"


@pytest.mark.parametrize(
    ("use", "changes"), [("id", {}), ("access", {"client_id": CLIENT, "aud": None})]
)
def test_a_token_of_the_pool_is_believed(use: str, changes: Any) -> None:
    """An ID token and an access token of a known client say who calls."""
    claims = VERIFIER.claims(MINE.token("host", token_use=use, **changes), NOW)
    assert claims is not None
    assert claims["sub"] == "host"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(MINE.token("host", exp=int(NOW.timestamp())), id="expired"),
        pytest.param(MINE.token("host", exp="9999999999"), id="expiry is no number"),
        pytest.param(MINE.token("host", exp=None), id="without an expiry"),
        pytest.param(pool("Two").token("host"), id="of another pool"),
        pytest.param(
            pool("Two").token("host", iss=MINE.issuer), id="of another pool that says it is ours"
        ),
        pytest.param(MINE.token("host", algorithm="none"), id="alg none"),
        pytest.param(_signed_with_the_public_key(), id="HS256 with the public key"),
        pytest.param(_with_the_body_of("admin"), id="body of another token"),
        pytest.param(MINE.token("host", aud="another-app"), id="for another client"),
        pytest.param(MINE.token("host", aud=[CLIENT]), id="for a list of clients"),
        pytest.param(MINE.token("host", token_use="access"), id="an ID token called access token"),
        pytest.param(MINE.token("host", token_use="refresh"), id="of another use"),
        pytest.param(MINE.token("host") + "x", id="with a longer signature"),
        pytest.param("", id="empty"),
    ],
)
def test_no_other_token_is_believed(token: str) -> None:
    """What the pool did not sign for this app, now, says nothing."""
    assert VERIFIER.claims(token, NOW) is None


def test_a_token_ends_at_its_last_second() -> None:
    """The end is exclusive (RFC 7519, 4.1.4: on or after which it must not be accepted)."""
    end = int(NOW.timestamp()) + 60
    token = MINE.token("host", exp=end)
    believed = [VERIFIER.claims(token, NOW + timedelta(seconds=s)) is not None for s in (59, 60)]
    assert believed == [True, False]


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
def test_rubbish_is_no_error(token: str) -> None:
    """Whatever a caller writes into the header is either a token or nothing."""
    assert VERIFIER.claims(token, NOW) is None
