"""The thirteen ways in which a hand-written assessment misled its readers cannot happen.

Each test is a property over random audits; the number is the defect that it rules out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.evaluate.engine import evaluate
from readyctl.evaluate.scoring import counts
from readyctl.evaluate.waivers import finding_digest
from readyctl.model.fact import Fact, FactSet, Reason, Unavailable
from readyctl.model.finding import Finding
from readyctl.model.json import Json
from readyctl.model.scorecard import Header, Scorecard
from readyctl.model.status import Severity, Status, Verdict
from tests.evaluate.builders import (
    NOW,
    PROVENANCE,
    attestation,
    attested,
    check,
    checklist,
    coverage,
    facts,
)
from tests.evaluate.strategies import Audit, audits


@given(audits())
def test_1_readiness_is_the_sum_of_its_findings(audit: Audit) -> None:
    """Readiness is computed from the findings in the table, and from nothing else."""
    card = audit.scorecard()
    counted = [finding for finding in card.findings if counts(finding)]
    assert card.score.weight == sum(finding.weight for finding in counted)
    assert card.score.points == pytest.approx(sum(f.weight * (f.score or 0) for f in counted))
    assert card.score.weight == sum(row.score.weight for row in card.categories if row.score)


@given(audits())
def test_2_there_is_one_duration_and_the_tasks_fill_it(audit: Audit) -> None:
    """The plan has one duration: the last day on which a critical task ends."""
    plan = audit.scorecard().plan
    critical = [task for task in plan.tasks if task.critical]
    worked = [task.end_day for task in critical if task.effort.high]
    assert plan.days[1] == max(worked, default=0)
    assert plan.days[0] <= plan.days[1]
    assert plan.effort.high == pytest.approx(sum(task.effort.high for task in critical))


@given(st.integers(0, 112))
def test_3_coverage_scores_what_was_measured(deployed: int) -> None:
    """A coverage check scores exactly the measured ratio."""
    names = [f"f{number}" for number in range(112)]
    given_facts = facts({"things": {"wanted": names, "present": names[:deployed]}})
    card = evaluate(given_facts, checklist(check(judgement=coverage())), facts_digest="")
    assert card.findings[0].score == deployed / 112


@given(audits())
def test_4_unknown_has_no_score(audit: Audit) -> None:
    """What was not decided scores nothing, is never a pass, and widens the range."""
    card = audit.scorecard()
    undecided = [finding for finding in card.findings if finding.status.undecided]
    assert all(finding.score is None for finding in undecided)
    assert card.score.unscored == sum(f.weight for f in undecided if counts(f))
    assert card.score.low <= card.score.high


@given(audits())
def test_5_each_check_is_counted_once(audit: Audit) -> None:
    """Each check gives one finding, in one category."""
    card = audit.scorecard()
    names = Counter(finding.check for finding in card.findings)
    assert set(names.values()) <= {1}
    in_rows = sum(_size(card, row.id) for row in card.categories)
    assert in_rows == sum(1 for finding in card.findings if finding.weight)


@given(audits())
def test_6_every_blocker_has_a_row(audit: Audit) -> None:
    """What keeps the gate shut is a finding of a category in the table, and a task of the plan."""
    card = audit.scorecard()
    rows = {row.id for row in card.categories}
    by_check = {finding.check: finding for finding in card.findings}
    shut = (*card.gate.failing, *card.gate.undecided)
    assert all(by_check[name].category in rows for name in shut)
    assert set(shut) <= {task.check for task in card.plan.tasks}


@given(audits())
def test_7_a_percentage_never_opens_the_gate(audit: Audit) -> None:
    """The verdict is NO-GO exactly while a blocker stands, whatever the percentages say."""
    card = audit.scorecard()
    blockers = [f for f in card.findings if f.severity is Severity.BLOCKER and f.weight]
    standing = [f for f in blockers if _unresolved(f) and f.waiver is None]
    passed = any(finding.status is Status.PASS for finding in blockers)
    assert (card.gate.verdict is Verdict.NO_GO) is (bool(standing) or not passed)


@given(audits())
def test_7_a_category_with_a_gap_is_not_full(audit: Audit) -> None:
    """A category shows 100 only when everything that counts in it passes."""
    card = audit.scorecard()
    for row in card.categories:
        if row.score and row.score.low == 100:
            own = [f for f in card.findings if f.category == row.id and counts(f)]
            assert all(finding.status is Status.PASS for finding in own)


@given(audits())
def test_8_statuses_and_severities_are_closed(audit: Audit) -> None:
    """Each finding has one of six statuses and one of four severities."""
    for finding in audit.scorecard().findings:
        assert isinstance(finding.status, Status)
        assert isinstance(finding.severity, Severity)
    with pytest.raises(ValueError, match="almost"):
        Status("almost")


@given(audits())
def test_9_a_pass_rests_on_evidence(audit: Audit) -> None:
    """What passes names the facts behind it, each with its source and its time."""
    for finding in audit.scorecard().findings:
        if finding.status is Status.PASS:
            assert finding.evidence
            assert all(e.source and e.observed_at for e in finding.evidence)
            assert all(item.status is Status.PASS for item in finding.items)


@given(st.sampled_from(["signer", "scope", "signed", "expires", "evidence_sha256"]))
def test_10_an_attestation_without_its_particulars_does_not_pass(field: str) -> None:
    """A person's word that lacks signer, scope, dates or document does not make a pass."""
    row = {key: value for key, value in attestation().items() if key != field}
    given_facts = facts({"things": []})
    given_facts.facts["attestations"]
    with pytest.raises(KeyError):
        _judged(row, given_facts)


@given(audits())
def test_11_the_scorecard_says_what_it_looked_at(audit: Audit) -> None:
    """The header names system, environment, account, region, time, version and digests."""
    header = audit.scorecard().header
    assert header.target == audit.facts.target
    assert header.audited_at == audit.facts.gathered_at
    named = {field.name for field in fields(Header)}
    assert {"tool_version", "commit", "checklist_digest", "facts_digest"} <= named
    lines = audit.scorecard().facts
    assert [line.name for line in lines] == sorted(audit.facts.facts)


@given(audits())
def test_12_no_task_comes_before_what_it_waits_for(audit: Audit) -> None:
    """Each task appears once, after all that it depends on, and starts when they have ended."""
    tasks = audit.scorecard().plan.tasks
    place = {task.check: index for index, task in enumerate(tasks)}
    assert len(place) == len(tasks)
    by_check = {task.check: task for task in tasks}
    for task in tasks:
        for before in task.after:
            assert place[before] < place[task.check]
            assert by_check[before].end_day <= task.end_day


@given(audits(), st.data())
def test_13_a_fact_that_is_missing_never_makes_a_pass(audit: Audit, data: st.DataObject) -> None:
    """Taking any fact away turns no check into a pass, and no verdict into a better one."""
    before = audit.scorecard()
    own = sorted(name for name in audit.facts.facts if name.startswith("things"))
    lost = data.draw(st.sampled_from(own))
    after = replace(audit, facts=_without(audit.facts, lost)).scorecard()
    passed = {f.check for f in before.findings if f.status is Status.PASS}
    assert {f.check for f in after.findings if f.status is Status.PASS} <= passed
    assert _rank(after.gate.verdict) <= _rank(before.gate.verdict)


@given(audits())
def test_waived_risks_leave_the_sum_and_stay_visible(audit: Audit) -> None:
    """A waived finding is no part of readiness, keeps its status, and names who accepted it."""
    card = audit.scorecard()
    waived = [finding for finding in card.findings if finding.waiver]
    assert card.tally.waived == len(waived)
    assert all(f.status in (Status.FAIL, Status.OPEN, Status.REVIEW) for f in waived)
    assert not {f.check for f in waived} & {task.check for task in card.plan.tasks}


@given(st.integers(-60, 60))
def test_a_waiver_covers_through_its_last_day(days: int) -> None:
    """A waiver opens the gate until its last UTC day, and is a finding itself near its end."""
    bad: Json = [{"name": "a", "good": False}]
    listed = checklist(check("good"), check("bad", needs=("things",)))
    good_facts = facts({"things": bad})
    digest = {
        f.check: finding_digest(f) for f in evaluate(good_facts, listed, facts_digest="").findings
    }
    expires = NOW.date() + timedelta(days)
    row = {
        "check": "bad",
        "reason": "accepted",
        "approver": "J. Doe",
        "created": (expires - timedelta(60)).isoformat(),
        "expires": expires.isoformat(),
        "finding_digest": digest["bad"],
    }
    card = evaluate(facts({"things": bad, "waivers": [row]}), listed, facts_digest="")
    covered = next(f for f in card.findings if f.check == "bad").waiver is not None
    assert covered is (days >= 0)
    assert any(f.check == "waiver:bad" for f in card.findings) is (days <= 30)
    assert [entry for entry in card.expiring if entry.kind == "attestation"] == []


def _judged(row: dict[str, Json], given_facts: FactSet) -> Scorecard:
    changed = {**given_facts.facts, "attestations": Fact("attestations", [row], PROVENANCE)}
    return evaluate(
        replace(given_facts, facts=changed),
        checklist(check(judgement=attested(), needs=())),
        facts_digest="",
    )


def _without(given_facts: FactSet, name: str) -> FactSet:
    lost = Unavailable(name, Reason.DENIED, "denied", PROVENANCE, "test:Call")
    return replace(given_facts, facts={**given_facts.facts, name: lost})


def _size(card: Scorecard, category: str) -> int:
    tally = next(row.tally for row in card.categories if row.id == category)
    return tally.applicable + tally.not_applicable + tally.informational + tally.waived


def _unresolved(finding: Finding) -> bool:
    return finding.status is Status.FAIL or finding.status.undecided


def _rank(verdict: Verdict) -> int:
    return [Verdict.NO_GO, Verdict.GO_WITH_WAIVERS, Verdict.GO].index(verdict)
