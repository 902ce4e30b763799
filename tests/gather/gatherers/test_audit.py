"""Facts about what watches the account."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import audit

Observed = Callable[[FactSpec], Any]


@pytest.fixture
def cloudtrail(session: boto3.Session) -> Any:
    """CloudTrail of an account with a bucket for it."""
    session.client("s3").create_bucket(Bucket="trail")
    return session.client("cloudtrail")


def test_a_sound_trail(cloudtrail: Any, observed: Observed) -> None:
    """A trail that records everything, provably, is reported as that."""
    cloudtrail.create_trail(
        Name="all",
        S3BucketName="trail",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId="alias/trail",
    )
    cloudtrail.start_logging(Name="all")
    assert observed(audit.trails) == [
        {
            "name": "all",
            "multi_region": True,
            "validated": True,
            "logging": True,
            "encrypted": True,
        }
    ]


def test_a_trail_that_stands_still(cloudtrail: Any, observed: Observed) -> None:
    """A trail that exists need not record."""
    cloudtrail.create_trail(Name="one", S3BucketName="trail")
    assert observed(audit.trails) == [
        {
            "name": "one",
            "multi_region": False,
            "validated": False,
            "logging": False,
            "encrypted": False,
        }
    ]


@pytest.mark.parametrize("enabled", [True, False])
def test_detectors(session: boto3.Session, observed: Observed, enabled: bool) -> None:
    """A detector that is suspended is not enabled."""
    made = session.client("guardduty").create_detector(Enable=enabled)
    assert observed(audit.detectors) == [{"id": made["DetectorId"], "enabled": enabled}]


@pytest.mark.parametrize("recording", [True, False])
def test_config_recorders(
    recorded: Callable[..., None], observed: Observed, recording: bool
) -> None:
    """A recorder that exists need not record."""
    recorded(
        "config-service.DescribeConfigurationRecorderStatus",
        json.dumps({"ConfigurationRecordersStatus": [{"name": "default", "recording": recording}]}),
    )
    assert observed(audit.config_recorders) == [{"name": "default", "recording": recording}]


def test_backup_plans(session: boto3.Session, observed: Observed) -> None:
    """Backup plans are listed by name."""
    rule = {"RuleName": "daily", "TargetBackupVaultName": "Default"}
    session.client("backup").create_backup_plan(
        BackupPlan={"BackupPlanName": "nightly", "Rules": [rule]}
    )
    assert observed(audit.backup_plans) == [{"name": "nightly"}]
