"""Whatever an account refuses, nothing that did not pass passes, and the gate stays shut."""

from __future__ import annotations

import pytest

from readyctl.clients.iam import action_of
from readyctl.evaluate.findings import facts_of
from readyctl.gather.runner import discover
from readyctl.model.fact import Fact, Reason, Unavailable
from readyctl.model.scorecard import Scorecard
from readyctl.model.status import Status, Verdict
from tests.e2e.conftest import Recorded

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("reference")]

CALLS = sorted({call for spec in discover() for call in spec.calls})
REFUSALS = {
    "AccessDenied": Reason.DENIED,
    "ThrottlingException": Reason.THROTTLED,
    "InternalFailure": Reason.FAILED,
}


def passed(card: Scorecard) -> set[str]:
    """The checks that pass."""
    return {finding.check for finding in card.findings if finding.status is Status.PASS}


@pytest.mark.parametrize("call", CALLS)
def test_one_denial_opens_exactly_what_needs_it(
    call: str, recorded: Recorded, baseline: Scorecard
) -> None:
    """With one call denied, the checks that need it are open and name the action; no other moves.

    A call that was not made at all, since there was nothing to ask it about, denies nothing.
    """
    card = recorded.audit({call: "AccessDenied"})
    lost = {
        line.name
        for line in card.facts
        if not line.available and action_of(call) in line.permission
    }
    needing = {check.id for check in recorded.checklist.checks if lost & set(facts_of(check))}
    before = {finding.check: finding.status for finding in baseline.findings}
    for finding in card.findings:
        if finding.check in needing:
            assert finding.status is Status.OPEN
            assert action_of(call) in finding.permission
        else:
            assert finding.status is before[finding.check], finding.check
    assert passed(card) <= passed(baseline)
    assert card.gate.verdict is Verdict.NO_GO


def test_denying_the_list_of_functions_opens_their_coverage(recorded: Recorded) -> None:
    """Without lambda:ListFunctions nobody knows what is deployed, and the finding says so."""
    card = recorded.audit({"lambda:ListFunctions": "AccessDeniedException"})
    coverage = next(f for f in card.findings if f.check == "functions-deployed")
    assert coverage.status is Status.OPEN
    assert coverage.permission == "lambda:ListFunctions"
    assert "functions-deployed" in card.gate.undecided


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_an_account_that_refuses_everything_decides_nothing_of_aws(
    code: str, recorded: Recorded
) -> None:
    """When every call is refused, no fact from AWS is there, each says why, and nothing passes."""
    specs = {spec.name: spec for spec in discover() if spec.origin == "aws"}
    facts = recorded.facts(dict.fromkeys(CALLS, code)).facts
    lost = [facts[name] for name in specs]
    assert not [fact.name for fact in lost if isinstance(fact, Fact)]
    assert {fact.reason for fact in lost if isinstance(fact, Unavailable)} == {REFUSALS[code]}
