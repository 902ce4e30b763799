"""Predicates about the network, the alarms of resources, and logs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from readyctl.evaluate.predicates.items import Facts, decided, rows
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.status import Status


def zones(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """Each of the system's VPCs has private subnets in several availability zones.

    Parameters: `minimum`, how many zones are enough.
    """
    minimum = int(str(parameters["minimum"]))
    subnets = rows("subnets[?!public]", facts)
    found = [
        (str(vpc["name"]), {str(row["zone"]) for row in subnets if row["vpc"] == vpc["id"]})
        for vpc in rows("vpcs[?ours]", facts)
    ]
    return tuple(
        decided(
            name,
            len(names) >= minimum,
            f"private subnets in {', '.join(sorted(names)) or 'no zone'}",
            f"private subnets in {minimum} zones",
        )
        for name, names in found
    )


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
        for alarm in rows("alarms", facts)
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
        for row in rows(str(parameters["select"]), facts)
    )


def _alarmed(
    name: str, pairs: set[tuple[str, Json]], alarms: list[set[tuple[str, Json]]], wanted: str
) -> Item:
    if any(pairs & dimensions for dimensions in alarms):
        return Item(name, Status.PASS, "covered", wanted)
    if set() in alarms:
        return Item(name, Status.OPEN, "an alarm that does not say what it covers", wanted)
    return Item(name, Status.FAIL, "no alarm", wanted)


def retained_logs(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """Each log group of the system keeps what it gets for long enough, or for ever.

    A log group is the system's when it is a function's, or has the system's name in its own.
    Parameters: `days`.
    """
    days = int(str(parameters["days"]))
    system = str(next(iter(rows("[settings.system]", facts))))
    return tuple(
        decided(
            str(row["name"]),
            row["expires"] is False or int(str(row["retention_days"])) >= days,
            f"kept for {row['retention_days']} days" if row["expires"] else "kept for ever",
            f"kept for {days} days",
        )
        for row in rows("log_groups", facts)
        if row["function"] or system in str(row["name"])
    )
