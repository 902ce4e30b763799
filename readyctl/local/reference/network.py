"""The reference network: one VPC in two zones, where the database is isolated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readyctl.local.account import TAGS, Account

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.literals import ResourceTypeType
    from mypy_boto3_ec2.type_defs import TagSpecificationTypeDef

_ZONES = ("us-east-1a", "us-east-1b")


@dataclass(frozen=True, slots=True)
class Network:
    """Identifiers of what other parts are placed in."""

    vpc: str
    private_subnets: tuple[str, ...]
    lambda_group: str
    database_group: str


def make_network(account: Account) -> Network:
    """Make the VPC `telehealth` with its subnets, routes and security groups."""
    ec2 = account.session.client("ec2", **account.options)
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16", TagSpecifications=_tags("vpc", "telehealth"))
    vpc_id = vpc["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    private = _make_subnets(ec2, vpc_id, "private", 0)
    public = _make_subnets(ec2, vpc_id, "public", 100)
    _route_public(ec2, vpc_id, public)
    _route_private(ec2, vpc_id, private)
    lambda_group, database_group = _make_groups(ec2, vpc_id)
    return Network(vpc_id, private, lambda_group, database_group)


def _make_subnets(ec2: EC2Client, vpc: str, kind: str, first: int) -> tuple[str, ...]:
    made = []
    for number, zone in enumerate(_ZONES):
        subnet = ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.20.{first + number}.0/24",
            AvailabilityZone=zone,
            TagSpecifications=_tags("subnet", f"telehealth-{kind}-{zone[-1]}"),
        )
        made.append(subnet["Subnet"]["SubnetId"])
    return tuple(made)


def _route_public(ec2: EC2Client, vpc: str, subnets: tuple[str, ...]) -> None:
    gateway = ec2.create_internet_gateway(
        TagSpecifications=_tags("internet-gateway", "telehealth")
    )["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = _make_table(ec2, vpc, "telehealth-public", subnets)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)


def _route_private(ec2: EC2Client, vpc: str, subnets: tuple[str, ...]) -> None:
    _make_table(ec2, vpc, "telehealth-private", subnets)


def _make_table(ec2: EC2Client, vpc: str, name: str, subnets: tuple[str, ...]) -> str:
    table = ec2.create_route_table(VpcId=vpc, TagSpecifications=_tags("route-table", name))
    table_id = table["RouteTable"]["RouteTableId"]
    for subnet in subnets:
        ec2.associate_route_table(RouteTableId=table_id, SubnetId=subnet)
    return table_id


def _make_groups(ec2: EC2Client, vpc: str) -> tuple[str, str]:
    lambda_group = _make_group(ec2, vpc, "telehealth-lambda", "Functions")
    database_group = _make_group(ec2, vpc, "telehealth-database", "Aurora, from functions only")
    ec2.authorize_security_group_ingress(
        GroupId=database_group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 5432,
                "ToPort": 5432,
                "UserIdGroupPairs": [
                    {"GroupId": lambda_group, "Description": "PostgreSQL from functions"}
                ],
            }
        ],
    )
    return lambda_group, database_group


def _make_group(ec2: EC2Client, vpc: str, name: str, description: str) -> str:
    return ec2.create_security_group(
        GroupName=name,
        Description=description,
        VpcId=vpc,
        TagSpecifications=_tags("security-group", name),
    )["GroupId"]


def _tags(kind: ResourceTypeType, name: str) -> list[TagSpecificationTypeDef]:
    tags = {"Name": name, **TAGS}
    return [
        {
            "ResourceType": kind,
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }
    ]
