"""Rule `routines-valid`: what routines name exists, by PostgreSQL's own analysis."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from readyctl.clients.database import DatabaseSession
from readyctl.migrate.examine.catalog import Catalog, Routine
from readyctl.migrate.examine.examination import examination
from readyctl.migrate.examine.names import Names
from readyctl.migrate.examine.places import Places
from readyctl.migrate.examine.plpgsql.probe import Item
from readyctl.migrate.examine.probing import Probed, Said, probe_all
from readyctl.migrate.examine.transaction import rolled_back
from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Undecided
from readyctl.model.status import Severity

NAME = "routines-valid"
# A right that the examining role lacks, and a policy that ends nowhere, say nothing of the text.
_OTHER_REASONS = {
    "42501": "the examining role may not look at it",
    "42P17": "a policy ends nowhere",
}
_NESTED = re.compile(r"^(?:PL/pgSQL|SQL) function ", re.MULTILINE)
_ENUM = re.compile(r"invalid input value for enum ")
_RELATION = re.compile(r'relation "(?:[^"]+\.)?([^".]+)" does not exist')
_RECORD = re.compile(r'record "([^"]+)"')
_COMPILED_LINE = re.compile(r"near line (\d+)|line (\d+) at")


def examine_routines(session: DatabaseSession, catalog: Catalog, places: Places) -> Examination:
    """Return the routines that fail when they are called, whatever they are given.

    Nothing of a routine is run: its statements are planned, in a transaction that is rolled back.

    Raises:
        Refused, SourceFailure, ConnectionLost: see `DatabaseSession.query`.
    """
    with rolled_back(session):
        probed = probe_all(session, catalog)
    judge = _Judge(Names(catalog), places, frozenset(_made(probed)))
    found = [*_not_read(catalog), *(entry for one in probed for entry in judge.judged(one))]
    flaws = [entry for entry in found if isinstance(entry, Flaw)]
    unknown = [entry for entry in found if isinstance(entry, Undecided)]
    doubtful = {entry.what for entry in unknown}
    decided = sum(routine.signature not in doubtful for routine in catalog.routines)
    return examination(NAME, "routines", flaws, decided, unknown)


def _made(probed: Sequence[Probed]) -> Iterator[str]:
    for one in probed:
        yield from one.probe.made


def _not_read(catalog: Catalog) -> Iterator[Undecided]:
    for routine in catalog.routines:
        if routine.language not in ("sql", "plpgsql"):
            yield Undecided(routine.signature, f"its language is {routine.language}")
        elif routine.language == "sql" and routine.polymorphic and not routine.atomic:
            yield Undecided(routine.signature, "its types are known only when it is called")


class _Judge:
    """Tells a flaw from what may be none."""

    def __init__(self, names: Names, places: Places, made: frozenset[str]) -> None:
        self._names = names
        self._places = places
        self._made = made

    def judged(self, one: Probed) -> Iterator[Flaw | Undecided]:
        """Return what is wrong with a routine, and what about it is not decided."""
        routine = one.routine
        for doubt in one.probe.doubts:
            yield Undecided(routine.signature, doubt.reason, line=doubt.line)
        if one.compiled:
            yield self._compiled(routine, one.compiled)
        if one.broken:
            reason = f"it could not be tried (SQLSTATE {one.broken.s})"
            yield Undecided(routine.signature, reason)
        seen: set[tuple[str, str]] = set()
        for said in one.said:
            item = one.probe.items[said.i]
            if (said.s, said.m) not in seen and not _nested(said.c):
                seen.add((said.s, said.m))
                yield self._item(one, item, said)

    def _compiled(self, routine: Routine, said: Said) -> Flaw | Undecided:
        found = _COMPILED_LINE.search(said.c)
        line = int(found[1] or found[2]) if found else 0
        reason = self._reason(routine, said)
        if _nested(said.c) or reason:
            reason = reason or "a routine that it calls fails"
            return Undecided(routine.signature, reason, line=line)
        return self._flaw(routine, said, line or self._names.line(routine.body, 1, said.m))

    def _item(self, one: Probed, item: Item, said: Said) -> Flaw | Undecided:
        line = self._names.line(item.code.text, item.code.line, said.m)
        reason = item.expected or self._reason(one.routine, said) or _loose(item, said)
        if reason:
            return Undecided(one.routine.signature, reason, line=line)
        several = f", for {one.table.label}" if one.table else ""
        return self._flaw(one.routine, said, line, several, hidden=item.hidden)

    def _reason(self, routine: Routine, said: Said) -> str:
        missing = _RELATION.search(said.m)
        if said.s in _OTHER_REASONS:
            return _OTHER_REASONS[said.s]
        if missing and missing[1] in self._made:
            return f"{missing[1]} is made while a routine runs"
        if said.s == "55000":
            return "a record gets its columns elsewhere"
        if routine.polymorphic:
            return "its types are known only when it is called"
        certain = said.s.startswith("42") or said.s == "3F000" or _ENUM.match(said.m)
        return "" if certain else f"the server would not plan it (SQLSTATE {said.s})"

    def _flaw(
        self, routine: Routine, said: Said, line: int, where: str = "", *, hidden: bool = False
    ) -> Flaw:
        file, in_file = self._places.of(routine, line)
        near = self._names.nearest(said.m)
        hides = "; WHEN OTHERS hides it when it runs" if hidden else ""
        return Flaw(
            NAME,
            Severity.MEDIUM if hidden else Severity.HIGH,
            f"{routine.signature} cannot run: {said.m} ({said.s}), line {line}{where}{hides}",
            object=routine.signature,
            file=file,
            line=in_file,
            hint=f"the nearest that exists is {near}" if near else "correct the routine",
        )


def _nested(context: str) -> bool:
    """Whether an error comes from a routine that was called, and not from the one itself."""
    # One is the routine, or its probe; the other one runs it.
    return len(_NESTED.findall(context)) > 2


def _loose(item: Item, said: Said) -> str:
    about = _RECORD.search(said.m)
    names = {about[1]} if about else set()
    names |= set(re.findall(r"\w+", item.code.text.lower()))
    return "what a record holds depends on the way there" if names & item.loose else ""
