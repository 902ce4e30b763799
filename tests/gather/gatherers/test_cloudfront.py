"""Facts about CloudFront."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import cloudfront

Observed = Callable[[FactSpec], Any]
BUCKET = "telehealth-files-1.s3.us-east-1.amazonaws.com"


def _config(**changes: Any) -> dict[str, Any]:
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"}
    return {
        "CallerReference": "1",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [_origin(BUCKET)]},
        "DefaultCacheBehavior": behaviour,
        **changes,
    }


def _origin(domain: str) -> dict[str, Any]:
    kind: dict[str, Any] = {"S3OriginConfig": {"OriginAccessIdentity": ""}}
    if not domain.endswith("amazonaws.com"):
        kind = {
            "CustomOriginConfig": {
                "HTTPPort": 80,
                "HTTPSPort": 443,
                "OriginProtocolPolicy": "https-only",
            }
        }
    return {"Id": "o", "DomainName": domain, **kind}


def _listing(origin: str) -> str:
    # moto loses what keeps an origin closed, and the certificate.
    return f"""<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
      <IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><DistributionSummary>
        <Id>D1</Id><DomainName>d1.cloudfront.net</DomainName><Enabled>true</Enabled>
        <Aliases><Quantity>0</Quantity></Aliases><Comment/>
        <Origins><Quantity>1</Quantity><Items><Origin>
          <Id>o</Id><DomainName>{BUCKET}</DomainName>{origin}
        </Origin></Items></Origins>
        <DefaultCacheBehavior><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy>
        </DefaultCacheBehavior><CacheBehaviors><Quantity>0</Quantity></CacheBehaviors>
        <ViewerCertificate><CloudFrontDefaultCertificate>false</CloudFrontDefaultCertificate>
          <MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion></ViewerCertificate>
        <WebACLId>arn:aws:wafv2:1</WebACLId>
      </DistributionSummary></Items></DistributionList>"""


def _items(*items: Any) -> dict[str, Any]:
    return {"Quantity": len(items), "Items": list(items)}


def test_a_protected_distribution(recorded: Callable[..., None], observed: Observed) -> None:
    """A distribution before a bucket of the system is reported with what protects it."""
    recorded(
        "cloudfront.ListDistributions",
        _listing(
            "<S3OriginConfig><OriginAccessIdentity/></S3OriginConfig>"
            "<OriginAccessControlId>E1</OriginAccessControlId>"
        ),
    )
    assert observed(cloudfront.distributions) == [
        {
            "id": "D1",
            "domain": "d1.cloudfront.net",
            "enabled": True,
            "ours": True,
            "viewer_protocol": "https-only",
            "minimum_tls": "TLSv1.2_2021",
            "default_certificate": False,
            "origins": [{"domain": BUCKET, "access_control": True, "s3": True}],
            "web_acl": "arn:aws:wafv2:1",
        }
    ]


def test_the_laxest_behaviour_counts(session: boto3.Session, observed: Observed) -> None:
    """One path that still allows plain HTTP decides over the distribution."""
    lax = {"PathPattern": "/a", "TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"}
    session.client("cloudfront").create_distribution(
        DistributionConfig=_config(CacheBehaviors=_items(lax))
    )
    assert observed(cloudfront.distributions)[0]["viewer_protocol"] == "allow-all"


@pytest.mark.parametrize(
    ("identity", "access_control"), [("", False), ("cloudfront/E2", True)], ids=["open", "identity"]
)
def test_access_control_of_a_bucket(
    recorded: Callable[..., None], observed: Observed, identity: str, access_control: bool
) -> None:
    """An origin access identity keeps a bucket closed as an origin access control does."""
    access = f"<OriginAccessIdentity>{identity}</OriginAccessIdentity>"
    recorded("cloudfront.ListDistributions", _listing(f"<S3OriginConfig>{access}</S3OriginConfig>"))
    assert observed(cloudfront.distributions)[0]["origins"] == [
        {"domain": BUCKET, "access_control": access_control, "s3": True}
    ]


def test_the_certificate_of_cloudfront(session: boto3.Session, observed: Observed) -> None:
    """A distribution without a certificate of its own is reported as that."""
    session.client("cloudfront").create_distribution(DistributionConfig=_config())
    assert observed(cloudfront.distributions)[0]["default_certificate"] is True


@pytest.mark.parametrize(
    ("changes", "ours"),
    [
        ({}, False),
        ({"Comment": "telehealth portal"}, True),
        ({"Aliases": _items("telehealth.example.org")}, True),
    ],
    ids=["neither", "comment", "alias"],
)
def test_ours_by_name(
    session: boto3.Session, observed: Observed, changes: dict[str, Any], ours: bool
) -> None:
    """A distribution before another origin is the system's by its comment or an alias."""
    session.client("cloudfront").create_distribution(
        DistributionConfig=_config(Origins=_items(_origin("www.example.org")), **changes)
    )
    found = observed(cloudfront.distributions)[0]
    assert (found["ours"], found["origins"][0]["s3"]) == (ours, False)


@pytest.mark.parametrize(
    "domain",
    [
        "telehealth-files-1.s3.amazonaws.com",
        "telehealth-files-1.s3.dualstack.us-east-1.amazonaws.com",
        "telehealth-files-1.s3-website-us-east-1.amazonaws.com",
    ],
)
def test_a_bucket_is_known_by_its_domain(
    session: boto3.Session, observed: Observed, domain: str
) -> None:
    """Every form of a bucket's address leads to the bucket."""
    session.client("cloudfront").create_distribution(
        DistributionConfig=_config(Origins=_items(_origin(domain)))
    )
    assert observed(cloudfront.distributions)[0]["ours"] is True


@pytest.mark.parametrize("logged", [True, False])
def test_logging(session: boto3.Session, observed: Observed, logged: bool) -> None:
    """Access logging of the system's distributions is reported."""
    logging = {
        "Enabled": logged,
        "IncludeCookies": False,
        "Bucket": "logs.s3.amazonaws.com",
        "Prefix": "",
    }
    made = session.client("cloudfront").create_distribution(
        DistributionConfig=_config(Logging=logging)
    )
    assert observed(cloudfront.distribution_logging) == [
        {"id": made["Distribution"]["Id"], "logged": logged}
    ]


def test_no_distribution(observed: Observed) -> None:
    """An account without distributions is an empty list."""
    assert observed(cloudfront.distributions) == []
