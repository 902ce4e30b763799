"""Facts about KMS: the system's own keys."""

from __future__ import annotations

from typing import TypedDict

from readyctl.clients.aws import Answer
from readyctl.gather.base import Sources, fact


class Key(TypedDict):
    """A customer-managed key; `rotation` says whether KMS renews its material by itself."""

    id: str
    alias: str
    rotation: bool
    enabled: bool


@fact("kms_keys", calls=("kms:ListAliases", "kms:DescribeKey", "kms:GetKeyRotationStatus"))
def kms_keys(sources: Sources) -> list[Key]:
    """Customer-managed keys with an alias of the system."""
    ours = f"alias/{sources.settings.resource('prefix')}"

    def row(alias: Answer) -> Key:
        key = alias["TargetKeyId"]
        metadata = sources.aws.call("kms:DescribeKey", KeyId=key)["KeyMetadata"]
        # Asymmetric and HMAC keys cannot be rotated by KMS; it says so with this code.
        rotation = sources.aws.find(
            "kms:GetKeyRotationStatus", absent=("UnsupportedOperationException",), KeyId=key
        )
        return Key(
            id=key,
            alias=alias["AliasName"].removeprefix("alias/"),
            rotation=bool(rotation and rotation["KeyRotationEnabled"]),
            enabled=metadata["Enabled"],
        )

    aliases = sources.aws.pages("kms:ListAliases", "Aliases")
    return sources.aws.map(
        row,
        [a for a in aliases if a["AliasName"].startswith(ours) and "TargetKeyId" in a],
    )
