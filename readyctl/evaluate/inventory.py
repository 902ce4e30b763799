"""Counts the functions of each domain: declared, written, deployed."""

from __future__ import annotations

from readyctl.evaluate.conditions import search
from readyctl.model.fact import Fact, FactSet
from readyctl.model.scorecard import InventoryRow


def inventory(facts: FactSet) -> tuple[InventoryRow, ...]:
    """Return a row for each domain of the manifest; None where the other side is unknown."""
    declared = _value(facts, "backend_manifest", "functions[].[domain, name, deployed_name]")
    written = _value(facts, "source_functions", "[?parses].name")
    deployed = _value(facts, "lambda_functions", "[].name")
    domains: dict[str, list[tuple[str, str]]] = {}
    for domain, name, deployed_name in declared or ():
        domains.setdefault(domain, []).append((name, deployed_name))
    return tuple(
        InventoryRow(
            domain=domain,
            declared=len(names),
            written=_count([name for name, _ in names], written),
            deployed=_count([deployed_name for _, deployed_name in names], deployed),
        )
        for domain, names in sorted(domains.items())
    )


def _value(facts: FactSet, name: str, expression: str) -> list[list[str]] | None:
    fact = facts.facts.get(name)
    found = search(expression, fact.value) if isinstance(fact, Fact) else None
    return found if isinstance(found, list) else None


def _count(names: list[str], present: list[list[str]] | None) -> int | None:
    if present is None:
        return None
    known = {str(name) for name in present}
    return sum(1 for name in names if name in known)
