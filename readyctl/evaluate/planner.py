"""Turns open findings into a launch plan: ordered by dependency, with one computed duration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from math import ceil

from readyctl.model.check import Effort
from readyctl.model.finding import Finding
from readyctl.model.plan import LaunchPlan, Task
from readyctl.model.status import Severity, Status


def plan(findings: Sequence[Finding], *, people: int, hours_per_day: float) -> LaunchPlan:
    """Return the plan for `people` who each work `hours_per_day` hours a day on it.

    Effort and duration are those of the critical tasks: the unresolved blockers and all that
    they must come after. The rest follows them.
    """
    todo = {f.check: f for f in findings if f.waiver is None and _unresolved(f)}
    after = {check: _open_dependencies(check, findings, todo) for check in todo}
    critical = _critical(todo, after)
    depth = _depths(after)
    order = _order(todo, after, critical)
    low = _schedule(order, after, {c: f.effort.low for c, f in todo.items()}, people)
    high = _schedule(order, after, {c: f.effort.high for c, f in todo.items()}, people)
    tasks = tuple(
        _task(
            todo[check],
            after[check],
            phase=depth[check] + 1,
            days=_days(high[check], hours_per_day),
            critical=check in critical,
        )
        for check in order
    )
    return LaunchPlan(
        tasks=tasks,
        effort=Effort(
            sum(todo[check].effort.low for check in order if check in critical),
            sum(todo[check].effort.high for check in order if check in critical),
        ),
        days=(
            _last_day([low[check] for check in critical], hours_per_day),
            _last_day([high[check] for check in critical], hours_per_day),
        ),
        people=people,
        hours_per_day=hours_per_day,
        blockers=_blockers(todo, failing=True),
        undecided=_blockers(todo, failing=False),
        remaining=len(todo) - len(critical),
    )


def _unresolved(finding: Finding) -> bool:
    return finding.weight > 0 and (finding.status is Status.FAIL or finding.status.undecided)


def _blockers(todo: Mapping[str, Finding], *, failing: bool) -> int:
    return sum(
        1
        for finding in todo.values()
        if finding.severity is Severity.BLOCKER and (finding.status is Status.FAIL) is failing
    )


def _open_dependencies(
    check: str, findings: Sequence[Finding], todo: Mapping[str, Finding]
) -> tuple[str, ...]:
    """Return the nearest unresolved predecessors, looking through those that are resolved."""
    after = {finding.check: finding.after for finding in findings}
    found: dict[str, None] = {}
    seen: set[str] = set()
    queue = list(after.get(check, ()))
    while queue:
        name = queue.pop(0)
        if name in todo:
            found[name] = None
        elif name not in seen:
            queue.extend(after.get(name, ()))
        seen.add(name)
    return tuple(found)


def _critical(todo: Mapping[str, Finding], after: Mapping[str, tuple[str, ...]]) -> set[str]:
    queue = [check for check, f in todo.items() if f.severity is Severity.BLOCKER]
    critical: set[str] = set()
    while queue:
        check = queue.pop()
        if check not in critical:
            critical.add(check)
            queue.extend(after[check])
    return critical


def _depths(after: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    depths: dict[str, int] = {}
    for check in TopologicalSorter(after).static_order():
        depths[check] = max((depths[before] + 1 for before in after[check]), default=0)
    return depths


def _order(
    todo: Mapping[str, Finding], after: Mapping[str, tuple[str, ...]], critical: set[str]
) -> list[str]:
    """Return the checks in an order that can be followed, the longest remaining path first."""
    remaining: dict[str, float] = {}
    followers: dict[str, list[str]] = {check: [] for check in todo}
    for check, befores in after.items():
        for before in befores:
            followers[before].append(check)
    for check in reversed(list(TopologicalSorter(after).static_order())):
        tail = max((remaining[follower] for follower in followers[check]), default=0.0)
        remaining[check] = todo[check].effort.high + tail

    def urgency(check: str) -> tuple[bool, float, int, str]:
        return (
            check not in critical,
            -remaining[check],
            todo[check].severity.rank,
            check,
        )

    order: list[str] = []
    sorter = TopologicalSorter(after)
    sorter.prepare()
    ready = list(sorter.get_ready())
    while ready:
        ready.sort(key=urgency)
        check = ready.pop(0)
        order.append(check)
        sorter.done(check)
        ready.extend(sorter.get_ready())
    return order


def _schedule(
    order: Sequence[str],
    after: Mapping[str, tuple[str, ...]],
    hours: Mapping[str, float],
    people: int,
) -> dict[str, tuple[float, float]]:
    """Give each task to whoever is free first; return start and end in working hours."""
    free = [0.0] * people
    times: dict[str, tuple[float, float]] = {}
    for check in order:
        ready = max((times[before][1] for before in after[check]), default=0.0)
        person = free.index(min(free))
        start = max(ready, free[person])
        times[check] = (start, start + hours[check])
        free[person] = times[check][1]
    return times


def _days(times: tuple[float, float], hours_per_day: float) -> tuple[int, int]:
    start = int(times[0] / hours_per_day + 1e-9) + 1
    return start, max(start, ceil(times[1] / hours_per_day - 1e-9))


def _last_day(times: Sequence[tuple[float, float]], hours_per_day: float) -> int:
    end = max((end for _, end in times), default=0.0)
    return ceil(end / hours_per_day - 1e-9)


def _task(
    finding: Finding,
    after: tuple[str, ...],
    *,
    phase: int,
    days: tuple[int, int],
    critical: bool,
) -> Task:
    return Task(
        check=finding.check,
        title=finding.title,
        summary=_sentence(finding.resolution) or finding.fix.summary,
        severity=finding.severity,
        status=finding.status,
        effort=finding.effort,
        after=after,
        commands=finding.fix.commands,
        phase=phase,
        start_day=days[0],
        end_day=days[1],
        critical=critical,
        automated=finding.fix.automated,
        waits_for_person=finding.status is Status.REVIEW,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
