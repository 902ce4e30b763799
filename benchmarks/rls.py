"""Measures the live matrix of row-level security: 160 tables, 7 roles, 4 commands."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg

from readyctl.clients.database import DatabaseSession
from readyctl.local.environment import down, up
from readyctl.local.state import LocalState
from readyctl.migrate.rls import trial
from readyctl.migrate.rls.cases import Cases
from readyctl.migrate.rls.probe import Limits
from readyctl.migrate.rls.trial import Wanted
from tests import databases

TABLES, ROLES, MOST_SECONDS = 160, 7, 5.0
RUNS = 3
_TABLE = """
create table items_{n} (id uuid primary key default gen_random_uuid(), owner uuid not null,
  tenant uuid not null, title text not null, created_at timestamptz not null default now());
alter table items_{n} enable row level security;
create policy read_{n} on items_{n} for select
  using (tenant = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy add_{n} on items_{n} for insert
  with check (owner = (select nullif(current_setting('app.user', true), '')::uuid));
create policy change_{n} on items_{n} for update
  using (exists (select from members m where m.id = owner)) with check (true);
insert into items_{n} (owner, tenant, title)
  select gen_random_uuid(), gen_random_uuid(), 'x' from generate_series(1, 50);
"""


def main() -> int:
    """Print the figures as JSON; return 1 when the matrix takes longer than it may."""
    with tempfile.TemporaryDirectory(prefix="readyctl-bench-") as folder:
        root = Path(folder)
        try:
            state = up(root, "empty", lambda _: None)
            figures = _figures(state)
        finally:
            down(root, lambda _: None)
    print(json.dumps(figures, indent=2))
    return int(figures["seconds"] > MOST_SECONDS)


def _figures(state: LocalState) -> dict[str, float]:
    roles = [f"bench_role_{number}" for number in range(ROLES)]
    with databases.database(state) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"create table members (id uuid); {_roles(roles)}".encode())
        for number in range(TABLES - 1):
            text = _TABLE.replace("{n}", str(number))
            grant = f"grant select, insert, update, delete on items_{number} to {', '.join(roles)}"
            connection.execute(f"{text}{grant}".encode())
        connection.execute(f"grant select on members to {', '.join(roles)}".encode())
        times, cells = [], 0
        for _ in range(RUNS):
            begin = perf_counter()
            cells = _cells(dsn)
            times.append(perf_counter() - begin)
        connection.execute(f"drop owned by {', '.join(roles)}".encode())
        connection.execute(f"drop role {', '.join(roles)}".encode())
    return {"cells": cells, "seconds": round(median(times), 2)}


def _roles(roles: list[str]) -> str:
    return "; ".join(f"create role {role}" for role in roles)


def _cells(dsn: str) -> int:
    session = DatabaseSession(dsn)
    try:
        wanted = Wanted(cases=False)
        result = trial.run(session, Cases(Path()), "readyctl", wanted, limits=Limits())
        return len(result.matrix.cells)
    finally:
        session.close()


if __name__ == "__main__":
    raise SystemExit(main())
