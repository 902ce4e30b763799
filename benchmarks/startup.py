"""Measures how long `readyctl --version` takes, against Python doing nothing; at most 8 times."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from time import perf_counter

LIMIT = 8.0
_RUNS = 15


def seconds(arguments: list[str]) -> float:
    started = perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - started


def measured(arguments: list[str]) -> float:
    seconds(arguments)
    return statistics.median(seconds(arguments) for _ in range(_RUNS))


def main() -> int:
    nothing = measured(["-c", "pass"])
    version = measured(["-m", "readyctl", "--version"])
    usage = measured(["-m", "readyctl", "--help"])
    ratio = version / nothing
    result = {
        "nothing_ms": round(nothing * 1000, 1),
        "version_ms": round(version * 1000, 1),
        "help_ms": round(usage * 1000, 1),
        "ratio": round(ratio, 2),
        "limit": LIMIT,
    }
    print(json.dumps(result))
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
