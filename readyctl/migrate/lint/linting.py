"""Lints a folder: readyctl's rules over its steps, squawk's over its files, what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import takewhile
from types import MappingProxyType

from readyctl.clients.squawk import SquawkFailed
from readyctl.errors import MigrateError
from readyctl.migrate.lint import allowing, squawking
from readyctl.migrate.lint.apply import apply
from readyctl.migrate.lint.registry import ALL_OF_SQUAWK, OWN, TEXTS
from readyctl.migrate.lint.rule import Found, Rule
from readyctl.migrate.lint.schema import Schema
from readyctl.migrate.lint.squawkrules import TEXTS as SQUAWK
from readyctl.migrate.lint.step import Step, steps
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import FlawReport, RuleText, Undecided
from readyctl.model.migration import Migration

# What stands for squawk as a whole in what is not decided.
SQUAWK_MISSING = ALL_OF_SQUAWK


def lint(
    migrations: Sequence[Migration],
    wanted: Collection[str] = TEXTS,
    since: str = "",
    base: str = "",
) -> FlawReport:
    """Return what the wanted rules find in the migrations after the version `since`.

    All of the folder is read all the same: a later file may mend what an earlier one lacks, and
    what an earlier one made is there when a later one runs.

    Raises:
        MigrateError: E0424, no file has the version.
    """
    meant = newer(migrations, since)
    names = {migration.file for migration in meant}
    flaws, undecided = _own(migrations, wanted)
    more, unread = _squawk(meant, wanted)
    found = sorted((flaw for flaw in (*flaws, *more) if flaw.file in names), key=_order(migrations))
    allowing_comments = [c for migration in meant for c in allowing.comments(migration)]
    kept, allowed = allowing.apart(found, allowing_comments, TEXTS, wanted)
    kept = sorted((flaw for flaw in kept if flaw.rule in wanted), key=_order(migrations))
    named = {flaw.rule for flaw in (*kept, *(entry.flaw for entry in allowed))}
    return FlawReport(
        len(meant),
        tuple(kept),
        tuple(allowed),
        (*unread, *(entry for entry in undecided if entry.file in names)),
        MappingProxyType({name: TEXTS[name] for name in sorted(named)}),
        base,
    )


def squawk_failed(report: FlawReport) -> Undecided | None:
    """Return the entry that says that squawk did not run, None where it did."""
    return next((e for e in report.undecided if e.what == SQUAWK_MISSING), None)


def newer(migrations: Sequence[Migration], since: str) -> list[Migration]:
    """Return the migrations after a version, all where none is named.

    Raises:
        MigrateError: E0424, no file has the version.
    """
    if not since:
        return list(migrations)
    older = list(takewhile(lambda migration: migration.version != since, migrations))
    if len(older) == len(migrations):
        raise MigrateError(
            "E0424",
            f"no migration has the version {since}",
            hint="`readyctl migrate status` lists them",
        )
    return list(migrations[len(older) + 1 :])


def _own(
    migrations: Sequence[Migration], wanted: Collection[str]
) -> tuple[list[Flaw], list[Undecided]]:
    rules = [rule for rule in OWN if rule.text.id in wanted]
    flaws: dict[Flaw, None] = {}
    undecided: dict[Undecided, None] = {}
    for rule, found in _found(migrations, rules):
        if found.undecided:
            step = found.step
            entry = Undecided(rule.text.id, found.message, step.migration.file, step.line)
            undecided.setdefault(entry)
        else:
            flaws.setdefault(_flaw(rule.text, found))
    return list(flaws), list(undecided)


def _found(migrations: Sequence[Migration], rules: Sequence[Rule]) -> Iterator[tuple[Rule, Found]]:
    schema = Schema()
    seeing = [(rule, rule.each) for rule in rules if rule.each]
    for step in steps(migrations):
        if not isinstance(step, Step):
            schema.dynamic.append(step)
            continue
        for rule, each in seeing:
            for found in each(step, schema):
                yield rule, found
        apply(schema, step)
    for rule in rules:
        for found in rule.whole(schema) if rule.whole else ():
            yield rule, found


def _flaw(text: RuleText, found: Found) -> Flaw:
    step = found.step
    return Flaw(
        text.id,
        found.severity or text.severity,
        found.message,
        found.object,
        step.migration.file,
        step.line,
        step.column,
        found.hint or text.fix,
    )


def _squawk(
    migrations: Sequence[Migration], wanted: Collection[str]
) -> tuple[list[Flaw], list[Undecided]]:
    if not any(text.id in wanted for text in SQUAWK):
        return [], []
    try:
        return squawking.ask(migrations, wanted)
    except SquawkFailed as failed:
        why = f"{failed}: none of its rules was looked at"
        return [], [Undecided(SQUAWK_MISSING, why)]


def _order(migrations: Sequence[Migration]) -> Callable[[Flaw], tuple[int, int, int, str]]:
    places = {migration.file: number for number, migration in enumerate(migrations)}
    return lambda flaw: (places[flaw.file], flaw.line, flaw.column, flaw.rule)
