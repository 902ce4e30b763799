"""The main path of judging: facts and checklist in, one scorecard out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from readyctl.evaluate.attestations import EXPIRING_DAYS, attestations_of, evidence_states
from readyctl.evaluate.attestations import uses as attestation_uses
from readyctl.evaluate.findings import finding_of
from readyctl.evaluate.gate import gate
from readyctl.evaluate.inventory import inventory
from readyctl.evaluate.notices import notices
from readyctl.evaluate.planner import plan
from readyctl.evaluate.scoring import categories, score, tally
from readyctl.evaluate.waivers import apply, last_day, waivers_of
from readyctl.model.check import Checklist
from readyctl.model.fact import Fact, FactSet
from readyctl.model.finding import Finding
from readyctl.model.json import Json
from readyctl.model.scorecard import (
    AttestationUse,
    Expiry,
    FactLine,
    Header,
    Scorecard,
    WaiverUse,
)


def evaluate(
    facts: FactSet,
    checklist: Checklist,
    *,
    facts_digest: str,
    people: int = 1,
    hours_per_day: float = 6.0,
    selected: Sequence[str] = (),
) -> Scorecard:
    """Return the scorecard of `facts` under `checklist`.

    Pure: the clock is the time at which the facts were gathered, so the same facts give the same
    scorecard for ever. `selected` limits the checks; such a scorecard cannot open the gate.
    """
    today = facts.gathered_at.date()
    judged = [
        finding_of(check, facts, checklist.weights)
        for check in checklist.checks
        if not selected or check.id in selected
    ]
    covered, waivers = apply(judged, waivers_of(_value(facts, "waivers")), today)
    attestations = _attestations(facts, checklist, today)
    findings = (*covered, *notices(waivers, attestations))
    return Scorecard(
        header=_header(facts, checklist, facts_digest),
        gate=gate(findings),
        score=score(findings),
        tally=tally(findings),
        categories=categories(checklist.categories, findings),
        findings=findings,
        plan=plan(findings, people=people, hours_per_day=hours_per_day),
        waivers=waivers,
        attestations=attestations,
        inventory=inventory(facts),
        facts=_fact_lines(facts),
        expiring=_expiring(findings, waivers, today),
        disabled=checklist.disabled,
        replaced=checklist.replaced,
        selected=tuple(selected),
    )


def _value(facts: FactSet, name: str) -> Json:
    fact = facts.facts.get(name)
    return fact.value if isinstance(fact, Fact) else []


def _attestations(facts: FactSet, checklist: Checklist, today: date) -> tuple[AttestationUse, ...]:
    value = _value(facts, "attestations")
    rules = {c.id: c.judgement.attestation for c in checklist.checks if c.judgement.attestation}
    return attestation_uses(attestations_of(value), evidence_states(value), rules, today)


def _header(facts: FactSet, checklist: Checklist, facts_digest: str) -> Header:
    available = sum(1 for fact in facts.facts.values() if isinstance(fact, Fact))
    return Header(
        target=facts.target,
        audited_at=facts.gathered_at,
        tool_version=facts.tool_version,
        commit=facts.commit,
        checklist_version=checklist.version,
        checklist_digest=checklist.digest,
        facts_digest=facts_digest,
        facts_available=available,
        facts_unavailable=len(facts.facts) - available,
    )


def _fact_lines(facts: FactSet) -> tuple[FactLine, ...]:
    return tuple(
        FactLine(
            name=fact.name,
            source=fact.provenance.source,
            observed_at=fact.provenance.observed_at,
            available=isinstance(fact, Fact),
            message="" if isinstance(fact, Fact) else fact.message,
            permission="" if isinstance(fact, Fact) else fact.permission,
        )
        for _, fact in sorted(facts.facts.items())
    )


def _expiring(
    findings: Sequence[Finding],
    waivers: Sequence[WaiverUse],
    today: date,
) -> tuple[Expiry, ...]:
    soon = today + timedelta(days=EXPIRING_DAYS)
    entries = [
        Expiry("attestation", finding.check, finding.expires)
        for finding in findings
        # A notice is about an entry that is listed anyway.
        if finding.expires and finding.expires <= soon and finding.status.scored
    ]
    entries += [
        Expiry("waiver", use.waiver.check, last_day(use.waiver))
        for use in waivers
        if use.state == "expiring"
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.expires, entry.kind, entry.name)))
