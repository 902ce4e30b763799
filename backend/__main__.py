"""`python -m backend manifest|openapi [--check]`: writes what readyctl reads of the backend."""

from __future__ import annotations

import argparse
import sys

from backend.generation import manifest, openapi


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or with `--check` exit with 1 if it is not as it would be written."""
    parser = argparse.ArgumentParser(prog="python -m backend", description=__doc__)
    parser.add_argument("what", choices=["manifest", "openapi"])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if it is stale")
    given = parser.parse_args(arguments)
    made = {"manifest": manifest, "openapi": openapi}[given.what]
    fresh = made.text()
    if given.check:
        stale = not made.FILE.exists() or made.FILE.read_text(encoding="utf-8") != fresh
        if stale:
            sys.stderr.write(f"{made.FILE.name} is stale: python -m backend {given.what}\n")
        return int(stale)
    made.FILE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
