"""Every check that ships is tested by its own examples, and against the facts that exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest

from readyctl.clients.yamlfile import load_yaml
from readyctl.evaluate.findings import facts_of, finding_of
from readyctl.evaluate.judge import judge
from readyctl.evaluate.loader import checklist_from
from readyctl.gather.base import FactSpec
from readyctl.gather.runner import discover
from readyctl.model.check import Check, Example
from readyctl.model.fact import Fact, FactSet, Provenance, Target
from readyctl.model.json import Json
from readyctl.model.status import Severity, Status
from readyctl.resources import bundled
from readyctl.workflows.checklist import load_checks

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LONGEST_TITLE = 80
VERBS = {"add", "apply", "check", "deploy", "enable", "ensure", "fix", "make", "set", "verify"}
SPECS: dict[str, FactSpec] = {spec.name: spec for spec in discover()}
CHECKS: tuple[Check, ...] = tuple(load_checks(bundled("checks")))


def _examples() -> Iterator[object]:
    for check in CHECKS:
        for number, example in enumerate(check.examples, 1):
            yield pytest.param(check, example, id=f"{check.id}-{number}-{example.status}")


def _given(check: Check, example: Example) -> dict[str, Json]:
    people: dict[str, Json] = {"attestations": []} if check.judgement.attestation else {}
    return people | dict(example.facts)


each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
each_example = pytest.mark.parametrize(("check", "example"), list(_examples()))


@each_example
def test_an_example_gets_its_status(check: Check, example: Example) -> None:
    """The facts of an example give the status that it names; a fact that is null gives open."""
    given = _given(check, example)
    unavailable = any(value is None for value in given.values())
    status = Status.OPEN if unavailable else judge(check, given, NOW).status
    assert status is example.status


@each_example
def test_an_example_holds_every_fact_of_its_check(check: Check, example: Example) -> None:
    """An example shows all that its check sees, and nothing that it does not see."""
    assert set(_given(check, example)) == set(facts_of(check))


@each_example
def test_the_facts_of_an_example_are_what_a_gatherer_returns(
    check: Check, example: Example
) -> None:
    """The facts of an example have exactly the fields and types of gathered ones."""
    for name, value in example.facts.items():
        if value is not None:
            converted = msgspec.convert(value, SPECS[name].shape, strict=True)
            assert msgspec.to_builtins(converted) == value


@each_example
def test_a_title_is_short_once_it_is_filled(check: Check, example: Example) -> None:
    """A title fits on a line of the scorecard, whatever was counted."""
    given = {name: value for name, value in _given(check, example).items() if value is not None}
    provenance = Provenance("test:Call", "123456789012", "us-east-1", NOW)
    facts = {name: Fact(name, value, provenance) for name, value in given.items()}
    target = Target("telehealth", "production", "123456789012", "us-east-1")
    finding = finding_of(check, FactSet(target, NOW, facts, "0.0.0"), dict.fromkeys(Severity, 1))
    assert len(finding.title) <= LONGEST_TITLE


@each_check
def test_a_check_shows_what_passes_what_does_not_and_what_is_open(check: Check) -> None:
    """A check has an example that passes, one that does not, and one that is open."""
    statuses = {example.status for example in check.examples}
    assert statuses >= {Status.PASS, Status.OPEN}
    assert statuses & {Status.FAIL, Status.REVIEW}


@each_check
def test_a_check_reads_facts_that_are_gathered(check: Check) -> None:
    """Every fact that a check names is one that a gatherer declares."""
    assert set(facts_of(check)) <= set(SPECS)


@each_check
def test_an_id_is_not_a_command(check: Check) -> None:
    """The id of a check names a thing or a state, not an action."""
    assert check.id.split("-")[0] not in VERBS


def test_the_checks_form_a_checklist() -> None:
    """Categories and predecessors exist, predecessors form no cycle, and no id is there twice."""
    index = load_yaml(bundled("checks", "checklist.yaml")).data
    assert isinstance(index, dict)
    assert len(checklist_from(index, CHECKS).checks) == len({check.id for check in CHECKS})


def test_every_example_is_written_under_its_own_name() -> None:
    """Two examples of one check are never the same case under one name."""
    named = [(check.id, example.name) for check in CHECKS for example in check.examples]
    assert len(named) == len(set(named))
