"""Facts about S3."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import s3

Observed = Callable[[FactSpec], Any]
FILES = "telehealth-files-1"
IDENTITY = {"name": FILES, "role": "files"}


@pytest.fixture
def client(session: boto3.Session) -> Any:
    """S3 with the files bucket of the system and a bucket of somebody else."""
    client = session.client("s3")
    client.create_bucket(Bucket=FILES)
    client.create_bucket(Bucket="somebody-else")
    return client


def _policy(*stated: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(stated)})


def _tls(**changes: Any) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{FILES}", f"arn:aws:s3:::{FILES}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        **changes,
    }


def test_buckets_have_a_role(client: Any, observed: Observed) -> None:
    """Every bucket is listed; the system's are told apart by their names."""
    client.create_bucket(Bucket="telehealth-videos-1")
    client.create_bucket(Bucket="telehealth-exports")
    assert observed(s3.buckets) == [
        {"name": FILES, "role": "files"},
        {"name": "somebody-else", "role": ""},
        {"name": "telehealth-videos-1", "role": "videos"},
        {"name": "telehealth-exports", "role": "other"},
    ]


def test_encryption_with_a_key(client: Any, observed: Observed) -> None:
    """The algorithm and the key are reported."""
    rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/telehealth"}
    client.put_bucket_encryption(
        Bucket=FILES,
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]},
    )
    assert observed(s3.bucket_encryption) == [
        {**IDENTITY, "algorithm": "aws:kms", "kms_key": "alias/telehealth"}
    ]


def test_no_encryption_is_observed(client: Any, observed: Observed) -> None:
    """A bucket without default encryption is a row, not a failure."""
    client.delete_bucket_encryption(Bucket=FILES)
    assert observed(s3.bucket_encryption) == [{**IDENTITY, "algorithm": "", "kms_key": ""}]


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_versioning(client: Any, observed: Observed, status: str) -> None:
    """Versioning counts only while it is enabled."""
    client.put_bucket_versioning(Bucket=FILES, VersioningConfiguration={"Status": status})
    assert observed(s3.bucket_versioning) == [
        {**IDENTITY, "enabled": status == "Enabled", "mfa_delete": False}
    ]


def test_versioning_never_set(client: Any, observed: Observed) -> None:
    """A bucket that never had versioning has none."""
    assert observed(s3.bucket_versioning) == [{**IDENTITY, "enabled": False, "mfa_delete": False}]


@pytest.mark.parametrize("restrict", [True, False])
def test_public_access_is_blocked_by_all_four(
    client: Any, observed: Observed, restrict: bool
) -> None:
    """A block that leaves one way open does not count as blocked."""
    client.put_public_access_block(
        Bucket=FILES,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": restrict,
        },
    )
    assert observed(s3.bucket_public_access) == [
        {
            **IDENTITY,
            "blocked": restrict,
            "block_acls": True,
            "ignore_acls": True,
            "block_policy": True,
            "restrict": restrict,
        }
    ]


def test_no_public_access_block(client: Any, observed: Observed) -> None:
    """A bucket without a block blocks nothing."""
    (found,) = observed(s3.bucket_public_access)
    assert not any(found[key] for key in found if key not in IDENTITY)


def test_no_policy(client: Any, observed: Observed) -> None:
    """A bucket without a policy neither demands TLS nor lets everyone in."""
    assert observed(s3.bucket_policies) == [
        {**IDENTITY, "exists": False, "tls_only": False, "public": False}
    ]


@pytest.mark.parametrize(
    ("changes", "demanded"),
    [
        ({}, True),
        ({"Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}, True),
        ({"Condition": {"BoolIfExists": {"AWS:SecureTransport": False}}}, True),
        ({"Resource": f"arn:aws:s3:::{FILES}*"}, True),
        ({"Resource": f"arn:aws:s3:::{FILES}"}, False),
        ({"Resource": f"arn:aws:s3:::{FILES}/*"}, False),
        ({"Resource": [f"arn:aws:s3:::{FILES}", f"arn:aws:s3:::{FILES}/a/*"]}, False),
        ({"Action": "s3:GetObject"}, False),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
        (
            {
                "Condition": {
                    "Bool": {"aws:SecureTransport": "false"},
                    "StringEquals": {"aws:PrincipalTag/team": "x"},
                }
            },
            False,
        ),
    ],
    ids=[
        "as documented",
        "wider",
        "if exists",
        "one pattern",
        "bucket only",
        "objects only",
        "some objects",
        "one action",
        "one principal",
        "reversed",
        "narrowed",
    ],
)
def test_tls_is_demanded_of_every_request(
    client: Any, observed: Observed, changes: dict[str, Any], demanded: bool
) -> None:
    """Only a Deny that covers every principal, action, object and the bucket demands TLS."""
    client.put_bucket_policy(Bucket=FILES, Policy=_policy(_tls(**changes)))
    assert observed(s3.bucket_policies) == [
        {**IDENTITY, "exists": True, "tls_only": demanded, "public": False}
    ]


def test_a_public_policy(client: Any, observed: Observed) -> None:
    """An unconditional Allow to everyone makes a bucket public."""
    grant = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    client.put_bucket_policy(Bucket=FILES, Policy=_policy(grant))
    assert observed(s3.bucket_policies) == [
        {**IDENTITY, "exists": True, "tls_only": False, "public": True}
    ]


def test_the_shortest_enabled_expiration(client: Any, observed: Observed) -> None:
    """The first rule in force that deletes an object is what counts; disabled rules do not."""
    client.put_bucket_lifecycle_configuration(
        Bucket=FILES,
        LifecycleConfiguration={
            "Rules": [
                _rule("a", "Enabled", {"Days": 2555}),
                _rule("b", "Enabled", {"Days": 3650}),
                _rule("c", "Disabled", {"Days": 1}),
            ]
        },
    )
    assert observed(s3.bucket_lifecycle) == [{**IDENTITY, "rules": 2, "expires_after_days": 2555}]


def test_an_expiration_by_date_spares_nothing(client: Any, observed: Observed) -> None:
    """From a fixed date on even a new object is deleted, so a day is all that it is sure of."""
    client.put_bucket_lifecycle_configuration(
        Bucket=FILES,
        LifecycleConfiguration={
            "Rules": [_rule("a", "Enabled", {"Date": datetime(2031, 1, 1, tzinfo=UTC)})]
        },
    )
    assert observed(s3.bucket_lifecycle) == [{**IDENTITY, "rules": 1, "expires_after_days": 1}]


def test_no_lifecycle(client: Any, observed: Observed) -> None:
    """Without rules objects are kept for ever."""
    assert observed(s3.bucket_lifecycle) == [{**IDENTITY, "rules": 0, "expires_after_days": 0}]


@pytest.mark.parametrize(
    ("inside", "target"),
    [
        (
            "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix/></LoggingEnabled>",
            "logs",
        ),
        ("", ""),
    ],
    ids=["on", "off"],
)
def test_logging(
    client: Any, recorded: Callable[..., None], observed: Observed, inside: str, target: str
) -> None:
    """Access logging is known by its target."""
    space = "http://s3.amazonaws.com/doc/2006-03-01/"
    recorded(
        "s3.GetBucketLogging",
        f'<BucketLoggingStatus xmlns="{space}">{inside}</BucketLoggingStatus>',
    )
    assert observed(s3.bucket_logging) == [{**IDENTITY, "target": target}]


def _rule(identifier: str, status: str, expiration: dict[str, Any]) -> dict[str, Any]:
    return {
        "ID": identifier,
        "Status": status,
        "Filter": {"Prefix": ""},
        "Expiration": expiration,
    }
