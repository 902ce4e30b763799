"""What a cold start of each function loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "backend" / "functions").glob("*/[a-z]*.py")
)
HEAVY = ("boto3", "botocore", "requests", "pydantic", "yaml", "jinja2", "typer", "readyctl")


@pytest.mark.parametrize("module", HANDLERS)
def test_a_handler_imports_nothing_heavy(module: str) -> None:
    """Importing a function loads psycopg, msgspec and the standard library, and no more."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not set(HEAVY) & set(done.stdout.split())


def test_every_function_file_has_a_handler_of_its_name() -> None:
    """A file of a function declares the function that the manifest names like it."""
    from importlib import import_module

    for name in HANDLERS:
        declared = import_module(name).handler.declaration.name
        assert declared == name.rpartition(".")[2].replace("_", "-")
