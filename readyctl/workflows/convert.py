"""Converts a folder of Supabase migrations, and writes what became of it to another folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from readyctl.clients.files import make_folder, read_bytes, write_bytes
from readyctl.errors import ExitCode, MigrateError
from readyctl.migrate.convert.engine import convert
from readyctl.migrate.convert.lacking import lacking
from readyctl.model.conversion import Conversion


def look(source: Path) -> Conversion:
    """Return the converted folder; nothing is written.

    Raises:
        MigrateError: E0403, there are no migrations.
    """
    found = convert(source)
    return replace(found, missing=lacking(found))


def write(found: Conversion, out: Path, *, force: bool) -> int:
    """Write converted files into a folder; return how many are new or changed.

    Raises:
        MigrateError: E0442, a file is there already and is another one.
    """
    different = [file for file in found.files if not _same(out / file.target, file.content)]
    there = [file.target for file in different if (out / file.target).exists()]
    if there and not force:
        raise MigrateError(
            "E0442",
            f"{len(there)} files are there already and differ",
            cause=", ".join(there[:5]) + (" ..." if len(there) > 5 else ""),
            where=str(out),
            hint="name another folder with --out, or replace them with --force",
        )
    make_folder(out)
    for file in different:
        write_bytes(out / file.target, file.content)
    return len(different)


def verdict(found: Conversion, *, changed: bool = False) -> ExitCode:
    """Return what the process says: NO where something was refused, or would change."""
    return ExitCode.NO if found.refusals or changed else ExitCode.YES


def changes(found: Conversion, source: Path) -> tuple[str, ...]:
    """Return the files of a folder that a conversion would change, or that it has not."""
    return tuple(
        file.target for file in found.files if not _same(source / file.target, file.content)
    )


def same_place(source: Path, out: Path) -> bool:
    """Return whether the output would be written over the source."""
    places = (source, source / "migrations", source / "supabase" / "migrations")
    return out.resolve() in {place.resolve() for place in places}


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and read_bytes(path) == content
