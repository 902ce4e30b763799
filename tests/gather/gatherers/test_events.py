"""The facts about what starts functions by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import events

Observed = Callable[[FactSpec], Any]
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:telehealth-reminders"
ROLE = "arn:aws:iam::123456789012:role/scheduler"


def test_scheduled_rule(session: boto3.Session, observed: Observed) -> None:
    """A scheduled rule is listed with its functions, whatever its name; an alias is dropped."""
    client = session.client("events")
    client.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    client.put_targets(
        Rule="nightly",
        Targets=[
            {"Id": "1", "Arn": f"{FUNCTION}:live"},
            {"Id": "2", "Arn": "arn:aws:sqs:us-east-1:123456789012:jobs"},
        ],
    )
    assert observed(events.event_rules) == [
        {
            "name": "nightly",
            "schedule": "rate(1 day)",
            "pattern": False,
            "enabled": True,
            "functions": ["telehealth-reminders"],
        }
    ]


def test_rule_for_events(session: boto3.Session, observed: Observed) -> None:
    """A rule of ours that waits for events is listed, and whether it is switched on."""
    client = session.client("events")
    client.put_rule(
        Name="telehealth-signed", EventPattern='{"source":["telehealth"]}', State="DISABLED"
    )
    assert observed(events.event_rules) == [
        {
            "name": "telehealth-signed",
            "schedule": "",
            "pattern": True,
            "enabled": False,
            "functions": [],
        }
    ]


def test_rules_of_others(session: boto3.Session, observed: Observed) -> None:
    """A rule for events without our prefix is left out, since its targets are not asked for."""
    session.client("events").put_rule(Name="billing", EventPattern='{"source":["billing"]}')
    assert observed(events.event_rules) == []


@pytest.mark.parametrize(("state", "enabled"), [("ENABLED", True), ("DISABLED", False)])
def test_schedules(session: boto3.Session, observed: Observed, state: str, enabled: bool) -> None:
    """A schedule names the function that it starts, and says whether it is switched on."""
    session.client("scheduler").create_schedule(
        Name="reminders",
        ScheduleExpression="rate(1 hour)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": FUNCTION, "RoleArn": ROLE},
        State=state,
    )
    assert observed(events.schedules) == [
        {"name": "reminders", "enabled": enabled, "function": "telehealth-reminders"}
    ]


def test_schedule_of_something_else(session: boto3.Session, observed: Observed) -> None:
    """A schedule that starts no function has none."""
    session.client("scheduler").create_schedule(
        Name="reminders",
        ScheduleExpression="rate(1 hour)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:scheduler:::aws-sdk:rds:startDBCluster", "RoleArn": ROLE},
    )
    assert [row["function"] for row in observed(events.schedules)] == [""]
