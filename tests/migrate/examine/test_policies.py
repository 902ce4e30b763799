"""Policies that let everybody in, that are not in force, or that end nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from readyctl.local.state import LocalState
from readyctl.migrate.examine.effective import examine_effective
from readyctl.migrate.examine.policies import (
    examine_enabled,
    examine_permissive,
    examine_recursive,
)
from readyctl.model.status import Severity
from tests.migrate.examine.conftest import Shadow, shadow_on

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("examine")]

_ROLES = ("anon", "authenticated", "service_role", "examine_app", "examine_owner", "examine_by")
_TABLES = """
create table notes (id int, owner int, practice int);
create table members (practice int, person int);
alter table notes enable row level security;
alter table members enable row level security;
"""


@pytest.fixture(params=["local_empty", "fifteen"])
def shadow(request: pytest.FixtureRequest) -> Iterator[Shadow]:
    """Two tables with row-level security, on the newest and on the oldest server."""
    state: LocalState = request.getfixturevalue(request.param)
    with shadow_on(state) as found:
        for role in _ROLES:
            bypass = "bypassrls" if role == "examine_by" else ""
            found.run(
                f"do $$ begin create role {role} {bypass};"
                " exception when duplicate_object then null; end $$"
            )
        found.run(_TABLES)
        yield found


@pytest.mark.parametrize(
    ("policy", "severity"),
    [
        ("for insert with check (true)", Severity.HIGH),
        ("for insert to authenticated with check (1 = 1)", Severity.HIGH),
        ("for update to authenticated using (true)", Severity.HIGH),
        ("for update to authenticated using (owner = 1) with check (true)", Severity.HIGH),
        ("for delete to anon using (not false)", Severity.BLOCKER),
        ("for all using (true or owner = 1)", Severity.BLOCKER),
        ("for select to authenticated using (true)", Severity.MEDIUM),
        ("for select using (current_user = current_user)", Severity.HIGH),
        ("for delete to authenticated, service_role using (true)", Severity.HIGH),
    ],
)
def test_a_policy_that_lets_everybody_in(shadow: Shadow, policy: str, severity: Severity) -> None:
    """A condition that is plainly true is a flaw of the policy."""
    shadow.run(f"create policy p on notes {policy}")
    (flaw,) = examine_permissive(shadow.catalog()).flaws
    assert (flaw.object, flaw.severity) == ("p on public.notes", severity)


@pytest.mark.parametrize(
    "policy",
    [
        "to service_role using (true) with check (true)",
        "to examine_by using (true)",
        "as restrictive using (true)",
        "using (owner = 1)",
        "for update using (owner = 1)",
        "for all using (owner = 1) with check (owner = 1)",
        "for delete using (false)",
        "using (exists (select true from members m where m.practice = notes.practice))",
    ],
)
def test_a_policy_that_says_who(shadow: Shadow, policy: str) -> None:
    """A condition on the row, a server's role or a restriction is no flaw."""
    shadow.run(f"create policy p on notes {policy}")
    found = examine_permissive(shadow.catalog())
    assert (found.flaws, found.decided) == ((), 1)


def test_policies_of_a_table_that_has_it_off(shadow: Shadow) -> None:
    """Policies that are not in force are a flaw of the table; views are not counted."""
    shadow.run(
        "create policy p on notes using (owner = 1); alter table notes disable row level security;"
        " create view v as select 1"
    )
    found = examine_enabled(shadow.catalog())
    assert [flaw.object for flaw in found.flaws] == ["public.notes"]
    assert found.decided == 2


_OF_MEMBERS = "create policy m on members for select using (person = 1);"
_NOTES = "exists (select from notes n where n.practice = members.practice)"


@pytest.mark.parametrize(
    "policies",
    [
        "create policy p on members using (practice in (select practice from members));",
        "create policy p on members using (practice in (select practice from members m));",
        f"create policy p on notes using (practice in (select practice from members));"
        f"create policy q on members for select using ({_NOTES});",
    ],
)
def test_policies_that_end_nowhere(shadow: Shadow, policies: str) -> None:
    """A policy that asks its own table is found, and the server says the same."""
    shadow.run(f"{policies} grant select on members, notes to examine_app")
    found = examine_recursive(shadow.catalog()).flaws
    assert "public.members" in [flaw.object for flaw in found]
    with psycopg.connect(shadow.dsn) as connection:
        connection.execute("set role examine_app")
        with pytest.raises(psycopg.Error, match="infinite recursion"):
            connection.execute("select from members")


@pytest.mark.parametrize(
    "policies",
    [
        _OF_MEMBERS
        + "create policy p on notes using (practice in (select practice from members));",
        _OF_MEMBERS + "create policy p on members for insert with check (practice in (select"
        " practice from members));",
        f"{_OF_MEMBERS}create policy p on notes to anon using (practice in (select practice from"
        f" members)); create policy q on members for select to authenticated using ({_NOTES});"
        " create policy r on notes to authenticated using (owner = 1);",
    ],
)
def test_policies_that_end(shadow: Shadow, policies: str) -> None:
    """A policy that asks another table, or its own through a policy that asks none, is no flaw."""
    shadow.run(f"{policies} grant select, insert on members, notes to examine_app, anon")
    assert examine_recursive(shadow.catalog()).flaws == ()
    with psycopg.connect(shadow.dsn) as connection:
        connection.execute("set role anon")
        connection.execute("select from notes")


def test_an_application_that_owns_its_tables(shadow: Shadow) -> None:
    """An owner is not held by policies that are not forced, also through a role it belongs to."""
    shadow.run(
        "alter table notes owner to examine_app; alter table members owner to examine_owner;"
        " grant examine_owner to examine_app"
    )
    try:
        flaws = examine_effective(shadow.catalog(), "examine_app").flaws
        assert [flaw.object for flaw in flaws] == ["public.members", "public.notes"]
    finally:
        shadow.run("revoke examine_owner from examine_app")


def test_forced_policies_hold_the_owner(shadow: Shadow) -> None:
    """Where policies are forced, or somebody else owns the table, they are in force."""
    shadow.run("alter table notes owner to examine_app; alter table notes force row level security")
    found = examine_effective(shadow.catalog(), "examine_app")
    assert (found.flaws, found.decided, found.undecided) == ((), 2, ())


def test_a_role_that_bypasses(shadow: Shadow) -> None:
    """BYPASSRLS is one flaw, of the role."""
    (flaw,) = examine_effective(shadow.catalog(), "examine_by").flaws
    assert flaw.object == "examine_by"


def test_a_view_goes_round_policies(shadow: Shadow) -> None:
    """A view without security_invoker shows its readers what its owner sees; others do not."""
    shadow.run(
        "create view shown as select * from notes; grant select on shown to anon;"
        "create view held with (security_invoker = true) as select * from notes;"
        "grant select on held to anon; create view unread as select * from notes;"
        "create materialized view kept as select * from notes; grant select on kept to anon"
    )
    flaws = examine_effective(shadow.catalog(), "examine_app").flaws
    assert [flaw.object for flaw in flaws] == ["public.kept", "public.shown"]


@pytest.mark.parametrize("role", ["", "nobody_at_all"])
def test_an_unknown_application_is_not_decided(shadow: Shadow, role: str) -> None:
    """Without the application's role, no table counts as protected."""
    found = examine_effective(shadow.catalog(), role)
    assert (found.decided, len(found.undecided)) == (0, 2)
