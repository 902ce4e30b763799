"""The other tools: how each wants its files, and how an apply is started."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from benchmarks import peers

# Timestamps of one length, as most of these tools want them.
_FIRST = 1_700_000_000_000


@dataclass(frozen=True)
class Tool(ABC):
    """One tool that applies migrations."""

    name: str
    program: Path
    version: str

    @abstractmethod
    def write(self, folder: Path, files: Mapping[int, str]) -> None:
        """Write files of the tool's own form; those that were there before are replaced."""

    @abstractmethod
    def start(self, folder: Path, dsn: str) -> subprocess.Popen[str]:
        """Start an apply of everything that is pending."""

    def _started(self, folder: Path, dsn: str, *arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "DATABASE_URL": _url(dsn), "CI": "1"}
        return subprocess.Popen(
            [str(self.program), *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


class _Dbmate(Tool):
    def write(self, folder: Path, files: Mapping[int, str]) -> None:
        for number, text in files.items():
            path = folder / f"{_FIRST + number}_x.sql"
            path.write_text(f"-- migrate:up\n{text}\n-- migrate:down\n", encoding="utf-8")

    def start(self, folder: Path, dsn: str) -> subprocess.Popen[str]:
        return self._started(folder, dsn, "--no-dump-schema", "-d", str(folder), "migrate")


class _NodePgMigrate(Tool):
    def write(self, folder: Path, files: Mapping[int, str]) -> None:
        for number, text in files.items():
            path = folder / "migrations" / f"{_FIRST + number}_x.sql"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"-- Up Migration\n{text}\n-- Down Migration\n", encoding="utf-8")

    def start(self, folder: Path, dsn: str) -> subprocess.Popen[str]:
        return self._started(folder, dsn, "up", "-m", str(folder / "migrations"))


class _Yoyo(Tool):
    def write(self, folder: Path, files: Mapping[int, str]) -> None:
        for number, text in files.items():
            path = folder / "migrations" / f"{number:04}_x.sql"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def start(self, folder: Path, dsn: str) -> subprocess.Popen[str]:
        url = _url(dsn).replace("postgresql://", "postgresql+psycopg://")
        options = ("apply", "--batch", "--no-config-file", "--database", url)
        return self._started(folder, dsn, *options, str(folder / "migrations"))


class _Alembic(Tool):
    def write(self, folder: Path, files: Mapping[int, str]) -> None:
        versions = folder / "alembic" / "versions"
        versions.mkdir(parents=True, exist_ok=True)
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
        (versions.parent / "env.py").write_text(_ENVIRONMENT, encoding="utf-8")
        before = None
        for number, text in sorted(files.items()):
            (versions / f"r{number}.py").write_text(
                f"from alembic import op\nrevision = 'r{number}'\ndown_revision = {before!r}\n"
                f"def upgrade():\n    op.execute({text!r})\ndef downgrade():\n    pass\n",
                encoding="utf-8",
            )
            before = f"r{number}"

    def start(self, folder: Path, dsn: str) -> subprocess.Popen[str]:
        shutil.rmtree(folder / "alembic" / "versions" / "__pycache__", ignore_errors=True)
        return self._started(folder, dsn, "upgrade", "head")


_ENVIRONMENT = """
import os
from alembic import context
from sqlalchemy import create_engine, pool
url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""


class _GraphileMigrate(Tool):
    def write(self, folder: Path, files: Mapping[int, str]) -> None:
        committed = folder / "migrations" / "committed"
        committed.mkdir(parents=True, exist_ok=True)
        (committed.parent / "current.sql").write_text("", encoding="utf-8")
        before = ""
        for number, text in sorted(files.items()):
            joined = f"{before}\n{text.strip()}".strip() + "\n"
            digest = f"sha1:{hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()}"
            (committed / f"{number:06}.sql").write_text(
                f"--! Previous: {before or '-'}\n--! Hash: {digest}\n\n{text}\n", encoding="utf-8"
            )
            before = digest

    def start(self, folder: Path, dsn: str) -> subprocess.Popen[str]:
        (folder / ".gmrc").write_text(json.dumps({"connectionString": _url(dsn)}))
        return self._started(folder, dsn, "migrate")


_TOOLS: dict[str, type[Tool]] = {
    "dbmate": _Dbmate,
    "node-pg-migrate": _NodePgMigrate,
    "alembic": _Alembic,
    "yoyo": _Yoyo,
    "graphile-migrate": _GraphileMigrate,
}
_PACKAGES = {"yoyo": "yoyo_migrations"}


def installed() -> tuple[Tool, ...]:
    """Return the tools that can be installed here."""
    found: list[Tool] = []
    for name, kind in _TOOLS.items():
        program = peers.program(name)
        if program:
            found.append(kind(name, program, _version(name)))
    return tuple(found)


def _version(name: str) -> str:
    package = peers.FOLDER / "npm" / "node_modules" / name / "package.json"
    if package.is_file():
        return str(json.loads(package.read_text(encoding="utf-8"))["version"])
    folders = (peers.FOLDER / "python" / "lib").glob(
        f"*/site-packages/{_PACKAGES.get(name, name)}-*.dist-info"
    )
    known = (re.search(r"-([\d.]+)\.dist-info$", folder.name) for folder in folders)
    return next((match[1] for match in known if match), "")


def _url(dsn: str) -> str:
    given = conninfo_to_dict(dsn)
    return (
        f"postgresql://{given['user']}:{given['password']}@{given['host']}:{given['port']}"
        f"/{given['dbname']}?sslmode=disable"
    )
