"""Measures what one audit asks of an account, and what it takes of the machine."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path

from readyctl.gather import runner
from readyctl.local.account import open_account
from readyctl.local.environment import down, up
from readyctl.resources import bundled
from readyctl.workflows.audit import gather
from readyctl.workflows.checklist import load_checklist
from readyctl.workflows.selection import needed
from readyctl.workflows.settings import Asked, load_settings
from tests.fakes.door import Door, Request

LATENCY_SECONDS = 0.04
MOST_REQUESTS = 120
LEAST_IN_FLIGHT = 8
MOST_MEMORY_MB = 120.0
PAGE = 50
PAGED = ("GET /2015-03-31/functions", "DescribeLogGroups")

_CONFIG = """\
readyctl: 1
system: telehealth
manifest: {manifest}
migrations: {migrations}
source: [{source}]
environments:
  local:
    provider: local
    endpoint_url: {endpoint}
    database: {{dsn: "local:"}}
"""

# A child starts with the peak of the process that it was split off from: a small one does that.
_MEASURE = """
import json, os, subprocess, sys, time
started = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([child.returncode, time.monotonic() - started, usage.ru_maxrss / 1024]))
"""


@dataclass(frozen=True, slots=True)
class Audit:
    """What one audit asked for and took."""

    requests: int
    most_in_flight: int
    peak_memory_mb: float
    seconds: float
    operations: Counter[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON; return 1 when one is out of bounds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("--functions", type=int, default=0, metavar="N", help="add N functions")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="readyctl-bench-") as folder:
        root = Path(folder)
        try:
            figures, failures = _measure(root, wanted.functions)
        finally:
            down(root, lambda _: None)
    print(json.dumps({**figures, "out_of_bounds": failures}, indent=2))
    return 1 if failures else 0


def _measure(root: Path, functions: int) -> tuple[dict[str, object], list[str]]:
    url = up(root, "reference", lambda _: None).emulator_url
    first = audit(root, url)
    figures = _figures(first)
    failures = _failures(first)
    if functions:
        add_functions(url, functions)
        second = audit(root, url)
        growth = second.operations - first.operations
        figures["with_functions"] = {"added": functions, **_figures(second), "more": growth}
        failures += _growth_failures(growth, functions, second)
    else:
        fact, calls = longest_chain(root, url)
        figures["longest_chain"] = {"fact": fact, "calls": calls}
        figures["floor_seconds"] = round(calls * LATENCY_SECONDS, 3)
    return figures, failures


def audit(root: Path, url: str) -> Audit:
    """Audit the account at `url` in a process of its own, through a door with latency."""
    with Door(url, latency_seconds=LATENCY_SECONDS) as door:
        _write_config(root, door.url)
        command = [sys.executable, "-m", "readyctl", "--config", str(root / "config.yaml"), "audit"]
        finished = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _MEASURE, *command],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            cwd=root,
        )
        code, seconds, memory = json.loads(finished.stdout)
        if code != 1:
            raise SystemExit(f"the audit of the reference state exited with {code}, not with 1")
        return Audit(
            len(door.requests),
            door.most_in_flight,
            round(memory, 1),
            round(seconds, 2),
            Counter(map(_name, door.requests)),
        )


def longest_chain(root: Path, url: str) -> tuple[str, int]:
    """Return the fact with the most calls that wait for each other, and how many they are.

    Each fact is gathered alone, so that of its requests those that do not overlap depend on
    each other.
    """
    found: dict[str, int] = {}
    with Door(url, latency_seconds=LATENCY_SECONDS) as door:
        _write_config(root, door.url)
        settings = load_settings(Asked(config=root / "config.yaml"))
        for spec in needed(load_checklist(settings)):
            if spec.origin == "aws":
                door.requests.clear()
                gather(settings, (spec,), _ignore)
                found[spec.name] = _chain(door.requests)
    name = max(found, key=lambda fact: found[fact])
    return name, found[name]


def add_functions(url: str, count: int) -> None:
    """Add functions with their log groups to the account, in the role of those it has."""
    account = open_account(url)
    client = account.session.client("lambda", **account.options)
    logs = account.session.client("logs", **account.options)
    role = client.list_functions()["Functions"][0]["Role"]
    for number in range(count):
        name = f"added-{number:04}"
        client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler="main.handler",
            Code={"ZipFile": _EMPTY_ZIP},
        )
        logs.create_log_group(logGroupName=f"/aws/lambda/{name}")


_EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


def _write_config(root: Path, endpoint: str) -> None:
    text = _CONFIG.format(
        manifest=bundled("backend", "manifest.yaml"),
        migrations=bundled("backend", "migrations"),
        source=bundled("backend"),
        endpoint=endpoint,
    )
    (root / "config.yaml").write_text(text, encoding="utf-8")


def _chain(requests: Sequence[Request]) -> int:
    calls, free = 0, 0.0
    for request in sorted(requests, key=lambda request: request.ended):
        if request.started >= free:
            calls, free = calls + 1, request.ended
    return calls


def _name(request: Request) -> str:
    path = request.operation.startswith("/")
    return f"{request.method} {request.operation}" if path else request.operation


def _ignore(progress: runner.Progress) -> None:
    """Show no progress."""


def _figures(measured: Audit) -> dict[str, object]:
    return {key: value for key, value in asdict(measured).items() if key != "operations"}


def _failures(measured: Audit) -> list[str]:
    bounds = {
        f"more than {MOST_REQUESTS} requests": measured.requests > MOST_REQUESTS,
        f"fewer than {LEAST_IN_FLIGHT} in flight": measured.most_in_flight < LEAST_IN_FLIGHT,
        f"{MOST_MEMORY_MB:.0f} MB or more": measured.peak_memory_mb >= MOST_MEMORY_MB,
    }
    return [text for text, broken in bounds.items() if broken]


def _growth_failures(growth: Counter[str], functions: int, measured: Audit) -> list[str]:
    pages = ceil(functions / PAGE)
    failures = [f"{name} grew" for name in growth if name not in PAGED]
    failures += [f"{name} took {growth[name]}" for name in PAGED if growth[name] > pages]
    if measured.peak_memory_mb >= MOST_MEMORY_MB:
        failures.append(f"{MOST_MEMORY_MB:.0f} MB or more with the added functions")
    return failures


if __name__ == "__main__":
    sys.exit(main())
