"""Facts about Cognito: the user pools of the system and their application clients."""

from __future__ import annotations

from typing import TypedDict

from readyctl.clients.aws import Answer
from readyctl.gather.base import Sources, fact

_PASSWORD_CLASSES = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


class UserPool(TypedDict):
    """A user pool of the system. `password_classes` counts upper, lower, digit and symbol."""

    id: str
    name: str
    arn: str
    ours: bool
    mfa: str
    password_minimum_length: int
    password_classes: int
    self_sign_up: bool
    threat_protection: str
    deletion_protection: bool


class UserPoolClient(TypedDict):
    """An application that signs users in. `pool` is the name of its pool."""

    pool: str
    name: str
    access_token_minutes: int
    refresh_token_minutes: int
    auth_flows: list[str]
    secret: bool


@fact("user_pools", calls=("cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"))
def user_pools(sources: Sources) -> list[UserPool]:
    """User pools of the system, with what protects a sign-in. Other pools are not described."""

    def described(pool: Answer) -> UserPool:
        answer = sources.aws.call("cognito-idp:DescribeUserPool", UserPoolId=pool["Id"])
        return _user_pool(answer["UserPool"])

    return sources.aws.map(described, _our_pools(sources))


@fact(
    "user_pool_clients",
    calls=(
        "cognito-idp:ListUserPools",
        "cognito-idp:ListUserPoolClients",
        "cognito-idp:DescribeUserPoolClient",
    ),
)
def user_pool_clients(sources: Sources) -> list[UserPoolClient]:
    """Application clients of the system's user pools, and how long their tokens are good for."""
    listed = [
        (pool["Name"], client)
        for pool in _our_pools(sources)
        for client in sources.aws.pages(
            "cognito-idp:ListUserPoolClients",
            "UserPoolClients",
            UserPoolId=pool["Id"],
            MaxResults=60,
        )
    ]

    def described(entry: tuple[str, Answer]) -> UserPoolClient:
        pool, client = entry
        answer = sources.aws.call(
            "cognito-idp:DescribeUserPoolClient",
            UserPoolId=client["UserPoolId"],
            ClientId=client["ClientId"],
        )
        return _client(pool, answer["UserPoolClient"])

    return sources.aws.map(described, listed)


def _our_pools(sources: Sources) -> list[Answer]:
    pools = sources.aws.pages("cognito-idp:ListUserPools", "UserPools", MaxResults=60)
    return [pool for pool in pools if sources.settings.matches("user_pool", pool["Name"])]


def _user_pool(pool: Answer) -> UserPool:
    password = pool["Policies"]["PasswordPolicy"]
    sign_up = pool.get("AdminCreateUserConfig", {})
    return UserPool(
        id=pool["Id"],
        name=pool["Name"],
        arn=pool["Arn"],
        ours=True,
        mfa=pool.get("MfaConfiguration", "OFF"),
        password_minimum_length=password["MinimumLength"],
        password_classes=sum(1 for rule in _PASSWORD_CLASSES if password.get(rule, False)),
        self_sign_up=not sign_up.get("AllowAdminCreateUserOnly", False),
        threat_protection=pool.get("UserPoolAddOns", {}).get("AdvancedSecurityMode", "OFF"),
        deletion_protection=pool.get("DeletionProtection") == "ACTIVE",
    )


def _client(pool: str, client: Answer) -> UserPoolClient:
    units = client.get("TokenValidityUnits", {})
    # Cognito takes an unset or zero validity for its defaults: an hour, and thirty days.
    access = _minutes(client.get("AccessTokenValidity") or 0, units.get("AccessToken", "hours"))
    refresh = _minutes(client.get("RefreshTokenValidity") or 0, units.get("RefreshToken", "days"))
    return UserPoolClient(
        pool=pool,
        name=client["ClientName"],
        access_token_minutes=access or 60,
        refresh_token_minutes=refresh or 30 * 24 * 60,
        auth_flows=sorted(client.get("ExplicitAuthFlows", ())),
        secret="ClientSecret" in client,
    )


def _minutes(validity: int, unit: str) -> int:
    return -(-validity * _SECONDS[unit] // 60)
