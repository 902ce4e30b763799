"""Applies migrations to a scratch database, goes on where one fails, and says what is behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from readyctl.clients.database import ConnectionLost, DatabaseSession, Refused
from readyctl.errors import MigrateError
from readyctl.migrate.failures import statement_of
from readyctl.migrate.needs import Graph, needs, reason_of
from readyctl.migrate.runner import FRESH
from readyctl.migrate.segments import Segment, divided, script, segments
from readyctl.migrate.things import Kind, Thing, is_built_in, is_given
from readyctl.model.cause import Cause, Place, Reason, Trial
from readyctl.model.migration import Migration

_BEGIN = "begin;\n"
_MISSING = re.compile(
    r'(?P<kind>relation|type|function|procedure|schema|role) "?(?P<name>[^"(]+?)"?(?:\(.*\))?'
    r" does not exist"
)
_KINDS = {"relation": Kind.TABLE, "procedure": Kind.FUNCTION}
_ABSENT = ("42P01", "42704", "42883", "3F000", "42703", "42P17")
_NAMED = re.compile(r'"([^"]+)"|column (\S+) ')
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Failure:
    """Where a file failed, and in whose words."""

    place: Place
    sqlstate: str
    message: str


@dataclass(slots=True)
class _Ledger:
    """Root causes as they are found, each with who meets it first hand and who follows."""

    roots: list[tuple[tuple[Reason, str], ...]] = field(default_factory=list)
    direct: dict[tuple[Reason, str], dict[str, Place]] = field(default_factory=dict)
    by: dict[tuple[Reason, str], str] = field(default_factory=dict)


def trial(session: DatabaseSession, migrations: Sequence[Migration]) -> Trial:
    """Apply each file in a transaction, and go on without those that fail.

    The database must be one that nobody needs: what succeeds stays in it.

    Raises:
        MigrateError: E0450, the connection was lost.
    """
    failures = {}
    for number, migration in enumerate(migrations):
        failure = _apply(session, migration)
        if failure:
            failures[number] = failure
    names = [migration.file for migration in migrations]
    return Trial(
        tuple(name for number, name in enumerate(names) if number not in failures),
        tuple(names[number] for number in failures),
        _attributed(migrations, needs(migrations), failures),
    )


def _apply(session: DatabaseSession, migration: Migration) -> _Failure | None:
    try:
        parts = segments(migration)
    except MigrateError as error:
        return _Failure(Place(migration.file, 0), error.code, error.message)
    left = list(parts)
    try:
        while left:
            segment = left.pop(0)
            session.script(f"rollback; {FRESH}")
            refused = _refused(session, migration, segment)
            if refused is None:
                continue
            session.script(f"rollback; {FRESH}")
            found = statement_of(migration, segment, refused)
            smaller = divided(segment, found, refused.sqlstate)
            if not smaller:
                return _failure(migration, segment, refused)
            left = [*smaller, *left]
    except ConnectionLost:
        raise MigrateError(
            "E0450",
            "the trial lost its database",
            cause=f"while {migration.file} was applied",
            where=migration.file,
            hint="take the file out of the folder to try the others, and see the server's log",
        ) from None
    return None


def _refused(session: DatabaseSession, migration: Migration, segment: Segment) -> Refused | None:
    """Apply a segment; return what the server says where it does not like it."""
    before = "" if segment.alone else _BEGIN
    after = "" if segment.alone else "\n;commit"
    try:
        session.script(f"{before}{script(migration, segment)}{after}")
    except Refused as refused:
        position = None if refused.position is None else refused.position - len(before)
        done = refused.done - before.count(";")
        return Refused(refused.sqlstate, refused.message, position, done)
    return None


def _failure(migration: Migration, segment: Segment, refused: Refused) -> _Failure:
    statement = statement_of(migration, segment, refused)
    line = statement.line if statement else 0
    if statement and refused.position is not None:
        line = _line(migration, segment, refused.position) or line
    return _Failure(Place(migration.file, line), refused.sqlstate, refused.message)


def _line(migration: Migration, segment: Segment, position: int) -> int:
    """The line of a character of a segment's script, where that is the file's own text."""
    text = script(migration, segment)
    start = segment.statements[0].start
    if not migration.text.startswith(text[:position], start):
        return 0
    return migration.text.count("\n", 0, start + position) + 1


def _attributed(
    migrations: Sequence[Migration], graph: Graph, failures: Mapping[int, _Failure]
) -> tuple[Cause, ...]:
    ledger = _Ledger()
    for number, migration in enumerate(migrations):
        failure = failures.get(number)
        roots = _roots(ledger, migrations, graph, number, failure) if failure else ()
        ledger.roots.append(roots)
        for need in graph.files[number].missing if failure else ():
            key = _missing(ledger, graph, need.thing, migration.file)
            if key in roots:
                ledger.direct[key].setdefault(migration.file, Place(migration.file, need.line))
    causes = (_cause(ledger, migrations, key) for key in ledger.direct)
    return tuple(sorted(causes, key=lambda cause: (-cause.held, cause.what)))


Key = tuple[Reason, str]


def _roots(
    ledger: _Ledger,
    migrations: Sequence[Migration],
    graph: Graph,
    number: int,
    failure: _Failure,
) -> tuple[Key, ...]:
    """What is behind a failure: things that nobody makes, roots of other failures, or itself."""
    file = graph.files[number]
    found = [_missing(ledger, graph, need.thing, file.file) for need in file.missing]
    for _, makers in file.taken:
        if all(ledger.roots[maker] for maker in makers):
            found += ledger.roots[makers[-1]]
    if not _explained(ledger, graph, number, failure):
        found += _by_words(ledger, migrations, graph, number, failure)
    return tuple(dict.fromkeys(found))


def _explained(ledger: _Ledger, graph: Graph, number: int, failure: _Failure) -> bool:
    """Whether the needs of a file say why the server refuses it."""
    named = _thing(failure)
    file = graph.files[number]
    known = [need.thing for need in file.missing]
    known += [
        need.thing for need, makers in file.taken if all(ledger.roots[maker] for maker in makers)
    ]
    return named is not None and any(_same(named, thing) for thing in known)


def _by_words(
    ledger: _Ledger,
    migrations: Sequence[Migration],
    graph: Graph,
    number: int,
    failure: _Failure,
) -> tuple[Key, ...]:
    """What the server's words point to: something missing, or what a failed file would make."""
    named = _thing(failure)
    if named is not None and is_given(named):
        return (_note(ledger, (Reason.SUPABASE, str(named)), failure.place),)
    if failure.sqlstate in _ABSENT:
        follows = _maker(ledger, migrations, number, failure)
        follows = follows or _extension(ledger, graph, number, named)
        if follows:
            return follows
    if named is not None and named.kind is Kind.TABLE:
        key = _missing(ledger, graph, named, failure.place.file)
        return (_note(ledger, key, failure.place),)
    said = f"{failure.message} (SQLSTATE {failure.sqlstate})"[:_SHOWN]
    return (_note(ledger, (Reason.REFUSED, said), failure.place),)


def _maker(
    ledger: _Ledger, migrations: Sequence[Migration], number: int, failure: _Failure
) -> tuple[Key, ...]:
    """The roots of the failed file that first writes the name that is not there."""
    found = _NAMED.search(failure.message)
    name = (found[1] or found[2]).strip('"').rpartition(".")[2] if found else ""
    if not name:
        return ()
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for maker in range(number):
        if ledger.roots[maker] and word.search(migrations[maker].text):
            return ledger.roots[maker]
    return ()


def _extension(ledger: _Ledger, graph: Graph, number: int, named: Thing | None) -> tuple[Key, ...]:
    """The roots of a failed file that would make an extension, where one brings such a name."""
    if named is None or not is_built_in(named.kind, named.name):
        return ()
    makers = (
        maker
        for thing, those in graph.made.items()
        if thing.kind is Kind.EXTENSION
        for maker in those
        if maker < number and ledger.roots[maker]
    )
    first = next(makers, None)
    return () if first is None else ledger.roots[first]


def _thing(failure: _Failure) -> Thing | None:
    found = _MISSING.search(failure.message)
    if not found:
        return None
    kind = _KINDS.get(found["kind"]) or Kind(found["kind"])
    schema, _, name = found["name"].rpartition(".")
    alone = kind in (Kind.SCHEMA, Kind.ROLE)
    return Thing(kind, "" if alone else schema or "public", name)


def _same(named: Thing, thing: Thing) -> bool:
    # "type" may be the row of a table; a name without a schema may be in any.
    alike = named.kind is thing.kind or {named.kind, thing.kind} == {Kind.TYPE, Kind.TABLE}
    in_schema = named.kind is Kind.SCHEMA and thing.schema == named.name
    return in_schema or (alike and named.name == thing.name)


def _missing(ledger: _Ledger, graph: Graph, thing: Thing, file: str) -> Key:
    reason, by = reason_of(graph, thing, file)
    key = (reason, str(thing))
    ledger.direct.setdefault(key, {})
    ledger.by.setdefault(key, by)
    return key


def _note(ledger: _Ledger, key: Key, where: Place) -> Key:
    ledger.direct.setdefault(key, {}).setdefault(where.file, where)
    return key


def _cause(ledger: _Ledger, migrations: Sequence[Migration], key: Key) -> Cause:
    direct = ledger.direct[key]
    follows = tuple(
        migration.file
        for migration, roots in zip(migrations, ledger.roots, strict=True)
        if key in roots and migration.file not in direct
    )
    return Cause(key[1], key[0], tuple(direct.values()), follows, ledger.by.get(key, ""))
