"""Facts about CloudFormation: the account's stacks."""

from __future__ import annotations

from typing import TypedDict

from readyctl.gather.base import Sources, fact
from readyctl.gather.moments import written


class Stack(TypedDict):
    """A stack. `ours` says whether its name is the configured one.

    `drift` is as last detected: DRIFTED, IN_SYNC, UNKNOWN, or NOT_CHECKED.
    """

    name: str
    ours: bool
    status: str
    drift: str
    updated: str
    termination_protection: bool


@fact("stacks", calls=("cloudformation:DescribeStacks",))
def stacks(sources: Sources) -> list[Stack]:
    """CloudFormation stacks of the account: status, drift, protection."""
    return [
        Stack(
            name=stack["StackName"],
            ours=sources.settings.matches("stack", stack["StackName"]),
            status=stack["StackStatus"],
            drift=stack.get("DriftInformation", {}).get("StackDriftStatus", "NOT_CHECKED"),
            updated=written(stack.get("LastUpdatedTime", stack["CreationTime"])),
            termination_protection=stack.get("EnableTerminationProtection", False),
        )
        for stack in sources.aws.pages("cloudformation:DescribeStacks", "Stacks")
    ]
