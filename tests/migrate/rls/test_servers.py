"""The test of row-level security on the oldest server; all other tests use the newest."""

from __future__ import annotations

import pytest

from readyctl.report.rls import letters
from tests.migrate.rls.conftest import Database

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("postgres-15")]

CASES = """
rls: 1
tenant_column: tenant
callers:
  one: {role: {reader}, settings: {app.tenant: one}, tenant: one}
setup: [{table: notes, rows: [{id: 7, tenant: one}]}]
cases:
  - {table: notes, command: select, expect: {one: [1, 7]}}
  - {table: notes, command: delete, where: id = 2, expect: {one: 0}}
  - {table: notes, command: insert, row: {id: 9, tenant: two}, expect: {one: denied}}
"""


def test_cases_and_matrix_are_the_same_there(old_database: Database) -> None:
    """As the superuser, whom no policy binds."""
    old_database.write(CASES)
    found = old_database.test()
    assert found.server // 10_000 == 15
    assert [judged.holds for judged in found.cases] == [True] * 3
    assert letters(found.matrix.of("notes", "one")) == "riud"


def test_an_owner_makes_itself_a_member_there(old_database: Database) -> None:
    """Who may create roles acts as each of them, until the rollback."""
    from psycopg.conninfo import make_conninfo

    old_database.run(
        "alter table notes owner to {owner}; alter table notes force row level security;"
        " alter role {owner} login createrole password 'x'"
    )
    old_database.write(CASES)
    dsn = make_conninfo(old_database.dsn, user=old_database.owner, password="x")
    assert [judged.found for judged in old_database.test(dsn=dsn).cases] == [
        "2 rows, as listed",
        "0 rows",
        "denied",
    ]
