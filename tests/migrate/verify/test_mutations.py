"""Every single change to a live schema is seen and named, and what changes nothing is not."""

from __future__ import annotations

import pytest

from readyctl.migrate.parity.diff import Scope, compare
from readyctl.model.schema import Schema
from tests.migrate.verify.conftest import Base, named, schema_within, whole
from tests.migrate.verify.mutations import CLUSTER, HARMLESS, MUTATIONS, Mutation

pytestmark = pytest.mark.environment


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.sql[:70])
def test_a_change_is_named_and_nothing_else(
    base: Base, expected: Schema, mutation: Mutation
) -> None:
    """What differs after a change is exactly what the change was made to."""
    with base.changed(mutation.sql) as connection:
        found = compare(expected, schema_within(connection), Scope())
    assert named(found) == {base.written(name) for name in mutation.named}


@pytest.mark.parametrize("mutation", CLUSTER, ids=lambda m: m.sql[:70])
def test_a_change_of_the_cluster_is_seen_against_a_record_of_it(
    base: Base, expected: Schema, mutation: Mutation
) -> None:
    """Roles, memberships and settings of the cluster are compared with what was recorded."""
    with base.changed(mutation.sql) as connection:
        found = whole(expected, schema_within(connection))
    assert named(found) == set(mutation.named)


@pytest.mark.parametrize("statements", HARMLESS, ids=lambda s: s[:70])
def test_what_changes_nothing_is_no_difference(
    base: Base, expected: Schema, statements: str
) -> None:
    """A schema that was written anew and is the same does not differ."""
    with base.changed(statements) as connection:
        found = whole(expected, schema_within(connection))
    assert found.differences == ()


def test_there_are_enough_of_them() -> None:
    """At least 150 changes and 14 rewrites are tried, no two of them the same."""
    texts = [mutation.sql for mutation in (*MUTATIONS, *CLUSTER)]
    assert len(set(texts)) == len(texts) >= 250
    assert len(set(HARMLESS)) == len(HARMLESS) >= 16


def test_every_kind_of_the_base_schema_is_changed_by_some_mutation(expected: Schema) -> None:
    """No kind of object that can be compared is left untried."""
    tried = " ".join(name for m in (*MUTATIONS, *CLUSTER) for name in m.named)
    kinds = {found.kind for found in expected.objects.values()}
    assert [kind for kind in sorted(kinds) if f"{kind} " not in tried] == []
