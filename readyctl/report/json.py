"""Writes and reads the scorecard as versioned JSON, and derives its schema from the model."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec

from readyctl.errors import ConfigError, InternalError
from readyctl.model.scorecard import SCORECARD_SCHEMA, Scorecard

_PLACE = re.compile(r" - at `\$\.?(?P<place>[^`]*)`")
_Model = TypeVar("_Model")


@dataclass(frozen=True, slots=True)
class Document:
    """A scorecard with the name of its format and the version of readyctl that made it."""

    schema: Literal["readyctl.scorecard/1"]
    readyctl: str
    data: Scorecard


def scorecard_json(card: Scorecard) -> bytes:
    """Return the canonical JSON of a scorecard: the same scorecard gives the same bytes.

    Raises:
        InternalError: the scorecard holds a value outside its model, such as an unknown status.
    """
    document = Document(SCORECARD_SCHEMA, card.header.tool_version, card)
    try:
        built = msgspec.to_builtins(document)
        msgspec.convert(built, Document)
        return _canonical(built)
    except (msgspec.ValidationError, ValueError) as error:
        raise InternalError("E0922", "the scorecard cannot be written", cause=str(error)) from error


def scorecard_from_json(text: bytes, *, where: str = "") -> Scorecard:
    """Return the scorecard that `scorecard_json` wrote; `where` names the file in errors.

    Raises:
        ConfigError: E0230, with the place of what is malformed.
    """
    try:
        return _convert(json.loads(text), Document).data
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        raise _malformed(
            _PLACE.sub("", str(error)), " ".join(filter(None, (where, place and place["place"])))
        ) from error
    except (ValueError, RecursionError) as error:
        raise _malformed(str(error), where) from error


def scorecard_schema() -> bytes:
    """Return the JSON Schema of the document, derived from the model."""
    (reference,), components = msgspec.json.schema_components(
        (Document,), ref_template="#/$defs/{name}"
    )
    # Before Python 3.13 a docstring keeps the indentation of its source.
    for component in components.values():
        component["description"] = " ".join(component.get("description", "").split())
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCORECARD_SCHEMA,
        **reference,
        "$defs": components,
    }
    return _canonical(schema)


def _convert(value: object, model: type[_Model]) -> _Model:
    return msgspec.convert(value, model)


def _canonical(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    # A lone surrogate, as in the name of a broken file, has no UTF-8 but has a JSON escape.
    return (text + "\n").encode("utf-8", "backslashreplace")


def _malformed(cause: str, where: str) -> ConfigError:
    return ConfigError(
        "E0230",
        "the scorecard cannot be read",
        cause=cause,
        where=where,
        hint="run `readyctl audit` to write it again",
    )
