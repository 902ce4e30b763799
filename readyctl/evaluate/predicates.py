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
    """Each declared function is covered by an enabled alarm on the metric with an action.

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


PREDICATES: Mapping[str, Predicate] = {
    "function_alarms": function_alarms,
    "deployed_routes": deployed_routes,
    "integrated_routes": integrated_routes,
    "authorized_routes": authorized_routes,
}
