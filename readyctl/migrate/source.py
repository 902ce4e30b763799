"""Reads folders of migrations, of whichever tool they were written for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from readyctl.clients.files import read_bytes
from readyctl.errors import MigrateError
from readyctl.migrate.headers import headers
from readyctl.migrate.parsing import parse, tokens_sha256
from readyctl.migrate.psql import blanked
from readyctl.migrate.versions import order
from readyctl.model.migration import Migration, Statement

_FLYWAY = re.compile(r"[Vv](?P<version>\d+(?:[._]\d+)*)__(?P<name>.*)")
_PLAIN = re.compile(r"[Vv]?(?P<version>\d+)(?:[_. -]+(?P<name>.*))?")
_UNDO = re.compile(r"[Uu]\d")
_REPEATABLE = re.compile(r"[Rr]__")
_DBMATE = re.compile(r"^--\s*migrate:(up|down)\b(.*)$", re.MULTILINE)
_MARK = "migrate:"
_NOT_NEWLINES = re.compile(r"[^\n]+")
_PRISMA = "migration.sql"
_DOWN = ".down"
# Seed data of a whole product, in one file.
_MAX_BYTES = 100_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Passed:
    """A file of the folder that is no migration, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A folder's migrations in the order of their versions, and what was passed over."""

    folder: Path
    migrations: tuple[Migration, ...]
    passed: tuple[Passed, ...] = ()


def read_folder(folder: Path) -> Source:
    """Return the migrations of a folder: of plain files, dbmate, Flyway, Prisma, or Supabase.

    Of a Supabase project the project's folder, its `supabase` folder or the migrations themselves
    can be named.

    Raises:
        MigrateError: E0403, there is none; E0404, two have one version; E0405, a file cannot be
            decoded; E0401 and E0402, see `parse`; E0437, see `headers`.
        ConfigError: a file cannot be read.
    """
    place = _place(folder)
    migrations: list[Migration] = []
    passed: list[Passed] = []
    files = _files(place)
    for file, stem in files.items():
        reason = _not_one(stem)
        if reason:
            passed.append(Passed(file, reason))
        else:
            migrations.append(_migration(place, file, stem, files))
    if not migrations:
        raise _none(place, passed)
    migrations.sort(key=_order)
    _refuse_twice(migrations)
    return Source(place, tuple(migrations), tuple(passed))


def read_text(path: Path, file: str) -> tuple[bytes, str]:
    """Return a file's bytes and text: UTF-8, or UTF-16 with its mark; the mark is left out.

    Raises:
        MigrateError: E0405, names the line and the byte.
    """
    data = read_bytes(path, _MAX_BYTES)
    try:
        text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _undecodable(file, data, error.start) from None
    if "\0" in text:
        # The grammar, and the server, would end there and say nothing of what follows.
        raise _undecodable(file, data, data.index(b"\0"))
    return data, text


def _undecodable(file: str, data: bytes, offset: int) -> MigrateError:
    line = data.count(b"\n", 0, offset) + 1
    begin = data.rfind(b"\n", 0, offset) + 1
    column = len(data[begin:offset].decode(errors="replace")) + 1
    return MigrateError(
        "E0405",
        f"{file} is not UTF-8",
        cause=f"byte 0x{data[offset]:02x} cannot be read",
        where=f"{file}:{line}:{column}",
        hint="save the file as UTF-8",
    )


def _place(folder: Path) -> Path:
    for place in (folder / "supabase" / "migrations", folder / "migrations"):
        # A seed.sql beside the migrations is none of them.
        if place.is_dir() and not any(_named(path.stem) for path in folder.glob("*.sql")):
            return place
    return folder


def _files(place: Path) -> dict[str, str]:
    """The files in the folder by their names, each with the part that may hold a version."""
    if not place.is_dir():
        return {}
    names = [path.name for path in place.iterdir()]
    found = {name: name.removesuffix(".sql") for name in names if name.endswith(".sql")}
    # Prisma: a folder for each migration.
    found |= {
        f"{name}/{_PRISMA}": name
        for name in names
        if "." not in name and (place / name / _PRISMA).is_file()
    }
    return dict(sorted(found.items()))


def _named(stem: str) -> re.Match[str] | None:
    return _FLYWAY.fullmatch(stem) or _PLAIN.fullmatch(stem)


def _not_one(stem: str) -> str:
    if stem.endswith(_DOWN) or _UNDO.match(stem):
        return "it undoes another one"
    if _REPEATABLE.match(stem):
        return "it is repeated whenever it changes: give it a version"
    if not _named(stem):
        return "its name begins with no version"
    return ""


def _migration(place: Path, file: str, stem: str, files: Container[str]) -> Migration:
    named = _named(stem)
    data, text = read_text(place / file, file)
    marks = list(_DBMATE.finditer(text)) if _MARK in text else []
    statements = _marked(text, file, marks, "up") if marks else parse(text, file)
    undo = f"{stem.removesuffix('.up')}{_DOWN}.sql"
    down = (
        parse(read_text(place / undo, undo)[1], undo)
        if undo in files
        else _marked(text, file, marks, "down")
    )
    return Migration(
        version=named["version"] if named else stem,
        name=(named["name"] or "") if named else "",
        file=file,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        tokens_sha256=tokens_sha256(blanked(text, file)),
        statements=statements,
        down=down,
        options=_options(text, file, marks, statements),
    )


def _options(
    text: str, file: str, marks: Sequence[re.Match[str]], statements: Sequence[Statement]
) -> tuple[tuple[str, str], ...]:
    options = headers(text[: statements[0].start] if statements else text, file)
    if marks and "transaction:false" in marks[0][2]:
        return (*options, ("transaction", "off"))
    return options


def _marked(
    text: str, file: str, marks: Sequence[re.Match[str]], part: str
) -> tuple[Statement, ...]:
    """The statements of dbmate's parts of one kind."""
    found: tuple[Statement, ...] = ()
    for mark, after in zip(marks, [*marks[1:], None], strict=False):
        begin, end = mark.end(), after.start() if after else len(text)
        if mark[1] == part and not text[begin:end].isspace():
            # Spaces before it keep lines, columns and offsets those of the file.
            before = _NOT_NEWLINES.sub(_spaces, text[:begin])
            found += parse(before + text[begin:end], file)
    return found


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _order(migration: Migration) -> tuple[tuple[int, ...], str]:
    return order(migration.version), migration.file


def _refuse_twice(migrations: list[Migration]) -> None:
    for one, other in pairwise(migrations):
        if _order(one)[0] == _order(other)[0]:
            raise MigrateError(
                "E0404",
                f"two migrations have the version {one.version}",
                cause="which of them comes first is nowhere said",
                where=f"{one.file} and {other.file}",
                hint="give one of them a version of its own",
            )


def _none(place: Path, passed: list[Passed]) -> MigrateError:
    if not place.is_dir():
        cause = "there is no such folder"
    elif passed:
        cause = f"none of its {len(passed)} files begins with a version, such as 0001_name.sql"
    else:
        cause = "it has no *.sql"
    return MigrateError(
        "E0403",
        "there are no migrations",
        cause=cause,
        where=str(place),
        hint="name the folder: `migrations:` in config.yaml, or --dir",
    )
