"""Writes into a probe what the server is to say of SQL inside of a routine."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pglast import ast
from pglast.stream import RawStream

from readyctl.clients.sqlwriting import literal
from readyctl.migrate.examine.nodes import Tree, is_a, parsed, words
from readyctl.migrate.examine.plpgsql.probe import Probe
from readyctl.migrate.examine.plpgsql.shapes import (
    Dml,
    constant,
    harmless,
    query_of_shape,
    relations,
)
from readyctl.migrate.examine.plpgsql.tree import Code, Fetch

_PLANNED = (ast.SelectStmt, *Dml)
# They are refused only for the relations that they name.
_NAMING = (ast.TruncateStmt, ast.LockStmt, ast.RefreshMatViewStmt, ast.VacuumStmt)
_NAMELESS = (
    *(ast.VariableSetStmt, ast.VariableShowStmt, ast.NotifyStmt, ast.ListenStmt),
    *(ast.UnlistenStmt, ast.DiscardStmt, ast.CheckPointStmt, ast.ConstraintsSetStmt),
)
_QUERY = re.compile(r"[\s(]*(select|insert|update|delete|merge|values|with|table)\b", re.IGNORECASE)
_PATH = re.compile(r"\bsearch_path\b", re.IGNORECASE)
_WITH_DATA = re.compile(r"\bwith\s+(no\s+)?data\s*\Z", re.IGNORECASE)


def analyse(probe: Probe, code: Code, into: Sequence[str] = ()) -> None:
    """Write a statement of SQL, with the variables that its rows go into."""
    # What the first word tells need not be parsed: the server has compiled the routine.
    if _QUERY.match(code.text):
        probe.explain(code.text, code)
    elif is_a(tree := parsed(code.text), ast.ExplainStmt):
        probe.attempt(f"for readyctl_row_ in {code.text}\n loop exit; end loop;", code)
    elif tree is None or not _utility(probe, tree, code, code.text):
        probe.doubt(code.line, "a statement that only running it could decide")
    if _PATH.search(code.text):
        probe.expected.append("the routine changes its search_path")
    shape(probe, code, into)


def shape(probe: Probe, code: Code, into: Sequence[str]) -> None:
    """Give a record the columns of the rows that go into it."""
    query = query_of_shape(code.text) if probe.scopes.record(into) else None
    if query is None:
        probe.scopes.loosen(into)
    else:
        from_query(probe, query, into)


def from_query(probe: Probe, query: str, into: Sequence[str]) -> None:
    """Give a record the columns of a query, by none of its rows."""
    record = probe.scopes.record(into)
    known = probe.scopes.find(record) if record else None
    if not known:
        return
    # What it held before is gone, also where this fails.
    probe.lines.append(f"{record} := null;")
    probe.quietly(
        f"select readyctl_shape_.* into {record} from ({query}\n) readyctl_shape_ limit 0;"
    )
    known.loose = False


def from_cursor(probe: Probe, cursor: str, into: Sequence[str]) -> None:
    """Give a record the columns of a cursor's query."""
    known = probe.scopes.find(cursor)
    if known is None or known.query is None:
        probe.scopes.loosen(into)
        return
    if not probe.scopes.record(into):
        return
    declared = "".join(f"{argument.strip()};" for argument in _arguments(known.arguments))
    probe.lines.append(f"declare {declared}\nbegin null;")
    shape(probe, known.query, into)
    probe.lines.append("end;")


def fetch(probe: Probe, node: Fetch) -> None:
    """Write FETCH ... INTO."""
    from_cursor(probe, node.cursor, node.into)


def return_query(probe: Probe, code: Code, *, directly: bool) -> None:
    """Write RETURN QUERY; `directly` compares its columns with those that the routine returns."""
    query = query_of_shape(code.text) if directly else None
    if query is None:
        analyse(probe, code)
        return
    if query != code.text:
        probe.explain(code.text, code)
    wrapped = f"select readyctl_shape_.* from ({query}\n) readyctl_shape_ limit 0;"
    probe.attempt(f"return query {wrapped}", code)


def dynamic(probe: Probe, text: Code, using: Sequence[Code] = (), into: Sequence[str] = ()) -> None:
    """Write EXECUTE: what it executes can be told where the text is always the same."""
    probe.value(text)
    for code in using:
        probe.value(code)
    known = constant(text.text)
    tree = parsed(known) if known is not None else None
    probe.scopes.loosen(into)
    if known is None or tree is None or not all(harmless(code.text) for code in using):
        probe.doubt(text.line, "dynamic SQL")
        if _PATH.search(text.text):
            probe.expected.append("the routine changes its search_path")
        return
    values = f" using {', '.join(code.text for code in using)}" if using else ""
    inside = Code(known, text.line)
    if is_a(tree, *_PLANNED):
        probe.attempt(f"execute {literal(f'explain {known}')}{values};", inside)
    elif not _utility(probe, tree, inside, f"execute {literal(known)}{values}"):
        probe.doubt(text.line, "dynamic SQL that only running it could decide")


def call(probe: Probe, code: Code) -> None:
    """Write CALL: the procedure by its name and the number of what it is given."""
    tree = parsed(f"call {code.text}")
    if not is_a(tree, ast.CallStmt):
        probe.doubt(code.line, "a CALL that cannot be read")
        return
    arguments = tree.funccall.args or ()
    for argument in arguments:
        value = argument.arg if is_a(argument, ast.NamedArgExpr) else argument
        probe.value(Code(RawStream()(value), code.line))
    *schema, name = words(tree.funccall.funcname)
    where = (
        f"pronamespace = (select oid from pg_catalog.pg_namespace where nspname ="
        f" {literal(schema[0])})"
        if schema
        else "pg_catalog.pg_function_is_visible(oid)"
    )
    shown = ".".join((*schema, name)).replace("%", "%%")
    probe.attempt(
        "if not exists (select from pg_catalog.pg_proc p where prokind = 'p' and proname ="
        f" {literal(name)} and {where} and (provariadic <> 0 or {len(arguments)} between"
        " coalesce(cardinality(proallargtypes), pronargs) - pronargdefaults and"
        " coalesce(cardinality(proallargtypes), pronargs)))"
        " then raise exception using errcode = '42883', message ="
        f" {literal(f'procedure {shown} with {len(arguments)} arguments does not exist')};"
        " end if;",
        code,
    )


def _utility(probe: Probe, tree: Tree, code: Code, text: str) -> bool:
    """Write a statement that is no query; return whether it is decided."""
    if is_a(tree, *_NAMELESS):
        return True
    if is_a(tree, *_NAMING):
        for relation in relations(tree):
            probe.explain(f"select from {RawStream()(relation)}", code)
        return True
    made = _made(tree)
    if made is None:
        return False
    probe.made.add(str(made.relname))
    if made.relpersistence != "t":
        return False
    if is_a(tree, ast.CreateTableAsStmt) and not text.startswith("execute "):
        text = f"{_WITH_DATA.sub('', text)}\nwith no data"
    probe.attempt(f"{text};", code)
    return True


def _made(tree: Tree) -> Tree:
    if is_a(tree, ast.CreateStmt):
        return tree.relation
    if is_a(tree, ast.CreateTableAsStmt):
        return tree.into.rel
    return tree.view if is_a(tree, ast.ViewStmt) else None


def _arguments(text: str) -> list[str]:
    found, depth = [""], 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return [argument for argument in found if argument.strip()]
