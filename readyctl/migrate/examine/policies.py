"""Rules `rls-permissive`, `rls-enabled`, `rls-recursive`: policies that let all in, or nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pglast import ast

from readyctl.migrate.examine.catalog import Catalog, Policy, Relation
from readyctl.migrate.examine.constants import plain
from readyctl.migrate.examine.examination import examination
from readyctl.migrate.examine.nodes import expression, is_a, nodes
from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.status import Severity

PERMISSIVE, ENABLED, RECURSIVE = "rls-permissive", "rls-enabled", "rls-recursive"
# Roles of servers, not of people; those that bypass policies are added to them.
_SERVERS = frozenset(("service_role", "supabase_admin", "postgres", "supabase_auth_admin"))
_STRANGERS = frozenset(("public", "anon"))
_READS = ("SELECT", "ALL")


def examine_permissive(catalog: Catalog) -> Examination:
    """Return the policies whose condition holds for every row."""
    trusted = _SERVERS | {role.name for role in catalog.roles if role.superuser or role.bypasses}
    tables = catalog.tables()
    flaws = [
        flaw
        for policy in catalog.policies
        if policy.permissive and not trusted.issuperset(policy.roles) and policy.table in tables
        for flaw in _open(policy, tables[policy.table])
    ]
    return examination(PERMISSIVE, "policies", flaws, len(catalog.policies))


def examine_enabled(catalog: Catalog) -> Examination:
    """Return the tables whose policies are written and not in force, because RLS is off."""
    relations = [relation for relation in catalog.relations if relation.kind in ("r", "p")]
    written = {policy.table for policy in catalog.policies}
    flaws = [
        Flaw(
            ENABLED,
            Severity.BLOCKER,
            f"{relation.label} has policies, and row-level security is off",
            object=relation.label,
            hint=f"alter table {relation.label} enable row level security",
        )
        for relation in relations
        if relation.oid in written and not relation.rls
    ]
    return examination(ENABLED, "tables", flaws, len(relations))


def examine_recursive(catalog: Catalog) -> Examination:
    """Return the tables whose policies ask the table itself, directly or through others.

    PostgreSQL answers every query of such a table with 42P17.
    """
    tables = catalog.tables()
    flaws: dict[int, Flaw] = {}
    for role in sorted({role for policy in catalog.policies for role in policy.roles}):
        asks = _asked(catalog, role)
        for oid in asks:
            way = _circle(asks, oid)
            if way and oid in tables and oid not in flaws:
                names = " -> ".join(tables[step].label for step in way)
                flaws[oid] = Flaw(
                    RECURSIVE,
                    Severity.BLOCKER,
                    f"policies of {tables[oid].label} ask it again: {names} (42P17)",
                    object=tables[oid].label,
                    hint="ask through a security definer function whose owner bypasses policies",
                )
    return examination(RECURSIVE, "policies", flaws.values(), len(catalog.policies))


def _open(policy: Policy, table: Relation) -> Iterator[Flaw]:
    for part, text in _parts(policy):
        if text is None or plain(text) is not True:
            continue
        roles = ", ".join(policy.roles)
        yield Flaw(
            PERMISSIVE,
            _severity(policy, part),
            f"policy {policy.name} of {table.label} lets {roles} {_verb(policy, part)}",
            object=f"{policy.name} on {table.label}",
            hint="say whose rows they are, or limit it to the role of a server",
        )


def _parts(policy: Policy) -> Iterator[tuple[str, str | None]]:
    if policy.command != "INSERT":
        yield "using", policy.using
    # Where there is no WITH CHECK, USING says it all.
    if policy.command in ("INSERT", "UPDATE", "ALL") and policy.check != policy.using:
        yield "check", policy.check


def _severity(policy: Policy, part: str) -> Severity:
    strangers = not _STRANGERS.isdisjoint(policy.roles)
    if policy.command == "SELECT":
        return Severity.HIGH if strangers else Severity.MEDIUM
    return Severity.BLOCKER if strangers and part == "using" else Severity.HIGH


def _verb(policy: Policy, part: str) -> str:
    if part == "check":
        return "insert any row" if policy.command == "INSERT" else "write any row"
    return {
        "SELECT": "see every row",
        "UPDATE": "change every row",
        "DELETE": "delete every row",
        "ALL": "do anything with every row",
    }[policy.command]


def _asked(catalog: Catalog, role: str) -> dict[int, set[int]]:
    """Return for each table with RLS the tables that its reading policies of a role ask."""
    by_name = {(r.schema, r.name): r for r in catalog.relations if r.rls}
    found: dict[int, set[int]] = {}
    for policy in catalog.policies:
        if policy.command in _READS and policy.using and {role, "public"} & set(policy.roles):
            found.setdefault(policy.table, set()).update(
                by_name[name].oid for name in _relations(policy.using) if name in by_name
            )
    return {
        oid: asked for oid, asked in found.items() if any(t.oid == oid for t in by_name.values())
    }


def _relations(text: str) -> Iterator[tuple[str, str]]:
    for node in nodes(expression(text)):
        if is_a(node, ast.RangeVar) and node.schemaname:
            yield str(node.schemaname), str(node.relname)


def _circle(asks: Mapping[int, set[int]], start: int) -> list[int]:
    """Return the way from a table through those that are asked back to it, empty if none."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for step in sorted(asks.get(way[-1], ())):
            if step == start:
                return [*way, start]
            if step not in seen:
                seen.add(step)
                ways.append([*way, step])
    return []
