"""Tests row-level security as a whole: sets up, tries, judges, and rolls everything back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pglast import parser

from readyctl.clients.database import DatabaseSession
from readyctl.errors import MigrateError
from readyctl.migrate.rls import flaws, judge, matrix, probe, statements
from readyctl.migrate.rls.cases import Cases
from readyctl.migrate.rls.catalog import Catalog, Grants, Relation, read_catalog, read_grants
from readyctl.migrate.rls.matrix import Looked
from readyctl.migrate.rls.probe import Limits, Tried
from readyctl.model.rls import Caller, Cell, Judged, Matrix, RlsResult


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part is meant; no name in `roles` means all that hold anything."""

    matrix: bool = True
    cases: bool = True
    roles: tuple[str, ...] = ()


def run(
    session: DatabaseSession,
    cases: Cases,
    ledger_schema: str,
    wanted: Wanted,
    *,
    limits: Limits,
    progress: Callable[[str, int], None] = lambda _, __: None,
) -> RlsResult:
    """Return matrix, cases and flaws; the database is afterwards as it was.

    Raises:
        MigrateError: E0476, something named is not there; E0477, the setup is refused; E0478, there
            is nothing to test; E0479, the database cannot be tested.
    """
    with probe.rolled_back(session, limits):
        catalog = read_catalog(session, ledger_schema)
        callers = chosen(catalog, cases, wanted)
        digest = probe.tested_digest(session, ledger_schema)
        counts = probe.set_up(session, catalog, cases.setup, touched(cases))
        strangers = probe.become_member(session, catalog, sorted({c.role for c in callers}))
        tries = _Tries(session, catalog, cases, strangers, progress)
        found = tries.matrix(callers, counts) if wanted.matrix else Matrix((), (), ())
        judged = tries.cases(callers) if wanted.cases else ()
    covered, uncovered = judge.coverage(catalog, cases.cases)
    return RlsResult(
        matrix=found,
        cases=judged,
        covered=covered,
        uncovered=uncovered,
        flaws=tuple(flaws.flaws(catalog, tries.grants, found, tries.tried)) if found.cells else (),
        digest=digest,
        database=catalog.database,
        server=catalog.server,
    )


def chosen(catalog: Catalog, cases: Cases, wanted: Wanted) -> tuple[Caller, ...]:
    """Return the callers of the files, and the roles that nobody acts for, each alone.

    Raises:
        MigrateError: E0476, a role does not exist; E0478, there is nobody to act as.
    """
    known = {role.name: role for role in catalog.roles}
    callers = list(cases.callers)
    names = wanted.roles or tuple(role.name for role in catalog.roles if role.chosen)
    taken = {caller.name for caller in callers}
    callers += [Caller(name, name) for name in names if name in known and name not in taken]
    for name in (*(caller.role for caller in callers), *wanted.roles):
        if name not in known and name not in taken:
            raise MigrateError(
                "E0476",
                f"there is no role or caller {name}",
                where=str(cases.folder),
                hint="name a role of the database, or a caller of the files",
            )
    if wanted.roles:
        callers = [c for c in callers if c.name in wanted.roles or c.role in wanted.roles]
    if not callers or not catalog.relations:
        raise MigrateError(
            "E0478",
            "there is nothing to test",
            cause="no role is granted anything" if catalog.relations else "there is no table",
            hint="apply the migrations, or name roles with --role",
        )
    return tuple(callers)


def touched(cases: Cases) -> set[str]:
    """Return the names of all tables that the setup reads or writes, as `RlsTable` has them."""
    found = {step.table.removeprefix("public.") for step in cases.setup if step.table}
    words = set()
    for step in cases.setup:
        data = step.sql.encode()
        words |= {
            data[token.start : token.end + 1].decode().strip('"') for token in parser.scan(step.sql)
        }
    return found | words


class _Tries:
    """What was tried so far, in one transaction."""

    def __init__(
        self,
        session: DatabaseSession,
        catalog: Catalog,
        cases: Cases,
        strangers: Sequence[str],
        progress: Callable[[str, int], None],
    ) -> None:
        self._session = session
        self._catalog = catalog
        self._cases = cases
        self._strangers = strangers
        self._progress = progress
        self.grants: Grants = {}
        self.tried: dict[str, Mapping[str, Tried] | str] = {}

    def matrix(self, callers: Sequence[Caller], counts: Mapping[int, int]) -> Matrix:
        """Try every command of every caller on every table."""
        relations = self._catalog.relations
        roles = sorted({caller.role for caller in callers})
        self.grants = read_grants(self._session, [r.oid for r in relations], roles)
        shown = [relation for relation in relations if self._shown(relation, roles)]
        silent = probe.silence_triggers(self._session, silent=True)
        looked = Looked(self._catalog, self.grants, counts, silent)
        cells: list[Cell] = []
        for caller in callers:
            tried = self.tried[caller.name] = self._act(caller, shown)
            for relation in shown:
                cells += matrix.cells(looked, relation, caller, tried)
        probe.silence_triggers(self._session, silent=False)
        hidden = [relation.table.name for relation in relations if relation not in shown]
        left_out = [f"{len(hidden)} partitions that nobody is granted"] if hidden else []
        if not silent:
            left_out.append("the connection may not switch off triggers: they took part")
        tables = tuple(relation.table for relation in shown)
        return Matrix(tables, tuple(callers), tuple(cells), tuple(left_out))

    def cases(self, callers: Sequence[Caller]) -> tuple[Judged, ...]:
        """Try the cases of these callers; triggers and constraints count."""
        found: dict[int, Judged] = {}
        numbered = list(enumerate(self._cases.cases))
        for caller in callers:
            own = [(number, case) for number, case in numbered if case.caller == caller.name]
            steps = judge.steps(self._catalog, own)
            results = self._stranger(caller) or probe.act(self._session, caller, steps)
            for number, case in own:
                found[number] = judge.judged(case, judge.tried_of(results, number))
            self._progress(caller.name, len(own))
        return tuple(found[number] for number in sorted(found))

    def _act(self, caller: Caller, shown: Sequence[Relation]) -> Mapping[str, Tried] | str:
        tenant = (self._cases.tenant_column, caller.tenant)
        steps = [
            step
            for relation in shown
            if relation.table.kind != "foreign"
            for step in statements.steps(self._catalog, relation, caller.role, self.grants, tenant)
        ]
        self._progress(caller.name, len(shown))
        return self._stranger(caller) or probe.act(self._session, caller, steps)

    def _stranger(self, caller: Caller) -> str:
        # Not being able to act as somebody decides nothing about what they may do.
        if caller.role not in self._strangers:
            return ""
        return f"the connection may not act as {caller.role}"

    def _shown(self, relation: Relation, roles: Sequence[str]) -> bool:
        if relation.table.kind != "partition":
            return True
        return relation.table.enabled or any(
            grant.given
            for (oid, role, _), grant in self.grants.items()
            if oid == relation.oid and role in roles
        )
