"""Facts about CloudWatch: what the alarms watch, whom they tell, and dashboards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypedDict

from readyctl.gather.base import Sources, fact

_LAMBDA = "AWS/Lambda"
_EVERY_FUNCTION = "*"
# A Metrics Insights query, as in SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName) ...
_QUERY = re.compile(
    r"""\s*SELECT\s+(?P<statistic>\w+)\(\s*"?(?P<metric>[^"\s)]+)"?\s*\)
    \s+FROM\s+(?:SCHEMA\(\s*"?(?P<schema>[^",)\s]+)"?[^)]*\)|"?(?P<namespace>[^"\s]+)"?)
    (?:\s+WHERE\s+(?P<where>.+?))?
    (?:\s+GROUP\s+BY\s+(?P<group>.+?))?
    (?:\s+ORDER\s+BY\s+.+?)?(?:\s+LIMIT\s+\d+)?\s*""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_NAMED_FUNCTION = re.compile(r"""\s*"?FunctionName"?\s*=\s*["']([\w-]+)["']\s*""", re.IGNORECASE)
_ANY_OF = re.compile(r"\s+OR\s+", re.IGNORECASE)


class Alarm(TypedDict):
    """What an alarm watches: an alarm over an expression has a row for each metric in it.

    `functions` are deployed names, ["*"] for every function. `dimensions` are empty when several
    sets of them are watched. A composite alarm has no metric. `threshold` is null when it is
    not a number (anomaly detection).
    """

    name: str
    namespace: str
    metric: str
    dimensions: dict[str, str]
    functions: list[str]
    actions: list[str]
    actions_enabled: bool
    statistic: str
    period_seconds: int
    threshold: float | None
    state: str


class Dashboard(TypedDict):
    """A dashboard. `ours`: its name has the system's prefix."""

    name: str
    ours: bool


@dataclass(frozen=True, slots=True)
class _Watched:
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    functions: tuple[str, ...]
    statistic: str
    period_seconds: int


@fact("alarms", calls=("cloudwatch:DescribeAlarms",))
def alarms(sources: Sources) -> list[Alarm]:
    """Alarms of the account: the metrics and functions they cover, and whom they tell."""
    kinds = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms"}
    return [
        row
        for kind, key in kinds.items()
        for alarm in sources.aws.pages("cloudwatch:DescribeAlarms", key, AlarmTypes=[kind])
        for row in _rows(alarm)
    ]


@fact("dashboards", calls=("cloudwatch:ListDashboards",))
def dashboards(sources: Sources) -> list[Dashboard]:
    """Dashboards of the account."""
    prefix = sources.settings.resource("prefix")
    return [
        Dashboard(name=entry["DashboardName"], ours=entry["DashboardName"].startswith(prefix))
        for entry in sources.aws.pages("cloudwatch:ListDashboards", "DashboardEntries")
    ]


def _rows(alarm: Mapping[str, Any]) -> Iterator[Alarm]:
    for watched in _merged(list(_watched(alarm))):
        yield Alarm(
            name=alarm["AlarmName"],
            namespace=watched.namespace,
            metric=watched.metric,
            dimensions=dict(watched.dimensions),
            functions=list(watched.functions),
            actions=list(alarm.get("AlarmActions", ())),
            actions_enabled=alarm["ActionsEnabled"],
            statistic=watched.statistic,
            period_seconds=watched.period_seconds,
            threshold=alarm.get("Threshold"),
            state=alarm["StateValue"],
        )


def _watched(alarm: Mapping[str, Any]) -> Iterator[_Watched]:
    if "MetricName" in alarm:
        yield _of_metric(alarm, alarm.get("Statistic") or alarm.get("ExtendedStatistic", ""))
    for entry in alarm.get("Metrics", ()):
        if "MetricStat" in entry:
            stat = entry["MetricStat"]
            yield _of_metric({**stat["Metric"], "Period": stat["Period"]}, stat["Stat"])
        elif query := _QUERY.fullmatch(entry.get("Expression", "")):
            yield _of_query(query, entry.get("Period", 0))


def _of_metric(metric: Mapping[str, Any], statistic: str) -> _Watched:
    dimensions = {entry["Name"]: entry["Value"] for entry in metric.get("Dimensions", ())}
    return _Watched(
        namespace=metric["Namespace"],
        metric=metric["MetricName"],
        dimensions=dimensions,
        functions=_functions(metric["Namespace"], dimensions),
        statistic=statistic,
        period_seconds=metric["Period"],
    )


def _functions(namespace: str, dimensions: Mapping[str, str]) -> tuple[str, ...]:
    if namespace != _LAMBDA:
        return ()
    if "FunctionName" in dimensions:
        return (dimensions["FunctionName"],)
    return () if dimensions else (_EVERY_FUNCTION,)


def _of_query(query: re.Match[str], period_seconds: int) -> _Watched:
    namespace = query["schema"] or query["namespace"]
    return _Watched(
        namespace=namespace,
        metric=query["metric"],
        dimensions={},
        functions=_queried_functions(query) if namespace == _LAMBDA else (),
        statistic=query["statistic"].capitalize(),
        period_seconds=period_seconds,
    )


def _queried_functions(query: re.Match[str]) -> tuple[str, ...]:
    # One failing function vanishes in an average over all of them, but not in a sum.
    grouped = re.search(r"\bFunctionName\b", query["group"] or "", re.IGNORECASE)
    if not grouped and query["statistic"].upper() not in {"SUM", "MAX"}:
        return ()
    if not query["where"]:
        return (_EVERY_FUNCTION,)
    named = [_NAMED_FUNCTION.fullmatch(term) for term in _ANY_OF.split(query["where"])]
    return tuple(sorted({name[1] for name in named if name})) if all(named) else ()


def _merged(watched: list[_Watched]) -> Iterator[_Watched]:
    if not watched:
        yield _Watched("", "", {}, (), "", 0)
    by_metric = sorted(watched, key=lambda one: (one.namespace, one.metric))
    for _, group in groupby(by_metric, key=lambda one: (one.namespace, one.metric)):
        first, *others = group
        functions = {name for one in (first, *others) for name in one.functions}
        yield _Watched(
            namespace=first.namespace,
            metric=first.metric,
            dimensions=first.dimensions if not others else {},
            functions=tuple(sorted(functions)),
            statistic=first.statistic,
            period_seconds=first.period_seconds,
        )
