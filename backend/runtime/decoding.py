"""Decodes what a caller sends into declared types; errors name the field and repeat no value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from backend.runtime.problems import BadRequest

T = TypeVar("T")

# msgspec's own words: the path is one of our field names, or an index.
_PLACE = re.compile(r" - at `\$((?:\.\w+|\[\d+\]|\[\.\.\.\])+)`$")
_MISSING = re.compile(r"missing required field `(\w+)`")


def body(data: bytes, kind: type[T]) -> T:
    """Return a JSON body as `kind`.

    Raises:
        BadRequest: it is not JSON, or not of the declared shape.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise BadRequest(_told(str(error), "the body")) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest("the body is not JSON") from None


def texts(given: Mapping[str, str], kind: type[T], what: str) -> T:
    """Return parameters, which are texts, as `kind`; numbers and ids are read from their texts.

    Raises:
        BadRequest: they are not of the declared shape.
    """
    try:
        return msgspec.convert(dict(given), kind, strict=False)
    except msgspec.ValidationError as error:
        raise BadRequest(_told(str(error), what)) from None


def text(given: str, kind: type[T], name: str) -> T:
    """Return a variable of the path as `kind`.

    Raises:
        BadRequest: it is none, such as an id that is no id.
    """
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError:
        raise BadRequest(f"`{name}` in the path is not of the declared type") from None


def detail(value: object, kind: type[T]) -> T:
    """Return what an event carries as `kind`.

    Raises:
        BadRequest: it is not of the declared shape.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadRequest(_told(str(error), "the event")) from None


def encoded(value: Any) -> str:
    """Return a response as JSON."""
    return msgspec.json.encode(value).decode()


def _told(message: str, what: str) -> str:
    missing = _MISSING.search(message)
    place = _PLACE.search(message)
    where = f"`{place.group(1).lstrip('.')}` in {what}" if place else what
    if missing:
        return f"`{missing.group(1)}` is missing in {where}"
    if "unknown field" in message:
        return f"there is an unknown field in {where}"
    return f"{where} is not of the declared type, length or range"
