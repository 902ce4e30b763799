"""What predicates find in the results of test runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from readyctl.evaluate.predicates.runs import current_run, deployed_digest
from readyctl.model.json import Json
from readyctl.model.status import Status
from tests.evaluate.builders import NOW

DEPLOYED: Mapping[str, Json] = {"name": "f", "function": "f", "code_sha256": "one"}
OTHERS: Mapping[str, Json] = {"name": "g", "function": "", "code_sha256": "two"}


def run(**overrides: Json) -> Mapping[str, Json]:
    """A load run with fifty users, a day before the audit, that passed."""
    return {
        "kind": "load",
        "passed": True,
        "finished_at": "2026-11-21T12:00:00Z",
        "environment": "test",
        "target_digest": deployed_digest([DEPLOYED]),
        "users": 50,
        **overrides,
    }


def judged(
    *runs: Mapping[str, Json],
    wanted: Mapping[str, Json] | None = None,
    functions: Sequence[Mapping[str, Json]] = (DEPLOYED, OTHERS),
) -> list[tuple[Status, str]]:
    """What current_run decides on load runs, and what it observed."""
    facts: Mapping[str, Json] = {
        "settings": {"environment": "test"},
        "test_runs": list(runs),
        "lambda_functions": list(functions),
    }
    items = current_run(facts, {"kind": "load", **(wanted or {})}, NOW)
    return [(item.status, item.observed) for item in items]


def test_a_run_that_passed_against_what_is_deployed_is_current() -> None:
    """Passed, large enough, young enough, and made against this code."""
    assert judged(run(), wanted={"users": 50, "days": 1, "deployed": True}) == [
        (Status.PASS, "passed")
    ]


@pytest.mark.parametrize(
    ("change", "parameters", "problem"),
    [
        ({"passed": False}, {}, "it failed"),
        ({"users": 49}, {"users": 50}, "only 49 users of 50"),
        ({"finished_at": "2026-11-21T11:59:59Z"}, {"days": 1}, "more than 1 days old"),
        ({"finished_at": "2026-11-22T12:00:01Z"}, {}, "it ended in the future"),
    ],
)
def test_a_run_that_says_nothing_any_more_fails(
    change: Mapping[str, Json], parameters: Mapping[str, Json], problem: str
) -> None:
    """A run that failed, is too small, too old or from the future is no evidence."""
    assert judged(run(**change), wanted=parameters) == [(Status.FAIL, problem)]


def test_a_run_against_other_code_fails() -> None:
    """A deployment after the run takes its word away."""
    found = judged(run(), functions=[{**DEPLOYED, "code_sha256": "new"}], wanted={"deployed": True})
    assert found == [(Status.FAIL, "made against other code than is deployed")]


def test_a_run_against_nothing_fails() -> None:
    """An empty digest of a run never matches an account without functions."""
    found = judged(run(target_digest=""), functions=[OTHERS], wanted={"deployed": True})
    assert found == [(Status.FAIL, "no function is deployed")]


def test_the_newest_run_decides() -> None:
    """An older run that passed does not make up for a newer one that failed."""
    newer = run(passed=False, finished_at="2026-11-22T11:00:00+00:00")
    assert judged(run(), newer) == [(Status.FAIL, "it failed")]


def test_runs_of_another_kind_or_environment_do_not_count() -> None:
    """Without a run of this kind in this environment there is nothing to judge."""
    assert judged(run(kind="smoke"), run(environment="other")) == []


def test_the_digest_is_of_the_system_s_functions_in_any_order() -> None:
    """Another system's functions, and the order of the list, do not change the digest."""
    second = {**DEPLOYED, "name": "h"}
    assert deployed_digest([DEPLOYED, OTHERS, second]) == deployed_digest([second, DEPLOYED])


def test_nothing_deployed_has_no_digest() -> None:
    """An account without the system's functions was never tested."""
    assert deployed_digest([OTHERS]) == ""
