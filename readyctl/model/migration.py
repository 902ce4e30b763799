"""What a migration file is, once PostgreSQL's own grammar has read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a file.

    `sql` is its text as written, from its first token to its last, without the semicolon; `start`
    is where that begins in the file's text, in characters; `line` and `column` count from 1.
    `kind` is the name of its node in PostgreSQL's parse tree, such as `CreateStmt`.
    """

    sql: str
    kind: str
    start: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of a migrations folder.

    `version` orders the files and is unique; `name` is the rest of the file's name; `file` is its
    path as messages show it. `sha256` is the digest (hex) of the file's bytes, `tokens_sha256` that
    of its tokens, which comments and layout do not change. `down` are the statements that undo it,
    for formats that have them. `options` are its `-- readyctl: name=value` headers.
    """

    version: str
    name: str
    file: str
    text: str
    sha256: str
    tokens_sha256: str
    statements: tuple[Statement, ...]
    down: tuple[Statement, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
