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
    try:
        from readyctl.cli.run import run

        return _flushed(run(given))
    except BrokenPipeError:
        return _hung_up()
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        return 130


def _flushed(code: int) -> int:
    sys.stdout.flush()
    return code


def _hung_up() -> int:
    # The reader has left, as `head` does: Python must not complain when it closes the stream.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
