"""Predicates about the schema: what it publishes, against what is listened to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from readyctl.evaluate.predicates.items import Facts, rows, texts
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.status import Status


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
