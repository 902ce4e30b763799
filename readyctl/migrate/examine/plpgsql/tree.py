"""What a PL/pgSQL body is made of; the text of SQL and of expressions stays as written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """SQL or an expression as written, and the line of the body on which it begins."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable; `kind` is its type as written, or `cursor`, or `alias`.

    `value` is what it begins with, or a cursor's query; `arguments` are a cursor's, and `written`
    is the declaration of a cursor or alias as it stands.
    """

    name: str
    kind: str
    value: Code | None = None
    arguments: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement of SQL, with the variables after INTO."""

    code: Code
    into: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expressions:
    """Expressions that a statement computes, each by itself."""

    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Assign:
    """`target := value`."""

    target: Code
    value: Code


@dataclass(frozen=True, slots=True)
class Dynamic:
    """EXECUTE of a text; `returned` where its rows are the routine's own."""

    text: Code
    using: tuple[Code, ...] = ()
    into: tuple[str, ...] = ()
    returned: bool = False


@dataclass(frozen=True, slots=True)
class ReturnQuery:
    """RETURN QUERY of a static query."""

    code: Code


@dataclass(frozen=True, slots=True)
class Call:
    """CALL of a procedure."""

    code: Code


@dataclass(frozen=True, slots=True)
class Open:
    """OPEN of a cursor: for a query, or for a text, or with arguments."""

    cursor: str
    query: Code | None = None
    text: Code | None = None
    expressions: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetch:
    """FETCH from a cursor into variables."""

    cursor: str
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that is not looked into, and why."""

    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class Choice:
    """IF or CASE: of each branch the condition, None for ELSE, and what it does."""

    branches: tuple[tuple[Code | None, tuple[Node, ...]], ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop; `over` is what FOR goes through, and `targets` receive.

    `kind` is `plain`, `integer`, `query`, `text`, `cursor` or `array`.
    """

    kind: str
    body: tuple[Node, ...]
    targets: tuple[str, ...] = ()
    over: Code | None = None
    cursor: str = ""
    expressions: tuple[Code, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Handler:
    """One WHEN of EXCEPTION: its conditions in lower case, and what it does."""

    conditions: str
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """DECLARE, BEGIN, EXCEPTION, END."""

    variables: tuple[Variable, ...]
    body: tuple[Node, ...]
    handlers: tuple[Handler, ...] = ()
    label: str = ""


Node = (
    Sql
    | Expressions
    | Assign
    | Dynamic
    | ReturnQuery
    | Call
    | Open
    | Fetch
    | Unknown
    | Choice
    | Loop
    | Block
)
