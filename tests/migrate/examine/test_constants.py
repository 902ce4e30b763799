"""Conditions that are plainly true, plainly false, or depend on the row."""

from __future__ import annotations

import pytest

from readyctl.migrate.examine.constants import plain


@pytest.mark.parametrize(
    "text",
    [
        *("true", "(true)", "1=1", "not false", "true or owner = a()", "owner = a() or true"),
        *("auth.role() = auth.role()", "'t'::boolean", "(select true)", "true and not false"),
        *("id is null or id is not null", "coalesce(true, false)", "true is true", "1 <> 2"),
        *("case when id = 1 then true else true end", "'a'::text = 'a'::text", "null is null"),
    ],
)
def test_plainly_true(text: str) -> None:
    """A condition that holds for every row is true."""
    assert plain(text) is True


@pytest.mark.parametrize("text", ["false", "not true", "1 = 2", "owner = a() and false"])
def test_plainly_false(text: str) -> None:
    """A condition that holds for no row is false."""
    assert plain(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("owner = a()", "true and owner = a()", "auth.role() = 'service_role'", "public"),
        *("id is null or name is not null", "(select true from t)", "1 = id", "not public"),
        *("case when id = 1 then true else false end", "coalesce(public, true)", "a < a"),
        *("exists (select true)", "auth.uid() is not null", "(select true where id = 1)"),
    ],
)
def test_neither(text: str) -> None:
    """A condition that depends on the row, or on who asks, is neither."""
    assert plain(text) is None
