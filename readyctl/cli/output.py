"""Writes data for programs: one versioned JSON document and nothing else."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from readyctl import __version__


class Output(StrEnum):
    """For people, or for programs."""

    TEXT = "text"
    JSON = "json"


OutputOption = Annotated[
    Output,
    typer.Option("--output", "-o", envvar="READYCTL_OUTPUT", help="For people, or for programs."),
]


def document(name: str, data: object) -> str:
    """Return the JSON document `readyctl.<name>/1` that holds `data`."""
    import msgspec

    built: Any = msgspec.to_builtins(data, str_keys=True)
    envelope = {"schema": f"readyctl.{name}/1", "readyctl": __version__, "data": built}
    return json.dumps(envelope, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
