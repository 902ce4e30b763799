"""Facts about identity."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import iam

Observed = Callable[[FactSpec], Any]
NAME = "telehealth-api"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
LAMBDA = {"Service": "lambda.amazonaws.com"}


@pytest.fixture
def client(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> Any:
    """IAM of the account, with the policies that AWS keeps."""
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    return session.client("iam")


def _document(*stated: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(stated)})


def _allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _make(client: Any, principal: Any = LAMBDA, *grants: dict[str, Any]) -> None:
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    client.create_role(RoleName=NAME, AssumeRolePolicyDocument=_document(trust))
    if grants:
        client.put_role_policy(
            RoleName=NAME, PolicyName="inline", PolicyDocument=_document(*grants)
        )


def test_a_narrow_role(client: Any, observed: Observed) -> None:
    """A role that may do one thing to one resource has nothing wide about it."""
    table = "arn:aws:secretsmanager:us-east-1:123456789012:secret:telehealth/*"
    _make(client, LAMBDA, _allow("secretsmanager:GetSecretValue", table))
    assert observed(iam.iam_roles) == [
        {
            "name": NAME,
            "arn": f"arn:aws:iam::123456789012:role/{NAME}",
            "ours": True,
            "services": ["lambda.amazonaws.com"],
            "admin": False,
            "wildcard_actions": [],
            "wildcard_resource_actions": [],
            "external_principals": [],
            "aws_policies": [],
        }
    ]


@pytest.mark.parametrize(
    "grant",
    [_allow("*"), _allow(["*:*"], ["*"]), {"Effect": "Allow", "NotAction": "x:y", "Resource": "*"}],
    ids=["star", "lists", "all but one"],
)
def test_an_administrator_by_statement(
    client: Any, observed: Observed, grant: dict[str, Any]
) -> None:
    """Every action on every resource makes an administrator, however it is written."""
    _make(client, LAMBDA, grant)
    assert observed(iam.iam_roles)[0]["admin"] is True


def test_an_administrator_by_attachment(client: Any, observed: Observed) -> None:
    """The policy that AWS keeps for administrators is known by its name; it is not read."""
    _make(client)
    client.attach_role_policy(RoleName=NAME, PolicyArn=ADMINISTRATOR)
    (role,) = observed(iam.iam_roles)
    assert (role["admin"], role["aws_policies"]) == (True, ["AdministratorAccess"])


def test_a_customer_policy_is_read_in_its_default_version(client: Any, observed: Observed) -> None:
    """Of an attached policy only the version in force counts."""
    _make(client)
    arn = client.create_policy(PolicyName="p", PolicyDocument=_document(_allow("*")))["Policy"][
        "Arn"
    ]
    client.create_policy_version(
        PolicyArn=arn, PolicyDocument=_document(_allow("s3:*", "arn:aws:s3:::b")), SetAsDefault=True
    )
    client.attach_role_policy(RoleName=NAME, PolicyArn=arn)
    (role,) = observed(iam.iam_roles)
    assert (role["admin"], role["wildcard_actions"], role["aws_policies"]) == (
        False,
        ["s3:*"],
        [],
    )


def test_denied_actions_are_no_grant(client: Any, observed: Observed) -> None:
    """A Deny of everything does not make an administrator."""
    _make(client, LAMBDA, {"Effect": "Deny", "Action": "*", "Resource": "*"})
    (role,) = observed(iam.iam_roles)
    assert (role["admin"], role["wildcard_actions"]) == (False, [])


@pytest.mark.parametrize(
    ("grant", "wide"),
    [
        (_allow(["s3:GetObject", "kms:Decrypt"]), ["kms:Decrypt", "s3:GetObject"]),
        (_allow(["ec2:CreateNetworkInterface", "xray:PutTraceSegments"]), []),
        (_allow("kms:Decrypt", Condition={"StringEquals": {"kms:ViaService": "s3"}}), []),
        (_allow("s3:GetObject", "arn:aws:s3:::b/*"), []),
    ],
    ids=["needless", "unavoidable", "conditional", "scoped"],
)
def test_actions_on_every_resource(
    client: Any, observed: Observed, grant: dict[str, Any], wide: list[str]
) -> None:
    """Only actions that could have been limited to resources are held against a role."""
    _make(client, LAMBDA, grant)
    assert observed(iam.iam_roles)[0]["wildcard_resource_actions"] == wide


@pytest.mark.parametrize(
    ("principal", "external"),
    [
        ({"AWS": ["arn:aws:iam::123456789012:root", "arn:aws:iam::999999999999:root"]}, True),
        ({"AWS": ["999999999999", "123456789012"]}, True),
        ({"AWS": "arn:aws:iam::123456789012:root"}, False),
    ],
    ids=["arn", "number", "own"],
)
def test_external_principals(
    client: Any, observed: Observed, principal: dict[str, Any], external: bool
) -> None:
    """Other accounts that may assume a role are listed, the role's own is not."""
    _make(client, principal)
    assert observed(iam.iam_roles)[0]["external_principals"] == ["999999999999"] * external


def test_anybody_may_assume(client: Any, observed: Observed) -> None:
    """A role that trusts everyone shows it."""
    _make(client, {"AWS": "*"})
    assert observed(iam.iam_roles)[0]["external_principals"] == ["*"]


def test_other_roles_are_not_ours(client: Any, observed: Observed) -> None:
    """A role without the system's prefix is listed as somebody else's."""
    client.create_role(RoleName="deployer", AssumeRolePolicyDocument=_document())
    assert [role["ours"] for role in observed(iam.iam_roles)] == [False]


def test_roles_and_policies_are_asked_for_once(
    recorded: Callable[..., None], observed: Observed
) -> None:
    """One request answers for the roles and the policies: for a second there is no answer."""
    space = "https://iam.amazonaws.com/doc/2010-05-08/"
    recorded(
        "iam.GetAccountAuthorizationDetails",
        f'<GetAccountAuthorizationDetailsResponse xmlns="{space}">'
        "<GetAccountAuthorizationDetailsResult><IsTruncated>false</IsTruncated><RoleDetailList/>"
        "<Policies/></GetAccountAuthorizationDetailsResult>"
        "</GetAccountAuthorizationDetailsResponse>",
    )
    assert observed(iam.iam_roles) == []


@pytest.mark.parametrize("protected", [True, False])
def test_account_summary(
    recorded: Callable[..., None], observed: Observed, protected: bool
) -> None:
    """The root user's second factor and keys, and the number of users, are reported."""
    counts = {"AccountMFAEnabled": protected, "AccountAccessKeysPresent": not protected, "Users": 2}
    entries = "".join(
        f"<entry><key>{key}</key><value>{int(value)}</value></entry>"
        for key, value in counts.items()
    )
    recorded(
        "iam.GetAccountSummary",
        '<GetAccountSummaryResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        f"<GetAccountSummaryResult><SummaryMap>{entries}</SummaryMap></GetAccountSummaryResult>"
        "</GetAccountSummaryResponse>",
    )
    assert observed(iam.account_summary) == {
        "root_mfa": protected,
        "root_access_keys": int(not protected),
        "users": 2,
    }
