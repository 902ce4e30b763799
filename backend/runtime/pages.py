"""Pages by cursor: a page begins after the last row of the one before, whatever was inserted."""

from __future__ import annotations

import base64
import binascii
from types import GenericAlias
from typing import Any, Generic, TypeVar

import msgspec

from backend.runtime.problems import BadRequest

T = TypeVar("T")
MOST = 100


class Page(msgspec.Struct, Generic[T], forbid_unknown_fields=True):
    """One page of a list; `next` is the cursor of the following one, None on the last."""

    items: list[T]
    next: str | None = None


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
