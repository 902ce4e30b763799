"""What predicates find in migrations and in row-level security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readyctl.evaluate.predicates import Predicate
from readyctl.evaluate.predicates.database import (
    application_role,
    applied_migrations,
    effective_policies,
    ordered_migrations,
    unchanged_migrations,
)
from readyctl.model.json import Json
from readyctl.model.status import Status
from tests.evaluate.builders import NOW


def migrated(
    predicate: Predicate, files: Mapping[str, str], applied: Mapping[str, str]
) -> Mapping[str, Status]:
    """What a predicate decides, from the digests of files and of the ledger by version."""
    facts: Mapping[str, Json] = {
        "migrations": [
            {"version": version, "file": f"{version}.sql", "sha256": digest}
            for version, digest in files.items()
        ],
        "migration_ledger": {
            "applied": [{"version": v, "sha256": digest} for v, digest in applied.items()]
        },
    }
    return {item.name: item.status for item in predicate(facts, {}, NOW)}


def role(name: str = "app", **overrides: Json) -> Mapping[str, Json]:
    """A login role that holds no power."""
    return {
        "name": name,
        "login": True,
        "superuser": False,
        "bypass_rls": False,
        "owns_tables": 0,
        "member_of": [],
        **overrides,
    }


def table(
    owner: str = "owner", *, enabled: bool = True, forced: bool = False
) -> Mapping[str, Json]:
    """A table with row-level security that is not forced."""
    return {
        "schema": "public",
        "name": "clients",
        "owner": owner,
        "rls_enabled": enabled,
        "rls_forced": forced,
    }


def judged(
    predicate: Predicate,
    roles: Sequence[Mapping[str, Json]],
    tables: Sequence[Mapping[str, Json]] = (),
) -> tuple[Status, str]:
    """What a predicate decides on the role `app`, and what it observed."""
    facts: Mapping[str, Json] = {
        "settings": {"application_role": "app"},
        "database_roles": list(roles),
        "database_tables": list(tables),
    }
    (item,) = predicate(facts, {}, NOW)
    return item.status, item.observed


def test_a_migration_that_the_ledger_lacks_is_pending() -> None:
    """Only what the ledger records was applied."""
    found = migrated(applied_migrations, {"1": "a", "2": "b"}, {"1": "a"})
    assert found == {"1.sql": Status.PASS, "2.sql": Status.FAIL}


def test_two_files_with_one_version_are_not_both_applied() -> None:
    """The ledger cannot say which of two files with the same version was applied."""
    facts: Mapping[str, Json] = {
        "migrations": [{"version": "1", "file": "1_a.sql"}, {"version": "1", "file": "1_b.sql"}],
        "migration_ledger": {"applied": [{"version": "1"}]},
    }
    found = applied_migrations(facts, {}, NOW)
    assert [item.status for item in found] == [Status.FAIL, Status.FAIL]


def test_a_migration_that_was_edited_after_it_was_applied_fails() -> None:
    """A digest other than the ledger's tells an edited migration from one that is unchanged."""
    found = migrated(unchanged_migrations, {"1": "a", "2": "b"}, {"1": "a", "2": "x"})
    assert found == {"1.sql": Status.PASS, "2.sql": Status.FAIL}


def test_a_ledger_without_digests_decides_nothing() -> None:
    """Where the ledger keeps no digest, nobody knows whether the file was edited."""
    assert migrated(unchanged_migrations, {"1": "a"}, {"1": ""}) == {"1.sql": Status.OPEN}


def test_only_migrations_that_are_applied_and_have_a_file_are_compared() -> None:
    """A pending migration and one without a file cannot have been edited."""
    assert migrated(unchanged_migrations, {"1": "a"}, {"2": "b"}) == {}


def test_a_pending_migration_below_the_newest_applied_one_fails() -> None:
    """What is newer than all that was applied is merely pending."""
    found = migrated(ordered_migrations, dict.fromkeys("1234", "a"), {"1": "a", "3": "a"})
    assert found == {"1": Status.PASS, "2": Status.FAIL, "3": Status.PASS}


def test_without_an_applied_migration_there_is_no_order() -> None:
    """An empty ledger gives nothing to judge."""
    assert migrated(ordered_migrations, {"1": "a"}, {}) == {}


def test_an_ordinary_role_passes() -> None:
    """A login role without special powers is what functions should connect as."""
    assert judged(application_role, [role()])[0] is Status.PASS


def test_a_role_that_does_not_exist_fails() -> None:
    """Functions cannot connect as a role that the server does not have."""
    assert judged(application_role, [role("other")]) == (Status.FAIL, "there is no such role")


def test_a_role_that_may_not_log_in_fails() -> None:
    """Functions cannot connect as a role without LOGIN."""
    assert judged(application_role, [role(login=False)]) == (Status.FAIL, "it may not log in")


def test_each_power_of_a_role_is_named() -> None:
    """Superuser, BYPASSRLS and ownership are each told."""
    found = judged(application_role, [role(superuser=True, bypass_rls=True, owns_tables=3)])
    expected = "app is a superuser; app bypasses row-level security; app owns 3 tables"
    assert found == (Status.FAIL, expected)


def test_a_power_that_comes_through_membership_counts() -> None:
    """A role can become what it is a member of, at any depth and in a circle."""
    roles = [
        role(member_of=["deployers"]),
        role("deployers", member_of=["owner", "app"]),
        role("owner", owns_tables=2),
    ]
    assert judged(application_role, roles) == (Status.FAIL, "owner owns 2 tables")


def test_policies_bind_a_role_that_does_not_own_the_table() -> None:
    """Row-level security need not be forced on those who are not the owner."""
    assert judged(effective_policies, [role()], [table()])[0] is Status.PASS


def test_policies_do_not_bind_the_owner_unless_they_are_forced() -> None:
    """The application as the owner of a table passes every policy by."""
    expected = (Status.FAIL, "the application is its owner, and it is not forced")
    assert judged(effective_policies, [role()], [table("app")]) == expected


def test_forced_policies_bind_the_owner() -> None:
    """FORCE ROW LEVEL SECURITY binds the owner too."""
    assert judged(effective_policies, [role()], [table("app", forced=True)])[0] is Status.PASS


def test_a_member_of_the_owner_is_not_bound() -> None:
    """Membership in the owning role is as good as ownership."""
    roles = [role(member_of=["owner"]), role("owner")]
    assert judged(effective_policies, roles, [table()])[0] is Status.FAIL


def test_forced_policies_do_not_bind_a_role_that_bypasses_them() -> None:
    """BYPASSRLS stands above FORCE ROW LEVEL SECURITY."""
    found = judged(effective_policies, [role(bypass_rls=True)], [table(forced=True)])
    assert found == (Status.FAIL, "app may bypass it")


def test_a_table_without_row_level_security_is_not_protected() -> None:
    """Policies that are not enabled bind nobody."""
    assert judged(effective_policies, [role()], [table(enabled=False)])[0] is Status.FAIL


def test_without_the_application_s_role_nothing_is_in_force() -> None:
    """Nothing can be said to bind a role that does not exist."""
    assert judged(effective_policies, [], [table()])[0] is Status.FAIL
