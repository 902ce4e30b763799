"""Writes the reference in docs/: commands, error codes, settings and facts, from their sources."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, cast

import typer

from readyctl.cli.app import WELCOME, app
from readyctl.cli.error_codes import CODES
from readyctl.config.schema import VARIABLES, bundled_schema
from readyctl.workflows.factreference import facts_document

_EXIT_CODES = """| Code | Meaning |
|---:|---|
| 0 | Done, and the answer is yes |
| 1 | Done, and the answer is no |
| 2 | Could not do the job |
| 3 | Declined at a prompt |
| 4 | Credentials missing or insufficient |
| 130 | Interrupted |
"""


class Parameter(Protocol):
    """An option or an argument."""

    name: str | None
    opts: list[str]
    secondary_opts: list[str]
    hidden: bool
    param_type_name: str
    envvar: str | list[str] | None

    @property
    def help(self) -> str | None:
        """What it is for."""


class Command(Protocol):
    """A command, or a group of them."""

    name: str | None
    help: str | None
    hidden: bool
    params: list[Parameter]


def commands() -> Iterator[tuple[str, Command]]:
    """Yield every command with its full name; groups come before what they hold."""
    root = cast(Command, typer.main.get_command(app))
    yield from _walk("readyctl", root)


def _walk(path: str, command: Command) -> Iterator[tuple[str, Command]]:
    yield path, command
    inner: dict[str, Command] = getattr(command, "commands", {})
    for name, child in inner.items():
        yield from _walk(f"{path} {name}", child)


def commands_text() -> str:
    """Return docs/commands.md."""
    parts = [
        "# Commands",
        "Made by `make docs` from the application itself; do not edit.",
        f"```text\n{WELCOME}```",
        f"## Exit codes\n\n{_EXIT_CODES.rstrip()}",
    ]
    parts += [_section(path, command) for path, command in commands()]
    return "\n\n".join(parts) + "\n"


def errors_text() -> str:
    """Return docs/errors.md."""
    parts = [
        "# Error codes",
        "Made by `make docs`; do not edit. `readyctl explain CODE` prints the same.",
    ]
    parts += [f"## {code}\n\n{entry.title}. {entry.meaning}" for code, entry in CODES.items()]
    return "\n\n".join(parts) + "\n"


def configuration_text() -> str:
    """Return docs/configuration.md."""
    schema: Any = bundled_schema("config-1")
    found = (
        "The first of these that exists: `--config FILE`, `READYCTL_CONFIG`, the nearest "
        "`config.yaml` with `readyctl: 1` in this folder or above it. "
        "`~/.config/readyctl/config.yaml` is read beneath it, or alone."
    )
    order = (
        "Flags, variables, the project's file, the user's file, defaults; within a file, an "
        "environment over what stands outside of it. `readyctl config show --origin` says who won."
    )
    variables = "\n".join(f"- `{name}`: `{key}`" for name, key in VARIABLES.items())
    parts = [
        "# Configuration",
        "Made by `make docs` from schemas/config-1.schema.json; do not edit.",
        schema["description"],
        f"## Where it is found\n\n{found}",
        f"## What wins\n\n{order}",
        f"## Variables\n\n- `READYCTL_ENV`: the environment\n{variables}",
        "## Settings\n\n" + "\n".join(_settings(schema, schema["properties"], "")),
    ]
    return "\n\n".join(parts) + "\n"


def _settings(schema: Any, properties: Any, prefix: str) -> Iterator[str]:
    for name, entry in properties.items():
        rule = schema["$defs"][entry["$ref"].rpartition("/")[2]] if "$ref" in entry else entry
        yield f"- `{prefix}{name}`: {rule['description']}"
        if "properties" in rule:
            yield from _settings(schema, rule["properties"], f"{prefix}{name}.")


def _section(path: str, command: Command) -> str:
    lines = [f"## {path}", "", _paragraphs(command.help or ""), ""]
    for parameter in command.params:
        variable = f" (`{parameter.envvar}`)" if parameter.envvar else ""
        lines.append(f"- `{_names(parameter)}`: {parameter.help or 'Show this help.'}{variable}")
    return "\n".join(lines).rstrip()


def _names(parameter: Parameter) -> str:
    if parameter.param_type_name == "argument":
        return str(getattr(parameter, "metavar", None) or (parameter.name or "").upper())
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def _paragraphs(text: str) -> str:
    blocks = text.strip().split("\n\n")
    return "\n\n".join(" ".join(block.split()) for block in blocks)


def pages() -> Mapping[str, str]:
    """Return every page of the reference by its name."""
    return {
        "commands.md": commands_text(),
        "configuration.md": configuration_text(),
        "errors.md": errors_text(),
        "facts.md": facts_document(),
    }


def main(folder: Path) -> None:
    """Write every page into the folder of documents."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
