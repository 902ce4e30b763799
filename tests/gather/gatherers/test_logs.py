"""The fact about log groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import logs

Observed = Callable[[FactSpec], Any]


def test_log_group_of_a_function(session: boto3.Session, observed: Observed) -> None:
    """A group with Lambda's prefix belongs to the function of that name, and may expire."""
    client = session.client("logs")
    client.create_log_group(logGroupName="/aws/lambda/telehealth-notes", kmsKeyId="arn:aws:kms:k")
    client.put_retention_policy(logGroupName="/aws/lambda/telehealth-notes", retentionInDays=365)
    assert observed(logs.log_groups) == [
        {
            "name": "/aws/lambda/telehealth-notes",
            "function": "notes",
            "expires": True,
            "retention_days": 365,
            "kms_key": "arn:aws:kms:k",
        }
    ]


def test_log_group_that_never_expires(session: boto3.Session, observed: Observed) -> None:
    """A group without retention keeps everything, and one outside the prefix has no function."""
    session.client("logs").create_log_group(logGroupName="telehealth-notes")
    assert observed(logs.log_groups) == [
        {
            "name": "telehealth-notes",
            "function": "",
            "expires": False,
            "retention_days": 0,
            "kms_key": "",
        }
    ]


def test_log_group_of_another_system(session: boto3.Session, observed: Observed) -> None:
    """The group of a function that is not the system's has no function."""
    session.client("logs").create_log_group(logGroupName="/aws/lambda/billing-notes")
    assert [row["function"] for row in observed(logs.log_groups)] == [""]


def test_every_page_of_log_groups(session: boto3.Session, observed: Observed) -> None:
    """Groups beyond the first page are listed."""
    client = session.client("logs")
    for number in range(60):
        client.create_log_group(logGroupName=f"group-{number}")
    assert len(observed(logs.log_groups)) == 60
