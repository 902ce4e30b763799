"""Which IAM action allows which API call (AWS Service Authorization Reference)."""

from __future__ import annotations

# Calls whose action is not `service:Operation`, and no others.
_ACTIONS = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "sts:GetCallerIdentity": "",
}
_PREFIXES = {"sesv2": "ses", "apigatewayv2": "apigateway"}


def action_of(call: str) -> str:
    """Return the IAM action that allows `service:Operation`; empty when none is needed.

    API Gateway authorises by HTTP method: every read is `apigateway:GET`.
    """
    if call in _ACTIONS:
        return _ACTIONS[call]
    service, operation = call.split(":")
    prefix = _PREFIXES.get(service, service)
    return "apigateway:GET" if prefix == "apigateway" else f"{prefix}:{operation}"
