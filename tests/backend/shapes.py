"""Strategies for what may be sent to a function: of its own types, nearly so, and not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from tests.backend.people import identifier

# What an answer must never repeat: every text that is made up begins with it.
MARK = "zqx"

IDS = st.sampled_from(
    [identifier(group, "1") for group in ("1", "2", "3", "6", "7")]
) | st.uuids().map(str)
# What PostgreSQL cannot store is sent often: a zero byte, and half of a surrogate pair.
_MARKED = (st.text(max_size=30) | st.sampled_from(["\x00", "\ud800"])).map(lambda text: MARK + text)
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _MARKED
    | IDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_MARKED, inner, max_size=3),
    max_leaves=5,
)


def near(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a msgspec type as JSON has them, with some junk in one place or another."""
    return _of(inspect.type_info(kind))


def _of(info: Any) -> st.SearchStrategy[Any]:
    return _MADE[type(info)](info)


def _union(info: inspect.UnionType) -> st.SearchStrategy[Any]:
    return st.one_of([_of(kind) for kind in info.types])


def _text(info: inspect.StrType) -> st.SearchStrategy[str]:
    if info.pattern:
        return st.from_regex(info.pattern.replace("$", r"\Z"))
    return _MARKED


def _struct(info: inspect.StructType) -> st.SearchStrategy[dict[str, Any]]:
    fields = {field.encode_name: _of(field.type) for field in info.fields}
    needed = {field.encode_name for field in info.fields if field.required}
    good = st.fixed_dictionaries(
        {name: made for name, made in fields.items() if name in needed},
        optional={name: made for name, made in fields.items() if name not in needed},
    )
    names = st.sampled_from(sorted(fields)) if fields else _MARKED
    spoilt = st.dictionaries(names | _MARKED, JUNK, min_size=1, max_size=2)
    return st.one_of(good, st.builds(dict.__or__, good, spoilt))


def _instants() -> st.SearchStrategy[str]:
    moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    return moments.map(lambda at: at.isoformat())


_MADE: dict[type, Callable[[Any], st.SearchStrategy[Any]]] = {
    inspect.StructType: _struct,
    inspect.UnionType: _union,
    inspect.StrType: _text,
    inspect.ListType: lambda info: st.lists(_of(info.item_type), max_size=4),
    inspect.DictType: lambda info: st.dictionaries(
        _of(info.key_type), _of(info.value_type), max_size=3
    ),
    inspect.LiteralType: lambda info: st.sampled_from(info.values),
    inspect.IntType: lambda info: st.integers(info.ge, info.le) | st.just(1),
    inspect.UUIDType: lambda _: IDS,
    inspect.BoolType: lambda _: st.booleans(),
    inspect.NoneType: lambda _: st.none(),
    inspect.DateType: lambda _: st.dates().map(str),
    inspect.TimeType: lambda _: st.times().map(str),
    inspect.DateTimeType: lambda _: _instants(),
}
