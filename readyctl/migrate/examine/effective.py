"""Rule `rls-effective`: row-level security that cannot be in force for the application."""

from __future__ import annotations

from collections.abc import Iterator

from readyctl.migrate.examine.catalog import Catalog, Relation, Role
from readyctl.migrate.examine.examination import examination
from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Undecided
from readyctl.model.status import Severity

NAME = "rls-effective"
_YES = {"true", "on", "1", "yes"}


def examine_effective(catalog: Catalog, application_role: str) -> Examination:
    """Return what goes round policies: the application's role, and views of a role that does.

    `application_role` is the role that the application connects as; empty is not known.
    """
    tables = [relation for relation in catalog.relations if relation.rls]
    role = next((role for role in catalog.roles if role.name == application_role), None)
    flaws = list(_views(catalog))
    if role is None:
        reason = (
            f"there is no role {application_role}"
            if application_role
            else "which role the application connects as is not known"
        )
        unknown = [Undecided(relation.label, reason) for relation in tables]
        return examination(NAME, "tables with row-level security", flaws, 0, unknown)
    flaws += _role(role, tables)
    return examination(NAME, "tables with row-level security", flaws, len(tables))


def _role(role: Role, tables: list[Relation]) -> Iterator[Flaw]:
    if role.superuser or role.bypasses:
        what = "is a superuser" if role.superuser else "has BYPASSRLS"
        message = f"the application's role {role.name} {what}: no policy applies to it"
        hint = "connect as a role of its own that owns nothing"
        yield Flaw(NAME, Severity.BLOCKER, message, object=role.name, hint=hint)
        return
    for relation in tables:
        if relation.owner in (role.name, *role.member_of) and not relation.forced:
            through = "" if relation.owner == role.name else f" through {relation.owner}"
            yield Flaw(
                NAME,
                Severity.BLOCKER,
                f"{relation.label} belongs to the application's role {role.name}{through}, and its"
                " policies are not forced",
                object=relation.label,
                hint=f"alter table {relation.label} force row level security",
            )


def _views(catalog: Catalog) -> Iterator[Flaw]:
    tables = catalog.tables()
    roles = {role.name: role for role in catalog.roles}
    for view in catalog.relations:
        if view.kind not in ("v", "m") or _invoker(view) or not view.readers:
            continue
        for oid in view.uses:
            table = tables.get(oid)
            if table and table.rls and _goes_round(view, table, roles):
                yield _exposed(view, table)


def _invoker(view: Relation) -> bool:
    options = dict(option.partition("=")[::2] for option in view.options)
    return view.kind == "v" and options.get("security_invoker", "").lower() in _YES


def _goes_round(view: Relation, table: Relation, roles: dict[str, Role]) -> bool:
    if view.kind == "m":
        return True
    owner = roles.get(view.owner)
    if owner is None or owner.superuser or owner.bypasses:
        return True
    return table.owner in (owner.name, *owner.member_of) and not table.forced


def _exposed(view: Relation, table: Relation) -> Flaw:
    kind = "materialized view" if view.kind == "m" else "view"
    readers = ", ".join(sorted(set(view.readers)))
    hint = (
        f"alter view {view.label} set (security_invoker = true)"
        if view.kind == "v"
        else "take the right to read it away, or make it a view with security_invoker"
    )
    return Flaw(
        NAME,
        Severity.HIGH,
        f"{kind} {view.label} shows {readers} every row of {table.label}, past its policies",
        object=view.label,
        hint=hint,
    )
