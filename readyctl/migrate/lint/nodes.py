"""Reads names, constants and options out of PostgreSQL's parse trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from readyctl.migrate.lint.step import Tree

# What the grammar calls by the names of pg_catalog.
_ALIASES = {
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "float4": "real",
    "float8": "double precision",
    "bpchar": "char",
}


def relation(node: Tree | None) -> str:
    """Return the name of a RangeVar, with its schema; `public` where it names none."""
    if not node:
        return ""
    return f"{node.get('schemaname', 'public')}.{node.get('relname', '')}"


def shown(name: str) -> str:
    """Return a name as messages write it: without `public`."""
    return name.removeprefix("public.")


def words(nodes: Sequence[Tree] | None) -> tuple[str, ...]:
    """Return the texts of a list of String nodes."""
    return tuple(str(node["String"].get("sval", "")) for node in nodes or () if "String" in node)


def qualified(parts: Sequence[str]) -> str:
    """Return the name of which a list of String nodes is made, with its schema."""
    return ".".join(parts[-2:]) if len(parts) > 1 else f"public.{parts[0]}" if parts else ""


def dropped(tree: Tree) -> Iterator[str]:
    """Yield the names that a DROP names, with their schemas."""
    for entry in tree.get("objects", ()):
        if "List" in entry:
            yield qualified(words(entry["List"]["items"]))
        elif "String" in entry:
            yield str(entry["String"]["sval"])
        elif "ObjectWithArgs" in entry:
            yield qualified(words(entry["ObjectWithArgs"].get("objname")))
        elif "TypeName" in entry:
            yield qualified(words(entry["TypeName"].get("names")))


def type_name(node: Tree | None) -> str:
    """Return a type as SQL writes it, such as `varchar(20)` or `integer[]`."""
    if not node:
        return ""
    parts = [part for part in words(node.get("names")) if part != "pg_catalog"]
    name = ".".join(_ALIASES.get(part, part) for part in parts)
    numbers = [integer(entry) for entry in node.get("typmods", ())]
    if numbers and all(number is not None for number in numbers):
        name += f"({','.join(map(str, numbers))})"
    return name + "[]" * len(node.get("arrayBounds", ()))


def integer(node: Tree) -> int | None:
    """Return the integer that a constant is, None for anything else."""
    constant = node.get("A_Const")
    if not constant or "ival" not in constant:
        return None
    # The grammar leaves a zero out.
    return int(constant["ival"].get("ival", 0))


def text(node: Tree) -> str | None:
    """Return the text that a constant is, None for anything else."""
    constant = node.get("A_Const", {})
    return str(constant["sval"].get("sval", "")) if "sval" in constant else None


def is_true(node: Tree | None) -> bool:
    """Return whether an expression is plainly true: `true`, or `1 = 1`."""
    if not node:
        return False
    if "A_Const" in node:
        return bool(node["A_Const"].get("boolval", {}).get("boolval"))
    if "TypeCast" in node:
        return text(node["TypeCast"].get("arg", {})) in ("t", "true") or is_true(
            node["TypeCast"].get("arg")
        )
    if "BoolExpr" in node:
        parts = [is_true(part) for part in node["BoolExpr"].get("args", ())]
        joined = node["BoolExpr"].get("boolop")
        return any(parts) if joined == "OR_EXPR" else joined == "AND_EXPR" and all(parts)
    expression = node.get("A_Expr", {})
    left, right = (_bare(expression.get(side)) for side in ("lexpr", "rexpr"))
    return bool(left and left == right and words(expression.get("name")) == ("=",))


def option(nodes: Sequence[Tree] | None, name: str) -> Tree | None:
    """Return the DefElem of a name, the last where there are several."""
    found = [n["DefElem"] for n in nodes or () if n.get("DefElem", {}).get("defname") == name]
    return found[-1] if found else None


def truthy(element: Tree | None) -> bool:
    """Return whether an option is on: alone, or with a value that means yes."""
    if element is None:
        return False
    argument = element.get("arg")
    if argument is None:
        return True
    (value,) = argument.values()
    known = next(iter(value.values()), False) if isinstance(value, dict) else value
    return str(known).lower() in ("true", "on", "1", "yes", "t")


def calls(node: object) -> Iterator[str]:
    """Yield the names of all functions that are called somewhere in a tree, without schemas."""
    for found in _nodes(node, "FuncCall"):
        name = words(found.get("funcname"))
        yield name[-1] if name else ""
    for found in _nodes(node, "SQLValueFunction"):
        yield str(found.get("op", "")).removeprefix("SVFOP_").lower()


def relations(node: object) -> Iterator[str]:
    """Yield the names of all relations in a tree, with their schemas."""
    for found in _nodes(node, "RangeVar"):
        yield relation(found)


def _nodes(node: object, kind: str) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for part in node:
            yield from _nodes(part, kind)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == kind and isinstance(value, dict):
                yield value
            if isinstance(value, dict | list):
                yield from _nodes(value, kind)


def _bare(node: object) -> object:
    """Return a constant without its place in the text, None where there are columns in it."""
    if not isinstance(node, dict) or "A_Const" not in node:
        return None
    return {key: value for key, value in node["A_Const"].items() if key != "location"}
