"""Facts about Aurora."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import rds

Observed = Callable[[FactSpec], Any]


@pytest.fixture
def client(session: boto3.Session) -> Any:
    """RDS of the account."""
    return session.client("rds")


def _cluster(client: Any, name: str, **settings: Any) -> None:
    client.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        MasterUsername="owner",
        MasterUserPassword="not-a-real-one",
        **settings,
    )


def _instance(client: Any, name: str, cluster: str, **settings: Any) -> None:
    client.create_db_instance(
        DBInstanceIdentifier=name,
        DBClusterIdentifier=cluster,
        DBInstanceClass="db.r6g.large",
        Engine="aurora-postgresql",
        AvailabilityZone="us-east-1a",
        **settings,
    )


def test_a_protected_cluster(client: Any, observed: Observed) -> None:
    """A cluster is reported with what protects its data, and with its members."""
    _cluster(
        client,
        "telehealth-data",
        EngineVersion="16.6",
        StorageEncrypted=True,
        BackupRetentionPeriod=35,
        DeletionProtection=True,
        EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["postgresql"],
        AvailabilityZones=["us-east-1a", "us-east-1b"],
    )
    _instance(client, "one", "telehealth-data")
    _instance(client, "two", "telehealth-data")
    assert observed(rds.clusters) == [
        {
            "name": "telehealth-data",
            "ours": True,
            "engine": "aurora-postgresql",
            "engine_version": "16.6",
            "status": "available",
            "encrypted": True,
            "backup_retention_days": 35,
            "deletion_protection": True,
            "iam_authentication": True,
            "log_exports": ["postgresql"],
            "writers": 1,
            "readers": 1,
            "zones": 2,
        }
    ]


def test_an_unprotected_cluster(client: Any, observed: Observed) -> None:
    """A cluster of somebody else's, as it is made by default, has none of it."""
    _cluster(client, "payroll")
    (cluster,) = observed(rds.clusters)
    assert (
        cluster["ours"],
        cluster["encrypted"],
        cluster["deletion_protection"],
        cluster["iam_authentication"],
        cluster["log_exports"],
        cluster["readers"],
    ) == (False, False, False, False, [], 0)


@pytest.mark.parametrize("public", [True, False])
def test_instances(client: Any, observed: Observed, public: bool) -> None:
    """An instance is reported with its cluster, and whether the internet can reach it."""
    _cluster(client, "telehealth-data")
    _instance(client, "one", "telehealth-data", PubliclyAccessible=public)
    assert observed(rds.instances) == [
        {
            "name": "one",
            "cluster": "telehealth-data",
            "ours": True,
            "public": public,
            "status": "available",
            "zone": "us-east-1a",
        }
    ]


def test_an_instance_beside_the_cluster_is_ours(client: Any, observed: Observed) -> None:
    """A database outside any cluster is the system's when its own name says so."""
    client.create_db_instance(
        DBInstanceIdentifier="telehealth-copy",
        DBInstanceClass="db.t4g.medium",
        Engine="postgres",
        AllocatedStorage=20,
        PubliclyAccessible=True,
    )
    (instance,) = observed(rds.instances)
    assert (instance["cluster"], instance["ours"], instance["public"]) == ("", True, True)


@pytest.mark.parametrize("tls", [True, False])
def test_proxies(session: boto3.Session, client: Any, observed: Observed, tls: bool) -> None:
    """A proxy is reported with whether it demands TLS, and when it drops a silent client."""
    subnet = session.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    client.create_db_proxy(
        DBProxyName="telehealth-proxy",
        EngineFamily="POSTGRESQL",
        Auth=[{"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED"}],
        RoleArn="arn:aws:iam::123456789012:role/proxy",
        VpcSubnetIds=[subnet],
        RequireTLS=tls,
        IdleClientTimeout=900,
    )
    assert observed(rds.proxies) == [
        {"name": "telehealth-proxy", "ours": True, "tls_required": tls, "idle": 900}
    ]
