"""Facts about S3: the buckets of the account, and what protects those of the system."""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import TypedDict, TypeVar

from readyctl.clients.aws import Answer
from readyctl.gather.base import Sources, fact
from readyctl.gather.policies import Statement, statements

Row = TypeVar("Row")

_WITHOUT_TLS = {
    ("bool", "aws:securetransport", "false"),
    ("boolifexists", "aws:securetransport", "false"),
}


class Bucket(TypedDict):
    """A bucket. `role` is files, videos, other, or empty for one that is not the system's."""

    name: str
    role: str


class BucketEncryption(Bucket):
    """How objects are encrypted: AES256, aws:kms, aws:kms:dsse, or empty for not at all."""

    algorithm: str
    kms_key: str


class BucketVersioning(Bucket):
    """Whether former versions of objects are kept."""

    enabled: bool
    mfa_delete: bool


class BucketPublicAccess(Bucket):
    """What the bucket's own public access block holds off; `blocked` when it is all four."""

    blocked: bool
    block_acls: bool
    ignore_acls: bool
    block_policy: bool
    restrict: bool


class BucketPolicy(Bucket):
    """What the bucket's policy says. `public`: everyone is allowed something, unconditionally."""

    exists: bool
    tls_only: bool
    public: bool


class BucketLifecycle(Bucket):
    """The lifecycle rules in force. `expires_after_days` is the shortest one, 0 for never."""

    rules: int
    expires_after_days: int


class BucketLogging(Bucket):
    """The bucket that access logs go to, empty when access is not logged."""

    target: str


@fact("buckets", calls=("s3:ListBuckets",))
def buckets(sources: Sources) -> list[Bucket]:
    """Buckets of the account, and which of them the system keeps its files and videos in."""
    # Without a page size AWS refuses the call to accounts of more than 10,000 buckets.
    listed = sources.aws.pages("s3:ListBuckets", "Buckets", MaxBuckets=1000)
    return [Bucket(name=bucket["Name"], role=_role(sources, bucket["Name"])) for bucket in listed]


@fact("bucket_encryption", calls=("s3:ListBuckets", "s3:GetBucketEncryption"))
def bucket_encryption(sources: Sources) -> list[BucketEncryption]:
    """Default encryption of the system's buckets."""

    def row(bucket: Bucket, answer: Answer) -> BucketEncryption:
        rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
        default: Answer = {}
        for rule in rules:
            default = rule.get("ApplyServerSideEncryptionByDefault", {})
        return BucketEncryption(
            name=bucket["name"],
            role=bucket["role"],
            algorithm=default.get("SSEAlgorithm", ""),
            kms_key=default.get("KMSMasterKeyID", ""),
        )

    absent = "ServerSideEncryptionConfigurationNotFoundError"
    return _of_each(sources, "s3:GetBucketEncryption", absent, row)


@fact("bucket_versioning", calls=("s3:ListBuckets", "s3:GetBucketVersioning"))
def bucket_versioning(sources: Sources) -> list[BucketVersioning]:
    """Versioning of the system's buckets."""

    def row(bucket: Bucket, answer: Answer) -> BucketVersioning:
        return BucketVersioning(
            name=bucket["name"],
            role=bucket["role"],
            enabled=answer.get("Status") == "Enabled",
            mfa_delete=answer.get("MFADelete") == "Enabled",
        )

    return _of_each(sources, "s3:GetBucketVersioning", "", row)


@fact("bucket_public_access", calls=("s3:ListBuckets", "s3:GetPublicAccessBlock"))
def bucket_public_access(sources: Sources) -> list[BucketPublicAccess]:
    """Public access blocks of the system's buckets; the account's own block is not read."""

    def row(bucket: Bucket, answer: Answer) -> BucketPublicAccess:
        block = answer.get("PublicAccessBlockConfiguration", {})
        found = BucketPublicAccess(
            name=bucket["name"],
            role=bucket["role"],
            blocked=False,
            block_acls=block.get("BlockPublicAcls", False),
            ignore_acls=block.get("IgnorePublicAcls", False),
            block_policy=block.get("BlockPublicPolicy", False),
            restrict=block.get("RestrictPublicBuckets", False),
        )
        found["blocked"] = (
            found["block_acls"]
            and found["ignore_acls"]
            and found["block_policy"]
            and found["restrict"]
        )
        return found

    absent = "NoSuchPublicAccessBlockConfiguration"
    return _of_each(sources, "s3:GetPublicAccessBlock", absent, row)


@fact("bucket_policies", calls=("s3:ListBuckets", "s3:GetBucketPolicy"))
def bucket_policies(sources: Sources) -> list[BucketPolicy]:
    """Policies of the system's buckets: whether they exist, demand TLS, or let everyone in."""

    def row(bucket: Bucket, answer: Answer) -> BucketPolicy:
        stated = statements(json.loads(answer.get("Policy", "{}")))
        return BucketPolicy(
            name=bucket["name"],
            role=bucket["role"],
            exists="Policy" in answer,
            tls_only=_demands_tls(bucket["name"], stated),
            public=any(s.allows and s.everyone and not s.conditions for s in stated),
        )

    return _of_each(sources, "s3:GetBucketPolicy", "NoSuchBucketPolicy", row)


@fact("bucket_lifecycle", calls=("s3:ListBuckets", "s3:GetBucketLifecycleConfiguration"))
def bucket_lifecycle(sources: Sources) -> list[BucketLifecycle]:
    """Lifecycle rules of the system's buckets, and when the first of them deletes objects."""

    def row(bucket: Bucket, answer: Answer) -> BucketLifecycle:
        rules = [rule for rule in answer.get("Rules", ()) if rule["Status"] == "Enabled"]
        days = [found for rule in rules if (found := _expires_after(rule.get("Expiration", {})))]
        return BucketLifecycle(
            name=bucket["name"],
            role=bucket["role"],
            rules=len(rules),
            expires_after_days=min(days, default=0),
        )

    absent = "NoSuchLifecycleConfiguration"
    return _of_each(sources, "s3:GetBucketLifecycleConfiguration", absent, row)


@fact("bucket_logging", calls=("s3:ListBuckets", "s3:GetBucketLogging"))
def bucket_logging(sources: Sources) -> list[BucketLogging]:
    """Server access logging of the system's buckets."""

    def row(bucket: Bucket, answer: Answer) -> BucketLogging:
        return BucketLogging(
            name=bucket["name"],
            role=bucket["role"],
            target=answer.get("LoggingEnabled", {}).get("TargetBucket", ""),
        )

    return _of_each(sources, "s3:GetBucketLogging", "", row)


def _role(sources: Sources, name: str) -> str:
    if sources.settings.matches("files_bucket", name):
        return "files"
    if sources.settings.matches("videos_bucket", name):
        return "videos"
    return "other" if name.startswith(sources.settings.resource("prefix")) else ""


def _of_each(
    sources: Sources, call: str, absent: str, row: Callable[[Bucket, Answer], Row]
) -> list[Row]:
    def asked(bucket: Bucket) -> Row:
        answer = sources.aws.find(call, absent=(absent,), Bucket=bucket["name"])
        return row(bucket, answer or {})

    return sources.aws.map(asked, [bucket for bucket in buckets.read(sources) if bucket["role"]])


def _demands_tls(bucket: str, stated: list[Statement]) -> bool:
    denied = [
        resource.rpartition(":")[2]
        for statement in stated
        if _denies_plain_http(statement)
        for resource in statement.resources
    ]
    whole = any(fnmatchcase(bucket, pattern) for pattern in denied)
    # A pattern that ends in a star and matches "bucket/" matches every object in it.
    objects = any(
        pattern.endswith("*") and fnmatchcase(f"{bucket}/", pattern) for pattern in denied
    )
    return whole and objects


def _denies_plain_http(statement: Statement) -> bool:
    return (
        not statement.allows
        and statement.everyone
        and any(action.lower() in ("*", "s3:*") for action in statement.actions)
        # With any further condition some requests without TLS would still get through.
        and len(statement.conditions) == 1
        and statement.conditions[0] in _WITHOUT_TLS
    )


def _expires_after(expiration: Answer) -> int:
    # From a fixed date on, every object is deleted, however young: one day is all that is sure.
    return 1 if "Date" in expiration else int(expiration.get("Days", 0))
