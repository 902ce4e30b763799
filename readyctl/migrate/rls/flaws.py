"""Names what is wrong in a matrix: open doors, dead tables, policies that fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from readyctl.migrate.rls.catalog import Catalog, Grants
from readyctl.migrate.rls.probe import DONE, Tried
from readyctl.migrate.rls.statements import BLIND, FOREIGN
from readyctl.model.flaw import Flaw
from readyctl.model.rls import Caller, Cell, Command, Matrix, Reach, RlsTable
from readyctl.model.status import Severity

_ANONYMOUS = ("anon", "anonymous")

Tries = Mapping[str, Mapping[str, Tried] | str]


def flaws(catalog: Catalog, grants: Grants, matrix: Matrix, tries: Tries) -> Iterator[Flaw]:
    """Yield what is wrong, the worst first within each table."""
    granted = {
        relation.table.name: any(
            grants[relation.oid, caller.role, command].given
            for caller in matrix.callers
            for command in Command
        )
        for relation in catalog.relations
    }
    by_table: dict[str, list[Cell]] = {}
    for cell in matrix.cells:
        by_table.setdefault(cell.table, []).append(cell)
    for table in matrix.tables:
        yield from _of_table(table, granted=granted[table.name])
        if table.enabled and table.kind != "foreign":
            yield from _of_cells(table, by_table[table.name], matrix.callers)
    yield from _foreign(catalog, matrix.callers, tries)
    yield from _blind(catalog, matrix, tries)


def _of_table(table: RlsTable, *, granted: bool) -> Iterator[Flaw]:
    if not table.enabled and granted:
        what = {
            "foreign": "a foreign table, which can have no row-level security, is granted",
            "partition": "a partition is granted by itself, and its parent's policies do not count",
        }
        yield Flaw(
            "rls-off",
            Severity.BLOCKER if table.kind in ("table", "partitioned") else Severity.HIGH,
            what.get(table.kind, "row-level security is off, and the table is granted"),
            table.name,
            hint="revoke what is granted"
            if table.kind in what
            else f"alter table {table.name} enable row level security, with a policy for each role",
        )
    if table.enabled and not table.policies and granted:
        yield Flaw(
            "rls-no-policy",
            Severity.MEDIUM,
            "row-level security is on and no policy is there: nobody but the owner sees a row",
            table.name,
            hint="write a policy, or revoke what is granted",
        )


def _of_cells(table: RlsTable, cells: Sequence[Cell], callers: Sequence[Caller]) -> Iterator[Flaw]:
    roles = {caller.name: caller.role for caller in callers}
    bare = {caller.name for caller in callers if caller.bare}
    errors = sorted({cell.reason for cell in cells if cell.reach is Reach.ERROR})
    for reason in errors:
        names = _names(c for c in cells if c.reach is Reach.ERROR and c.reason == reason)
        yield Flaw(
            "rls-error", Severity.HIGH, f"{reason}, for {names}", table.name,
            hint="correct the policy, or the function that it calls",
        )  # fmt: skip
    wide = [
        cell
        for cell in cells
        if cell.command is Command.INSERT and cell.reach is Reach.ALL and cell.live
    ]
    if wide:
        yield Flaw(
            "rls-open-insert",
            Severity.HIGH,
            f"any row can be inserted by {_names(wide)}",
            table.name,
            hint="let the policy's WITH CHECK ask whose row it is",
        )
    for command in (Command.UPDATE, Command.DELETE):
        changed = [c for c in cells if c.command is command and c.reach is Reach.ALL and c.rows
                   and c.caller in bare]  # fmt: skip
        if changed:
            yield Flaw(
                "rls-open-write",
                Severity.HIGH,
                f"every row can be {command}d by {_names(changed)}, whoever calls".replace(
                    "eed", "ed"
                ),
                table.name,
                hint="let the policy ask who calls",
            )
    seen = [
        cell
        for cell in cells
        if cell.command is Command.SELECT
        and cell.rows
        and (cell.caller in bare or roles[cell.caller] in _ANONYMOUS)
    ]
    if seen:
        yield Flaw(
            "rls-anonymous-read",
            Severity.MEDIUM,
            f"rows are seen without saying who calls, by {_names(seen)}",
            table.name,
            hint="is the table meant for everybody? Else let the policy ask who calls",
        )


def _foreign(catalog: Catalog, callers: Sequence[Caller], tries: Tries) -> Iterator[Flaw]:
    for relation in catalog.relations:
        names = [
            caller.name
            for caller in callers
            if (found := _try(tries, caller, relation.oid, FOREIGN)) and found.rows
        ]
        if names:
            yield Flaw(
                "rls-foreign-tenant",
                Severity.BLOCKER,
                f"rows of another tenant are seen by {', '.join(names)}",
                relation.table.name,
                hint="let every policy compare the tenant's column with the caller's",
            )


def _blind(catalog: Catalog, matrix: Matrix, tries: Tries) -> Iterator[Flaw]:
    for relation in catalog.relations:
        for command in (Command.UPDATE, Command.DELETE):
            names = []
            for caller in matrix.callers:
                seen = _try(tries, caller, relation.oid, str(command))
                blind = _try(tries, caller, relation.oid, f"{BLIND} {command}")
                if blind and seen and blind.state == DONE and blind.rows > seen.rows:
                    names.append(caller.name)
            if names:
                yield Flaw(
                    "rls-blind-write",
                    Severity.HIGH,
                    f"{command} without a condition reaches rows that are not seen, by "
                    f"{', '.join(names)}",
                    relation.table.name,
                    hint="let the policy of the command be as narrow as that of select",
                )


def _try(tries: Tries, caller: Caller, oid: int, what: str) -> Tried | None:
    found = tries.get(caller.name, {})
    return None if isinstance(found, str) else found.get(f'[{oid}, "{what}"]')


def _names(cells: Iterator[Cell] | Sequence[Cell]) -> str:
    return ", ".join(dict.fromkeys(cell.caller for cell in cells))
