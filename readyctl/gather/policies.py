"""Reads what a policy document grants, in the terms of the IAM policy language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from readyctl.clients.aws import Answer


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, its elements as lists.

    An element that is stated by exclusion (`NotAction`, `NotResource`, `NotPrincipal`) counts as
    `*` in an Allow and as nothing in a Deny: a grant is never taken for less than it is.
    `conditions` are (operator, key, value), in lower case.
    """

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str, str], ...]

    @property
    def everyone(self) -> bool:
        """Whether the statement is about every principal."""
        return any(kind in ("AWS", "*") and value == "*" for kind, value in self.principals)


def statements(document: Answer) -> list[Statement]:
    """Return the statements of a policy document."""
    return [_statement(raw) for raw in _listed(document.get("Statement"))]


def _statement(raw: Answer) -> Statement:
    allows = raw["Effect"] == "Allow"
    return Statement(
        allows=allows,
        actions=_stated(raw, "Action", allows),
        resources=_stated(raw, "Resource", allows),
        principals=_principals(raw, allows),
        conditions=tuple(
            (operator.lower(), key.lower(), str(value).lower())
            for operator, keys in raw.get("Condition", {}).items()
            for key, values in keys.items()
            for value in _listed(values)
        ),
    )


def _stated(raw: Answer, element: str, allows: bool) -> tuple[str, ...]:
    if f"Not{element}" in raw:
        return ("*",) if allows else ()
    return tuple(_listed(raw.get(element)))


def _principals(raw: Answer, allows: bool) -> tuple[tuple[str, str], ...]:
    if "NotPrincipal" in raw:
        return (("*", "*"),) if allows else ()
    principal = raw.get("Principal", {})
    if isinstance(principal, str):
        return ((principal, principal),)
    return tuple((kind, value) for kind, values in principal.items() for value in _listed(values))


def _listed(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)
