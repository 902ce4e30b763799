"""The SQL that a difference offers makes it vanish."""

from __future__ import annotations

import pytest

from readyctl.migrate.parity.repair import ordered, repaired
from readyctl.model.schema import Schema
from tests.migrate.verify.conftest import Base, schema_within, whole
from tests.migrate.verify.mutations import CLUSTER, MUTATIONS, Mutation

pytestmark = pytest.mark.environment

# In the transaction that dropped it the server cannot make it again.
_NOT_HERE = "alter domain app.email drop constraint has_at"


@pytest.mark.parametrize(
    "mutation",
    [m for m in (*MUTATIONS, *CLUSTER) if m.sql != _NOT_HERE],
    ids=lambda m: m.sql[:70],
)
def test_a_repair_makes_its_difference_vanish(
    base: Base, expected: Schema, mutation: Mutation
) -> None:
    """After every repair that is offered, nothing differs but what was said to be by hand."""
    with base.changed(mutation.sql) as connection:
        live = schema_within(connection)
        found = [repaired(d, expected, live) for d in whole(expected, live).differences]
        connection.execute("set constraints all immediate; set check_function_bodies = off")
        for difference in ordered(found):
            connection.execute(difference.repair.encode() or b"select")
        left = whole(expected, schema_within(connection)).differences
    by_hand = {(d.kind, d.object, d.attribute) for d in found if not d.repair}
    # A column that is made again is the last one of its table.
    surprises = [d for d in left if d.attribute != "column_order"]
    assert {(d.kind, d.object, d.attribute) for d in surprises} <= by_hand


def test_most_changes_have_a_repair(base: Base, expected: Schema) -> None:
    """Work by hand is the exception: of the changes to tables, policies and grants it is none."""
    statements = (
        "alter table app.people no force row level security",
        "drop policy people_all on app.people",
        "drop table app.wide",
        "grant delete on app.people to rv_reader",
        "alter function app.caller() security invoker",
    )
    for statement in statements:
        with base.changed(statement) as connection:
            live = schema_within(connection)
        found = [repaired(d, expected, live) for d in whole(expected, live).differences]
        assert all(difference.repair for difference in found), statement


def test_what_destroys_rows_is_said_to(base: Base, expected: Schema) -> None:
    """Dropping a table that is not expected is offered, and marked."""
    with base.changed("create table app.fresh (id integer)") as connection:
        live = schema_within(connection)
    (found,) = whole(expected, live).differences
    assert repaired(found, expected, live).destroys
