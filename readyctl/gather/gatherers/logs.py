"""Facts about CloudWatch Logs: log groups, and for how long they keep what they get."""

from __future__ import annotations

from typing import TypedDict

from readyctl.config.environment import Settings
from readyctl.gather.base import Sources, fact

_LAMBDA = "/aws/lambda/"


class LogGroup(TypedDict):
    """A log group. `function` is the manifest's name of the function that it belongs to, if any.

    `retention_days` is 0 when it never expires.
    """

    name: str
    function: str
    expires: bool
    retention_days: int
    kms_key: str


@fact("log_groups", calls=("logs:DescribeLogGroups",))
def log_groups(sources: Sources) -> list[LogGroup]:
    """Log groups of the account: retention and key."""
    return [
        LogGroup(
            name=group["logGroupName"],
            function=_function(group["logGroupName"], sources.settings),
            expires="retentionInDays" in group,
            retention_days=group.get("retentionInDays", 0),
            kms_key=group.get("kmsKeyId", ""),
        )
        for group in sources.aws.pages("logs:DescribeLogGroups", "logGroups")
    ]


def _function(group: str, settings: Settings) -> str:
    if not group.startswith(_LAMBDA):
        return ""
    return settings.function_name(group.removeprefix(_LAMBDA)) or ""
