"""The AWS services behind the functions: an account of the emulator that no other test looks at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import boto3
import urllib3

ACCOUNT = "222233334444"
REGION = "us-east-1"
# Those of practice One whom administrators switch off, reset and promote.
SIGNED_UP = ("other", "host", "trainee")
_PARAMETERS = {
    "/telehealth/mail/sender": "practice@example.org",
    "/telehealth/app/url": "https://practice.example.org/",
}


@dataclass(frozen=True)
class Services:
    """Cognito, SES and Systems Manager, over HTTP."""

    url: str
    pool_id: str

    @property
    def environment(self) -> dict[str, str]:
        """What Lambda, or a template, would put into a function's environment."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "BACKEND_USER_POOL_ID": self.pool_id,
        }

    def account(self, username: str) -> dict[str, Any]:
        """Return what the user pool knows of an account."""
        with closing(client("cognito-idp", self.url)) as cognito:
            found: dict[str, Any] = cognito.admin_get_user(
                UserPoolId=self.pool_id, Username=username
            )
        return found

    def mails(self) -> list[dict[str, Any]]:
        """Return the mails that were sent, from old to new."""
        place = f"{self.url}/_ministack/ses/messages?account={ACCOUNT}"
        sent = urllib3.request("GET", place).json()["messages"]
        found: list[dict[str, Any]] = sent.get(ACCOUNT, [])
        return found


def client(service: str, url: str) -> Any:
    """Return a client of the account at an endpoint."""
    make: Callable[..., Any] = boto3.client
    return make(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="test",
    )


def make(url: str) -> Services:
    """Make a user pool with a few accounts, the parameters, and a sender of mail."""
    with closing(client("cognito-idp", url)) as cognito:
        pool_id: str = cognito.create_user_pool(PoolName="backend")["UserPool"]["Id"]
        for name in SIGNED_UP:
            cognito.admin_create_user(UserPoolId=pool_id, Username=name, MessageAction="SUPPRESS")
    with closing(client("ssm", url)) as ssm:
        for name, value in _PARAMETERS.items():
            ssm.put_parameter(Name=name, Value=value, Type="String", Overwrite=True)
    with closing(client("sesv2", url)) as ses:
        ses.create_email_identity(EmailIdentity=_PARAMETERS["/telehealth/mail/sender"])
    return Services(url, pool_id)
