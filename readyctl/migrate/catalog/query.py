"""A query over the system catalogs, and the text of it that a server's version understands."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SINCE = re.compile(r"-- (\d+)\+$")
_UNTIL = re.compile(r"-- until (\d+)$")


@dataclass(frozen=True, slots=True)
class Query:
    """Rows of one catalog, each an object or a part of one.

    Columns of these names have a meaning, all others are attributes: `oid` and `sub` identify the
    row in `catalog`; `kind` (else the query's); `identity`; `parent`, an oid of `parent_in`;
    `namespace`; `owner`; `holder`, the owner of what carries the grants, where it is no attribute;
    `acl`. A line that ends in `-- 17+` or `-- until 16` is for servers of these versions.
    """

    name: str
    catalog: str
    sql: str
    kind: str = ""
    parent_in: str = "pg_class"

    def text(self, server_version: int) -> str:
        """Return the query for a server, such as 160004."""
        return "\n".join(
            line for line in self.sql.splitlines() if _understood(line, server_version // 10_000)
        )


def _understood(line: str, major: int) -> bool:
    line = line.rstrip()
    since, until = _SINCE.search(line), _UNTIL.search(line)
    if since:
        return major >= int(since[1])
    return not until or major <= int(until[1])
