"""One transaction that is rolled back: sets up, acts as each caller, and notes what happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from readyctl.clients.database import ConnectionLost, DatabaseSession, Refused
from readyctl.clients.sqlwriting import quoted
from readyctl.errors import MigrateError
from readyctl.migrate.rls import program, statements
from readyctl.migrate.rls.cases import Setup
from readyctl.migrate.rls.catalog import Catalog, Relation
from readyctl.migrate.rls.policies import DIGEST_LINES, digest
from readyctl.migrate.rls.statements import Step
from readyctl.model.rls import Caller

_TIMEOUT = "57014"
_MEMBERS_SET_ROLES_SINCE = 160_000
# SQLSTATE of a try that was undone without having failed.
DONE = "ok"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the test waits for a lock, and how long one batch of tries may take."""

    lock_ms: int = 1_000
    statement_ms: int = 20_000


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: `ok` or an SQLSTATE, and how many rows it reached."""

    state: str
    rows: int = 0
    states: tuple[str, ...] = ()
    message: str = ""
    keys: tuple[str, ...] = ()


@contextmanager
def rolled_back(session: DatabaseSession, limits: Limits) -> Iterator[None]:
    """Begin a transaction and roll it back in the end, whatever happens on the way.

    Raises:
        MigrateError: E0479, the connection is lost, or the server refuses what only reads.
    """
    try:
        session.query("begin")
        # Compiling a statement that reads twenty rows takes longer than reading them.
        session.query(
            "select set_config('jit', 'off', true), set_config('lock_timeout', %s, true),"
            " set_config('statement_timeout', %s, true),"
            " set_config('idle_in_transaction_session_timeout', '60s', true)",
            [str(limits.lock_ms), str(limits.statement_ms)],
        )
        yield
    except ConnectionLost:
        raise _failed("the connection was lost; the server rolls back by itself") from None
    except Refused as refused:
        raise _failed(f"{refused.message} (SQLSTATE {refused.sqlstate})") from None
    finally:
        _roll_back(session)


def tested_digest(session: DatabaseSession, ledger_schema: str) -> str:
    """Return the digest of the policies, grants and flags that are in force."""
    session.query("savepoint readyctl")
    rows = session.query(DIGEST_LINES, [ledger_schema])
    session.query("rollback to readyctl")
    return digest(line for (line,) in rows)


def set_up(
    session: DatabaseSession, catalog: Catalog, setup: Sequence[Setup], touched: set[str]
) -> Mapping[int, int]:
    """Put in the rows of the cases, and pick a sample of every table.

    Returns how many rows of each table the sample has; a table whose rows the connection cannot
    count is not in it. Policies that are forced on the owner are lifted from the tables that
    `touched` names, and in force again afterwards.

    Raises:
        MigrateError: E0477, the database refuses a row or a statement.
    """
    lifted = [
        relation.sql
        for relation in catalog.relations
        if relation.table.forced and relation.owned and not catalog.bypasses
        and relation.table.name in touched
    ]  # fmt: skip
    _run(session, [_step(f"alter table {name} no force row level security") for name in lifted])
    _run(session, [_setup_step(catalog, step) for step in setup])
    if setup:
        session.query("set constraints all immediate")
    fit = [r for r in catalog.relations if r.table.kind != "foreign"]
    counts = _asked(session, program.SAMPLE, [statements.sample(relation) for relation in fit])
    _run(session, [_step(f"alter table {name} force row level security") for name in lifted])
    return {int(oid): count for oid, count in counts.items() if count >= 0}


def become_member(
    session: DatabaseSession, catalog: Catalog, roles: Sequence[str]
) -> tuple[str, ...]:
    """Let the connection act as roles, until the rollback; return those that it cannot be."""
    kind = "set" if catalog.server >= _MEMBERS_SET_ROLES_SINCE else "member"
    rows = session.query(
        "select r.name from unnest(%s::text[]) r (name)"
        " where not pg_has_role(session_user, r.name, %s)",
        [list(roles), kind],
    )
    strange = [str(name) for (name,) in rows]
    option = " with set true, inherit false" if kind == "set" else ""
    plan = [
        {"id": name, "sql": f"grant {quoted(name)} to {quoted(catalog.user)}{option}"}
        for name in strange
    ]
    if not plan:
        return ()
    states = _asked(session, program.TRY, plan)
    return tuple(name for name in strange if states[name])


def silence_triggers(session: DatabaseSession, *, silent: bool) -> bool:
    """Switch off triggers and foreign keys, where the connection may; return whether it did."""
    mode = "replica" if silent else "origin"
    sql = f"select set_config('session_replication_role', '{mode}', true)"
    found: dict[str, str] = _asked(session, program.TRY, [{"id": "mode", "sql": sql}])
    return found == {"mode": ""}


def act(
    session: DatabaseSession,
    caller: Caller,
    steps: Sequence[Step],
    progress: Callable[[int], None] = lambda _: None,
) -> dict[str, Tried] | str:
    """Try steps as a caller, each undone at once; return what came of each by its JSON id.

    A batch that takes too long is halved until the slow one is alone. Where the caller cannot be
    made at all, return why.
    """
    if not steps:
        return {}
    plan = {"role": caller.role, "settings": dict(caller.settings), "sql": list(caller.sql)}
    session.query("savepoint readyctl")
    try:
        found = _asked(session, program.PROBE, {**plan, "steps": list(steps)})
    except Refused as refused:
        if refused.sqlstate != _TIMEOUT:
            return f"{refused.message} (SQLSTATE {refused.sqlstate})"
        found = None
    finally:
        # What the caller set is not the next one's.
        session.query("rollback to readyctl")
    if found is not None:
        progress(len(steps))
        return {json.dumps(row["id"]): _tried(row) for row in found}
    if len(steps) == 1:
        progress(1)
        return {json.dumps(steps[0]["id"]): Tried(_TIMEOUT)}
    half = len(steps) // 2
    first = act(session, caller, steps[:half], progress)
    second = act(session, caller, steps[half:], progress)
    if isinstance(first, str) or isinstance(second, str):
        return first if isinstance(first, str) else str(second)
    return first | second


def _tried(row: Mapping[str, Any]) -> Tried:
    return Tried(
        row["state"], row["rows"], tuple(row["states"]), row["message"], tuple(row["keys"] or ())
    )


def _step(sql: str) -> Step:
    return {"id": sql, "sql": sql}


def _setup_step(catalog: Catalog, step: Setup) -> Step:
    place = f"{step.file}:{step.line}"
    if step.sql:
        return {"id": place, "sql": step.sql}
    relation = known_relation(catalog, step.table, place)
    columns = ", ".join(quoted(name) for name, _ in step.row)
    fields = ", ".join(f"r.{quoted(name)}" for name, _ in step.row)
    sql = statements.insert_row(relation, columns, fields)
    return {"id": place, "sql": sql, "row": dict(step.row)}


def known_relation(catalog: Catalog, name: str, place: str) -> Relation:
    """Return a table that a file names.

    Raises:
        MigrateError: E0476, there is none.
    """
    from difflib import get_close_matches

    relation = catalog.relation(name.removeprefix("public."))
    if relation is not None:
        return relation
    near = get_close_matches(name, [found.table.name for found in catalog.relations], n=1)
    raise MigrateError(
        "E0476",
        f"the database has no table {name}",
        where=place,
        hint=f'did you mean "{near[0]}"?' if near else "write schema.table, or apply migrations",
    )


def _run(session: DatabaseSession, plan: Sequence[Step]) -> None:
    failed = _asked(session, program.RUN, list(plan)) if plan else {}
    if failed:
        state, words = failed["state"], failed["message"]
        raise MigrateError(
            "E0477",
            "what the cases need cannot be set up",
            cause=f"{words or 'the server refuses it'} (SQLSTATE {state}); nothing was changed",
            where=failed["step"],
            hint="correct the setup there, or connect as the owner of the tables",
        )


def _asked(session: DatabaseSession, text: Any, plan: object) -> Any:
    session.query("select set_config('readyctl.plan', %s, true)", [json.dumps(plan)])
    session.query(text)
    ((found,),) = session.query("select current_setting('readyctl.result')")
    return json.loads(found)


def _roll_back(session: DatabaseSession) -> None:
    try:
        session.query("rollback")
    except (ConnectionLost, Refused):
        # Without its connection the server rolls back by itself.
        session.close()


def _failed(cause: str) -> MigrateError:
    return MigrateError(
        "E0479",
        "the row-level security of this database cannot be tested",
        cause=cause,
        where="database.owner_dsn",
        hint="connect as the owner of the tables; nothing was changed",
    )
