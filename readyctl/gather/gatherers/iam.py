"""Facts about identity: what the account's roles may do, and how its root user is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TypedDict

from readyctl.clients.aws import Answer
from readyctl.gather.base import Sources, fact
from readyctl.gather.policies import Statement, statements

# Actions that AWS only allows on every resource (Service Authorization Reference).
_UNSCOPABLE = (
    "cloudwatch:getmetricdata",
    "cloudwatch:listmetrics",
    "cloudwatch:putmetricdata",
    "comprehend:detect*",
    "ec2:assignprivateipaddresses",
    "ec2:createnetworkinterface",
    "ec2:deletenetworkinterface",
    "ec2:describe*",
    "ec2:unassignprivateipaddresses",
    "ecr:getauthorizationtoken",
    "kms:generaterandom",
    "kms:listaliases",
    "kms:listkeys",
    "lambda:listfunctions",
    "logs:describeloggroups",
    "s3:listallmybuckets",
    "secretsmanager:getrandompassword",
    "secretsmanager:listsecrets",
    "ssm:describeparameters",
    "sts:getcalleridentity",
    "tag:getresources",
    "textract:*",
    "transcribe:startstreamtranscription*",
    "xray:getsampling*",
    "xray:put*",
)


class Role(TypedDict):
    """A role and what it is granted; Deny statements and boundaries are not subtracted.

    `admin` means every action on every resource, or every action but some; `*` in
    `wildcard_actions` stands for both. `wildcard_resource_actions` are allowed on every resource
    without a condition although they could be limited. `aws_policies` are attached policies that
    AWS keeps: their statements are not read. `external_principals` are other accounts that may
    assume the role, `*` for anybody.
    """

    name: str
    arn: str
    ours: bool
    services: list[str]
    admin: bool
    wildcard_actions: list[str]
    wildcard_resource_actions: list[str]
    external_principals: list[str]
    aws_policies: list[str]


class AccountSummary(TypedDict):
    """The root user's protection, and how many IAM users there are."""

    root_mfa: bool
    root_access_keys: int
    users: int


@fact("iam_roles", calls=("iam:GetAccountAuthorizationDetails",))
def iam_roles(sources: Sources) -> list[Role]:
    """Roles of the account: who may assume them, and how wide their grants are."""
    documents = {
        policy["Arn"]: _default_version(policy) for policy in _details(sources, "Policies")
    }
    prefix = sources.settings.resource("prefix")
    return [_role(role, documents, prefix) for role in _details(sources, "RoleDetailList")]


@fact("account_summary", calls=("iam:GetAccountSummary",))
def account_summary(sources: Sources) -> AccountSummary:
    """The account's root user and the number of its IAM users."""
    summary = sources.aws.call("iam:GetAccountSummary")["SummaryMap"]
    return AccountSummary(
        root_mfa=summary["AccountMFAEnabled"] > 0,
        root_access_keys=summary["AccountAccessKeysPresent"],
        users=summary["Users"],
    )


def _details(sources: Sources, key: str) -> list[Answer]:
    return sources.aws.pages(
        "iam:GetAccountAuthorizationDetails", key, Filter=["Role", "LocalManagedPolicy"]
    )


def _default_version(policy: Answer) -> Answer:
    versions = policy["PolicyVersionList"]
    (document,) = (v["Document"] for v in versions if v["IsDefaultVersion"])
    found: Answer = document
    return found


def _role(role: Answer, documents: Mapping[str, Answer], prefix: str) -> Role:
    attached = [policy["PolicyArn"] for policy in role.get("AttachedManagedPolicies", ())]
    aws_policies = sorted(arn.rpartition("/")[2] for arn in attached if arn not in documents)
    granted = _granted(role, [documents[arn] for arn in attached if arn in documents])
    trusted = [
        principal
        for statement in statements(role["AssumeRolePolicyDocument"])
        if statement.allows
        for principal in statement.principals
    ]
    return Role(
        name=role["RoleName"],
        arn=role["Arn"],
        ours=role["RoleName"].startswith(prefix),
        services=sorted({value for kind, value in trusted if kind == "Service"}),
        admin="AdministratorAccess" in aws_policies or any(_is_admin(s) for s in granted),
        wildcard_actions=_sorted(a for s in granted for a in s.actions if "*" in a),
        wildcard_resource_actions=_sorted(_needlessly_wide(granted)),
        external_principals=_external(trusted, role["Arn"].split(":")[4]),
        aws_policies=aws_policies,
    )


def _granted(role: Answer, managed: list[Answer]) -> list[Statement]:
    inline = [policy["PolicyDocument"] for policy in role.get("RolePolicyList", ())]
    return [s for document in [*inline, *managed] for s in statements(document) if s.allows]


def _is_admin(statement: Statement) -> bool:
    every_action = any(action in ("*", "*:*") for action in statement.actions)
    return every_action and "*" in statement.resources


def _needlessly_wide(granted: list[Statement]) -> Iterable[str]:
    return (
        action
        for statement in granted
        if "*" in statement.resources and not statement.conditions
        for action in statement.actions
        if not any(fnmatchcase(action.lower(), pattern) for pattern in _UNSCOPABLE)
    )


def _external(trusted: list[tuple[str, str]], account: str) -> list[str]:
    accounts = {
        value.split(":")[4] if value.startswith("arn:") else value
        for kind, value in trusted
        if kind in ("AWS", "*")
    }
    return sorted(accounts - {account})


def _sorted(values: Iterable[str]) -> list[str]:
    return sorted(set(values))
