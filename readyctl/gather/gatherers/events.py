"""Facts about what starts functions by itself: EventBridge rules and schedules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from readyctl.gather.arns import function_of
from readyctl.gather.base import Sources, fact


class Rule(TypedDict):
    """A rule of the default event bus, and the deployed names of the functions it starts.

    `schedule` is empty for a rule that waits for events, `pattern` says that it does.
    """

    name: str
    schedule: str
    pattern: bool
    enabled: bool
    functions: list[str]


class Schedule(TypedDict):
    """A schedule of EventBridge Scheduler, and the deployed name of the function it starts."""

    name: str
    enabled: bool
    function: str


@fact("event_rules", calls=("events:ListRules", "events:ListTargetsByRule"))
def event_rules(sources: Sources) -> list[Rule]:
    """Rules that are scheduled or have the system's prefix; others are not listed."""
    prefix = sources.settings.resource("prefix")

    def rule(found: Mapping[str, Any]) -> Rule:
        targets = sources.aws.pages("events:ListTargetsByRule", "Targets", Rule=found["Name"])
        functions = {function_of(target["Arn"]) for target in targets}
        return Rule(
            name=found["Name"],
            schedule=found.get("ScheduleExpression", ""),
            pattern=bool(found.get("EventPattern")),
            enabled=found["State"] != "DISABLED",
            functions=sorted(functions - {""}),
        )

    return sources.aws.map(
        rule,
        [
            found
            for found in sources.aws.pages("events:ListRules", "Rules")
            # Asking for the targets of every rule of a busy account would take a call for each.
            if found["Name"].startswith(prefix) or found.get("ScheduleExpression")
        ],
    )


@fact("schedules", calls=("scheduler:ListSchedules",))
def schedules(sources: Sources) -> list[Schedule]:
    """Schedules of EventBridge Scheduler, and the function that each starts."""
    return [
        Schedule(
            name=schedule["Name"],
            enabled=schedule["State"] == "ENABLED",
            function=function_of(schedule["Target"]["Arn"]),
        )
        for schedule in sources.aws.pages("scheduler:ListSchedules", "Schedules")
    ]
