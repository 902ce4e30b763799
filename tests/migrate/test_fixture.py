"""A Supabase project as public ones are: each construct is there, read, converted and applied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from readyctl.clients.database import DatabaseSession
from readyctl.errors import MigrateError
from readyctl.local.state import LocalState
from readyctl.migrate.needs import causes, needs
from readyctl.migrate.parsing import parse
from readyctl.migrate.source import read_folder, read_text
from readyctl.migrate.trial import trial
from readyctl.model.cause import Reason, Trial
from readyctl.workflows.convert import look, write
from tests import databases
from tests.migrate.conftest import Target

PROJECT = Path(__file__).resolve().parent.parent / "fixtures" / "supabase"
FILES = sorted((PROJECT / "migrations").glob("*.sql"))
_ROWS = "20230402120000_dump_with_rows.sql"
CONSTRUCTS = {
    "key to auth.users": r"references auth\.users on delete cascade primary key",
    "trigger on auth.users": r"create trigger on_auth_user_created\s+after insert on auth\.users",
    "handle_new_user": r"function public\.handle_new_user\(\)\s+returns trigger\s+"
    r"language plpgsql\s+security definer",
    "auth.uid()": r"auth\.uid\(\)",
    "auth.jwt()": r"auth\.jwt\(\)",
    "auth.role()": r"auth\.role\(\)",
    "auth.email()": r"auth\.email\(\)",
    "roles": r"to postgres, anon, authenticated, service_role",
    "supabase roles": r"supabase_admin[\s\S]*supabase_storage_admin",
    "buckets": r"insert into storage\.buckets",
    "storage.foldername": r"\(storage\.foldername\(name\)\)\[1\]",
    "publication add": r"alter publication supabase_realtime add table",
    "publication drop": r"alter publication supabase_realtime drop table",
    "publication set": r"alter publication supabase_realtime set \(",
    "publication in DO": r"begin\s+alter publication [^;]+;\s+exception",
    "cron with http": r"cron\.schedule\([^$]+\$\$[^$]+net\.http_post\([^$]+decrypted_secrets",
    "net": r"net\.http_get\(",
    "vault": r"vault\.create_secret\(",
    "extensions schema": r"with schema \"?extensions",
    "functions of extensions": r"extensions\.uuid_generate_v4\(\)",
    "graphql comment": r"@graphql\(\{",
    "pgmq": r"pgmq\.send\(",
    "webhook": r"supabase_functions\.http_request\(",
    "realtime.messages": r"on realtime\.messages for select",
    "notify pgrst": r"notify pgrst",
    "authenticator": r"alter role authenticator set",
    "default privileges": r"alter default privileges for role postgres",
    "quoted names": r'create table "Inventory Items"',
    "quotes in names": r'"says ""hi"""',
    "drop if exists": r"drop policy if exists \"never there\" on public\.nowhere",
    "dynamic": r"execute format\('alter table",
    "quoted language": r"language 'plpgsql'",
    "begin atomic": r"begin atomic",
    "plv8": r"language plv8",
    "copy": r"^copy .* from stdin;",
    "backslash": r"^\\restrict",
    "dump": r"^SET default_table_access_method = \"heap\"",
    "owner": r"owner to \"postgres\"",
    "own transaction": r"^start transaction;",
    "enum value": r"alter type .* add value",
    "concurrently": r"create index concurrently",
    "generated": r"generated always as \(",
    "partition": r"partition of public\.readings",
    "materialized": r"create materialized view",
    "security invoker": r"security_invoker = on",
    "event trigger": r"create event trigger",
    "nested comment": r"/\*[^*]*/\*",
    "emoji": r"🏷️",
    "unicode tag": r"\$größe\$",
    "escapes": r"E'\\u00e9",
    "shadowed": r"create table if not exists public\.bookings",
    "pgsodium": r"pgsodium\.create_key",
    "http": r"from http_get\(",
    "crlf": r"\r\n",
    "mark": r"\ufeff",
    "foreign schema move": r"set schema private",
}

# What servers without the extension refuse; Aurora has it.
WITHOUT_VECTOR: dict[str, int] = {"20230228100000_search.sql": 5}


def whole() -> str:
    """The text of every file."""
    return "\n".join(file.read_bytes().decode() for file in FILES)


def test_there_are_enough_files() -> None:
    """The project is as large as a small one, and its file of notes lists each file."""
    listed = re.findall(r"^\| `([\w.-]+)` \|", (PROJECT / "README.md").read_text(), re.MULTILINE)
    named = {name.split("-...")[0].split("...")[0].removesuffix(".sql") for name in listed}
    assert len(FILES) >= 45
    assert len(listed) == len(FILES)
    assert all(any(file.name.startswith(name) for name in named) for file in FILES)


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_a_construct_is_there(construct: str) -> None:
    """The project has what it claims to have."""
    assert re.search(CONSTRUCTS[construct], whole(), re.IGNORECASE | re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_read(file: Path) -> None:
    """Each file is SQL; that which has rows of COPY is refused where they end."""
    if file.name == _ROWS:
        with pytest.raises(MigrateError) as caught:
            parse(read_text(file, file.name)[1], file.name)
        assert (caught.value.code, caught.value.where) == ("E0402", f"{_ROWS}:11")
        return
    found = parse(read_text(file, file.name)[1], file.name)
    assert bool(found) == (file.name not in ("0003_placeholder.sql", "4_notes_only.sql"))


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, converted."""
    out = tmp_path_factory.mktemp("converted")
    write(look(PROJECT), out, force=False)
    return out


def test_nothing_is_refused(converted: Path) -> None:
    """Each file comes out of the conversion, and the prelude with them."""
    assert look(PROJECT).refusals == ()
    assert len(list(converted.glob("*.sql"))) == len(FILES) + 1


def test_converting_again_changes_nothing(converted: Path) -> None:
    """What is converted is what a conversion of it gives, to the byte."""
    again = look(converted)
    assert {file.target: file.content for file in again.files} == {
        path.name: path.read_bytes() for path in converted.glob("*.sql")
    }


def test_a_converted_project_needs_nothing_from_elsewhere(converted: Path) -> None:
    """Every table, type and function is made by a file before it is needed."""
    assert causes(needs(read_folder(converted).migrations)) == ()


def tried(dsn: str, folder: Path) -> Trial:
    """What becomes of a folder in an empty database."""
    session = DatabaseSession(dsn)
    try:
        return trial(session, read_folder(folder).migrations)
    finally:
        session.close()


def places(found: Trial) -> dict[str, int]:
    """Where each failed file failed first."""
    return {place.file: place.line for cause in found.causes for place in cause.needs}


def has_vector(dsn: str) -> bool:
    """Whether the server could make the extension."""
    session = DatabaseSession(dsn)
    try:
        return bool(session.query("select 1 from pg_available_extensions where name = 'vector'"))
    finally:
        session.close()


@pytest.mark.environment
@pytest.mark.parametrize("server", ["local_empty", "fifteen"])
def test_every_file_applies(request: pytest.FixtureRequest, server: str, converted: Path) -> None:
    """With no hand edit, on the newest and the oldest server; what lacks vector says where."""
    with databases.database(request.getfixturevalue(server)) as dsn:
        allowed = {} if has_vector(dsn) else WITHOUT_VECTOR
        found = tried(dsn, converted)
    assert places(found) == allowed


@pytest.mark.environment
def test_a_second_apply_does_nothing(local_empty: LocalState, converted: Path) -> None:
    """The command's own runner applies all of it once."""
    with databases.database(local_empty) as dsn:
        target = Target(converted, dsn)
        assert (target.apply(), target.apply()) == (len(FILES) + 1, 0)


@pytest.mark.environment
def test_as_it_is_supabase_is_what_it_lacks(local_empty: LocalState, tmp_path: Path) -> None:
    """Tried without a conversion, most of it follows from what Supabase provides."""
    for file in FILES:
        if file.name != _ROWS:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with databases.database(local_empty) as dsn:
        found = tried(dsn, tmp_path)
    first = found.causes[0]
    assert (first.what, first.reason) == ("schema auth", Reason.SUPABASE)
    assert first.held > 20


def test_megabytes_of_rows_are_read(tmp_path: Path) -> None:
    """A seed of several MB is one statement, and needs its table alone."""
    (tmp_path / "1_table.sql").write_text("create table public.seeds (id int, said text);")
    rows = ",\n".join(f"({number}, 'it''s; (row) {number} of many')" for number in range(90_000))
    text = f"insert into public.seeds (id, said)\nvalues {rows};\ninsert into public.gone select 1;"
    (tmp_path / "2_rows.sql").write_text(text)
    assert len(text) > 3_000_000
    (cause,) = causes(needs(read_folder(tmp_path).migrations))
    assert (cause.what, [str(place) for place in cause.needs]) == (
        "table gone",
        ["2_rows.sql:90002"],
    )
