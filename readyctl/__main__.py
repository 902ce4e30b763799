"""Starts readyctl, and turns whatever happens into an exit code."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--version"]:
        # People and scripts ask this often: answer before anything heavy is imported.
        from readyctl import __version__

        sys.stdout.write(f"readyctl {__version__}\n")
        return 0
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Whoever closed a stream wants no more than the exit code.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
    try:
        from readyctl.cli.run import run

        return run(given)
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        sys.stderr.flush()
        if arguments is None:
            # Calls that still wait for an answer would hold up the process by their timeouts.
            os._exit(130)
        return 130


if __name__ == "__main__":
    sys.exit(main())
