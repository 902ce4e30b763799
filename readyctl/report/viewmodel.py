"""Selects and groups what the reports show, so that no two of them can disagree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from readyctl.errors import InternalError
from readyctl.model.check import Effort
from readyctl.model.finding import Finding
from readyctl.model.plan import LaunchPlan, Task
from readyctl.model.scorecard import Scorecard
from readyctl.model.status import Severity, Status, Verdict
from readyctl.report.words import Label, clause, hours, label, moment, plural, sources

_TALLIED = (
    "passed",
    "failed",
    "open",
    "review",
    "not_applicable",
    "informational",
    "waived",
)
_VALID = ("valid", "expiring")
_RENEWALS = {
    "expired": "renew it, or withdraw it",
    "stale": "sign it again: its evidence has changed",
    "unmatched": "withdraw it: no check asks for it",
}


@dataclass(frozen=True, slots=True)
class UnknownGroup:
    """Open findings that one cause explains, and what would resolve it."""

    cause: str
    findings: tuple[Finding, ...]
    permissions: tuple[str, ...]
    resolutions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strength:
    """Something that works, and the sources that show it."""

    text: str
    finding: Finding
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonNeed:
    """Something that only a person can settle: `what` to do about `name`, and `why`."""

    name: str
    what: str
    why: str
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition for a launch; `met` only where a passing finding has evidence."""

    finding: Finding
    met: bool
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanDay:
    """The tasks that begin on one working day, which is 1 for the first."""

    number: int
    tasks: tuple[Task, ...]
    effort: Effort


def require_consistent(card: Scorecard) -> None:
    """Refuse a scorecard whose numbers contradict each other.

    Raises:
        InternalError: totals are not the sum of their parts, or a status is unknown.
    """
    for finding in card.findings:
        label(finding)
    for name in _TALLIED:
        total = sum(getattr(category.tally, name) for category in card.categories)
        if total != getattr(card.tally, name):
            raise _contradiction(f"the categories have {total} {name}, the total has not")
    if sum(getattr(card.tally, name) for name in _TALLIED) != len(card.findings):
        raise _contradiction("the tally does not count each finding once")
    scores = [category.score for category in card.categories if category.score]
    if sum(score.weight for score in scores) != card.score.weight:
        raise _contradiction("the weights of the categories do not add up")


def _contradiction(cause: str) -> InternalError:
    return InternalError("E0921", "the scorecard contradicts itself", cause=cause)


def ordered(card: Scorecard) -> tuple[Finding, ...]:
    """Return the findings by category, severity and id."""
    places = {category.id: place for place, category in enumerate(card.categories)}
    return tuple(
        sorted(
            card.findings,
            key=lambda f: (places.get(f.category, len(places)), f.severity.rank, f.check),
        )
    )


def observed_between(card: Scorecard) -> str:
    """Return when the facts were observed, or nothing if there are none."""
    times = sorted(fact.observed_at for fact in card.facts)
    if not times:
        return ""
    first, last = moment(times[0]), moment(times[-1])
    return first if first == last else f"{first} to {last}"


def blockers(card: Scorecard) -> tuple[Finding, ...]:
    """Return what keeps the gate shut: what fails first, then what is undecided."""
    failing, undecided = set(card.gate.failing), set(card.gate.undecided)
    findings = ordered(card)
    return tuple(
        [f for f in findings if f.check in failing]
        + [f for f in findings if f.check in undecided and f.check not in failing]
    )


def labelled(card: Scorecard, *labels: Label) -> tuple[Finding, ...]:
    """Return the findings that go by one of `labels`."""
    return tuple(f for f in ordered(card) if label(f) in labels)


def important(card: Scorecard) -> tuple[Finding, ...]:
    """Return failures of high severity that do not keep the gate shut."""
    shut = set(card.gate.failing)
    return tuple(
        f
        for f in labelled(card, Label.FAIL)
        if f.severity in (Severity.BLOCKER, Severity.HIGH) and f.check not in shut
    )


def key_finding(card: Scorecard) -> Finding | None:
    """Return the failing blocker that most others wait for, or else an undecided one."""
    waiting = [check for finding in card.findings for check in finding.after]
    return max(
        blockers(card),
        key=lambda f: (
            f.status is Status.FAIL,
            waiting.count(f.check),
            f.weight * (1 - (f.score or 0)),
        ),
        default=None,
    )


def verdict_sentence(card: Scorecard) -> str:
    """Say what the verdict rests on."""
    gate = card.gate
    if gate.verdict is Verdict.NO_GO:
        failing, undecided = len(gate.failing), len(gate.undecided)
        unresolved = f"{undecided} {'is' if undecided == 1 else 'are'} unresolved"
        if not failing and not undecided:
            return "no blocker passes, so nothing speaks for a launch"
        if not failing:
            return f"no blocker fails, but {unresolved}"
        failures = f"{plural(failing, 'blocker')} {'fails' if failing == 1 else 'fail'}"
        return f"{failures}, {unresolved}" if undecided else failures
    if gate.waived:
        return f"{plural(len(gate.waived), 'blocker')} waived, none else in the way"
    return "no blocker fails or is unresolved"


def unknown_groups(card: Scorecard) -> tuple[UnknownGroup, ...]:
    """Group what could not be assessed by cause, the cause of most unknowns first."""
    causes: dict[str, list[Finding]] = {}
    for finding in labelled(card, Label.UNKNOWN):
        causes.setdefault(finding.cause or finding.message, []).append(finding)
    groups = [
        UnknownGroup(
            cause=cause,
            findings=tuple(findings),
            permissions=_distinct(f.permission for f in findings),
            resolutions=_distinct(f.resolution for f in findings),
        )
        for cause, findings in causes.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.findings), group.cause)))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def strengths(card: Scorecard) -> tuple[Strength, ...]:
    """Return what passes on evidence: named strengths first, then by severity."""
    passing = sorted(labelled(card, Label.PASS), key=lambda f: (not f.strength, f.severity.rank))
    found = (Strength(clause(f.strength or f.title), f, basis(card, f)) for f in passing)
    return tuple(strength for strength in found if strength.basis)


def basis(card: Scorecard, finding: Finding) -> tuple[str, ...]:
    """Return what a finding rests on, attestations first; empty means that nothing does."""
    vouched = tuple(
        f"attested by {use.attestation.signer}, until {use.attestation.expires}"
        for use in card.attestations
        if use.attestation.check == finding.check and use.state in _VALID
    )
    return vouched + sources(finding.evidence)


def criteria(card: Scorecard) -> tuple[tuple[str, tuple[Criterion, ...]], ...]:
    """Return the launch criteria, which are the blockers that apply, under category titles."""
    titles = {category.id: category.title for category in card.categories}
    gates = [
        f
        for f in ordered(card)
        if f.severity is Severity.BLOCKER and (f.status.scored or f.status.undecided)
    ]
    return tuple(
        (titles.get(category, category), tuple(_criterion(card, f) for f in findings))
        for category, findings in groupby(gates, key=lambda f: f.category)
    )


def _criterion(card: Scorecard, finding: Finding) -> Criterion:
    found = basis(card, finding)
    met = label(finding) is Label.PASS and bool(found)
    return Criterion(finding, met, found if met else ())


def needs_person(card: Scorecard) -> tuple[PersonNeed, ...]:
    """Return what only people can settle: missing, ended and soon ending attestations."""
    missing = (
        PersonNeed(f.check, f.resolution or f.fix.summary, f.message, blocks=_blocks(f))
        for f in labelled(card, Label.ATTEST)
    )
    ended = (
        PersonNeed(
            use.attestation.check,
            _RENEWALS[use.state],
            f"{use.state}; signed by {use.attestation.signer}, until {use.attestation.expires}",
        )
        for use in card.attestations
        if use.state in _RENEWALS
    )
    ending = (
        PersonNeed(
            expiry.name, f"renew this {expiry.kind}", f"its {expiry.kind} ends on {expiry.expires}"
        )
        for expiry in card.expiring
    )
    return (*missing, *ended, *ending)


def _blocks(finding: Finding) -> bool:
    return finding.severity is Severity.BLOCKER


def compliance(card: Scorecard) -> tuple[Finding, ...]:
    """Return the findings with a legal citation, those of the category compliance first."""
    cited = [f for f in ordered(card) if f.hipaa or f.category == "compliance"]
    return tuple(sorted(cited, key=lambda f: f.category != "compliance"))


def of_category(card: Scorecard, category: str) -> tuple[Finding, ...]:
    """Return the findings of a category: what needs attention first, then by severity and id."""
    own = [f for f in ordered(card) if f.category == category]
    return tuple(sorted(own, key=lambda f: label(f).rank))


def incomplete(card: Scorecard) -> tuple[Finding, ...]:
    """Return the findings that count something of which a part is missing."""
    return tuple(
        f
        for f in ordered(card)
        if f.measure and f.measure.numerator < f.measure.denominator and f.status is Status.FAIL
    )


def launch_days(plan: LaunchPlan) -> tuple[PlanDay, ...]:
    """Return the tasks that the launch waits for, by day; their efforts add up to the plan's."""
    by_day = sorted((t for t in plan.tasks if t.critical), key=lambda t: t.start_day)
    return tuple(
        _plan_day(number, tuple(tasks))
        for number, tasks in groupby(by_day, key=lambda task: task.start_day)
    )


def later_tasks(plan: LaunchPlan) -> tuple[Task, ...]:
    """Return the tasks that the launch does not wait for."""
    return tuple(task for task in plan.tasks if not task.critical)


def plan_sentence(plan: LaunchPlan) -> str:
    """Say what the tasks on the way to the launch close, and with how much work."""
    needed = len(plan.tasks) - len(later_tasks(plan))
    if not needed:
        return "No open task holds up the launch"
    failing = [plural(plan.blockers, "failing blocker")] if plan.blockers else []
    undecided = [plural(plan.undecided, "unresolved one")] if plan.undecided else []
    closes = " and ".join((*failing, *undecided))
    return f"{plural(needed, 'task')} to close {closes}: {hours(plan.effort)} of work"


def _plan_day(number: int, tasks: tuple[Task, ...]) -> PlanDay:
    low = sum(task.effort.low for task in tasks)
    high = sum(task.effort.high for task in tasks)
    return PlanDay(number, tasks, Effort(low, high))


def task_marks(task: Task) -> tuple[str, ...]:
    """Return the effort of a task, until which day it lasts, and who or what carries it out."""
    until = f"until day {task.end_day}" if task.end_day > task.start_day else ""
    automated = "automated" if task.automated else ""
    person = "needs a person" if task.waits_for_person else ""
    return tuple(mark for mark in (hours(task.effort), until, automated, person) if mark)


def next_tasks(plan: LaunchPlan, count: int) -> tuple[Task, ...]:
    """Return the tasks to begin with: those that the launch waits for and that wait for none."""
    planned = {task.check for task in plan.tasks}
    ready = [task for task in plan.tasks if not planned.intersection(task.after)]
    critical = [task for task in ready if task.critical]
    return tuple((critical or ready)[:count])
