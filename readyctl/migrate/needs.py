"""Says which files need what no file before them makes, and which only follow those. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from readyctl.migrate.statements import steps
from readyctl.migrate.steps import Step, Verb
from readyctl.migrate.things import (
    DEFAULT_PATH,
    TEMPORARY,
    Kind,
    Thing,
    is_built_in,
    is_given,
    is_known_extension,
    is_supabase,
)
from readyctl.model.cause import Cause, Place, Reason
from readyctl.model.migration import Migration


@dataclass(frozen=True, slots=True)
class Need:
    """The first place of a file that needs something."""

    thing: Thing
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class FileNeeds:
    """What a file misses, and what it takes from the files before it: any of `makers` will do."""

    file: str
    missing: tuple[Need, ...]
    taken: tuple[tuple[Need, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The needs of all files in order; `made` is who makes each thing, wherever it stands."""

    files: tuple[FileNeeds, ...]
    made: Mapping[Thing, tuple[int, ...]]

    def roots(self) -> list[frozenset[Thing]]:
        """Return for each file the missing things that hold it back, itself or through others."""
        found: list[frozenset[Thing]] = []
        for file in self.files:
            own = {need.thing for need in file.missing}
            for _, makers in file.taken:
                # One maker that is not held back is enough.
                if all(found[maker] for maker in makers):
                    own |= found[makers[-1]]
            found.append(frozenset(own))
        return found


def needs(migrations: Sequence[Migration]) -> Graph:
    """Return what each file needs, makes and misses, in the order of the files."""
    state = _State()
    files = tuple(state.file(number, migration) for number, migration in enumerate(migrations))
    return Graph(files, {thing: tuple(makers) for thing, makers in state.ever.items()})


def causes(graph: Graph) -> tuple[Cause, ...]:
    """Return what is missing, that which holds back most files first."""
    roots = graph.roots()
    direct: dict[Thing, list[Need]] = {}
    for file in graph.files:
        for need in file.missing:
            direct.setdefault(need.thing, []).append(need)
    found = (_cause(graph, thing, first, roots) for thing, first in direct.items())
    return tuple(sorted(found, key=lambda cause: (-cause.held, cause.what)))


def _cause(
    graph: Graph, thing: Thing, direct: list[Need], roots: Sequence[frozenset[Thing]]
) -> Cause:
    names = {need.file for need in direct}
    follows = tuple(
        file.file
        for file, own in zip(graph.files, roots, strict=True)
        if thing in own and file.file not in names
    )
    reason, by = reason_of(graph, thing, direct[0].file)
    places = tuple(Place(need.file, need.line) for need in direct)
    return Cause(str(thing), reason, places, follows, by)


def reason_of(graph: Graph, thing: Thing, first: str) -> tuple[Reason, str]:
    """Return why a thing is not there for the file `first`, and which other file is behind it."""
    makers = graph.made.get(thing, ())
    if not makers:
        return Reason.NOBODY, ""
    order = [file.file for file in graph.files]
    at = order.index(first)
    later = [maker for maker in makers if maker >= at]
    if len(later) < len(makers):
        return Reason.DROPPED, order[max(maker for maker in makers if maker < at)]
    return Reason.LATER, order[later[0]]


@dataclass(slots=True)
class _Seen:
    """What was seen of one file so far, and what it has set."""

    number: int
    file: str
    path: tuple[str, ...] = DEFAULT_PATH
    bodies: bool = True
    missing: dict[Thing, Need] = field(default_factory=dict)
    taken: dict[Thing, tuple[Need, tuple[int, ...]]] = field(default_factory=dict)


@dataclass(slots=True)
class _State:
    """What is there at one point of the files, and which of them made it."""

    there: dict[Thing, list[int]] = field(default_factory=dict)
    ever: dict[Thing, list[int]] = field(default_factory=dict)

    def file(self, number: int, migration: Migration) -> FileNeeds:
        """Return what a file needs, and take in what it makes."""
        seen = _Seen(number, migration.file)
        for statement in migration.statements:
            for step in steps(statement):
                if step.verb is Verb.UNLESS and self._find(step, seen.path) in self.there:
                    break
                self._step(step, seen)
        return FileNeeds(seen.file, tuple(seen.missing.values()), tuple(seen.taken.values()))

    def _step(self, step: Step, seen: _Seen) -> None:
        path = seen.path if step.path is None else step.path
        match step.verb:
            case Verb.PATH:
                seen.path = DEFAULT_PATH if step.path is None else step.path
            case Verb.BODIES:
                seen.bodies = step.name == "on"
            case Verb.NEED if seen.bodies or not step.body:
                self._need(step, path, seen)
            case Verb.RENAME:
                self._rename(step, seen.number)
            case Verb.MAKE | Verb.DROP:
                self._change(step, path, seen.number)

    def _need(self, step: Step, path: tuple[str, ...], seen: _Seen) -> None:
        thing = self._find(step, path)
        if thing is None:
            return
        makers = self.there.get(thing)
        need = Need(thing, seen.file, step.line)
        if makers is None:
            seen.missing.setdefault(thing, need)
        elif seen.number not in makers:
            seen.taken.setdefault(thing, (need, tuple(makers)))

    def _find(self, step: Step, path: tuple[str, ...]) -> Thing | None:
        """The thing that a step means, there or not; None where it needs no file."""
        if step.kind in (Kind.SCHEMA, Kind.ROLE, Kind.EXTENSION):
            return _unless_given(Thing(step.kind, "", step.name))
        if step.schema:
            return self._in(step.kind, step.name, (step.schema,))
        found = self._in(step.kind, step.name, (TEMPORARY, *path), only_there=True)
        if found is not None:
            return found
        # With an empty path a dump names everything in full but what is PostgreSQL's own.
        elsewhere = not path or is_supabase(path[0])
        if elsewhere or is_built_in(step.kind, step.name) or self._strange(step.kind):
            return None
        return self._in(step.kind, step.name, path[:1])

    def _strange(self, kind: Kind) -> bool:
        """Whether an unknown extension may have brought a function or type."""
        return kind in (Kind.FUNCTION, Kind.TYPE) and any(
            thing.kind is Kind.EXTENSION and not is_known_extension(thing.name)
            for thing in self.there
        )

    def _in(
        self, kind: Kind, name: str, schemas: Iterable[str], *, only_there: bool = False
    ) -> Thing | None:
        asked: Thing | None = None
        for schema in schemas:
            thing = asked = Thing(kind, schema, name)
            for same in (thing, *self._alike(thing)):
                if same in self.there:
                    return same
        return None if only_there or asked is None else _unless_given(asked)

    def _alike(self, thing: Thing) -> Iterable[Thing]:
        """A table has a type of its name; a sequence of a column goes by its table's."""
        if thing.kind is Kind.TYPE:
            yield Thing(Kind.TABLE, thing.schema, thing.name)
            if thing.name.startswith("_"):
                yield Thing(Kind.TYPE, thing.schema, thing.name[1:])
        if thing.kind is Kind.FUNCTION:
            yield Thing(Kind.TYPE, thing.schema, thing.name)
        if thing.kind is Kind.TABLE and thing.name.endswith("_seq"):
            parts = thing.name.split("_")
            for end in range(len(parts) - 2, 0, -1):
                yield Thing(Kind.TABLE, thing.schema, "_".join(parts[:end]))

    def _rename(self, step: Step, number: int) -> None:
        old, new = Thing(Kind.SCHEMA, "", step.schema), Thing(Kind.SCHEMA, "", step.name)
        self.there.pop(old, None)
        moved = [thing for thing in self.there if thing.schema == step.schema]
        for thing in (new, *(Thing(thing.kind, step.name, thing.name) for thing in moved)):
            self.there.setdefault(thing, []).append(number)
            self.ever.setdefault(thing, []).append(number)
        for thing in moved:
            del self.there[thing]

    def _change(self, step: Step, path: tuple[str, ...], number: int) -> None:
        if step.verb is Verb.MAKE:
            schema = "" if step.kind in _ALONE else step.schema or (path or DEFAULT_PATH)[0]
            thing = Thing(step.kind, schema, step.name)
            self.there.setdefault(thing, []).append(number)
            self.ever.setdefault(thing, []).append(number)
            return
        found = self._find(step, path)
        if found is None:
            return
        self.there.pop(found, None)
        if found.kind is Kind.SCHEMA:
            for thing in [thing for thing in self.there if thing.schema == found.name]:
                del self.there[thing]


_ALONE = (Kind.SCHEMA, Kind.ROLE, Kind.EXTENSION)


def _unless_given(thing: Thing) -> Thing | None:
    return None if is_given(thing) else thing
