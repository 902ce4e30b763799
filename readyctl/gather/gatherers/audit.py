"""Facts about what watches the account: trails, threat detection, recorders, backup plans."""

from __future__ import annotations

from typing import TypedDict

from readyctl.clients.aws import Answer
from readyctl.gather.base import Sources, fact


class Trail(TypedDict):
    """A CloudTrail trail. `validated`: its files carry digests that show a change."""

    name: str
    multi_region: bool
    validated: bool
    logging: bool
    encrypted: bool


class Detector(TypedDict):
    """A GuardDuty detector of the region."""

    id: str
    enabled: bool


class ConfigRecorder(TypedDict):
    """An AWS Config recorder of the region."""

    name: str
    recording: bool


class BackupPlan(TypedDict):
    """An AWS Backup plan of the region."""

    name: str


@fact("trails", calls=("cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus"))
def trails(sources: Sources) -> list[Trail]:
    """Trails that record the region, those of other regions and the organization included."""

    def row(trail: Answer) -> Trail:
        status = sources.aws.call("cloudtrail:GetTrailStatus", Name=trail["TrailARN"])
        return Trail(
            name=trail["Name"],
            multi_region=trail["IsMultiRegionTrail"],
            validated=trail.get("LogFileValidationEnabled", False),
            logging=status["IsLogging"],
            encrypted=bool(trail.get("KmsKeyId")),
        )

    return sources.aws.map(row, sources.aws.call("cloudtrail:DescribeTrails")["trailList"])


@fact("detectors", calls=("guardduty:ListDetectors", "guardduty:GetDetector"))
def detectors(sources: Sources) -> list[Detector]:
    """GuardDuty detectors of the region."""

    def row(detector: str) -> Detector:
        answer = sources.aws.call("guardduty:GetDetector", DetectorId=detector)
        return Detector(id=detector, enabled=answer["Status"] == "ENABLED")

    listed = sources.aws.pages("guardduty:ListDetectors", "DetectorIds")
    return sources.aws.map(row, [str(detector) for detector in listed])


@fact("config_recorders", calls=("config:DescribeConfigurationRecorderStatus",))
def config_recorders(sources: Sources) -> list[ConfigRecorder]:
    """AWS Config recorders of the region, and whether they record."""
    answer = sources.aws.call("config:DescribeConfigurationRecorderStatus")
    return [
        ConfigRecorder(name=recorder["name"], recording=recorder["recording"])
        for recorder in answer["ConfigurationRecordersStatus"]
    ]


@fact("backup_plans", calls=("backup:ListBackupPlans",))
def backup_plans(sources: Sources) -> list[BackupPlan]:
    """AWS Backup plans of the region."""
    return [
        BackupPlan(name=plan["BackupPlanName"])
        for plan in sources.aws.pages("backup:ListBackupPlans", "BackupPlansList")
    ]
