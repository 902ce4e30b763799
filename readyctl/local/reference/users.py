"""The reference Cognito user pool: MFA required, accounts made by administrators only."""

from __future__ import annotations

from readyctl.local.account import TAGS, Account

POOL = "telehealth-users"


def make_users(account: Account) -> str:
    """Make the pool and its web client; return the ARN of the pool."""
    cognito = account.session.client("cognito-idp", **account.options)
    pool = cognito.create_user_pool(
        PoolName=POOL,
        Policies={
            "PasswordPolicy": {
                "MinimumLength": 12,
                "RequireUppercase": True,
                "RequireLowercase": True,
                "RequireNumbers": True,
                "RequireSymbols": True,
                "TemporaryPasswordValidityDays": 1,
            }
        },
        AutoVerifiedAttributes=["email"],
        UsernameAttributes=["email"],
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        AccountRecoverySetting={
            "RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}],
        },
        DeletionProtection="ACTIVE",
        UserPoolTags=TAGS,
    )["UserPool"]
    # A pool is made with MFA only once a second factor is set up for it.
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool["Id"],
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="ON",
    )
    cognito.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="telehealth-web",
        GenerateSecret=False,
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        PreventUserExistenceErrors="ENABLED",
        AccessTokenValidity=15,
        IdTokenValidity=15,
        RefreshTokenValidity=12,
        TokenValidityUnits={
            "AccessToken": "minutes",
            "IdToken": "minutes",
            "RefreshToken": "hours",
        },
        EnableTokenRevocation=True,
    )
    return str(pool["Arn"])
