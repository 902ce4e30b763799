"""Writes the reference of facts as Markdown, from what each fact declares of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ORIGINS = {
    "aws": ("From the AWS account", "Each is read with the calls that it names, and no other."),
    "postgres": ("From PostgreSQL", "Read from the system catalogs, and from the ledger's table."),
    "files": ("From files", "Read from the manifest, the migrations, the sources and documents."),
    "people": ("From people", "Read from the files that people write or that test runs leave."),
}

_HEAD = """# Facts

Made by `make docs` from the gatherers' declarations; do not edit.

What readyctl observes. A check names the facts that it reads and sees no other. A fact that could
not be gathered is *unavailable*, with the reason; the checks that need it are open.

"" and 0 and false and an empty list are observed: the thing is not set. `null` is something that
was not observed; it never passes. Times are UTC, RFC 3339.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a shape, and its type in words."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An object that a fact holds."""

    name: str
    doc: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class FactEntry:
    """What a fact declares; `value` is its type in words, `shapes` the objects in it."""

    name: str
    doc: str
    origin: str
    calls: tuple[str, ...]
    actions: tuple[str, ...]
    value: str
    shapes: tuple[Shape, ...]


def fact_reference(entries: Sequence[FactEntry]) -> str:
    """Return the reference of all facts, by origin and name."""
    parts = [_HEAD]
    for origin, (title, text) in _ORIGINS.items():
        own = sorted((e for e in entries if e.origin == origin), key=lambda entry: entry.name)
        if own:
            parts += [f"## {title}\n", f"{text}\n"]
            parts += [line for entry in own for line in _section(entry)]
    return "\n".join(parts).rstrip() + "\n"


def _section(entry: FactEntry) -> Iterator[str]:
    yield f"### {entry.name}\n"
    yield f"{_unwrapped(entry.doc)}\n"
    if entry.calls:
        yield f"- Calls: {_codes(entry.calls)}"
        yield f"- IAM actions: {_codes(entry.actions) or 'none'}"
    yield f"- Value: {entry.value}\n"
    for shape in entry.shapes:
        yield from _shape(shape)


def _shape(shape: Shape) -> Iterator[str]:
    yield f"**{shape.name}.** {_unwrapped(shape.doc)}\n"
    yield "| Field | Type |"
    yield "|---|---|"
    yield from (f"| `{field.name}` | {field.type} |" for field in shape.fields)
    yield ""


def _codes(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _unwrapped(doc: str) -> str:
    paragraphs = (" ".join(paragraph.split()) for paragraph in doc.split("\n\n"))
    return "\n\n".join(paragraph.replace("*", "\\*") for paragraph in paragraphs)
