"""Cursors come back as they were given out, and nothing else passes for one."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.runtime.pages import after, cursor
from backend.runtime.problems import BadRequest


@given(st.text(), st.uuids())
def test_a_cursor_comes_back(name: str, last: UUID) -> None:
    """The sort key in a cursor is the one that it was made of."""
    assert after(cursor(name, last), str, UUID) == (name, last)


def test_no_cursor_is_the_first_page() -> None:
    """Without a cursor a list begins at its beginning."""
    assert after(None, str, UUID) is None


@given(st.text())
def test_anything_else_is_malformed(given_cursor: str) -> None:
    """A text that is no cursor of the list is a malformed request, never a defect."""
    try:
        key = after(given_cursor, str, UUID)
    except BadRequest:
        return
    assert key is not None
    assert [type(part) for part in key] == [str, UUID]


def test_a_cursor_of_another_list_is_malformed() -> None:
    """A cursor with another sort key does not fit."""
    with pytest.raises(BadRequest):
        after(cursor(3, 4), str, UUID)
