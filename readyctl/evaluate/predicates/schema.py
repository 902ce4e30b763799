"""Predicates about the schema: is it what the migrations make, and are these sound."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from readyctl.evaluate.predicates.items import Facts, rows, texts
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.status import Severity, Status


def published_subscriptions(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each table whose changes the code listens to is in a publication.

    A place whose text does not say which table it listens to is open.
    """
    published = {table for row in rows("publications", facts) for table in texts(row["tables"])}
    return tuple(_heard(row, published) for row in rows("realtime_subscriptions", facts))


def _heard(place: Mapping[str, Json], published: set[str]) -> Item:
    where, table = f"{place['file']}:{place['line']}", str(place["table"])
    name = f"{table} at {where}"
    if table == "*":
        return Item(name, Status.OPEN, "the code does not say which table", "a table", where=where)
    holds = any(entry.partition(".")[2] == table or entry == table for entry in published)
    return Item(
        name,
        Status.PASS if holds else Status.FAIL,
        "published" if holds else "in no publication",
        "a table of a publication",
        where=where,
    )


def schema_parity(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """The database is what the migrations make, object by object.

    What the comparison knows nothing about is open. That nothing differs counts only where
    something was compared.
    """
    parity = facts["schema_parity"]
    if not isinstance(parity, Mapping):
        raise TypeError("the fact schema_parity is not a mapping")
    wanted = f"as in {parity['expected_from']}"
    items = [_different(row, wanted) for row in rows("schema_parity.differences", facts)]
    unchecked = parity["unchecked"]
    if not isinstance(unchecked, list):
        raise TypeError("unchecked is not a list")
    items += [Item(str(what), Status.OPEN, "not compared", wanted) for what in unchecked]
    if items or not parity["compared"]:
        return tuple(items)
    return (Item("schema", Status.PASS, f"{parity['compared']} objects are the same", wanted),)


def _different(row: Mapping[str, Json], wanted: str) -> Item:
    observed = f"{row['attribute']} is different" if row["attribute"] else str(row["state"])
    return Item(f"{row['kind']} {row['object']}", Status.FAIL, observed, wanted)


def flawless_migrations(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """An examination of the migrations found nothing as severe as `severity`, or more.

    What it could not decide is open, and so is an examination that was not made. Parameters:
    `examination`; `severity`, the least that counts.
    """
    name, least = str(parameters["examination"]), Severity(str(parameters["severity"]))
    wanted = f"no flaw of {name}"
    made = [row for row in rows("migration_examinations", facts) if row["name"] == name]
    if not made:
        return (Item(name, Status.OPEN, "it was not looked for", wanted),)
    (found,) = made
    items = [
        _flaw(row, wanted)
        for row in rows("flaws", found)
        if Severity(str(row["severity"])).rank <= least.rank
    ]
    items += [
        Item(what, Status.OPEN, "not decided", wanted) for what in sorted(texts(found["undecided"]))
    ]
    observed = f"{found['decided']} {found['what']} looked at, nothing found"
    return tuple(items) or (Item(name, Status.PASS, observed, wanted),)


def _flaw(row: Mapping[str, Json], wanted: str) -> Item:
    where = f"{row['file']}:{row['line']}" if row["file"] else ""
    name = str(row["object"]) or where
    return Item(name, Status.FAIL, str(row["message"]), wanted, where=where)
