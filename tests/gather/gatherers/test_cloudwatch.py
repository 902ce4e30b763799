"""The facts about alarms and dashboards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import cloudwatch

Observed = Callable[[FactSpec], Any]
TOPIC = "arn:aws:sns:us-east-1:123456789012:operators"


def put(session: boto3.Session, name: str, **settings: Any) -> None:
    """Make an alarm that fires at one."""
    session.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        **settings,
    )


def put_query(session: boto3.Session, query: str) -> None:
    """Make an alarm over a Metrics Insights query."""
    put(session, "query", Metrics=[{"Id": "q", "Expression": query, "Period": 300}])


def measured(identifier: str, metric: str, function: str) -> dict[str, Any]:
    """Return one metric of an expression."""
    return {
        "Id": identifier,
        "ReturnData": False,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/Lambda",
                "MetricName": metric,
                "Dimensions": [{"Name": "FunctionName", "Value": function}],
            },
            "Period": 60,
            "Stat": "Sum",
        },
    }


def test_alarm_of_one_function(session: boto3.Session, observed: Observed) -> None:
    """An alarm on a metric of a function covers that function."""
    put(
        session,
        "notes-errors",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": "telehealth-notes"}],
        Statistic="Sum",
        Period=60,
        AlarmActions=[TOPIC],
    )
    assert observed(cloudwatch.alarms) == [
        {
            "name": "notes-errors",
            "namespace": "AWS/Lambda",
            "metric": "Errors",
            "dimensions": {"FunctionName": "telehealth-notes"},
            "functions": ["telehealth-notes"],
            "actions": [TOPIC],
            "actions_enabled": True,
            "statistic": "Sum",
            "period_seconds": 60,
            "threshold": 1.0,
            "state": "OK",
        }
    ]


def test_alarm_that_tells_nobody(session: boto3.Session, observed: Observed) -> None:
    """An alarm without actions, or with actions switched off, says both."""
    put(
        session,
        "silent",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        ActionsEnabled=False,
    )
    (row,) = observed(cloudwatch.alarms)
    assert (row["actions"], row["actions_enabled"]) == ([], False)


@pytest.mark.parametrize(
    ("namespace", "dimensions", "functions"),
    [
        ("AWS/Lambda", {}, ["*"]),
        ("AWS/Lambda", {"FunctionName": "a", "Resource": "a:live"}, ["a"]),
        ("AWS/Lambda", {"EventSourceMappingUUID": "1"}, []),
        ("AWS/RDS", {}, []),
    ],
)
def test_functions_of_a_metric(
    session: boto3.Session,
    observed: Observed,
    namespace: str,
    dimensions: dict[str, str],
    functions: list[str],
) -> None:
    """Lambda's metrics without dimensions are about every function, other metrics about none."""
    put(
        session,
        "alarm",
        Namespace=namespace,
        MetricName="Errors",
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        Statistic="Sum",
        Period=60,
    )
    assert [row["functions"] for row in observed(cloudwatch.alarms)] == [functions]


@pytest.mark.parametrize(
    ("query", "functions"),
    [
        ('SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName) GROUP BY FunctionName', ["*"]),
        ('SELECT AVG(Errors) FROM SCHEMA("AWS/Lambda", FunctionName) GROUP BY FunctionName', ["*"]),
        ('SELECT SUM(Errors) FROM "AWS/Lambda"', ["*"]),
        ('SELECT AVG(Errors) FROM "AWS/Lambda"', []),
        ("SELECT MAX(Errors) FROM \"AWS/Lambda\" WHERE FunctionName = 'a'", ["a"]),
        (
            "select sum(Errors) from schema(\"AWS/Lambda\", FunctionName) where FunctionName = 'b' "
            "or FunctionName = 'a' group by FunctionName order by max() desc limit 10",
            ["a", "b"],
        ),
        ("SELECT SUM(Errors) FROM \"AWS/Lambda\" WHERE FunctionName != 'a'", []),
        ('SELECT SUM(Errors) FROM "AWS/ApiGateway" GROUP BY ApiName', []),
    ],
)
def test_functions_of_a_query(
    session: boto3.Session, observed: Observed, query: str, functions: list[str]
) -> None:
    """A query covers every function unless it filters them, or averages them away."""
    put_query(session, query)
    assert [row["functions"] for row in observed(cloudwatch.alarms)] == [functions]


def test_metric_of_a_query(session: boto3.Session, observed: Observed) -> None:
    """The row of a query says which metric it reads, how, and how often."""
    put_query(session, 'SELECT SUM("Errors") FROM "AWS/Lambda" GROUP BY FunctionName')
    (row,) = observed(cloudwatch.alarms)
    assert (row["namespace"], row["metric"], row["statistic"], row["period_seconds"]) == (
        "AWS/Lambda",
        "Errors",
        "Sum",
        300,
    )


def test_alarm_over_an_expression(session: boto3.Session, observed: Observed) -> None:
    """An alarm over an expression has a row for each metric, with every function in it."""
    put(
        session,
        "rate",
        Metrics=[
            {"Id": "rate", "Expression": "100 * (e1 + e2) / i1"},
            measured("e1", "Errors", "b"),
            measured("i1", "Invocations", "b"),
            measured("e2", "Errors", "a"),
        ],
    )
    rows = observed(cloudwatch.alarms)
    assert [(row["metric"], row["functions"], row["dimensions"]) for row in rows] == [
        ("Errors", ["a", "b"], {}),
        ("Invocations", ["b"], {"FunctionName": "b"}),
    ]


def test_composite_alarm(session: boto3.Session, observed: Observed) -> None:
    """A composite alarm is listed with its actions, and has no metric of its own."""
    composite = {
        "AlarmName": "any",
        "AlarmRule": 'ALARM("a")',
        "AlarmActions": [TOPIC],
        "ActionsEnabled": True,
        "StateValue": "ALARM",
    }
    # Moto makes no composite alarms; the answer is given in place of the call.
    answered = (
        AWSResponse("", 200, HTTPHeaders(), None),
        {
            "MetricAlarms": [],
            "CompositeAlarms": [composite],
        },
    )

    def hook(**_: object) -> Any:
        return answered

    session.events.register("before-call.cloudwatch.DescribeAlarms", hook)
    (row,) = observed(cloudwatch.alarms)
    assert (row["name"], row["metric"], row["threshold"], row["actions"]) == (
        "any",
        "",
        None,
        [TOPIC],
    )


def test_both_kinds_of_alarm(session: boto3.Session, observed: Observed) -> None:
    """Composite alarms are asked for by name of their kind: CloudWatch leaves them out else."""
    asked = []

    def hook(params: dict[str, Any], **_: object) -> None:
        asked.extend(params["AlarmTypes"])

    session.events.register("before-parameter-build.cloudwatch.DescribeAlarms", hook)
    observed(cloudwatch.alarms)
    assert asked == ["MetricAlarm", "CompositeAlarm"]


@pytest.mark.parametrize(("name", "ours"), [("telehealth-main", True), ("billing", False)])
def test_dashboards(session: boto3.Session, observed: Observed, name: str, ours: bool) -> None:
    """A dashboard is ours by its prefix."""
    session.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody='{"widgets": []}')
    assert observed(cloudwatch.dashboards) == [{"name": name, "ours": ours}]
