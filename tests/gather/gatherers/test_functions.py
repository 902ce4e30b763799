"""The facts about Lambda."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import functions
from tests.gather.recorded import RecordedSession

Observed = Callable[[FactSpec], Any]


def zipped() -> bytes:
    """Return a zip file with a handler, the same bytes each time."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr(zipfile.ZipInfo("app.py"), "def handler(event, context): return {}")
    return body.getvalue()


def create(session: boto3.Session, name: str, **settings: Any) -> str:
    """Create a function and return its role's ARN."""
    iam = session.client("iam")
    role = iam.create_role(RoleName=f"role-of-{name}", AssumeRolePolicyDocument="{}")["Role"]
    session.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role["Arn"],
        Handler="app.handler",
        Code={"ZipFile": zipped()},
        **settings,
    )
    return str(role["Arn"])


def kinds(session: boto3.Session, observed: Observed, variables: dict[str, str]) -> dict[str, str]:
    """Return what the fact says about each of the variables of a function."""
    create(session, "telehealth-notes", Environment={"Variables": variables})
    (row,) = observed(functions.functions)
    return {variable["name"]: variable["kind"] for variable in row["environment"]}


def test_bare_function(session: boto3.Session, observed: Observed) -> None:
    """A function made with nothing but code has the documented defaults of AWS."""
    role = create(session, "telehealth-notes")
    (row,) = observed(functions.functions)
    for unpredictable in ("last_modified", "code_sha256", "code_size"):
        del row[unpredictable]
    assert row == {
        "name": "telehealth-notes",
        "function": "notes",
        "runtime": "python3.13",
        "handler": "app.handler",
        "role": role,
        "timeout_seconds": 3,
        "memory_mb": 128,
        "state": "Active",
        "in_vpc": False,
        "tracing": False,
        "dead_letter": "",
        "kms_key": "",
        "log_group": "/aws/lambda/telehealth-notes",
        "architectures": ["x86_64"],
        "layers": [],
        "environment": [],
    }


def test_function_of_another_system(session: boto3.Session, observed: Observed) -> None:
    """A function whose name does not follow the template has no name in the manifest."""
    create(session, "billing-notes")
    assert [row["function"] for row in observed(functions.functions)] == [""]


def test_credentials_in_the_environment(session: boto3.Session, observed: Observed) -> None:
    """A variable is a secret by its name, or by the look of its value."""
    variables = {
        "DB_PASSWORD": "hunter2",
        "dbPassword": "hunter2",
        "JWT_SECRET_PROD": "x9",
        "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
        "SUPABASE_SERVICE_ROLE_KEY": "opaque",
        "STORAGE_SECRET_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "API_KEY_2": "opaque",
        "DATABASE_URL": "postgresql://app:hunter2@db.internal/app",
        "CONNECTION": "host=db user=app password=hunter2",
        "ACCESS": "AKIAIOSFODNN7EXAMPLE",
        "PAYMENTS": "sk_live_0123456789",
        "SESSION": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x",
        "CERTIFICATE": "-----BEGIN RSA PRIVATE KEY-----",
    }
    assert kinds(session, observed, variables) == dict.fromkeys(variables, "secret")


def test_references_in_the_environment(session: boto3.Session, observed: Observed) -> None:
    """A variable that says where a secret is kept is a reference, whatever it is called."""
    variables = {
        "DB_SECRET": "arn:aws:secretsmanager:us-east-1:123456789012:secret:telehealth/db-AbCdEf",
        "TWILIO_TOKEN": "telehealth/twilio",
        "STRIPE_KEY": "/payments/stripe",
        "CONFIG": "/telehealth/config",
        "PASSWORD": "{{resolve:secretsmanager:telehealth/db}}",
    }
    assert kinds(session, observed, variables) == dict.fromkeys(variables, "reference")


def test_plain_values_in_the_environment(session: boto3.Session, observed: Observed) -> None:
    """Settings are literals, also where their names contain the word of a credential."""
    variables = {
        "LOG_LEVEL": "INFO",
        "DATABASE_URL": "postgresql://db.internal/app",
        "TOKEN_TTL_SECONDS": "3600",
        "SECRET_NAME": "db",
        "KMS_KEY_ID": "1234abcd",
        "STRIPE_PUBLISHABLE_KEY": "pk_live_0123456789",
        "REQUIRE_PASSWORD": "true",
        "API_TOKEN": "",
        "RELEASE": "0123456789abcdef0123456789abcdef",
    }
    assert kinds(session, observed, variables) == dict.fromkeys(variables, "literal")


def test_values_stay_out(session: boto3.Session, observed: Observed) -> None:
    """No value of an environment variable is in the fact."""
    variables = {"DB_PASSWORD": "hunter2", "PLAIN": "zebra", "REF": "arn:aws:ssm:::okapi"}
    create(session, "telehealth-notes", Environment={"Variables": variables})
    written = json.dumps(observed(functions.functions))
    assert [word for word in ("hunter2", "zebra", "okapi") if word in written] == []


CONFIGURED = {
    "FunctionName": "telehealth-notes",
    "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:telehealth-notes",
    "Runtime": "python3.13",
    "Role": "arn:aws:iam::123456789012:role/notes",
    "Handler": "app.handler",
    "CodeSize": 18432,
    "Timeout": 29,
    "MemorySize": 512,
    "LastModified": "2026-03-01T09:30:00.000+0000",
    "CodeSha256": "c005KRnqeJEL7QxXzyqt4xxSuw0l3FYBF/sbzv4KDT4=",
    "Version": "$LATEST",
    "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"], "VpcId": "vpc-1"},
    "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:failed"},
    "KMSKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1",
    "TracingConfig": {"Mode": "Active"},
    "Layers": [{"Arn": "arn:aws:lambda:us-east-1:123456789012:layer:libraries:3", "CodeSize": 9}],
    "PackageType": "Zip",
    "Architectures": ["arm64"],
    "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/telehealth/functions"},
    "Environment": {
        "Error": {"ErrorCode": "AccessDeniedException", "Message": "kms:Decrypt is not allowed"}
    },
}
IMAGE = {
    "FunctionName": "telehealth-image",
    "Role": "arn:aws:iam::123456789012:role/image",
    "CodeSize": 0,
    "Timeout": 3,
    "MemorySize": 128,
    "LastModified": "2026-03-01T10:30:00.000+0100",
    "CodeSha256": "abc",
    "PackageType": "Image",
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": ""},
    "TracingConfig": {"Mode": "PassThrough"},
}


class TestRecorded:
    """Answers of Lambda that moto does not give."""

    @pytest.fixture
    def session(self) -> RecordedSession:
        """Two pages of ListFunctions."""
        return RecordedSession(
            {
                "ListFunctions": [
                    json.dumps({"Functions": [CONFIGURED], "NextMarker": "more"}),
                    json.dumps({"Functions": [IMAGE]}),
                ]
            }
        )

    def test_configured_function(self, observed: Observed) -> None:
        """Every setting is in the row; variables that AWS would not decrypt are unknown."""
        assert observed(functions.functions)[0] == {
            "name": "telehealth-notes",
            "function": "notes",
            "runtime": "python3.13",
            "handler": "app.handler",
            "role": "arn:aws:iam::123456789012:role/notes",
            "code_sha256": "c005KRnqeJEL7QxXzyqt4xxSuw0l3FYBF/sbzv4KDT4=",
            "code_size": 18432,
            "timeout_seconds": 29,
            "memory_mb": 512,
            "last_modified": "2026-03-01T09:30:00Z",
            "state": None,
            "in_vpc": True,
            "tracing": True,
            "dead_letter": "arn:aws:sqs:us-east-1:123456789012:failed",
            "kms_key": "arn:aws:kms:us-east-1:123456789012:key/1",
            "log_group": "/telehealth/functions",
            "architectures": ["arm64"],
            "layers": ["arn:aws:lambda:us-east-1:123456789012:layer:libraries:3"],
            "environment": None,
        }

    def test_function_from_an_image(self, observed: Observed) -> None:
        """A function on the second page, made from an image, has no runtime and no handler."""
        row = observed(functions.functions)[1]
        assert (row["name"], row["runtime"], row["handler"], row["in_vpc"]) == (
            "telehealth-image",
            "",
            "",
            False,
        )

    def test_moments_are_utc(self, observed: Observed) -> None:
        """A moment with an offset is written in UTC."""
        assert observed(functions.functions)[1]["last_modified"] == "2026-03-01T09:30:00Z"


def test_event_source_mappings(session: boto3.Session, observed: Observed) -> None:
    """A mapping names the deployed function and its queue, and says whether it is switched on."""
    create(session, "telehealth-notes")
    queues = session.client("sqs")
    for name, enabled in (("jobs", True), ("stopped", False)):
        queues.create_queue(QueueName=name)
        session.client("lambda").create_event_source_mapping(
            FunctionName="telehealth-notes",
            EventSourceArn=f"arn:aws:sqs:us-east-1:123456789012:{name}",
            Enabled=enabled,
        )
    rows = observed(functions.event_source_mappings)
    assert sorted(rows, key=lambda row: str(row["source_arn"])) == [
        {
            "function": "telehealth-notes",
            "source_arn": "arn:aws:sqs:us-east-1:123456789012:jobs",
            "enabled": True,
        },
        {
            "function": "telehealth-notes",
            "source_arn": "arn:aws:sqs:us-east-1:123456789012:stopped",
            "enabled": False,
        },
    ]
