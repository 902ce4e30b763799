"""Builds checks and checklists from the data of their files; reads no file itself."""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from jmespath.exceptions import JMESPathError

from readyctl.errors import ConfigError
from readyctl.evaluate.conditions import expression
from readyctl.evaluate.operators import OPERATORS
from readyctl.evaluate.predicates import PREDICATES
from readyctl.model.check import (
    AttestationRule,
    Category,
    Check,
    Checklist,
    Condition,
    Coverage,
    Effort,
    Example,
    Fix,
    Judgement,
    WhenEmpty,
)
from readyctl.model.json import Json
from readyctl.model.status import Severity, Status

_PLACEHOLDERS = {"total", "passed", "failed", "first"}


def check_from(data: Mapping[str, Json], *, origin: str) -> Check:
    """Return the check that `data` declares; `data` has been validated against its schema.

    Raises:
        ConfigError: an expression, operator, predicate or placeholder is not known.
    """
    check = Check(
        id=_text(data, "id"),
        title=_text(data, "title"),
        fail_title=_text(data, "fail_title"),
        category=_text(data, "category"),
        severity=Severity(_text(data, "severity")),
        why=_text(data, "why").strip(),
        facts=_texts(data, "facts"),
        judgement=_judgement(data),
        fix=_fix(_mapping(data["fix"])),
        effort=_effort(data["effort"]),
        examples=tuple(_example(_mapping(entry)) for entry in _list(data, "examples")),
        after=_texts(data, "after"),
        hipaa=_texts(data, "hipaa"),
        references=_texts(data, "references"),
        none_title=_text(data, "none_title"),
        strength=_text(data, "strength"),
        origin=origin,
        digest=_digest(data),
    )
    _validate(check)
    return check


def checklist_from(
    data: Mapping[str, Json],
    bundled: Sequence[Check],
    *,
    own: Sequence[Check] = (),
    disabled: Sequence[str] = (),
) -> Checklist:
    """Return the checklist in the order of its categories, then severity, then id.

    A check of `own` takes the place of the bundled one of the same id.

    Raises:
        ConfigError: a check names an unknown category or predecessor, predecessors form a cycle,
            or a blocker is disabled or replaced by less than a blocker.
    """
    categories = tuple(
        Category(_text(_mapping(entry), "id"), _text(_mapping(entry), "title"))
        for entry in _list(data, "categories")
    )
    order = {category.id: index for index, category in enumerate(categories)}
    checks = {check.id: check for check in (*bundled, *own)}
    replaced = _replaced(bundled, own)
    _validate_disabled(checks, disabled)
    kept = [check for check in checks.values() if check.id not in disabled]
    _validate_graph(kept, set(checks), order)
    names = {check.id for check in kept}
    kept = [replace(c, after=tuple(name for name in c.after if name in names)) for c in kept]
    return Checklist(
        version=_text(data, "version"),
        categories=categories,
        weights={
            severity: int(str(_mapping(data["weights"])[severity.value])) for severity in Severity
        },
        checks=tuple(
            sorted(kept, key=lambda c: (order[c.category], c.severity.rank, c.id)),
        ),
        disabled=tuple(sorted(disabled)),
        replaced=replaced,
        digest=_digest([_digest(data), *sorted(check.digest for check in kept)]),
    )


def _digest(data: Json) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _list(data: Mapping[str, Json], key: str) -> Sequence[Json]:
    value = data.get(key, ())
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _text(data: Mapping[str, Json], key: str) -> str:
    return str(data.get(key, ""))


def _texts(data: Mapping[str, Json], key: str) -> tuple[str, ...]:
    return tuple(str(entry) for entry in _list(data, key))


def _judgement(data: Mapping[str, Json]) -> Judgement:
    cover, attest = _mapping(data.get("cover")), _mapping(data.get("attest"))
    return Judgement(
        select=_text(data, "select"),
        condition=_condition(_mapping(data["require"])) if "require" in data else None,
        when_empty=WhenEmpty(str(data.get("when_empty", "fail"))),
        label=str(data.get("label", "name")),
        where=_text(data, "where"),
        coverage=Coverage(_text(cover, "expected"), _text(cover, "actual")) if cover else None,
        attestation=_attestation(attest) if attest else None,
        predicate=_text(data, "predicate"),
        by_ratio=bool(cover) or data.get("score") == "ratio",
        parameters=_mapping(data.get("parameters")),
    )


def _attestation(data: Mapping[str, Json]) -> AttestationRule:
    return AttestationRule(
        statement=_text(data, "statement"),
        each=_text(data, "each"),
        valid_days=int(str(data.get("valid_days", 365))),
    )


def _condition(data: Mapping[str, Json]) -> Condition:
    def parts(key: str) -> tuple[Condition, ...]:
        return tuple(_condition(_mapping(entry)) for entry in _list(data, key))

    return Condition(
        path=_text(data, "path"),
        op=_text(data, "op"),
        value=data.get("value", True),
        all=parts("all"),
        any=parts("any"),
        none=parts("none"),
    )


def _fix(data: Mapping[str, Json]) -> Fix:
    return Fix(
        summary=_text(data, "summary").strip(),
        commands=_texts(data, "commands"),
        automated=data.get("automated") is True,
    )


def _effort(value: Json) -> Effort:
    low, high = (float(str(entry)) for entry in _list({"effort": value}, "effort"))
    return Effort(low, high)


def _example(data: Mapping[str, Json]) -> Example:
    return Example(
        facts=_mapping(data["facts"]),
        status=Status(_text(data, "status")),
        name=_text(data, "name"),
    )


def _validate(check: Check) -> None:
    rule = check.judgement
    expressions = [rule.select, rule.where]
    if rule.coverage:
        expressions += [rule.coverage.expected, rule.coverage.actual]
    if rule.attestation:
        expressions.append(rule.attestation.each)
    if rule.condition:
        expressions += [rule.label, *_validated_leaves(check, rule.condition)]
    for text in filter(None, expressions):
        _validate_expression(check, text)
    if rule.predicate and rule.predicate not in PREDICATES:
        known = ", ".join(sorted(PREDICATES))
        raise _wrong(check, f"unknown predicate {rule.predicate}", f"known predicates: {known}")
    if check.effort.low > check.effort.high:
        raise _wrong(check, "effort goes from high to low", "write it as [low, high], in hours")
    _validate_titles(check)


def _validated_leaves(check: Check, condition: Condition) -> list[str]:
    if condition.op and condition.op not in OPERATORS:
        known = ", ".join(sorted(OPERATORS))
        raise _wrong(check, f"unknown operator {condition.op}", f"known operators: {known}")
    parts = (*condition.all, *condition.any, *condition.none)
    if not condition.op and not parts:
        raise _wrong(check, "an empty condition", "give it path and op, or all, any, none")
    return [condition.path] * bool(condition.op) + [
        path for part in parts for path in _validated_leaves(check, part)
    ]


def _validate_expression(check: Check, text: str) -> None:
    try:
        expression(text)
    except JMESPathError as error:
        cause = str(error).splitlines()[0]
        raise _wrong(check, f"{text!r} is not JMESPath", "see jmespath.org", cause) from None


def _validate_titles(check: Check) -> None:
    for title in (check.title, check.fail_title, check.none_title):
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(title) if name is not None}
        except ValueError:
            names = {title}
        if names - _PLACEHOLDERS:
            known = ", ".join(sorted(_PLACEHOLDERS))
            raise _wrong(check, f"unknown placeholder in {title!r}", f"known: {known}")


def _wrong(check: Check, message: str, hint: str, cause: str = "") -> ConfigError:
    return ConfigError(
        "E0221", f"check {check.id}: {message}", cause=cause, where=check.origin, hint=hint
    )


def _replaced(bundled: Sequence[Check], own: Sequence[Check]) -> tuple[str, ...]:
    severities = {check.id: check.severity for check in bundled}
    for check in own:
        if severities.get(check.id) is Severity.BLOCKER and check.severity is not Severity.BLOCKER:
            raise ConfigError(
                "E0228",
                f"the blocker {check.id} cannot be replaced by a check of lower severity",
                where=check.origin,
                hint=f"accept the risk for a while instead: readyctl waive add {check.id}",
            )
    return tuple(sorted(check.id for check in own if check.id in severities))


def _validate_disabled(known: Mapping[str, Check], disabled: Sequence[str]) -> None:
    for name in disabled:
        if name not in known:
            raise ConfigError(
                "E0222", f"`disable` names an unknown check: {name}", hint="readyctl check list"
            )
        if known[name].severity is Severity.BLOCKER:
            raise ConfigError(
                "E0223",
                f"the blocker {name} cannot be disabled",
                hint=f"accept the risk for a while instead: readyctl waive add {name}",
            )


def _validate_graph(
    checks: Sequence[Check], known: set[str], categories: Mapping[str, int]
) -> None:
    for check in checks:
        if check.category not in categories:
            known_categories = ", ".join(categories)
            raise _wrong(check, f"unknown category {check.category}", f"known: {known_categories}")
        for name in check.after:
            if name not in known:
                raise _wrong(
                    check, f"`after` names an unknown check: {name}", "readyctl check list"
                )
    try:
        TopologicalSorter({check.id: check.after for check in checks}).prepare()
    except CycleError as error:
        cycle = " -> ".join(error.args[1])
        raise ConfigError(
            "E0224", "checks wait for each other", cause=cycle, hint="mend `after` of one of them"
        ) from None
