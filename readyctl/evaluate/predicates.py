"""Named predicates: what the operators cannot say, as typed pure functions.

A predicate gets the facts that its check names, its parameters and the time of the run, and
returns one item for each thing that it judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from readyctl.evaluate.conditions import search
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.status import Status

Facts = Mapping[str, Json]
Predicate = Callable[[Facts, Facts, datetime], tuple[Item, ...]]


def _rows(expression: str, facts: Facts) -> list[Mapping[str, Json]]:
    found = search(expression, facts)
    if not isinstance(found, list):
        raise TypeError(f"{expression} is not a list")
    return found


def _texts(value: Json) -> set[str]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError("not a list of names")
    return {str(entry) for entry in value}


def _decided(name: str, holds: bool, observed: str, expected: str) -> Item:
    return Item(
        name=name,
        status=Status.PASS if holds else Status.FAIL,
        observed=observed,
        expected=expected,
    )


def function_alarms(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """Each declared function that asks for it is covered by an alarm on the metric.

    An alarm without a function dimension, or a query over all functions, covers every one.
    Parameters: `metric`, the AWS/Lambda metric; `kind`, the alarm kind in the manifest.
    """
    metric, kind = str(parameters["metric"]), str(parameters["kind"])
    covered: set[str] = set()
    for alarm in _rows("alarms", facts):
        if alarm["namespace"] == "AWS/Lambda" and alarm["metric"] == metric:
            covered |= _texts(alarm["functions"])
    wanted = [
        row for row in _rows("backend_manifest.functions", facts) if kind in _texts(row["alarms"])
    ]
    return tuple(
        _decided(
            str(row["name"]),
            bool({"*", str(row["deployed_name"])} & covered),
            "covered" if {"*", str(row["deployed_name"])} & covered else "no alarm",
            f"an alarm on {metric}",
        )
        for row in wanted
    )


def _route(key: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", key.rstrip("/"))


def deployed_routes(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each declared route is deployed; names of path parameters do not matter."""
    deployed = {_route(f"{row['method']} {row['path']}") for row in _rows("rest_routes", facts)} | {
        _route(str(row["route_key"])) for row in _rows("http_routes", facts)
    }
    return tuple(
        _decided(
            str(row["key"]),
            _route(str(row["key"])) in deployed,
            "deployed" if _route(str(row["key"])) in deployed else "not deployed",
            "a method on a deployed API",
        )
        for row in _rows("backend_manifest.routes", facts)
    )


def integrated_routes(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each deployed route that the manifest declares invokes the function declared for it."""
    wanted = {
        _route(str(row["key"])): str(row["deployed_name"])
        for row in _rows("backend_manifest.routes", facts)
    }
    deployed = {
        _route(f"{row['method']} {row['path']}"): str(row["function"])
        for row in _rows("rest_routes", facts)
    } | {_route(str(row["route_key"])): str(row["function"]) for row in _rows("http_routes", facts)}
    return tuple(
        _decided(key, deployed[key] == function, deployed[key] or "nothing", function)
        for key, function in sorted(wanted.items())
        if key in deployed
    )


def authorized_routes(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each deployed route asks for authorization, unless the manifest declares it public."""
    public = {
        _route(str(row["key"]))
        for row in _rows("backend_manifest.routes", facts)
        if row["public"] is True
    }
    keys = [
        (f"{row['method']} {row['path']}", str(row["authorization"]))
        for row in _rows("rest_routes", facts)
    ] + [(str(row["route_key"]), str(row["authorization"])) for row in _rows("http_routes", facts)]
    return tuple(
        _decided(
            key,
            authorization not in ("", "NONE") or _route(key) in public,
            authorization or "NONE",
            "public" if _route(key) in public else "an authorizer",
        )
        for key, authorization in keys
    )


def zones(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """Each of the system's VPCs has private subnets in several availability zones.

    Parameters: `minimum`, how many zones are enough.
    """
    minimum = int(str(parameters["minimum"]))
    subnets = _rows("subnets[?!public]", facts)
    found = [
        (str(vpc["name"]), {str(row["zone"]) for row in subnets if row["vpc"] == vpc["id"]})
        for vpc in _rows("vpcs[?ours]", facts)
    ]
    return tuple(
        _decided(
            name,
            len(names) >= minimum,
            f"private subnets in {', '.join(sorted(names)) or 'no zone'}",
            f"private subnets in {minimum} zones",
        )
        for name, names in found
    )


def function_roles(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """Each role that a function of the system runs as grants no more than it must.

    Parameters: `allowed_policies`, the policies kept by AWS that are narrow enough. Any other of
    them is too wide: it was written for everybody, so it covers every resource.
    """
    allowed = _texts(parameters["allowed_policies"])
    known = {str(row["arn"]): row for row in _rows("iam_roles", facts)}
    used = sorted({str(row["role"]) for row in _rows("lambda_functions[?function != '']", facts)})
    return tuple(_judged_role(arn, known.get(arn), allowed) for arn in used)


def _judged_role(arn: str, role: Mapping[str, Json] | None, allowed: set[str]) -> Item:
    name, wanted = arn.rpartition("/")[2], "named actions on named resources"
    if role is None:
        return Item(name, Status.OPEN, "the role is not among those that were listed", wanted)
    services = {a for a in _texts(role["wildcard_actions"]) if a == "*" or a.endswith(":*")}
    wide = {
        "is an administrator": {"*"} if role["admin"] is not False else set(),
        "may do everything of": services,
        "is not limited to resources for": _texts(role["wildcard_resource_actions"]),
        "has a policy written for everybody,": _texts(role["aws_policies"]) - allowed,
        "may be assumed by": _texts(role["external_principals"]),
    }
    problems = [f"{what} {', '.join(sorted(which))}" for what, which in wide.items() if which]
    return _decided(name, not problems, "; ".join(problems) or wanted, wanted)


def resource_alarms(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """Each selected resource is covered by an alarm on one metric.

    An alarm without dimensions is open: what it covers was not observed. Parameters: `select`,
    the resources; `namespace` and `metric`; `match`, from a dimension of the alarm to the field
    of the resource that it must equal.
    """
    match = parameters["match"]
    if not isinstance(match, Mapping):
        raise TypeError("match is not a mapping")
    dimensions = [
        alarm["dimensions"]
        for alarm in _rows("alarms", facts)
        if alarm["namespace"] == parameters["namespace"] and alarm["metric"] == parameters["metric"]
    ]
    wanted = f"an alarm on {parameters['metric']}"
    return tuple(
        _alarmed(
            str(row["name"]),
            {(dimension, row[str(field)]) for dimension, field in match.items()},
            [set(found.items()) for found in dimensions if isinstance(found, Mapping)],
            wanted,
        )
        for row in _rows(str(parameters["select"]), facts)
    )


def _alarmed(
    name: str, pairs: set[tuple[str, Json]], alarms: list[set[tuple[str, Json]]], wanted: str
) -> Item:
    if any(pairs & dimensions for dimensions in alarms):
        return Item(name, Status.PASS, "covered", wanted)
    if set() in alarms:
        return Item(name, Status.OPEN, "an alarm that does not say what it covers", wanted)
    return Item(name, Status.FAIL, "no alarm", wanted)


PREDICATES: Mapping[str, Predicate] = {
    "function_alarms": function_alarms,
    "deployed_routes": deployed_routes,
    "integrated_routes": integrated_routes,
    "authorized_routes": authorized_routes,
    "zones": zones,
    "function_roles": function_roles,
    "resource_alarms": resource_alarms,
}
