"""Facts about Aurora: clusters, their instances, and the proxies before them."""

from __future__ import annotations

from typing import TypedDict

from readyctl.gather.base import Sources, fact


class Cluster(TypedDict):
    """An Aurora cluster. `ours` says whether its name is the configured one."""

    name: str
    ours: bool
    engine: str
    engine_version: str
    status: str
    encrypted: bool
    backup_retention_days: int
    deletion_protection: bool
    iam_authentication: bool
    log_exports: list[str]
    writers: int
    readers: int
    zones: int


class Instance(TypedDict):
    """A database instance. `cluster` is empty for one outside any cluster.

    It is ours by its own name too: a copy beside the cluster holds the same records.
    """

    name: str
    cluster: str
    ours: bool
    public: bool
    status: str
    zone: str


class Proxy(TypedDict):
    """A database proxy. `idle` is the seconds after which it drops a client that says nothing."""

    name: str
    ours: bool
    tls_required: bool
    idle: int


@fact("rds_clusters", calls=("rds:DescribeDBClusters",))
def clusters(sources: Sources) -> list[Cluster]:
    """Aurora clusters of the account, with what protects their data."""
    return [
        Cluster(
            name=cluster["DBClusterIdentifier"],
            ours=sources.settings.matches("cluster", cluster["DBClusterIdentifier"]),
            engine=cluster["Engine"],
            engine_version=cluster.get("EngineVersion", ""),
            status=cluster.get("Status", ""),
            encrypted=cluster.get("StorageEncrypted", False),
            backup_retention_days=cluster.get("BackupRetentionPeriod", 0),
            deletion_protection=cluster.get("DeletionProtection", False),
            iam_authentication=cluster.get("IAMDatabaseAuthenticationEnabled", False),
            log_exports=sorted(cluster.get("EnabledCloudwatchLogsExports", ())),
            writers=sum(1 for member in cluster["DBClusterMembers"] if member["IsClusterWriter"]),
            readers=sum(
                1 for member in cluster["DBClusterMembers"] if not member["IsClusterWriter"]
            ),
            zones=len(cluster.get("AvailabilityZones", ())),
        )
        for cluster in sources.aws.pages("rds:DescribeDBClusters", "DBClusters")
    ]


@fact("rds_instances", calls=("rds:DescribeDBInstances",))
def instances(sources: Sources) -> list[Instance]:
    """Database instances of the account, and whether the internet can reach them."""
    return [
        Instance(
            name=instance["DBInstanceIdentifier"],
            cluster=instance.get("DBClusterIdentifier", ""),
            ours=any(
                sources.settings.matches("cluster", instance.get(key, ""))
                for key in ("DBClusterIdentifier", "DBInstanceIdentifier")
            ),
            public=instance["PubliclyAccessible"],
            status=instance.get("DBInstanceStatus", ""),
            zone=instance.get("AvailabilityZone", ""),
        )
        for instance in sources.aws.pages("rds:DescribeDBInstances", "DBInstances")
    ]


@fact("rds_proxies", calls=("rds:DescribeDBProxies",))
def proxies(sources: Sources) -> list[Proxy]:
    """Database proxies of the account."""
    prefix = sources.settings.resource("prefix")
    return [
        Proxy(
            name=proxy["DBProxyName"],
            ours=proxy["DBProxyName"].startswith(prefix),
            tls_required=proxy.get("RequireTLS", False),
            idle=proxy.get("IdleClientTimeout", 1800),
        )
        for proxy in sources.aws.pages("rds:DescribeDBProxies", "DBProxies")
    ]
