"""Facts about Cognito, from recorded answers: moto has no tokens without a further package."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import cognito

Observed = Callable[[FactSpec], Any]
Recorded = Callable[..., None]
SERVICE = "cognito-identity-provider"
POOL = "us-east-1_Aa1"
ARN = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL}"
PASSWORD = {
    "MinimumLength": 14,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": False,
}


@pytest.fixture
def pool(recorded: Recorded) -> Callable[..., None]:
    """Record the system's pool, described with more than its name; beside it somebody else's."""
    listed = [{"Id": POOL, "Name": "telehealth-users"}, {"Id": "x", "Name": "intranet"}]
    recorded(f"{SERVICE}.ListUserPools", json.dumps({"UserPools": listed}))

    def describe(**more: Any) -> None:
        described = {
            "Id": POOL,
            "Name": "telehealth-users",
            "Arn": ARN,
            "Policies": {"PasswordPolicy": PASSWORD},
            **more,
        }
        recorded(f"{SERVICE}.DescribeUserPool", json.dumps({"UserPool": described}))

    return describe


@pytest.fixture
def application(recorded: Recorded, pool: Callable[..., None]) -> Callable[..., None]:
    """Record one application client of the system's pool, described with more than its name."""
    name = {"UserPoolId": POOL, "ClientId": "c", "ClientName": "web"}
    recorded(f"{SERVICE}.ListUserPoolClients", json.dumps({"UserPoolClients": [name]}))

    def describe(**more: Any) -> None:
        body = json.dumps({"UserPoolClient": {**name, **more}})
        recorded(f"{SERVICE}.DescribeUserPoolClient", body)

    return describe


def test_a_protected_pool(pool: Callable[..., None], observed: Observed) -> None:
    """A pool that demands much of a sign-in shows it; pools of others are not described."""
    pool(
        MfaConfiguration="ON",
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"},
        DeletionProtection="ACTIVE",
    )
    assert observed(cognito.user_pools) == [
        {
            "id": POOL,
            "name": "telehealth-users",
            "arn": ARN,
            "ours": True,
            "mfa": "ON",
            "password_minimum_length": 14,
            "password_classes": 3,
            "self_sign_up": False,
            "threat_protection": "ENFORCED",
            "deletion_protection": True,
        }
    ]


def test_what_is_unset_is_off(pool: Callable[..., None], observed: Observed) -> None:
    """Cognito leaves out what was never set: no second factor, open sign-up, no protection."""
    pool()
    (found,) = observed(cognito.user_pools)
    assert (
        found["mfa"],
        found["self_sign_up"],
        found["threat_protection"],
        found["deletion_protection"],
    ) == ("OFF", True, "OFF", False)


def test_token_validity_is_given_in_minutes(
    application: Callable[..., None], observed: Observed
) -> None:
    """Validities are converted from the unit that the client states; its secret stays away."""
    application(
        ClientSecret="s3cr3t",
        AccessTokenValidity=900,
        RefreshTokenValidity=12,
        TokenValidityUnits={"AccessToken": "seconds", "RefreshToken": "hours"},
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )
    assert observed(cognito.user_pool_clients) == [
        {
            "pool": "telehealth-users",
            "name": "web",
            "access_token_minutes": 15,
            "refresh_token_minutes": 720,
            "auth_flows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
            "secret": True,
        }
    ]


@pytest.mark.parametrize(
    ("stated", "minutes"),
    [
        ({}, (60, 43200)),
        ({"RefreshTokenValidity": 0}, (60, 43200)),
        ({"AccessTokenValidity": 2, "RefreshTokenValidity": 3}, (120, 4320)),
    ],
    ids=["unset", "zero", "without a unit"],
)
def test_token_validity_by_default(
    application: Callable[..., None],
    observed: Observed,
    stated: dict[str, int],
    minutes: tuple[int, int],
) -> None:
    """Unset is an hour and thirty days; a bare number counts hours and days."""
    application(**stated)
    (found,) = observed(cognito.user_pool_clients)
    assert (found["access_token_minutes"], found["refresh_token_minutes"]) == minutes
