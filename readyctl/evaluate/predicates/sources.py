"""Predicates about source code: what is left in it of the system that is replaced."""

from __future__ import annotations

from datetime import datetime

from readyctl.evaluate.predicates.items import Facts, rows
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.status import Status


def leftovers(facts: Facts, parameters: Facts, _: datetime) -> tuple[Item, ...]:
    """No script of the source folders holds what is looked for.

    It is open when no script was there to be searched. Parameters: `fact`, the places that were
    found; `field`, what of a place is shown.
    """
    found = rows(str(parameters["fact"]), facts)
    if found:
        return tuple(
            Item(
                name=f"{row['file']}:{row['line']}",
                status=Status.FAIL,
                observed=str(row[str(parameters["field"])]),
                expected="nothing",
                where=f"{row['file']}:{row['line']}",
            )
            for row in found
        )
    return (_searched(facts),)


def _searched(facts: Facts) -> Item:
    roots = rows("source_roots", facts)
    scripts = sum(_count(row["scripts"]) for row in roots)
    return Item(
        name=", ".join(str(row["path"]) for row in roots) or "source folders",
        status=Status.PASS if scripts else Status.OPEN,
        observed=(
            f"{scripts} scripts searched, nothing found"
            if scripts
            else "no TypeScript or JavaScript to search; set `source:` to the frontend's folder"
        ),
        expected="scripts of the frontend, without what is looked for",
    )


def _count(value: Json) -> int:
    return int(str(value))
