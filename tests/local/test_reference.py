"""Tests of the account that the reference assessment describes, seen through its APIs."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from readyctl.local.account import Account, open_account

if TYPE_CHECKING:
    from readyctl.local.state import LocalState

pytestmark = pytest.mark.environment


@pytest.fixture
def account(local_reference: LocalState) -> Account:
    """The account of the reference state."""
    return open_account(local_reference.emulator_url)


@pytest.fixture
def get(local_reference: LocalState, account: Account) -> Callable[[str], int]:
    """A function that calls a path of the API and returns the HTTP status."""
    gateway = account.session.client("apigateway", **account.options)
    api = gateway.get_rest_apis()["items"][0]["id"]

    def call(path: str) -> int:
        connection = http.client.HTTPConnection(urlsplit(local_reference.emulator_url).netloc)
        try:
            connection.request("GET", f"/restapis/{api}/prod/_user_request_{path}")
            return connection.getresponse().status
        finally:
            connection.close()

    return call


def test_two_functions(account: Account) -> None:
    """Two functions are deployed, and both are active."""
    client = account.session.client("lambda", **account.options)
    functions = client.list_functions()["Functions"]
    found = {one["FunctionName"]: one.get("State") for one in functions}
    assert found == {"health-check": "Active", "migrate-database": "Active"}


def test_functions_are_in_the_vpc(account: Account) -> None:
    """Each function has its two private subnets."""
    client = account.session.client("lambda", **account.options)
    functions = client.list_functions()["Functions"]
    assert [len(one["VpcConfig"]["SubnetIds"]) for one in functions] == [2, 2]


def test_migrate_database_works(account: Account) -> None:
    """The deployed migration function answers that it carries no migration."""
    client = account.session.client("lambda", **account.options)
    answer = json.load(client.invoke(FunctionName="migrate-database")["Payload"])
    assert answer == {"packaged": [], "applied": []}


def test_health_is_open(get: Callable[[str], int]) -> None:
    """The health check answers without a token."""
    assert get("/health") == http.HTTPStatus.OK


def test_status_wants_a_token(get: Callable[[str], int]) -> None:
    """The other route is behind the Cognito authorizer."""
    assert get("/status") == http.HTTPStatus.UNAUTHORIZED


def test_no_alarm(account: Account) -> None:
    """Nothing watches the system."""
    cloudwatch = account.session.client("cloudwatch", **account.options)
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_cluster_is_encrypted_and_backed_up(account: Account) -> None:
    """The cluster is encrypted and keeps its backups for 30 days."""
    rds = account.session.client("rds", **account.options)
    (cluster,) = rds.describe_db_clusters()["DBClusters"]
    assert (cluster["StorageEncrypted"], cluster["BackupRetentionPeriod"]) == (True, 30)


def test_cluster_has_writer_and_reader(account: Account) -> None:
    """The cluster has one writer and one reader, neither of them public."""
    rds = account.session.client("rds", **account.options)
    instances = rds.describe_db_instances()["DBInstances"]
    found = {one["DBInstanceIdentifier"]: one["PubliclyAccessible"] for one in instances}
    assert found == {"telehealth-aurora-writer": False, "telehealth-aurora-reader": False}


def test_database_takes_functions_only(account: Account) -> None:
    """Port 5432 is open to the security group of the functions, and to no address."""
    ec2 = account.session.client("ec2", **account.options)
    groups = {one["GroupName"]: one for one in ec2.describe_security_groups()["SecurityGroups"]}
    (rule,) = groups["telehealth-database"]["IpPermissions"]
    sources = [pair["GroupId"] for pair in rule["UserIdGroupPairs"]]
    assert (rule["FromPort"], rule["IpRanges"]) == (5432, [])
    assert sources == [groups["telehealth-lambda"]["GroupId"]]


def test_buckets_are_encrypted_and_private(account: Account) -> None:
    """Both buckets are encrypted with KMS and block public access."""
    s3 = account.session.client("s3", **account.options)
    found = {}
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        encryption = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
        blocked = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        algorithm = encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
        found[name] = (algorithm, all(blocked.values()))
    assert found == {"telehealth-files": ("aws:kms", True), "telehealth-videos": ("aws:kms", True)}


def test_mfa_is_required(account: Account) -> None:
    """The user pool demands a second factor."""
    cognito = account.session.client("cognito-idp", **account.options)
    (pool,) = cognito.list_user_pools(MaxResults=10)["UserPools"]
    assert cognito.get_user_pool_mfa_config(UserPoolId=pool["Id"])["MfaConfiguration"] == "ON"


def test_only_the_database_secret(account: Account) -> None:
    """The one secret is the database's; Twilio's is missing."""
    secrets = account.session.client("secretsmanager", **account.options)
    assert [one["Name"] for one in secrets.list_secrets()["SecretList"]] == ["telehealth/database"]


def test_secret_reaches_the_database(account: Account, local_reference: LocalState) -> None:
    """The secret names the port of the server that was started with the account."""
    secrets = account.session.client("secretsmanager", **account.options)
    value = json.loads(secrets.get_secret_value(SecretId="telehealth/database")["SecretString"])
    assert value["port"] == local_reference.postgres_port


def test_logs_are_kept_for_a_year(account: Account) -> None:
    """Each function's log group keeps its events for 365 days."""
    logs = account.session.client("logs", **account.options)
    groups = logs.describe_log_groups()["logGroups"]
    assert [group["retentionInDays"] for group in groups] == [365, 365]


def test_no_stack(account: Account) -> None:
    """Nothing was deployed by a template."""
    client = account.session.client("cloudformation", **account.options)
    assert client.list_stacks()["StackSummaries"] == []


def test_user_profile_is_not_read(
    local_reference: LocalState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile that the user has set, and that does not exist, changes nothing."""
    monkeypatch.setenv("AWS_PROFILE", "a-profile-of-the-user")
    account = open_account(local_reference.emulator_url)
    sts = account.session.client("sts", **account.options)
    assert sts.get_caller_identity()["Account"] == "000000000000"
