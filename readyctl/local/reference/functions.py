"""The two functions that the reference account has, with their role and log groups."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

from readyctl.local.account import TAGS, Account
from readyctl.local.reference.database import SECRET
from readyctl.local.reference.network import Network

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ROLE = "telehealth-lambda"
HEALTH_CHECK = "health-check"
MIGRATE_DATABASE = "migrate-database"

_VPC_ACCESS = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
_RETENTION_DAYS = 365

_HEALTH_CHECK_CODE = '''"""Answers that the API is reachable; it looks at nothing behind it."""

import json


def handler(event, context):
    body = {"status": "ok", "function": context.function_name}
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(body)}
'''

_MIGRATE_DATABASE_CODE = '''"""Lists the migrations in its package; it was made with none."""

import pathlib


def handler(event, context):
    here = pathlib.Path(__file__).parent
    packaged = sorted(path.name for path in here.glob("migrations/*.sql"))
    return {"packaged": packaged, "applied": []}
'''

_CODE = {HEALTH_CHECK: _HEALTH_CHECK_CODE, MIGRATE_DATABASE: _MIGRATE_DATABASE_CODE}


def make_functions(account: Account, network: Network, secret: str) -> dict[str, str]:
    """Make role, log groups and functions; return the ARN of each function by its name."""
    role = _make_role(account, secret)
    _make_log_groups(account)
    client = account.session.client("lambda", **account.options)
    made = {name: _make_function(client, name, role, network) for name in _CODE}
    for name in made:
        client.get_waiter("function_active_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )
    return made


def _make_role(account: Account, secret: str) -> str:
    iam = account.session.client("iam", **account.options)
    role = iam.create_role(
        RoleName=ROLE,
        AssumeRolePolicyDocument=_policy(
            {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ),
        Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
    )["Role"]
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=_VPC_ACCESS)
    iam.put_role_policy(
        RoleName=ROLE,
        PolicyName="read-database-secret",
        PolicyDocument=_policy({"Action": "secretsmanager:GetSecretValue", "Resource": secret}),
    )
    return str(role["Arn"])


def _policy(statement: dict[str, object]) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]},
    )


def _make_log_groups(account: Account) -> None:
    logs = account.session.client("logs", **account.options)
    for name in _CODE:
        group = f"/aws/lambda/{name}"
        logs.create_log_group(logGroupName=group, tags=TAGS)
        logs.put_retention_policy(logGroupName=group, retentionInDays=_RETENTION_DAYS)


def _make_function(client: LambdaClient, name: str, role: str, network: Network) -> str:
    made = client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Architectures=["arm64"],
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": _archive(_CODE[name])},
        Timeout=60 if name == MIGRATE_DATABASE else 10,
        MemorySize=256,
        VpcConfig={
            "SubnetIds": network.private_subnets,
            "SecurityGroupIds": [network.lambda_group],
        },
        Environment={"Variables": {"DATABASE_SECRET": SECRET}},
        Tags=TAGS,
    )
    return made["FunctionArn"]


def _archive(code: str) -> bytes:
    """Return a zip whose bytes depend on the code alone."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo("main.py", date_time=(1980, 1, 1, 0, 0, 0))
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, code)
    return content.getvalue()
