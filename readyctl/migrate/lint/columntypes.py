"""What a change of a column's type does: whether values are lost, and the table is rewritten."""

from __future__ import annotations

import re

_TYPE = re.compile(r"(?P<name>[^()\[\]]+)(?:\((?P<numbers>[\d,]+)\))?(?P<array>(?:\[\])*)")
_SERIAL = {"serial": "integer", "bigserial": "bigint", "smallserial": "smallint"}
# From what holds least to what holds most.
_ORDERS = (
    ("smallint", "integer", "bigint", "numeric"),
    ("real", "double precision"),
    ("date", "timestamp"),
    ("date", "timestamptz"),
    ("char", "varchar", "text"),
    ("json", "text"),
    ("jsonb", "text"),
)
_LOSSY = {
    *(("numeric", "real"), ("numeric", "double precision"), ("bigint", "double precision")),
    *(("double precision", "bigint"), ("double precision", "integer"), ("real", "integer")),
    *(("integer", "real"), ("bigint", "real"), ("timestamptz", "time"), ("timestamp", "time")),
    *(("timestamptz", "timestamp"), ("integer", "boolean"), ("text", "boolean")),
    ("json", "jsonb"),
}


def narrows(old: str, new: str) -> bool:
    """Return whether `new` cannot hold all that `old` does."""
    before, after = _parts(old), _parts(new)
    if before is None or after is None:
        return False
    (one, first, _), (other, second, _) = before, after
    if one == other:
        return _shorter(first, second)
    if (one, other) in _LOSSY:
        return True
    for order in _ORDERS:
        if one in order and other in order:
            return order.index(other) < order.index(one) or _holds_less(one, first, other, second)
    return False


def rewrites(old: str | None, new: str) -> bool:
    """Return whether PostgreSQL writes the whole table anew; it does where that is not known."""
    before, after = _parts(old or ""), _parts(new)
    if before is None or after is None:
        return True
    (one, first, array), (other, second, other_array) = before, after
    if array != other_array:
        return True
    if one == other:
        return first != second and not (one in ("varchar", "numeric") and _wider(first, second))
    return not (one == "varchar" and other in ("text", "varchar")) and not (
        one == "text" and other == "varchar" and not second
    )


def _parts(name: str) -> tuple[str, tuple[int, ...], str] | None:
    found = _TYPE.fullmatch(name)
    if not found:
        return None
    numbers = tuple(int(number) for number in (found["numbers"] or "").split(",") if number)
    return _SERIAL.get(found["name"], found["name"]), numbers, found["array"]


def _shorter(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    if not new or old == new:
        return False
    if not old:
        return True
    scale, other = (numbers[1] if len(numbers) > 1 else 0 for numbers in (old, new))
    return new[0] - other < old[0] - scale or other < scale


def _holds_less(one: str, old: tuple[int, ...], other: str, new: tuple[int, ...]) -> bool:
    if not new:
        return False
    if other == "numeric":
        digits = {"smallint": 5, "integer": 10, "bigint": 19}[one]
        return new[0] - (new[1] if len(new) > 1 else 0) < digits
    return other in ("char", "varchar") and (not old or new[0] < old[0])


def _wider(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    if not new:
        return True
    same_scale = old[1:] == new[1:]
    return bool(old) and same_scale and new[0] >= old[0]
