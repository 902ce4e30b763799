"""Walks the tree of a PL/pgSQL body and writes its probe: every branch, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from readyctl.migrate.examine.plpgsql import conditions
from readyctl.migrate.examine.plpgsql.probe import Probe
from readyctl.migrate.examine.plpgsql.queries import (
    analyse,
    call,
    dynamic,
    fetch,
    from_cursor,
    from_query,
    return_query,
)
from readyctl.migrate.examine.plpgsql.scope import Known, assigned
from readyctl.migrate.examine.plpgsql.tree import (
    Assign,
    Block,
    Call,
    Choice,
    Dynamic,
    Expressions,
    Fetch,
    Handler,
    Loop,
    Node,
    Open,
    ReturnQuery,
    Sql,
    Unknown,
    Variable,
)


class Walker:
    """Writes the probe of one routine; `returns_rows` where RETURN QUERY can be tried as it is."""

    def __init__(self, probe: Probe, *, returns_rows: bool) -> None:
        self._probe = probe
        self._returns_rows = returns_rows

    def block(self, block: Block) -> None:
        """Write a block with its variables, its statements and its handlers."""
        probe = self._probe
        with self._scope(block.label, block.variables):
            for variable in block.variables:
                if variable.value and variable.kind != "cursor":
                    probe.value(variable.value)
            expected = conditions.expected_by(block.handlers)
            hides = conditions.hides(block.handlers)
            probe.hiding += hides
            with self._expecting(expected):
                self.statements(block.body)
            probe.hiding -= hides
            for handler in block.handlers:
                probe.scopes.loosen(assigned(block.body))
                self._handler(handler)
            if block.handlers:
                probe.scopes.loosen(assigned([block]))

    def statements(self, body: Sequence[Node]) -> None:
        """Write statements in their order."""
        for node in body:
            self._statement(node)

    def _statement(self, node: Node) -> None:
        match node:
            case Block():
                self.block(node)
            case Choice():
                self._choice(node)
            case Loop():
                self._loop(node)
            case Assign():
                self._assign(node)
            case Open():
                self._open(node)
            case Expressions():
                for code in node.codes:
                    self._probe.value(code)
            case _:
                self._simple(node)

    def _simple(self, node: Node) -> None:
        probe = self._probe
        match node:
            case Sql():
                analyse(probe, node.code, node.into)
            case Dynamic():
                dynamic(probe, node.text, node.using, node.into)
            case ReturnQuery():
                return_query(probe, node.code, directly=self._returns_rows)
            case Call():
                call(probe, node.code)
            case Fetch():
                fetch(probe, node)
            case Unknown():
                probe.doubt(node.line, node.reason)

    def _assign(self, node: Assign) -> None:
        probe = self._probe
        probe.value(node.value)
        name = node.target.text
        if "." in name or "[" in name:
            probe.explain(f"select {name}", node.target)
        elif probe.scopes.record([name]):
            query = f"select ({node.value.text}\n).*"
            from_query(probe, query, [name])
            probe.scopes.loosen([name])

    def _open(self, node: Open) -> None:
        probe = self._probe
        known = probe.scopes.find(node.cursor)
        if node.query:
            analyse(probe, node.query)
        if known and (node.query or node.text):
            known.query = node.query
        if node.text:
            dynamic(probe, node.text, node.expressions)
            return
        for code in node.expressions:
            probe.value(code)

    def _choice(self, node: Choice) -> None:
        probe = self._probe
        tables = all(
            condition is None or conditions.of_tables(condition) for condition, _ in node.branches
        )
        for number, (condition, body) in enumerate(node.branches):
            if tables:
                start = "else" if condition is None else "elsif" if number else "if"
                then = f"{condition.text}\n then" if condition else ""
                probe.lines.append(f"{start} {then} null;")
            elif condition:
                probe.value(condition)
            with self._expecting("" if tables else conditions.expects(condition)):
                self.statements(body)
            probe.scopes.loosen(assigned(body))
        if tables:
            probe.lines.append("end if;")

    def _loop(self, node: Loop) -> None:
        probe = self._probe
        for code in node.expressions if node.kind != "text" else ():
            probe.value(code)
        with self._scope(node.label, _own(node)):
            probe.scopes.loosen(assigned(node.body))
            self._head(node)
            self.statements(node.body)
        probe.scopes.loosen(assigned([node]))

    def _head(self, node: Loop) -> None:
        probe = self._probe
        if node.kind == "query" and node.over:
            analyse(probe, node.over, node.targets)
        elif node.kind == "text" and node.over:
            dynamic(probe, node.over, node.expressions, node.targets)
        elif node.kind == "cursor":
            from_cursor(probe, node.cursor, node.targets)
        elif node.kind == "array" and node.over:
            probe.value(node.over)
            from_query(probe, f"select * from unnest({node.over.text}\n)", node.targets)

    def _handler(self, handler: Handler) -> None:
        names = tuple(Variable(name, "text") for name in ("sqlstate", "sqlerrm"))
        with self._scope("", names):
            self.statements(handler.body)

    @contextmanager
    def _scope(self, label: str, variables: Sequence[Variable]) -> Iterator[None]:
        probe = self._probe
        probe.scopes.enter()
        declared = " ".join(map(self._declared, variables))
        mark = f"<<{label}>>\n" if label else ""
        probe.lines.append(f"{mark}declare {declared}\nbegin null;")
        yield
        probe.lines.append("end;")
        probe.scopes.leave()

    def _declared(self, variable: Variable) -> str:
        self._probe.scopes.add(variable.name, _known(variable))
        return f"{variable.written or f'{variable.name} {variable.kind}'};\n"

    @contextmanager
    def _expecting(self, reason: str) -> Iterator[None]:
        expected = self._probe.expected
        place = len(expected)
        expected += [reason] if reason else []
        yield
        del expected[place : place + bool(reason)]


def _known(variable: Variable) -> Known:
    if variable.kind == "cursor":
        return Known(query=variable.value, arguments=variable.arguments)
    return Known(record=variable.kind.lower() in ("record", "pg_catalog.record"))


def _own(node: Loop) -> tuple[Variable, ...]:
    # FOR declares its own variable where it counts, or goes through a cursor.
    kind = {"integer": "integer", "cursor": "record"}.get(node.kind)
    return (Variable(node.targets[0], kind),) if kind else ()
