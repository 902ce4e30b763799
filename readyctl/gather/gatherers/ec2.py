"""Facts about the network: VPCs, subnets, security groups, flow logs."""

from __future__ import annotations

from typing import TypedDict

from readyctl.clients.aws import Answer
from readyctl.gather.base import Sources, fact

_WORLD = {"0.0.0.0/0", "::/0"}


class Vpc(TypedDict):
    """A VPC; `ours` by its Name tag."""

    id: str
    name: str
    ours: bool
    is_default: bool


class Subnet(TypedDict):
    """A subnet. `public`: what starts in it gets a public address."""

    id: str
    name: str
    vpc: str
    ours: bool
    zone: str
    public: bool


class Ingress(TypedDict):
    """Who may reach which ports, both inclusive (0 to 65535 when all); `protocol` -1 is all.

    `cidrs` counts address ranges and prefix lists, `groups` names security groups.
    """

    from_port: int
    to_port: int
    protocol: str
    world: bool
    groups: list[str]
    cidrs: int


class SecurityGroup(TypedDict):
    """A security group; `ours` when it is in a VPC of the system."""

    id: str
    name: str
    vpc: str
    ours: bool
    ingress: list[Ingress]


class FlowLog(TypedDict):
    """A flow log of a VPC, subnet or interface; `active` when it is on and delivery works."""

    id: str
    resource: str
    active: bool


@fact("vpcs", calls=("ec2:DescribeVpcs",))
def vpcs(sources: Sources) -> list[Vpc]:
    """VPCs of the account."""
    return [
        Vpc(
            id=vpc["VpcId"],
            name=_name(vpc),
            ours=sources.settings.matches("vpc", _name(vpc)),
            is_default=vpc["IsDefault"],
        )
        for vpc in sources.aws.pages("ec2:DescribeVpcs", "Vpcs")
    ]


@fact("subnets", calls=("ec2:DescribeVpcs", "ec2:DescribeSubnets"))
def subnets(sources: Sources) -> list[Subnet]:
    """Subnets of the account, and the availability zones that they are in."""
    ours = _our_vpcs(sources)
    return [
        Subnet(
            id=subnet["SubnetId"],
            name=_name(subnet),
            vpc=subnet["VpcId"],
            ours=subnet["VpcId"] in ours,
            zone=subnet["AvailabilityZone"],
            public=subnet["MapPublicIpOnLaunch"],
        )
        for subnet in sources.aws.pages("ec2:DescribeSubnets", "Subnets")
    ]


@fact("security_groups", calls=("ec2:DescribeVpcs", "ec2:DescribeSecurityGroups"))
def security_groups(sources: Sources) -> list[SecurityGroup]:
    """Security groups of the account, and what they let in."""
    ours = _our_vpcs(sources)
    return [
        SecurityGroup(
            id=group["GroupId"],
            name=group["GroupName"],
            vpc=group.get("VpcId", ""),
            ours=group.get("VpcId", "") in ours,
            ingress=[_ingress(permission) for permission in group["IpPermissions"]],
        )
        for group in sources.aws.pages("ec2:DescribeSecurityGroups", "SecurityGroups")
    ]


@fact("flow_logs", calls=("ec2:DescribeFlowLogs",))
def flow_logs(sources: Sources) -> list[FlowLog]:
    """Flow logs of the account."""
    return [
        FlowLog(
            id=log["FlowLogId"],
            resource=log["ResourceId"],
            active=log["FlowLogStatus"] == "ACTIVE" and log.get("DeliverLogsStatus") != "FAILED",
        )
        for log in sources.aws.pages("ec2:DescribeFlowLogs", "FlowLogs")
    ]


def _our_vpcs(sources: Sources) -> set[str]:
    return {vpc["id"] for vpc in vpcs.read(sources) if vpc["ours"]}


def _name(resource: Answer) -> str:
    return next((tag["Value"] for tag in resource.get("Tags", ()) if tag["Key"] == "Name"), "")


def _ingress(permission: Answer) -> Ingress:
    ranges = [entry["CidrIp"] for entry in permission.get("IpRanges", ())]
    ranges += [entry["CidrIpv6"] for entry in permission.get("Ipv6Ranges", ())]
    return Ingress(
        from_port=permission.get("FromPort", 0),
        to_port=permission.get("ToPort", 65535),
        protocol=permission["IpProtocol"],
        world=not _WORLD.isdisjoint(ranges),
        groups=sorted(pair["GroupId"] for pair in permission.get("UserIdGroupPairs", ())),
        cidrs=len(ranges) + len(permission.get("PrefixListIds", ())),
    )
