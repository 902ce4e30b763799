"""Measures comparing a big schema with a ready expectation, beside its own queries alone."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import psycopg

from readyctl.clients.database import DatabaseSession
from readyctl.local.shadow import shadow
from readyctl.migrate.catalog import read
from readyctl.migrate.parity import snapshot
from readyctl.migrate.parity.diff import Scope, compare
from readyctl.migrate.parity.ignore import without

TABLES, POLICIES, INDEXES, ROUTINES = 150, 400, 600, 100
RUNS = 15
MOST = 2.0
_TABLE = """
create table t{n} (id uuid primary key default gen_random_uuid(), owner uuid not null,
  title text not null check (title <> ''), state text not null default 'open'
    check (state in ('open', 'done')), amount numeric(12, 2), at timestamptz default now(),
  parent uuid references t{n} (id) on delete cascade, note text);
alter table t{n} enable row level security;
grant select, insert on t{n} to rv_bench;
"""


def main() -> int:
    """Print the figures as JSON; return 1 when comparing costs more than the bound."""
    with shadow(lambda _: None, roles=("rv_bench",)) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(_schema().encode())
        figures = _figures(dsn)
    print(json.dumps(figures, indent=2))
    return int(figures["ratio"] > MOST)


def _schema() -> str:
    parts = [_TABLE.replace("{n}", str(n)) for n in range(TABLES)]
    # A primary key is an index, too.
    for number in range(INDEXES - TABLES):
        column = ("owner", "state, at", "parent")[number // TABLES]
        parts.append(f"create index i{number} on t{number % TABLES} ({column});")
    parts += [
        f"create policy p{number} on t{number % TABLES} for select to rv_bench using"
        f" (owner = nullif(current_setting('app.user', true), '')::uuid and amount > {number});"
        for number in range(POLICIES)
    ]
    parts += [
        f"create function f{number}(a integer, b text default 'x') returns text"
        f" language plpgsql stable as $$ begin return b || (a + {number})::text; end $$;"
        for number in range(ROUTINES)
    ]
    return "\n".join(parts)


def _figures(dsn: str) -> dict[str, float]:
    session = DatabaseSession(dsn)
    try:
        with tempfile.TemporaryDirectory(prefix="readyctl-bench-") as folder:
            path = Path(folder) / "schema.json"
            path.write_text(snapshot.dump(read.read_schema(session)), encoding="utf-8")
            expected = snapshot.load(path).schema
            began = perf_counter()
            snapshot.load(path)
            loading = perf_counter() - began
            size = path.stat().st_size
        statements = read.statements(session.server_version)

        def queries() -> None:
            session.pipelined(statements, read.PREAMBLE)

        def whole() -> None:
            live = without(read.read_schema(session), ())
            assert not compare(expected, live, Scope()).differences

        taken = _timed({"queries": queries, "verify": whole})
    finally:
        session.close()
    return {
        "objects": len(expected.objects),
        "queries": len(statements),
        "messages": 1,
        "queries_ms": round(taken["queries"] * 1000, 1),
        "verify_ms": round(taken["verify"] * 1000, 1),
        "ratio": round(taken["verify"] / taken["queries"], 2),
        "snapshot_bytes": size,
        "snapshot_load_ms": round(loading * 1000, 1),
    }


def _timed(calls: dict[str, Callable[[], None]]) -> dict[str, float]:
    timings: dict[str, list[float]] = {name: [] for name in calls}
    # In turns, so that what else the machine does slows both.
    for _ in range(RUNS):
        for name, call in calls.items():
            began = perf_counter()
            call()
            timings[name].append(perf_counter() - began)
    # The best of each: whatever else the machine does only makes it slower.
    return {name: min(taken) for name, taken in timings.items()}


if __name__ == "__main__":
    sys.exit(main())
