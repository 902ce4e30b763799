"""Installs the other tools that migrations are compared with, into `.readyctl/peers`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(".readyctl/peers").absolute()
_NPM = ("dbmate", "node-pg-migrate", "pg", "graphile-migrate")
_PIP = ("alembic", "yoyo-migrations", "psycopg[binary]", "psycopg2-binary", "sqlalchemy")
_MINUTES = 5 * 60


def install() -> None:
    """Install what can be had here; what cannot is not there afterwards."""
    npm = shutil.which("npm")
    modules = FOLDER / "npm"
    if npm and not (modules / "node_modules").is_dir():
        modules.mkdir(parents=True, exist_ok=True)
        (modules / "package.json").write_text('{"private": true}', encoding="utf-8")
        _run([npm, "install", "--no-audit", "--no-fund", "--silent", *_NPM], modules)
    python = FOLDER / "python"
    if not python.is_dir():
        _run([sys.executable, "-m", "venv", str(python)], FOLDER.parent)
        _run([str(python / "bin" / "python"), "-m", "pip", "install", "--quiet", *_PIP], python)


def dbmate() -> Path | None:
    """Return dbmate's program itself, not the script before it, where it can be had."""
    install()
    found = sorted((FOLDER / "npm" / "node_modules" / "@dbmate").glob("*/bin/dbmate"))
    return found[0] if found else None


def program(name: str) -> Path | None:
    """Return a program of another tool by its name, None where it is not installed."""
    if name == "dbmate":
        return dbmate()
    install()
    for place in (FOLDER / "npm" / "node_modules" / ".bin", FOLDER / "python" / "bin"):
        if (place / name).exists():
            return place / name
    return None


def _run(command: list[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, cwd=folder, check=False, timeout=_MINUTES, stdout=subprocess.DEVNULL)
