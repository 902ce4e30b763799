"""Tests of reading YAML."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.clients.yamlfile import load_yaml, parse_yaml, validate
from readyctl.errors import ConfigError
from readyctl.model.json import Json

PATH = Path("config.yaml")
SCHEMA: dict[str, Json] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "description": "The system's name."},
        "kind": {"enum": ["http", "event"]},
        "day": {"type": "string", "format": "date"},
        "users": {"type": "array", "items": {"type": "object", "required": ["id"]}},
    },
}


def _error(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, PATH)
    return caught.value


def _read_or_refuse(text: str) -> None:
    try:
        data = parse_yaml(text, PATH).data
    except ConfigError:
        return
    json.dumps(data, allow_nan=False).encode()


def _invalid(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        validate(parse_yaml(text, PATH), SCHEMA, "E0210", "manifest")
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("2026-01-31", "2026-01-31"),
        ("12:30", "12:30"),
        ("012345678901", "012345678901"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("-7", -7),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ("~", None),
        ("", None),
        (".", "."),
    ],
)
def test_scalar(text: str, value: Json) -> None:
    """Plain words are what YAML 1.2 says: no surprise booleans, dates, times or octal numbers."""
    data = parse_yaml(text, PATH).data
    assert (data, type(data)) == (value, type(value))


def test_alias() -> None:
    """An alias stands for the value of its anchor."""
    assert parse_yaml("- &a {x: 1}\n- *a", PATH).data == [{"x": 1}, {"x": 1}]


@pytest.mark.parametrize(
    ("path", "line"),
    [((), 1), (("b",), 2), (("b", 1), 4), (("b", 1, "z"), 5), (("b", 9, "z"), 2), (("c",), 1)],
)
def test_line_of(path: tuple[str | int, ...], line: int) -> None:
    """Each value has the line of its key, and what is missing that of what would hold it."""
    document = parse_yaml("a: 1\nb:\n  - x: 1\n  - y: 2\n    z: 3\n", PATH)
    assert document.line_of(path) == line


@pytest.mark.parametrize(
    ("text", "where", "cause"),
    [
        ("a: 1\na: 2", "2:1", 'the key "a" is there twice (first on line 1)'),
        ("a: 1\n---\nb: 2", "2:1", "it holds more than one document"),
        ("a: &x [*x]", "1:8", "no anchor x comes before the alias"),
        ("- !!python/name:os.system ''", "1:3", "tag tag:yaml.org,2002:python/name:os.system"),
        ("<<: {a: 1}", "1:1", "merge keys (<<) are not supported"),
        ("? [a]\n: b", "1:3", "a key must be plain text"),
        ("\n  a: b: c", "2:7", "mapping values are not allowed"),
        ("[" * 5000, "1:66", "it is nested more than 64 levels deep"),
        ("1e999", "1:1", "the number is too large"),
        ("a: \x00", "1:1", "a character that YAML does not allow"),
    ],
)
def test_malformed(text: str, where: str, cause: str) -> None:
    """What is not accepted is named with its line and column."""
    error = _error(text)
    assert (error.code, error.where) == ("E0201", f"config.yaml:{where}")
    assert cause in error.cause


def test_aliases_do_not_multiply() -> None:
    """Aliases of aliases that would fill the memory are refused."""
    lines = ["a0: &a0 [" + ",".join("1" * 10) + "]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than 200000 values" in _error("\n".join(lines)).cause


@given(st.text())
def test_any_text(text: str) -> None:
    """Whatever a file holds, the outcome is JSON data or a ConfigError."""
    _read_or_refuse(text)


@given(st.lists(st.sampled_from(list("[]{}:,-&*a!'\"|>#%?\n \t\\u0d")), max_size=40))
def test_any_syntax(parts: list[str]) -> None:
    """Text made of YAML's own signs is JSON data or a ConfigError, too."""
    _read_or_refuse("".join(parts))


def test_file_is_missing(tmp_path: Path) -> None:
    """A missing file is an error that names it."""
    with pytest.raises(ConfigError, match=r"x\.yaml cannot be read"):
        load_yaml(tmp_path / "x.yaml")


def test_unknown_property() -> None:
    """An unknown property is named, with its line and what was probably meant."""
    error = _invalid("name: a\nkidn: http\n")
    assert error.message == 'the manifest is not valid: unknown property "kidn" in the file'
    assert error.where == "config.yaml:2"
    assert error.hint.startswith('did you mean "kind"?')


def test_allowed_values() -> None:
    """A value outside a closed list is answered with the list."""
    assert "kind is not one of http, event" in _invalid("name: a\nkind: htp\n").message


def test_missing_property() -> None:
    """A missing property is named by where it belongs."""
    assert 'users[1] lacks "id"' in _invalid("name: a\nusers: [{id: 1}, {}]").message


def test_hint_describes() -> None:
    """What a property is for is said where it is wrong."""
    assert _invalid("name: 5").hint == "The system's name."


def test_date_format() -> None:
    """A date that does not exist is refused."""
    assert "day" in _invalid("name: a\nday: 2026-02-30").message


def test_every_problem() -> None:
    """Problems beyond the first are listed with their lines."""
    assert _invalid("nam: a\nkind: x\n").cause.splitlines() == [
        'config.yaml:1: unknown property "nam" in the file',
        "config.yaml:2: kind is not one of http, event",
    ]


def test_values_are_not_repeated() -> None:
    """A wrong value is not repeated, for it may be a secret in the wrong place."""
    assert "hunter2" not in repr(vars(_invalid("name: a\nkind: hunter2\nday: hunter2")))
