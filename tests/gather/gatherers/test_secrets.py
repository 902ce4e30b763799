"""The facts about secrets and parameters."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import secrets
from tests.gather.recorded import RecordedSession

Observed = Callable[[FactSpec], Any]


def test_secret_with_a_value(session: boto3.Session, observed: Observed) -> None:
    """A secret with a value says so, and never the value."""
    session.client("secretsmanager").create_secret(Name="telehealth/db", SecretString="hunter2")
    (row,) = observed(secrets.secrets)
    del row["last_changed"]
    assert row == {
        "name": "telehealth/db",
        "ours": True,
        "rotation": False,
        "kms_key": "",
        "last_rotated": "",
        "has_current_version": True,
    }


def test_secret_on_its_way_to_deletion(session: boto3.Session, observed: Observed) -> None:
    """A secret that is scheduled for deletion is not there."""
    client = session.client("secretsmanager")
    client.create_secret(Name="telehealth/db", SecretString="hunter2")
    client.delete_secret(SecretId="telehealth/db", RecoveryWindowInDays=7)
    assert observed(secrets.secrets) == []


@pytest.mark.parametrize(
    ("name", "ours"), [("/telehealth/db", True), ("billing/telehealth", False)]
)
def test_whose_secret(session: boto3.Session, observed: Observed, name: str, ours: bool) -> None:
    """A secret is ours by its prefix, with a leading slash or without."""
    session.client("secretsmanager").create_secret(Name=name, SecretString="hunter2")
    assert [row["ours"] for row in observed(secrets.secrets)] == [ours]


class TestRecorded:
    """Answers of Secrets Manager that moto does not give."""

    @pytest.fixture
    def session(self) -> RecordedSession:
        """A secret that is rotated, and one that never got a value."""
        rotated = {
            "ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:telehealth/db-AbCdEf",
            "Name": "telehealth/db",
            "KmsKeyId": "alias/telehealth",
            "RotationEnabled": True,
            "LastRotatedDate": 1772355600.5,
            "LastChangedDate": 1772442000.0,
            "SecretVersionsToStages": {"1": ["AWSPREVIOUS"], "2": ["AWSCURRENT"]},
        }
        empty = {"ARN": "arn:aws:secretsmanager:us-east-1:1:secret:b-AbCdEf", "Name": "b"}
        return RecordedSession({"ListSecrets": [json.dumps({"SecretList": [rotated, empty]})]})

    def test_rotated_secret(self, observed: Observed) -> None:
        """Rotation, key and moments are in the row."""
        assert observed(secrets.secrets)[0] == {
            "name": "telehealth/db",
            "ours": True,
            "rotation": True,
            "kms_key": "alias/telehealth",
            "last_changed": "2026-03-02T09:00:00Z",
            "last_rotated": "2026-03-01T09:00:00Z",
            "has_current_version": True,
        }

    def test_secret_without_a_value(self, observed: Observed) -> None:
        """A secret without versions has no current one, and never changed."""
        row = observed(secrets.secrets)[1]
        assert (row["has_current_version"], row["last_changed"]) == (False, "")


def test_parameters(session: boto3.Session, observed: Observed) -> None:
    """A parameter is listed with its kind, and without its value."""
    session.client("ssm").put_parameter(Name="/telehealth/model", Value="zebra", Type="String")
    (row,) = observed(secrets.parameters)
    assert row == {
        "name": "/telehealth/model",
        "kind": "String",
        "last_modified": row["last_modified"],
    }


def test_every_page_of_parameters(session: boto3.Session, observed: Observed) -> None:
    """Parameters beyond the first page are listed."""
    for number in range(60):
        session.client("ssm").put_parameter(Name=f"p{number}", Value="zebra", Type="String")
    assert len(observed(secrets.parameters)) == 60
