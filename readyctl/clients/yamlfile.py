"""Reads YAML that people write: JSON data with line numbers, and errors that name the line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from readyctl.clients.files import read_text
from readyctl.clients.schema import validate
from readyctl.errors import ConfigError
from readyctl.model.json import Json

__all__ = ["Key", "YamlDocument", "load_yaml", "parse_yaml", "validate"]

Key = str | int

_MAX_NODES = 200_000
_MAX_DEPTH = 64
# YAML 1.2's core schema rather than 1.1's: `no` is a word, 12:30 a time, 0123 an account number.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_CONSTANTS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class _Node:
    value: Json
    line: int
    column: int
    children: Mapping[Key, _Node] = field(default_factory=dict)
    size: int = 1


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A parsed file: its `data`, and the line (from 1) of each part of it."""

    path: Path
    data: Json
    _root: _Node

    def line_of(self, path: Sequence[Key]) -> int:
        """Return the line of the value at `path` (its key, in a mapping).

        Where the path leaves the document, the line of its last part that exists.
        """
        node = self._root
        for key in path:
            child = node.children.get(key)
            if child is None:
                break
            node = child
        return node.line

    def where(self, path: Sequence[Key] = ()) -> str:
        """Return `file:line` of the value at `path`."""
        return f"{self.path}:{self.line_of(path)}"


def load_yaml(path: Path) -> YamlDocument:
    """Read a YAML file of one document.

    Raises:
        ConfigError: E0202, the file cannot be read; E0201, it is not the YAML that is accepted
            (one document of JSON's types, no key twice); `where` is `file:line:column`.
    """
    return parse_yaml(read_text(path), path)


def parse_yaml(text: str, path: Path) -> YamlDocument:
    """Parse the text of `path`; see `load_yaml`. Empty text is a document of null."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        root = _Composer(yaml.parse(text, Loader=loader), path).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _reject(path, *place, error.problem or "it is malformed")
    except (yaml.YAMLError, ValueError, OverflowError):
        # Unprintable characters and impossible escapes: the parser gives no line for them.
        _reject(path, 1, 1, "it holds a character that YAML does not allow")
    return YamlDocument(path, root.value, root)


class _Composer:
    """Builds nodes from parser events, bounded in depth and in size."""

    def __init__(self, events: Iterator[Event], path: Path) -> None:
        self._events = events
        self._path = path
        self._anchors: dict[str, _Node] = {}
        self._nodes = 0

    def document(self) -> _Node:
        next(self._events)
        event = next(self._events)
        if isinstance(event, StreamEndEvent):
            return _Node(None, 1, 1)
        if not isinstance(event, DocumentStartEvent):
            self._fail(event, "it is not a document")
        root = self._node(next(self._events), 0)
        after = next(self._events)
        if isinstance(after, DocumentEndEvent):
            after = next(self._events)
        if not isinstance(after, StreamEndEvent):
            self._fail(after, "it holds more than one document")
        return root

    def _node(self, event: Event, depth: int) -> _Node:
        if depth > _MAX_DEPTH:
            self._fail(event, f"it is nested more than {_MAX_DEPTH} levels deep")
        if isinstance(event, AliasEvent):
            node = self._aliased(event)
        elif isinstance(event, ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, SequenceStartEvent):
            node = self._sequence(event, depth)
        elif isinstance(event, MappingStartEvent):
            node = self._mapping(event, depth)
        else:
            self._fail(event, "a value is missing")
        self._nodes += node.size if isinstance(event, AliasEvent) else 1
        if self._nodes > _MAX_NODES:
            self._fail(event, f"it holds more than {_MAX_NODES} values")
        if isinstance(event, NodeEvent) and event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _aliased(self, event: AliasEvent) -> _Node:
        # An anchor counts once its value is complete, so no value can hold itself.
        node = self._anchors.get(event.anchor or "")
        return node or self._fail(event, f"no anchor {event.anchor} comes before the alias")

    def _sequence(self, start: Event, depth: int) -> _Node:
        self._plain_tag(start)
        children: dict[Key, _Node] = {}
        while not isinstance(event := next(self._events), SequenceEndEvent):
            children[len(children)] = _placed(self._node(event, depth + 1), event)
        return _collection([node.value for node in children.values()], start, children)

    def _mapping(self, start: Event, depth: int) -> _Node:
        self._plain_tag(start)
        children: dict[Key, _Node] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event)
            if key in children:
                first = children[key].line
                self._fail(event, f'the key "{key}" is there twice (first on line {first})')
            children[key] = _placed(self._node(next(self._events), depth + 1), event)
        return _collection({str(k): node.value for k, node in children.items()}, start, children)

    def _key(self, event: Event) -> str:
        if not isinstance(event, ScalarEvent):
            self._fail(event, "a key must be plain text")
        if event.value == "<<" and event.implicit[0]:
            self._fail(event, "merge keys (<<) are not supported")
        return self._text(event)

    def _scalar(self, event: ScalarEvent) -> _Node:
        text = self._text(event)
        place = _place(event)
        if event.tag in (None, "!") or event.tag == "tag:yaml.org,2002:str":
            plain = event.implicit[0] and event.tag is None
            return _Node(self._resolved(event, text) if plain else text, *place)
        return self._fail(event, f"the tag {event.tag} is not supported")

    def _text(self, event: ScalarEvent) -> str:
        text: str = event.value
        if any("\ud800" <= char <= "\udfff" for char in text):
            self._fail(event, "it holds half of a surrogate pair")
        return text

    def _resolved(self, event: ScalarEvent, text: str) -> Json:
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text) and any(char.isdigit() for char in text):
            number = float(text)
            return number if math.isfinite(number) else self._fail(event, "the number is too large")
        return text

    def _plain_tag(self, event: Event) -> None:
        tag = getattr(event, "tag", None)
        if tag not in (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            self._fail(event, f"the tag {tag} is not supported")

    def _fail(self, event: Event, cause: str) -> NoReturn:
        _reject(self._path, *_place(event), cause)


def _collection(value: Json, start: Event, children: Mapping[Key, _Node]) -> _Node:
    size = 1 + sum(node.size for node in children.values())
    return _Node(value, *_place(start), children, size)


def _placed(node: _Node, event: Event) -> _Node:
    return _Node(node.value, *_place(event), node.children, node.size)


def _place(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _reject(path: Path, line: int, column: int, cause: str) -> NoReturn:
    raise ConfigError(
        "E0201",
        f"{path.name} is not valid YAML",
        cause=cause,
        where=f"{path}:{line}:{column}",
        hint="correct the line; `readyctl config validate` reads the file without running anything",
    )
