"""Measures applying many files, beside one session that sends each as a transaction, and dbmate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg

from benchmarks import peers
from readyctl.local.environment import down, up
from readyctl.local.state import LocalState
from readyctl.migrate.source import read_folder
from tests import databases
from tests.migrate.conftest import Target

SMALL, SMALL_MOST = 1_000, 1.3
REAL, REAL_MOST = 143, 1.2
RUNS = 5
PARSED, PARSED_MOST_SECONDS = 600, 2.0
# A file of the size that real folders have, about 110 lines: three tables, each with its indexes,
# policies and a function.
_TABLE = """
-- What somebody has to do, of kind {k}.
create table items_{n}_{k} (
  id uuid primary key default gen_random_uuid(),
  owner uuid not null,
  title text not null check (title <> ''),
  state text not null default 'open' check (state in ('open', 'done')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index items_{n}_{k}_owner on items_{n}_{k} (owner, created_at);
create index items_{n}_{k}_open on items_{n}_{k} (created_at) where state = 'open';

alter table items_{n}_{k} enable row level security;

create policy items_{n}_{k}_read on items_{n}_{k}
  for select using (owner = gen_random_uuid());
create policy items_{n}_{k}_write on items_{n}_{k}
  for insert with check (owner = gen_random_uuid());

create function touch_{n}_{k}() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create trigger items_{n}_{k}_touch before update on items_{n}_{k}
  for each row execute function touch_{n}_{k}();

comment on table items_{n}_{k} is 'What somebody has to do.';
insert into items_{n}_{k} (owner, title) select gen_random_uuid(), 'x' from generate_series(1, 20);
"""
_REAL = "".join(_TABLE.replace("{k}", str(kind)) for kind in range(1, 4))


def main() -> int:
    """Print the figures as JSON; return 1 when applying costs more than the bounds."""
    with tempfile.TemporaryDirectory(prefix="readyctl-bench-") as folder:
        root = Path(folder)
        try:
            state = up(root / "environment", "empty", lambda _: None)
            figures = {
                "small": _figures(
                    state, _files(root / "small", SMALL, "create table t{n} (x int);")
                ),
                "real": _figures(state, _files(root / "real", REAL, _REAL)),
            }
            parsing = _parsing(_files(root / "parsed", PARSED, _REAL))
        finally:
            down(root / "environment", lambda _: None)
    print(json.dumps({**figures, "parsing_s": parsing}, indent=2))
    bounds = {"small": SMALL_MOST, "real": REAL_MOST}
    slow = any(figures[name]["readyctl_ratio"] > most for name, most in bounds.items())
    return int(slow or parsing > PARSED_MOST_SECONDS)


def _parsing(folder: Path) -> float:
    """Reading a folder wholly: files, statements with their places, digests."""
    took = []
    for _ in range(RUNS):
        began = perf_counter()
        read_folder(folder)
        took.append(perf_counter() - began)
    return round(median(took), 3)


def _files(folder: Path, count: int, text: str) -> Path:
    folder.mkdir(parents=True)
    for number in range(1, count + 1):
        name = f"{20240101000000 + number}_file.sql"
        body = text.replace("{n}", str(number))
        (folder / name).write_text(f"-- migrate:up\n{body}\n-- migrate:down\n", encoding="utf-8")
    return folder


def _figures(state: LocalState, folder: Path) -> dict[str, float]:
    calls: dict[str, Callable[[str], float]] = {
        "floor": lambda dsn: _floor(dsn, folder),
        "readyctl": lambda dsn: _readyctl(dsn, folder),
    }
    dbmate = peers.dbmate()
    if dbmate:
        calls["dbmate"] = lambda dsn: _dbmate(str(dbmate), dsn, folder)
    timings: dict[str, list[float]] = {name: [] for name in calls}
    # In turns, each on a database of its own.
    for _ in range(RUNS):
        for name, call in calls.items():
            with databases.database(state) as dsn:
                timings[name].append(call(dsn))
    # The best of each: what else the machine does only ever adds.
    floor = min(timings["floor"])
    found = {f"{name}_s": round(min(took), 3) for name, took in timings.items()}
    return found | {f"{name}_ratio": round(min(took) / floor, 2) for name, took in timings.items()}


def _floor(dsn: str, folder: Path) -> float:
    """One session that sends the text of each file as one transaction."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))]
    with psycopg.connect(dsn, autocommit=True) as connection:
        began = perf_counter()
        for text in texts:
            connection.execute(f"begin;{text};commit".encode())
        return perf_counter() - began


def _readyctl(dsn: str, folder: Path) -> float:
    target = Target(folder, dsn)
    began = perf_counter()
    target.apply()
    return perf_counter() - began


def _dbmate(dbmate: str, dsn: str, folder: Path) -> float:
    given = psycopg.conninfo.conninfo_to_dict(dsn)
    url = (
        f"postgres://{given['user']}:{given['password']}@{given['host']}:{given['port']}"
        f"/{given['dbname']}?sslmode=disable"
    )
    command = [dbmate, "--no-dump-schema", "-d", str(folder), "migrate"]
    environment = {**os.environ, "DATABASE_URL": url}
    began = perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    took = perf_counter() - began
    if done.returncode:
        raise SystemExit(f"dbmate failed: {done.stderr.strip().splitlines()[-1]}")
    return took


if __name__ == "__main__":
    sys.exit(main())
