"""Predicates about Lambda functions: their alarms, roles and settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from readyctl.evaluate.predicates.items import Facts, decided, rows, texts
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.status import Status


def function_alarms(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """Each declared function that asks for it is covered by an alarm on the metric.

    An alarm without a function dimension, or a query over all functions, covers every one.
    Parameters: `metric`, the AWS/Lambda metric; `kind`, the alarm kind in the manifest.
    """
    metric, kind = str(parameters["metric"]), str(parameters["kind"])
    covered: set[str] = set()
    for alarm in rows("alarms", facts):
        watches = alarm["namespace"] == "AWS/Lambda" and alarm["metric"] == metric
        # An alarm whose actions are off is silent, whatever it sees.
        if watches and alarm["actions_enabled"] is True:
            covered |= texts(alarm["functions"])
    wanted = [
        row for row in rows("backend_manifest.functions", facts) if kind in texts(row["alarms"])
    ]
    return tuple(
        decided(
            str(row["name"]),
            bool({"*", str(row["deployed_name"])} & covered),
            "covered" if {"*", str(row["deployed_name"])} & covered else "no alarm",
            f"an alarm on {metric}",
        )
        for row in wanted
    )


def function_roles(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """Each role that a function of the system runs as grants no more than it must.

    Parameters: `allowed_policies`, the policies kept by AWS that are narrow enough. Any other of
    them is too wide: it was written for everybody, so it covers every resource.
    """
    allowed = texts(parameters["allowed_policies"])
    known = {str(row["arn"]): row for row in rows("iam_roles", facts)}
    used = sorted({str(row["role"]) for row in rows("lambda_functions[?function != '']", facts)})
    return tuple(_judged_role(arn, known.get(arn), allowed) for arn in used)


def _judged_role(arn: str, role: Mapping[str, Json] | None, allowed: set[str]) -> Item:
    name, wanted = arn.rpartition("/")[2], "named actions on named resources"
    if role is None:
        return Item(name, Status.OPEN, "the role is not among those that were listed", wanted)
    services = {a for a in texts(role["wildcard_actions"]) if a == "*" or a.endswith(":*")}
    wide = {
        "is an administrator": {"of the account"} if role["admin"] is not False else set(),
        "may do everything of": services,
        "is not limited to resources for": texts(role["wildcard_resource_actions"]),
        "has a policy written for everybody,": texts(role["aws_policies"]) - allowed,
        "may be assumed by": texts(role["external_principals"]),
    }
    problems = [f"{what} {', '.join(sorted(which))}" for what, which in wide.items() if which]
    return decided(name, not problems, "; ".join(problems) or wanted, wanted)


def function_settings(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each deployed function that the manifest declares has the time and memory declared there."""
    declared = {str(row["deployed_name"]): row for row in rows("backend_manifest.functions", facts)}
    return tuple(
        _settled(row, declared[str(row["name"])])
        for row in rows("lambda_functions", facts)
        if row["name"] in declared
    )


def _settled(deployed: Mapping[str, Json], declared: Mapping[str, Json]) -> Item:
    found = (deployed["timeout_seconds"], deployed["memory_mb"])
    wanted = (declared["timeout_seconds"], declared["memory_mb"])
    return decided(
        str(declared["name"]),
        found == wanted,
        f"{found[0]} s and {found[1]} MB",
        f"{wanted[0]} s and {wanted[1]} MB",
    )
