"""Rule `definitions-shadowed`: what IF NOT EXISTS did not make, and what OR REPLACE left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pglast import ast
from pglast.enums import AlterTableType, FunctionParameterMode, ObjectType

from readyctl.migrate.examine.definitions import Definition, kind_of, said, table
from readyctl.migrate.examine.examination import examination
from readyctl.migrate.examine.history import History, Key, key, pair, spelled
from readyctl.migrate.examine.nodes import Tree, is_a, parsed
from readyctl.migrate.examine.plpgsql.contents import statements
from readyctl.migrate.examine.plpgsql.reading import read_body
from readyctl.migrate.examine.plpgsql.tokens import Unreadable
from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Undecided
from readyctl.model.migration import Migration, Statement
from readyctl.model.status import Severity

NAME = "definitions-shadowed"
_RETURNED = (FunctionParameterMode.FUNC_PARAM_OUT, FunctionParameterMode.FUNC_PARAM_TABLE)


def examine_shadowed(migrations: Sequence[Migration]) -> Examination:
    """Return the definitions that changed nothing because one of that name was there. Pure."""
    walk = _Walk()
    for migration in migrations:
        for statement in migration.statements:
            walk.statement(migration.file, statement)
    flaws = [*walk.flaws, *walk.replaced()]
    return examination(NAME, "definitions", flaws, walk.decided, walk.unknown)


class _Walk:
    """Goes through the statements of all files in order."""

    def __init__(self) -> None:
        self.history = History()
        self.flaws: list[Flaw] = []
        self.unknown: list[Undecided] = []
        self.decided = 0
        self._replaced: dict[tuple[str, str, str], tuple[Flaw, int]] = {}

    def replaced(self) -> Iterator[Flaw]:
        """Return one flaw for each function whose earlier definitions are gone."""
        for flaw, times in self._replaced.values():
            more = f", and {times - 1} before it" if times > 1 else ""
            message = f"{flaw.message}{more}"
            yield Flaw(NAME, flaw.severity, message, flaw.object, flaw.file, flaw.line)

    def statement(self, file: str, statement: Statement) -> None:
        """Take in one statement of a file, or those inside of a DO block."""
        if statement.kind == "DoStmt":
            self._do(file, statement)
            return
        node = parsed(statement.sql)
        if node is not None:
            self._node(node, file, statement.line, kept=_kept(node))

    def _do(self, file: str, statement: Statement) -> None:
        node = parsed(statement.sql)
        options = {o.defname: o.arg for o in node.args or ()} if is_a(node, ast.DoStmt) else {}
        body = str(options["as"].sval) if "as" in options else ""
        try:
            _, block = read_body(body)
        except Unreadable:
            self.unknown.append(Undecided(f"{file}:{statement.line}", "a DO block cannot be read"))
            return
        before = statement.sql.find(body)
        first = statement.line + statement.sql.count("\n", 0, max(before, 0))
        for found in statements([block]):
            inner = parsed(found.code.text)
            if inner is not None:
                self._node(inner, file, first + found.code.line - 1, kept=True)

    def _node(self, node: Tree, file: str, line: int, *, kept: bool) -> None:
        place = f"{file}:{line}"
        if is_a(node, ast.CreateFunctionStmt):
            self._function(node, file, line)
            return
        self._columns(node, file, line)
        made = _made(node, place)
        if made is None:
            self.history.follow(node, place)
            return
        name, definition = made
        earlier = self.history.objects.get(name)
        if earlier is None or not kept:
            self.history.objects[name] = definition
            return
        self._compared(name, earlier, definition, file, line)

    def _compared(
        self, name: Key, earlier: Definition, definition: Definition, file: str, line: int
    ) -> None:
        shown = (
            ".".join(name[1:])
            if name[0] not in ("policy", "trigger")
            else f"{name[2]} on {name[1]}"
        )
        if not (earlier.known and definition.known):
            reason = f"the columns of {earlier.place} come from elsewhere"
            self.unknown.append(Undecided(shown, reason))
            return
        self.decided += 1
        missing = earlier.missing(definition)
        if missing:
            columns = any("column" in part or "value" in part for part in missing)
            self.flaws.append(
                Flaw(
                    NAME,
                    Severity.HIGH if columns or name[0] != "table" else Severity.MEDIUM,
                    f"this definition of {name[0]} {shown} does nothing: there is that of"
                    f" {earlier.place}, and {'; '.join(missing)}",
                    object=shown,
                    file=file,
                    line=line,
                    hint="change what is there, by ALTER, or drop it first",
                )
            )

    def _columns(self, node: Tree, file: str, line: int) -> None:
        """ADD COLUMN IF NOT EXISTS of another type than the column has."""
        if not is_a(node, ast.AlterTableStmt):
            return
        name = key("table", node.relation)
        earlier = self.history.objects.get(name)
        if earlier is None:
            return
        for command in node.cmds or ():
            column = str(getattr(command.def_, "colname", ""))
            added = command.subtype == AlterTableType.AT_AddColumn and command.missing_ok
            if added and column in earlier.columns:
                there = Definition(earlier.place, {column: earlier.columns[column]})
                wanted = Definition("", {column: kind_of(command.def_)})
                self._compared(name, there, wanted, file, line)

    def _function(self, node: Tree, file: str, line: int) -> None:
        schema, name = pair(node.funcname)
        arguments = ", ".join(
            spelled(p.argType) for p in node.parameters or () if p.mode not in _RETURNED
        )
        overloads = self.history.functions.setdefault((schema, name), {})
        shown = f"{schema}.{name}({arguments})"
        made = Definition(f"{file}:{line}", text=said(node, "replace"))
        earlier = overloads.get(arguments)
        self.decided += 1
        if earlier and earlier.text != made.text:
            message = f"{shown} replaces that of {earlier.place}"
            _, times = self._replaced.get((schema, name, arguments), (None, 0))
            flaw = Flaw(NAME, Severity.LOW, message, shown, file, line)
            self._replaced[(schema, name, arguments)] = flaw, times + 1
        elif not earlier and overloads and node.replace:
            others = [d.place for d in overloads.values()]
            self.flaws.append(
                Flaw(
                    NAME,
                    Severity.MEDIUM,
                    f"{shown} replaces nothing: the function of {others[-1]} has other arguments,"
                    " and stays callable",
                    object=shown,
                    file=file,
                    line=line,
                    hint="drop the other one first, unless both are wanted",
                )
            )
        overloads[arguments] = made


def _kept(node: Tree) -> bool:
    """Whether a statement leaves alone what has its name."""
    return bool(getattr(node, "if_not_exists", False))


def _made(node: Tree, place: str) -> tuple[Key, Definition] | None:
    makes = _MAKES.get(type(node))
    return makes(node, place) if makes else None


def _index(node: Tree, place: str) -> tuple[Key, Definition] | None:
    if not node.idxname:
        return None
    schema = node.relation.schemaname or "public"
    text = said(node, "if_not_exists", "concurrent")
    on = f"{schema}.{node.relation.relname}"
    return ("index", schema, str(node.idxname)), Definition(place, text=text, on=on)


def _sequence(node: Tree, place: str) -> tuple[Key, Definition]:
    return key("sequence", node.sequence), Definition(place, text=said(node, "if_not_exists"))


def _enum(node: Tree, place: str) -> tuple[Key, Definition]:
    values = {str(value.sval): "a value" for value in node.vals or ()}
    return ("type", *pair(node.typeName)), Definition(place, values)


def _composite(node: Tree, place: str) -> tuple[Key, Definition]:
    columns = {str(column.colname): kind_of(column) for column in node.coldeflist or ()}
    return key("type", node.typevar), Definition(place, columns)


def _domain(node: Tree, place: str) -> tuple[Key, Definition]:
    return ("type", *pair(node.domainname)), Definition(place, text=said(node))


def _view(node: Tree, place: str) -> tuple[Key, Definition]:
    return key("view", node.view), Definition(place, text=said(node, "replace"))


def _policy(node: Tree, place: str) -> tuple[Key, Definition]:
    return _on_table("policy", str(node.policy_name), node.table, said(node), place)


def _trigger(node: Tree, place: str) -> tuple[Key, Definition]:
    return _on_table("trigger", str(node.trigname), node.relation, said(node, "replace"), place)


def _from_query(node: Tree, place: str) -> tuple[Key, Definition]:
    if node.objtype == ObjectType.OBJECT_MATVIEW:
        text = said(node, "if_not_exists")
        return key("materialized view", node.into.rel), Definition(place, text=text)
    return key("table", node.into.rel), Definition(place, known=False)


def _on_table(
    kind: str, name: str, relation: Tree, text: str, place: str
) -> tuple[Key, Definition]:
    on = f"{relation.schemaname or 'public'}.{relation.relname}"
    return (kind, on, name), Definition(place, text=text, on=on)


_MAKES: Mapping[type[ast.Node], Callable[[Tree, str], tuple[Key, Definition] | None]] = {
    ast.CreateStmt: lambda node, place: (key("table", node.relation), table(node, place)),
    ast.CreateTableAsStmt: _from_query,
    ast.IndexStmt: _index,
    ast.CreateSeqStmt: _sequence,
    ast.CreateEnumStmt: _enum,
    ast.CompositeTypeStmt: _composite,
    ast.CreateDomainStmt: _domain,
    ast.ViewStmt: _view,
    ast.CreatePolicyStmt: _policy,
    ast.CreateTrigStmt: _trigger,
}
