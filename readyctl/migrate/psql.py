"""What psql reads in a file and PostgreSQL does not: commands that begin with a backslash."""

from __future__ import annotations

import re

from readyctl.errors import MigrateError

# They change nothing of what the statements around them do.
_HARMLESS = {
    *("restrict", "unrestrict", "echo", "qecho", "timing", "pset", "encoding", "set", "unset"),
    *("conninfo", "prompt", "t", "x", "a", "o", "errverbose", "q"),
}
# A command is one at the beginning of a line, and nowhere in a string, a quoted name, a body or a
# comment.
_FOUND = re.compile(
    r"(?P<command>^[ \t]*\\(?P<name>[A-Za-z?!]+|\.)[^\n]*)"
    r"|--[^\n]*"
    r"|/\*.*?(?:\*/|\Z)"
    r"|\$(?P<tag>[A-Za-z_\x80-\U0010ffff]?[\w\x80-\U0010ffff]*)\$.*?(?:\$(?P=tag)\$|\Z)"
    r"|\b[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)"
    r"|'(?:[^']|'')*(?:'|\Z)"
    r'|"(?:[^"]|"")*"',
    re.DOTALL | re.MULTILINE,
)


def blanked(text: str, file: str) -> str:
    """Return `text` with spaces where psql's harmless commands stand; offsets stay the same.

    Raises:
        MigrateError: E0402, a command does something that readyctl cannot do.
    """
    if "\\" not in text:
        return text

    def replaced(found: re.Match[str]) -> str:
        if not found["command"]:
            return found[0]
        if found["name"] not in _HARMLESS:
            line = text.count("\n", 0, found.start("name")) + 1
            raise _refused(found["name"], f"{file}:{line}", file)
        return " " * len(found[0])

    return _FOUND.sub(replaced, text)


def _refused(name: str, where: str, file: str) -> MigrateError:
    what = {
        "i": "it reads another file",
        "ir": "it reads another file",
        "include": "it reads another file",
        "copy": "it reads a file of the client",
        ".": "it ends rows of COPY, which stand in the file",
        "c": "it connects to another database",
        "connect": "it connects to another database",
    }.get(name, "only psql knows what it does")
    hint = (
        "make them INSERT statements: `readyctl migrate convert`, or `pg_dump --inserts`"
        if name == "."
        else "take the command out, and put into the file what it stands for"
    )
    return MigrateError(
        "E0402", f"{file} needs psql", cause=f"\\{name}: {what}", where=where, hint=hint
    )
