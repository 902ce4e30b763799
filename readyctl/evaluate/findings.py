"""Turns the outcome of a check into a finding: words, evidence, weight."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from readyctl.evaluate.attestations import attestations_of, evidence_states, last_day, problem
from readyctl.evaluate.judge import Outcome, judge
from readyctl.model.check import Check
from readyctl.model.fact import Fact, FactSet, Provenance, Reason, Unavailable
from readyctl.model.finding import Evidence, Finding, Item
from readyctl.model.json import Json
from readyctl.model.status import Severity, Status


def facts_of(check: Check) -> tuple[str, ...]:
    """Return the names of the facts that a check needs, the attestations included."""
    needs = ("attestations",) if check.judgement.attestation else ()
    return tuple(dict.fromkeys((*check.facts, *needs)))


def finding_of(check: Check, facts: FactSet, weights: Mapping[Severity, int]) -> Finding:
    """Judge `check` and return its finding; a fact that is missing makes it open."""
    found = {name: facts.facts.get(name) or _absent(name, facts) for name in facts_of(check)}
    missing = [fact for fact in found.values() if isinstance(fact, Unavailable)]
    values = {name: fact.value for name, fact in found.items() if isinstance(fact, Fact)}
    outcome = Outcome(Status.OPEN) if missing else judge(check, values, facts.gathered_at)
    return Finding(
        id=_finding_id(check.id, facts),
        check=check.id,
        title=_title(check, outcome),
        category=check.category,
        severity=check.severity,
        status=outcome.status,
        message=_message(check, outcome, missing),
        why=check.why,
        score=outcome.score,
        weight=weights[check.severity],
        measure=outcome.measure,
        items=outcome.items,
        evidence=tuple(_evidence(fact) for fact in found.values()),
        fix=check.fix,
        effort=check.effort,
        after=check.after,
        hipaa=check.hipaa,
        references=check.references,
        cause="; ".join(fact.message for fact in missing) or outcome.cause,
        resolution="; ".join(dict.fromkeys(f.resolution for f in missing if f.resolution)),
        permission=", ".join(dict.fromkeys(f.permission for f in missing if f.permission)),
        strength=check.strength if outcome.status is Status.PASS else "",
        expires=_expires(check, values, facts.gathered_at, outcome.items),
    )


def _absent(name: str, facts: FactSet) -> Unavailable:
    return Unavailable(
        name=name,
        reason=Reason.NOT_CONFIGURED,
        message=f"the fact {name} was not gathered",
        provenance=Provenance("none", facts.target.account, facts.target.region, facts.gathered_at),
        resolution="run `readyctl facts gather` with this version",
    )


def _evidence(fact: Fact | Unavailable) -> Evidence:
    return Evidence(fact.name, fact.provenance.source, fact.provenance.observed_at)


def _finding_id(check: str, facts: FactSet) -> str:
    target = facts.target
    text = "/".join((target.system, target.environment, target.account, target.region, check))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _words(outcome: Outcome) -> Mapping[str, str]:
    total = outcome.measure.denominator if outcome.measure else 0
    passed = outcome.measure.numerator if outcome.measure else 0
    wrong = [item.name for item in outcome.items if item.status is not Status.PASS]
    return {
        "total": str(total),
        "passed": str(passed),
        "failed": str(total - passed),
        "first": _listed(wrong or [item.name for item in outcome.items]),
    }


def _listed(names: list[str], shown: int = 3) -> str:
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")


def _title(check: Check, outcome: Outcome) -> str:
    if outcome.status is not Status.FAIL:
        return check.title.format_map(_words(outcome))
    none = check.none_title or ("" if "{" in check.fail_title else check.fail_title)
    if not outcome.items:
        return none or f"There is nothing to show for: {check.title}"
    return check.fail_title.format_map(_words(outcome))


def _message(check: Check, outcome: Outcome, missing: list[Unavailable]) -> str:
    if missing:
        return "Not decided: " + "; ".join(fact.message for fact in missing)
    if outcome.status is Status.OPEN:
        return f"Not decided: {outcome.cause}"
    if outcome.status is Status.REVIEW:
        wrong = [item for item in outcome.items if item.status is Status.REVIEW]
        if [item.name for item in wrong] == [check.id]:
            return f"Needs a person: {wrong[0].observed}"
        return f"Needs a person: {_listed([item.name for item in wrong], 6)}"
    if outcome.status is Status.NOT_APPLICABLE:
        return "Nothing here that this check applies to"
    return _title(check, outcome)


def _expires(
    check: Check, values: Mapping[str, Json], now: datetime, items: tuple[Item, ...]
) -> date | None:
    rule = check.judgement.attestation
    if rule is None or not items or any(item.status is not Status.PASS for item in items):
        return None
    states = evidence_states(values["attestations"])
    ends = [
        last_day(entry, rule.valid_days)
        for entry in attestations_of(values["attestations"])
        if entry.check == check.id
        and not problem(
            entry,
            rule.valid_days,
            states[entry.evidence + entry.evidence_sha256],
            now.date(),
        )
    ]
    return min(ends, default=None)
