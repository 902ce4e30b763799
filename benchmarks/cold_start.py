"""Measures what importing a function costs against importing psycopg alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
MOST = 1.3
RUNS = 9


def main() -> int:
    """Print the figures as JSON; return 1 when a function costs more than 1.3 times psycopg."""
    modules = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "backend" / "functions").glob("*/[a-z]*.py")
    )
    # In turns, so that whatever else the machine does befalls all alike.
    timings: dict[str, list[float]] = {name: [] for name in ("psycopg", *modules)}
    for _ in range(RUNS):
        for name, found in timings.items():
            found.append(_import_seconds(name))
    floor = median(timings.pop("psycopg"))
    ratios = {name: round(median(found) / floor, 2) for name, found in timings.items()}
    worst = max(ratios.values())
    print(json.dumps({"psycopg_ms": round(floor * 1000), "worst": worst, "ratios": ratios}))
    return 1 if worst > MOST else 0


def _import_seconds(name: str) -> float:
    started = perf_counter()
    subprocess.run([sys.executable, "-c", f"import {name}"], cwd=ROOT, check=True)
    return perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
