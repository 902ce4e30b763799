"""The reference key, buckets and video distribution."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from readyctl.local.account import TAGS, Account
from readyctl.local.state import ACCOUNT_ID

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FILES = "telehealth-files"
VIDEOS = "telehealth-videos"
_ALIAS = "alias/telehealth"
# AWS's managed policy "CachingOptimized"; its id is the same in every account.
_CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


def make_key(account: Account) -> str:
    """Make the key `alias/telehealth` and return its ARN."""
    kms = account.session.client("kms", **account.options)
    key = kms.create_key(
        Description="Encrypts telehealth data",
        Tags=[{"TagKey": name, "TagValue": value} for name, value in TAGS.items()],
    )["KeyMetadata"]
    kms.enable_key_rotation(KeyId=key["KeyId"])
    kms.create_alias(AliasName=_ALIAS, TargetKeyId=key["KeyId"])
    return str(key["Arn"])


def make_storage(account: Account, key: str) -> None:
    """Make both buckets, and the distribution that serves the videos."""
    s3 = account.session.client("s3", **account.options)
    _make_bucket(s3, FILES, key)
    s3.put_bucket_versioning(Bucket=FILES, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_policy(Bucket=FILES, Policy=json.dumps(_policy([_tls_only(FILES)])))
    _make_bucket(s3, VIDEOS, key)
    distribution = _make_distribution(account)
    statements = [_distribution_reads(distribution)]
    s3.put_bucket_policy(Bucket=VIDEOS, Policy=json.dumps(_policy(statements)))


def _make_bucket(s3: S3Client, name: str, key: str) -> None:
    s3.create_bucket(Bucket=name)
    s3.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": key,
                    },
                    "BucketKeyEnabled": True,
                }
            ]
        },
    )
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})  # type: ignore[typeddict-item]


def _policy(statements: list[dict[str, object]]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": statements}


def _tls_only(bucket: str) -> dict[str, object]:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _distribution_reads(distribution: str) -> dict[str, object]:
    return {
        "Sid": "DistributionReads",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{VIDEOS}/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
    }


def _make_distribution(account: Account) -> str:
    cloudfront = account.session.client("cloudfront", **account.options)
    control = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": VIDEOS,
            "Description": "Only the distribution reads the videos",
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )["OriginAccessControl"]["Id"]
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={
            "DistributionConfig": _distribution(control),
            "Tags": {"Items": [{"Key": key, "Value": value} for key, value in TAGS.items()]},
        }
    )["Distribution"]
    return f"arn:aws:cloudfront::{ACCOUNT_ID}:distribution/{made['Id']}"


def _distribution(control: str) -> dict[str, object]:
    return {
        "CallerReference": VIDEOS,
        "Comment": VIDEOS,
        "Enabled": True,
        "HttpVersion": "http2and3",
        "PriceClass": "PriceClass_100",
        "Origins": {
            "Quantity": 1,
            "Items": [
                {
                    "Id": VIDEOS,
                    "DomainName": f"{VIDEOS}.s3.us-east-1.amazonaws.com",
                    "OriginAccessControlId": control,
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                }
            ],
        },
        "DefaultCacheBehavior": {
            "TargetOriginId": VIDEOS,
            "ViewerProtocolPolicy": "https-only",
            "CachePolicyId": _CACHING_OPTIMIZED,
            "Compress": True,
        },
        "ViewerCertificate": {
            "CloudFrontDefaultCertificate": True,
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    }
