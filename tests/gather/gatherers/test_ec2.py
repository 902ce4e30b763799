"""Facts about the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import ec2

Observed = Callable[[FactSpec], Any]


@pytest.fixture
def client(session: boto3.Session) -> Any:
    """EC2 of the account."""
    return session.client("ec2")


@pytest.fixture
def vpc(client: Any) -> str:
    """The VPC of the system; its id."""
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "telehealth"}]}]
    made = client.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)
    return str(made["Vpc"]["VpcId"])


def test_vpcs_are_ours_by_their_name(client: Any, vpc: str, observed: Observed) -> None:
    """The system's VPC is told from the default one."""
    default = client.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
    assert observed(ec2.vpcs) == [
        {
            "id": default["Vpcs"][0]["VpcId"],
            "name": "",
            "ours": False,
            "is_default": True,
        },
        {"id": vpc, "name": "telehealth", "ours": True, "is_default": False},
    ]


@pytest.mark.parametrize("public", [True, False])
def test_subnets(client: Any, vpc: str, observed: Observed, public: bool) -> None:
    """A subnet is public when what starts in it gets a public address."""
    subnet = client.create_subnet(
        VpcId=vpc,
        CidrBlock="10.0.1.0/24",
        AvailabilityZone="us-east-1a",
        TagSpecifications=[
            {"ResourceType": "subnet", "Tags": [{"Key": "Name", "Value": "telehealth-a"}]}
        ],
    )["Subnet"]["SubnetId"]
    client.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": public})
    assert [found for found in observed(ec2.subnets) if found["ours"]] == [
        {
            "id": subnet,
            "name": "telehealth-a",
            "vpc": vpc,
            "ours": True,
            "zone": "us-east-1a",
            "public": public,
        }
    ]


def test_a_security_group(client: Any, vpc: str, observed: Observed) -> None:
    """What a group lets in is reported: ports, groups and the number of ranges."""
    group = _group(client, vpc)
    client.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 5432,
                "ToPort": 5432,
                "IpRanges": [{"CidrIp": "10.0.0.0/16"}],
                "UserIdGroupPairs": [{"GroupId": group}],
            }
        ],
    )
    assert [found for found in observed(ec2.security_groups) if found["id"] == group] == [
        {
            "id": group,
            "name": "database",
            "vpc": vpc,
            "ours": True,
            "ingress": [
                {
                    "from_port": 5432,
                    "to_port": 5432,
                    "protocol": "tcp",
                    "world": False,
                    "groups": [group],
                    "cidrs": 1,
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    "ranges",
    [{"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}],
    ids=["IPv4", "IPv6"],
)
def test_ingress_from_the_world(
    client: Any, vpc: str, observed: Observed, ranges: dict[str, Any]
) -> None:
    """All protocols means all ports, and either address family is the world."""
    group = _group(client, vpc)
    client.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", **ranges}]
    )
    (found,) = [found for found in observed(ec2.security_groups) if found["id"] == group]
    assert found["ingress"] == [
        {
            "from_port": 0,
            "to_port": 65535,
            "protocol": "-1",
            "world": True,
            "groups": [],
            "cidrs": 1,
        }
    ]


@pytest.mark.parametrize(
    ("delivery", "active"),
    [("", True), ("<deliverLogsStatus>FAILED</deliverLogsStatus>", False)],
    ids=["delivered", "failing"],
)
def test_flow_logs(
    recorded: Callable[..., None], observed: Observed, delivery: str, active: bool
) -> None:
    """A flow log that cannot be delivered is not active."""
    recorded(
        "ec2.DescribeFlowLogs",
        '<DescribeFlowLogsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><flowLogSet>'
        "<item><flowLogId>fl-1</flowLogId><resourceId>vpc-1</resourceId>"
        f"<flowLogStatus>ACTIVE</flowLogStatus>{delivery}</item>"
        "</flowLogSet></DescribeFlowLogsResponse>",
    )
    assert observed(ec2.flow_logs) == [{"id": "fl-1", "resource": "vpc-1", "active": active}]


def _group(client: Any, vpc: str) -> str:
    made = client.create_security_group(GroupName="database", Description="d", VpcId=vpc)
    return str(made["GroupId"])
