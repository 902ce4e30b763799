"""Checks a YAML document against a JSON Schema and says, by file and line, what to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from readyctl.errors import ConfigError
from readyctl.model.json import Json

if TYPE_CHECKING:
    from jsonschema import ValidationError

    from readyctl.clients.yamlfile import YamlDocument

_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Problem:
    line: int
    text: str
    hint: str


def validate(document: YamlDocument, schema: Mapping[str, Json], code: str, what: str) -> None:
    """Check a document against a JSON Schema (draft 2020-12, formats included).

    Raises:
        ConfigError: `code`; names the first property that is wrong, its line and what is allowed
            there; `cause` lists the others. Values are not repeated: they may be secret.
    """
    import jsonschema

    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    found = {
        problem
        for error in validator.iter_errors(document.data)
        for problem in _problems(document, error)
    }
    if not found:
        return
    first, *others = sorted(found, key=lambda problem: (problem.line, problem.text))
    raise ConfigError(
        code,
        f"the {what} is not valid: {first.text}",
        cause=_and_others(document, others),
        where=f"{document.path}:{first.line}",
        hint=first.hint,
    )


def _and_others(document: YamlDocument, problems: Sequence[_Problem]) -> str:
    shown = [
        f"{document.path}:{problem.line}: {problem.text}" for problem in problems[:_MOST_SHOWN]
    ]
    if len(problems) > _MOST_SHOWN:
        shown.append(f"and {len(problems) - _MOST_SHOWN} more")
    return "\n".join(shown)


def _problems(document: YamlDocument, error: ValidationError) -> list[_Problem]:
    from jsonschema.exceptions import best_match

    while error.context and (nearer := best_match(error.context)) is not None:
        error = nearer
    path = list(error.absolute_path)
    given: Any = error.instance
    if error.validator == "additionalProperties" and error.validator_value is False:
        known = list(_properties(error))
        return [
            _Problem(
                document.line_of([*path, name]),
                f'unknown property "{name}" in {_dotted(path)}',
                _suggestion(name, known),
            )
            for name in given
            if name not in known
        ]
    text, hint = _text(error, _dotted(path))
    return [_Problem(document.line_of(path), text, hint)]


def _text(error: ValidationError, place: str) -> tuple[str, str]:
    wanted: Any = error.validator_value
    given: Any = error.instance
    described = _description(error.schema)
    match error.validator:
        case "required":
            missing = next(name for name in wanted if name not in given)
            return f'{place} lacks "{missing}"', _description(_properties(error).get(missing))
        case "enum":
            allowed = [str(value) for value in wanted]
            hint = _suggestion(str(given), allowed)
            return f"{place} is not one of {', '.join(allowed)}", hint
        case "const":
            return f'{place} is not "{wanted}"', described
        case "type":
            kinds = wanted if isinstance(wanted, str) else " or ".join(wanted)
            return f"{place} is not of type {kinds}", described
        case "pattern":
            return f"{place} does not match {wanted}", described
        case _:
            return f"{place} breaks the rule {error.validator}: {wanted}"[:200], described


def _properties(error: ValidationError) -> Mapping[str, Any]:
    properties = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
    return properties if isinstance(properties, Mapping) else {}


def _description(schema: object) -> str:
    return str(schema.get("description", "")) if isinstance(schema, Mapping) else ""


def _suggestion(given: str, known: Sequence[str]) -> str:
    near = get_close_matches(given, known, n=1)
    allowed = f"allowed: {', '.join(known)}" if known else "nothing is allowed here"
    return f'did you mean "{near[0]}"? ({allowed})' if near else allowed


def _dotted(path: Sequence[str | int]) -> str:
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text or "the file"
