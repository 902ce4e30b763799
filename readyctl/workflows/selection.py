"""Chooses checks by id and by category, and says what their facts may be read with."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from readyctl.errors import UsageError
from readyctl.evaluate.findings import facts_of
from readyctl.gather import runner
from readyctl.gather.base import FactSpec
from readyctl.model.check import Check, Checklist
from readyctl.model.json import Json

# What people vouch for and accept belongs to every scorecard, whatever is checked.
ALWAYS = ("attestations", "waivers")


def find_check(checklist: Checklist, name: str) -> Check:
    """Return one check.

    Raises:
        UsageError: E0102, there is no such check.
    """
    for check in checklist.checks:
        if check.id == name:
            return check
    raise _unknown("check", name, [check.id for check in checklist.checks])


def select(
    checklist: Checklist, checks: Sequence[str], categories: Sequence[str]
) -> tuple[str, ...]:
    """Return the ids of the checks that are meant; nothing asked for means nothing left out.

    Raises:
        UsageError: E0102, a check or a category does not exist.
    """
    known = [category.id for category in checklist.categories]
    for name in categories:
        if name not in known:
            raise _unknown("category", name, known)
    wanted = {find_check(checklist, name).id for name in checks}
    return tuple(
        check.id for check in checklist.checks if check.id in wanted or check.category in categories
    )


def least_policy(checklist: Checklist, selected: Sequence[str]) -> Json:
    """Return the least IAM policy with which the facts of the selected checks can be read."""
    specs = needed(checklist, selected)
    statement = {
        "Sid": "ReadyctlAudit",
        "Effect": "Allow",
        "Action": sorted({action for spec in specs for action in spec.actions}),
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _unknown(kind: str, name: str, known: Sequence[str]) -> UsageError:
    near = get_close_matches(name, known, n=1)
    hint = f'did you mean "{near[0]}"?' if near else "`readyctl check list` shows them all"
    return UsageError("E0102", f"there is no {kind} {name}", hint=hint)


def needed(checklist: Checklist, selected: Sequence[str] = ()) -> tuple[FactSpec, ...]:
    """Return the facts that the selected checks need, and those of every scorecard."""
    names = {*ALWAYS}
    for check in checklist.checks:
        if not selected or check.id in selected:
            names.update(facts_of(check))
    return tuple(spec for spec in runner.discover() if spec.name in names)
