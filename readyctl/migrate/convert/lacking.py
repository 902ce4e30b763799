"""Finds what a converted folder needs and no file of it makes: a database had it from elsewhere."""

from __future__ import annotations

from readyctl.errors import MigrateError
from readyctl.migrate.needs import causes, needs
from readyctl.migrate.parsing import parse
from readyctl.model.cause import Cause
from readyctl.model.conversion import Conversion, Converted
from readyctl.model.migration import Migration


def lacking(found: Conversion) -> tuple[Cause, ...]:
    """Return what is missing, that which holds back most files first."""
    migrations = [made for file in found.files if (made := _migration(file))]
    return causes(needs(migrations))


def _migration(file: Converted) -> Migration | None:
    text = file.content.decode("utf-8-sig")
    try:
        statements = parse(text, file.target)
    except MigrateError:
        # It is refused, or was written by somebody else's hand: that is told elsewhere.
        return None
    return Migration(file.target, "", file.target, text, "", "", statements)
