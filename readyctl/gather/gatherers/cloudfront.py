"""Facts about CloudFront: distributions, their origins, and whether requests are logged."""

from __future__ import annotations

import re
from typing import TypedDict

from readyctl.clients.aws import Answer
from readyctl.gather.base import Sources, fact

_S3_DOMAIN = re.compile(r"(?P<bucket>.+)\.s3[.-].*amazonaws\.com(\.cn)?")
_LAXEST_FIRST = ("allow-all", "redirect-to-https", "https-only")


class Origin(TypedDict):
    """Where a distribution fetches from. `access_control`: only CloudFront may read the bucket."""

    domain: str
    access_control: bool
    s3: bool


class Distribution(TypedDict):
    """A distribution. `viewer_protocol` is the laxest policy over its behaviours."""

    id: str
    domain: str
    enabled: bool
    ours: bool
    viewer_protocol: str
    minimum_tls: str
    default_certificate: bool
    origins: list[Origin]
    web_acl: str


class DistributionLogging(TypedDict):
    """Whether a distribution writes standard access logs to a bucket."""

    id: str
    logged: bool


@fact("distributions", calls=("cloudfront:ListDistributions",))
def distributions(sources: Sources) -> list[Distribution]:
    """CloudFront distributions of the account, and how they protect what they deliver."""
    return [_distribution(sources, found) for found in _listed(sources)]


@fact(
    "distribution_logging",
    calls=("cloudfront:ListDistributions", "cloudfront:GetDistributionConfig"),
)
def distribution_logging(sources: Sources) -> list[DistributionLogging]:
    """Standard access logs of the system's distributions; log deliveries (v2) are not read."""

    def row(found: Answer) -> DistributionLogging:
        answer = sources.aws.call("cloudfront:GetDistributionConfig", Id=found["Id"])
        logging = answer["DistributionConfig"].get("Logging", {})
        return DistributionLogging(id=found["Id"], logged=logging.get("Enabled", False))

    return sources.aws.map(row, [found for found in _listed(sources) if _is_ours(sources, found)])


def _listed(sources: Sources) -> list[Answer]:
    return sources.aws.pages("cloudfront:ListDistributions", "DistributionList.Items")


def _distribution(sources: Sources, found: Answer) -> Distribution:
    certificate = found.get("ViewerCertificate", {})
    behaviours = [found["DefaultCacheBehavior"], *found.get("CacheBehaviors", {}).get("Items", ())]
    return Distribution(
        id=found["Id"],
        domain=found["DomainName"],
        enabled=found["Enabled"],
        ours=_is_ours(sources, found),
        viewer_protocol=min(
            (behaviour["ViewerProtocolPolicy"] for behaviour in behaviours),
            key=_LAXEST_FIRST.index,
        ),
        minimum_tls=certificate.get("MinimumProtocolVersion", ""),
        default_certificate=certificate.get("CloudFrontDefaultCertificate", False),
        origins=[_origin(origin) for origin in found["Origins"]["Items"]],
        web_acl=found.get("WebACLId", ""),
    )


def _origin(origin: Answer) -> Origin:
    identity = origin.get("S3OriginConfig", {}).get("OriginAccessIdentity", "")
    return Origin(
        domain=origin["DomainName"],
        access_control=bool(origin.get("OriginAccessControlId") or identity),
        s3="S3OriginConfig" in origin or bool(_bucket(origin)),
    )


def _is_ours(sources: Sources, found: Answer) -> bool:
    settings, prefix = sources.settings, sources.settings.resource("prefix")
    names = [found.get("Comment", ""), *found.get("Aliases", {}).get("Items", ())]
    return any(name.startswith(prefix) for name in names) or any(
        settings.matches(kind, _bucket(origin))
        for origin in found["Origins"]["Items"]
        for kind in ("files_bucket", "videos_bucket")
    )


def _bucket(origin: Answer) -> str:
    found = _S3_DOMAIN.fullmatch(origin["DomainName"])
    return found["bucket"] if found else ""
