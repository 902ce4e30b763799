"""Files of cases: what they may say, and what is judged by them."""

from __future__ import annotations

from typing import Any

import pytest

from readyctl.errors import ConfigError, MigrateError, ReadyctlError
from readyctl.migrate.rls.cases import read_cases
from readyctl.report.rls import render_rls, rls_data
from tests.migrate.rls.conftest import Database

pytestmark = pytest.mark.environment

CALLERS = """
rls: 1
callers:
  one: {role: {reader}, settings: {app.tenant: one}}
  nobody: {role: {reader}}
"""
ROW = "row: {id: 5, tenant: two}"


def judged(database: Database, *cases: str) -> list[tuple[bool, str]]:
    """Whether each case holds, and what came out."""
    lines = "".join(f"  - {{table: notes, {case}}}\n" for case in cases)
    database.write(f"{CALLERS}cases:\n{lines}")
    return [(case.holds, case.found) for case in database.test(matrix=False).cases]


@pytest.mark.parametrize(
    ("case", "holds", "found"),
    [
        ("command: select, expect: {one: 1}", True, "1 rows"),
        ("command: select, expect: {one: 2}", False, "1 rows"),
        ("command: select, expect: {nobody: 0}", True, "0 rows"),
        ("command: select, expect: {one: [1]}", True, "1 rows, as listed"),
        ("command: select, expect: {one: [2]}", False, "2 missing; 1 more than listed"),
        ("command: select, expect: {one: []}", False, "1 more than listed"),
        ("command: select, expect: {one: some}", True, "1 rows"),
        ("command: select, expect: {nobody: some}", False, "0 rows"),
        ("command: select, where: id = 2, expect: {one: 0}", True, "0 rows"),
        ("command: select, key: tenant, expect: {one: [one]}", True, "1 rows, as listed"),
        ("command: insert, row: {id: 5, tenant: one}, expect: {one: 1}", True, "1 rows"),
        (f"command: insert, {ROW}, expect: {{one: denied}}", True, "denied"),
        (f"command: insert, {ROW}, expect: {{one: 1}}", False, "denied"),
        ("command: insert, row: {id: 1, tenant: one}, expect: {one: refused}", True,
         'refused: SQLSTATE 23505'),
        ("command: insert, row: {id: 1, tenant: one}, expect: {one: denied}", False,
         'refused: SQLSTATE 23505'),
        ("command: update, expect: {one: 1}", True, "1 rows"),
        ("command: update, set: {tenant: two}, expect: {one: denied}", True, "denied"),
        ("command: update, set: {body: x}, expect: {one: 1}", True, "1 rows"),
        ("command: delete, expect: {one: 1}", True, "1 rows"),
        ("command: delete, where: id = 2, expect: {one: 1}", False, "0 rows"),
    ],
)  # fmt: skip
def test_a_case_is_judged(database: Database, case: str, holds: bool, found: str) -> None:
    """By what the database does, and with nothing said that the case does not say."""
    assert judged(database, case) == [(holds, found)]


def test_cases_do_not_see_each_other(database: Database) -> None:
    """Each is undone before the next."""
    assert judged(
        database, "command: delete, expect: {one: 1}", "command: select, expect: {one: 1}"
    ) == [(True, "1 rows"), (True, "1 rows")]


def test_others_are_all_who_are_not_named(database: Database) -> None:
    """A caller that is added later is judged too."""
    assert len(judged(database, "command: select, expect: {one: 1, others: 0}")) == 2


@pytest.mark.parametrize(
    "change",
    [
        "drop policy own on notes",
        "alter policy own on notes using (true)",
        "revoke select on notes from {reader}",
        "alter table notes disable row level security",
        "alter policy own on notes using (tenant <> current_setting('app.tenant', true))",
    ],
)
def test_a_changed_policy_turns_a_case_red(database: Database, change: str) -> None:
    """What held does not hold any more."""
    case = "command: select, expect: {one: [1], nobody: 0}"
    assert all(holds for holds, _ in judged(database, case))
    database.run(change)
    assert not all(holds for holds, _ in judged(database, case))


def test_the_setup_is_there_for_the_cases(database: Database) -> None:
    """Rows and statements of every file, put in by the owner although policies are forced."""
    database.run(
        "alter table notes owner to {owner}; alter table notes force row level security;"
        " grant {reader} to {owner}; alter role {owner} login password 'x'"
    )
    database.write(CALLERS + "setup: [{table: notes, rows: [{id: 7, tenant: one}]}]\n")
    database.write(
        "rls: 1\nsetup:\n  - sql: |\n      insert into notes values (8, 'one', ';');\n"
        "      update notes set body = 'x' where id = 8\n"
        "cases:\n  - {table: notes, command: select, expect: {one: [1, 7, 8]}}\n",
        "b.yaml",
    )
    from psycopg.conninfo import make_conninfo

    dsn = make_conninfo(database.dsn, user=database.owner, password="x")
    assert [case.found for case in database.test(dsn=dsn, matrix=False).cases] == [
        "3 rows, as listed"
    ]
    assert database.rows("select relforcerowsecurity from pg_class where relname = 'notes'") == [
        (True,)
    ]


def test_a_table_without_a_case_is_named(database: Database) -> None:
    """Coverage has a denominator, and a name for each that is missing."""
    database.run("create table other (); alter table other enable row level security")
    judged(database, "command: select, expect: {one: 1}")
    found = database.test(matrix=False)
    assert (found.covered, found.uncovered) == (("notes",), ("other",))
    assert "1 of 2 tables" in render_rls(found)
    assert "no case: other" in render_rls(found)


def test_a_report_fits_eighty_columns(database: Database) -> None:
    """The matrix does, whatever the names are."""
    database.run(f"create table {'t' * 60} (x int); grant select on {'t' * 60} to {{reader}}")
    text = render_rls(database.test(cases=False)).partition("\n\nFlaws")[0]
    matrix = [line for line in text.splitlines() if "  " in line and "R reads" not in line]
    assert max(map(len, matrix)) <= 90


def test_programs_get_every_cell(database: Database) -> None:
    """Four commands for each table and caller."""
    data: Any = rls_data(database.test())
    assert [cell["reach"] for cell in data["cells"]] == ["none"] * 4


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rls: 2\n", "E0475"),
        ("rls: 1\ncallers: {a: {}}\n", "E0475"),
        ("rls: 1\ncases: [{table: notes, command: select, expect: {a: 1}}]\n", "E0475"),
        ("rls: 1\ncases: [{table: notes, command: insert, expect: {others: 1}}]\n", "E0475"),
        ("rls: 1\nsetup: [{sql: commit}]\n", "E0475"),
        ("rls: 1\nsetup: [{sql: 'insert into notes values (9); rollback; select 1'}]\n", "E0475"),
        ("rls: 1\nsetup: [{sql: drop table notes}]\n", "E0475"),
        ("rls: 1\nsetup: [{sql: 'insert into'}]\n", "E0401"),
        ("rls: 1\ncallers: {x: {role: a, sql: delete from notes}}\n", "E0475"),
        (CALLERS + "cases: [{table: notes, command: select, expect: {one: 1},"
         " where: 'true); delete from notes where (true'}]\n", "E0475"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_valid_is_refused(database: Database, text: str, code: str) -> None:
    """Before anything is asked of the database; the file and the line are named."""
    database.write(text)
    with pytest.raises((ConfigError, MigrateError)) as caught:
        read_cases(database.folder, database.folder.parent)
    assert caught.value.code == code
    assert ".yaml" in caught.value.where


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cases: [{table: note, command: select, expect: {one: 1}}]\n", "E0476"),
        ("cases: [{table: notes, command: insert, row: {x: 1}, expect: {one: 1}}]\n", "E0476"),
        ("setup: [{table: gone, rows: [{id: 1}]}]\n", "E0476"),
        ("setup: [{table: notes, rows: [{id: 1, tenant: secret}]}]\n", "E0477"),
        ("setup: [{table: notes, rows: [{id: secret}]}]\n", "E0477"),
        ("setup: [{sql: 'select 1 / 0'}]\n", "E0477"),
    ],
)
def test_what_the_database_refuses_has_a_place(database: Database, text: str, code: str) -> None:
    """The file and the line of it, and no value."""
    database.write(CALLERS + text)
    with pytest.raises(ReadyctlError) as caught:
        database.test()
    assert (caught.value.code, "a.yaml:" in caught.value.where) == (code, True)
    assert "secret" not in f"{caught.value.message}{caught.value.cause}"


def test_a_caller_that_cannot_be_made_fails_its_cases(database: Database) -> None:
    """It is not taken for somebody who sees nothing."""
    database.write(
        CALLERS.replace("{role: {reader}}", "{role: {reader}, sql: select gone()}")
        + "cases: [{table: notes, command: select, expect: {nobody: 0}}]\n"
    )
    (case,) = database.test(matrix=False).cases
    assert (case.holds, case.found.startswith("the caller cannot be made")) == (False, True)
