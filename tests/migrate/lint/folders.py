"""Lints SQL texts as if they were a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from readyctl.migrate.lint.linting import lint
from readyctl.migrate.lint.registry import TEXTS
from readyctl.migrate.parsing import parse
from readyctl.model.flawreport import FlawReport
from readyctl.model.migration import Migration

OWN = frozenset(name for name in TEXTS if not name.startswith("squawk/"))


def migration(text: str, version: str = "1") -> Migration:
    """A file of one text, named after its version."""
    file = f"{version}_a.sql"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Migration(version, "a", file, text, digest, "", parse(text, file))


def linted(*texts: str, rules: Collection[str] = OWN, since: str = "") -> FlawReport:
    """What rules find in files 1, 2, ... ; without squawk unless its rules are named."""
    files = [migration(text, str(number)) for number, text in enumerate(texts, start=1)]
    return lint(files, rules, since)


def places(report: FlawReport) -> list[str]:
    """The rule of each flaw with its file's number and line."""
    return [f"{flaw.rule} {flaw.file.split('_')[0]}:{flaw.line}" for flaw in report.flaws]
