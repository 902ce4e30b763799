"""The reference Aurora cluster, and the secret that says how to reach it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from readyctl.local.account import TAGS, Account
from readyctl.local.postgres import DATABASE, Address
from readyctl.local.reference.network import Network

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient

CLUSTER = "telehealth-aurora"
SECRET = "telehealth/database"  # noqa: S105 - its name
_ENGINE = "aurora-postgresql"
_ENGINE_VERSION = "16.8"
_SUBNET_GROUP = "telehealth-database"


def make_database(account: Account, network: Network, key: str, address: Address) -> str:
    """Make the cluster with its writer, reader and secret; return the ARN of the secret."""
    rds = account.session.client("rds", **account.options)
    rds.create_db_subnet_group(
        DBSubnetGroupName=_SUBNET_GROUP,
        DBSubnetGroupDescription="Private subnets in two zones",
        SubnetIds=network.private_subnets,
        Tags=[{"Key": name, "Value": value} for name, value in TAGS.items()],
    )
    _make_cluster(rds, network, key, address)
    for role in ("writer", "reader"):
        _make_instance(rds, f"{CLUSTER}-{role}", network, key)
    return _make_secret(account, key, address)


def _make_cluster(rds: RDSClient, network: Network, key: str, address: Address) -> None:
    rds.create_db_cluster(
        DBClusterIdentifier=CLUSTER,
        Engine=_ENGINE,
        EngineVersion=_ENGINE_VERSION,
        DatabaseName=DATABASE,
        MasterUsername=address.owner.user,
        MasterUserPassword=address.owner.password,
        StorageEncrypted=True,
        KmsKeyId=key,
        BackupRetentionPeriod=30,
        DeletionProtection=True,
        CopyTagsToSnapshot=True,
        EnableIAMDatabaseAuthentication=False,
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 8},
        DBSubnetGroupName=_SUBNET_GROUP,
        VpcSecurityGroupIds=[network.database_group],
        Tags=[{"Key": name, "Value": value} for name, value in TAGS.items()],
    )


def _make_instance(rds: RDSClient, name: str, network: Network, key: str) -> None:
    """Make an instance; encryption, subnets and groups are repeated: the emulator inherits none."""
    rds.create_db_instance(
        DBInstanceIdentifier=name,
        DBClusterIdentifier=CLUSTER,
        DBInstanceClass="db.serverless",
        Engine=_ENGINE,
        PubliclyAccessible=False,
        StorageEncrypted=True,
        KmsKeyId=key,
        DBSubnetGroupName=_SUBNET_GROUP,
        VpcSecurityGroupIds=[network.database_group],
        Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
    )


def _make_secret(account: Account, key: str, address: Address) -> str:
    secrets = account.session.client("secretsmanager", **account.options)
    value = {
        "engine": "postgres",
        "host": address.host,
        "port": address.port,
        "dbname": DATABASE,
        "username": address.owner.user,
        "password": address.owner.password,
    }
    made = secrets.create_secret(
        Name=SECRET,
        Description="How functions reach the telehealth database",
        KmsKeyId=key,
        SecretString=json.dumps(value),
        Tags=[{"Key": name, "Value": text} for name, text in TAGS.items()],
    )
    return str(made["ARN"])
