"""Pages by cursor: a page begins after the last row of the one before, whatever was inserted."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from types import GenericAlias
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from backend.runtime.database import Row
from backend.runtime.problems import BadRequest

T = TypeVar("T")
# Before the first row of a list that begins with the oldest, or with the newest.
OLDEST = (datetime.min.replace(tzinfo=UTC), UUID(int=0))
NEWEST = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))


class Page(msgspec.Struct, Generic[T], forbid_unknown_fields=True):
    """One page of a list; `next` is the cursor of the following one, None on the last."""

    items: list[T]
    next: str | None = None


def page(rows: Sequence[Row], limit: int, kind: type[T], *key: str) -> Page[T]:
    """Return the page that `limit` + 1 rows begin; `key` names the columns of the sort key."""
    items = [msgspec.convert(row, kind) for row in rows[:limit]]
    if len(rows) <= limit:
        return Page(items)
    last = rows[limit - 1]
    return Page(items, cursor(*(last[column] for column in key)))


def cursor(*key: Any) -> str:
    """Return the cursor after the row with this sort key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def after(given: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """Return the sort key in a cursor, None for the first page.

    Raises:
        BadRequest: it is no cursor of this list.
    """
    if given is None:
        return None
    try:
        text = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
        # A list, whose length and kinds are those of this list's sort key.
        key: tuple[Any, ...] = msgspec.json.decode(text, type=GenericAlias(tuple, kinds))
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise BadRequest("`cursor` is not one that this list gave out") from None
    return key
