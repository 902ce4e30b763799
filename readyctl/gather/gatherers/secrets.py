"""Facts about where secrets and parameters are kept: that they exist, never what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from readyctl.gather.base import Sources, fact
from readyctl.gather.moments import written


class Secret(TypedDict):
    """A secret. `ours`: its name has the system's prefix; `kms_key` is empty for AWS's own key.

    Without a current version it was made, but never given a value.
    """

    name: str
    ours: bool
    rotation: bool
    kms_key: str
    last_changed: str
    last_rotated: str
    has_current_version: bool


class Parameter(TypedDict):
    """A parameter. `kind` is String, StringList or SecureString."""

    name: str
    kind: str
    last_modified: str


@fact("secrets", calls=("secretsmanager:ListSecrets",))
def secrets(sources: Sources) -> list[Secret]:
    """Secrets that are not on their way to deletion: rotation, key, whether they hold a value."""
    prefix = sources.settings.resource("prefix")
    return [
        _secret(secret, prefix)
        for secret in sources.aws.pages(
            "secretsmanager:ListSecrets", "SecretList", IncludePlannedDeletion=False
        )
    ]


@fact("parameters", calls=("ssm:DescribeParameters",))
def parameters(sources: Sources) -> list[Parameter]:
    """Parameters of the Systems Manager's store."""
    return [
        Parameter(
            name=parameter["Name"],
            kind=parameter["Type"],
            last_modified=written(parameter.get("LastModifiedDate")),
        )
        for parameter in sources.aws.pages("ssm:DescribeParameters", "Parameters", MaxResults=50)
    ]


def _secret(secret: Mapping[str, Any], prefix: str) -> Secret:
    stages = secret.get("SecretVersionsToStages", {}).values()
    return Secret(
        name=secret["Name"],
        ours=secret["Name"].removeprefix("/").startswith(prefix),
        rotation=secret.get("RotationEnabled", False),
        kms_key=secret.get("KmsKeyId", ""),
        last_changed=written(secret.get("LastChangedDate")),
        last_rotated=written(secret.get("LastRotatedDate")),
        has_current_version=any("AWSCURRENT" in names for names in stages),
    )
