"""Tests of the PostgreSQL reader against a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from readyctl.clients.failures import SourceFailure
from readyctl.clients.postgres import PostgresReader
from readyctl.local.state import LocalState
from readyctl.model.fact import Reason
from tests.databases import as_login, database

pytestmark = pytest.mark.environment


@pytest.fixture
def dsn(local_empty: LocalState) -> Iterator[str]:
    """A superuser's connection string to an empty database."""
    with database(local_empty) as dsn:
        yield dsn


@pytest.fixture
def reader(dsn: str) -> Iterator[PostgresReader]:
    """A reader of that database."""
    reader = PostgresReader(dsn)
    yield reader
    reader.close()


@pytest.fixture
def auditor(dsn: str, local_empty: LocalState) -> Iterator[PostgresReader]:
    """A reader that signs in as the auditor, who may read no rows."""
    login = local_empty.auditor
    reader = PostgresReader(as_login(dsn, login.user, login.password))
    yield reader
    reader.close()


def _failure(reader: PostgresReader) -> SourceFailure:
    with pytest.raises(SourceFailure) as caught:
        reader.query("select 1 as one")
    return caught.value


def test_rows(reader: PostgresReader) -> None:
    """Rows come back as mappings of column names."""
    assert reader.query("select %s::int as one", [1]) == [{"one": 1}]


def test_identifiers(reader: PostgresReader) -> None:
    """Configured names are quoted, not interpolated."""
    rows = reader.query(
        "select count(*) > 0 as some from {t}", identifiers={"t": ("pg_catalog", "pg_class")}
    )
    assert rows == [{"some": True}]


def test_asked_once(reader: PostgresReader) -> None:
    """Equal queries are sent once and share their answer."""
    first = reader.query("select clock_timestamp() as now")
    assert reader.query("select clock_timestamp() as now") == first


def test_threads_share_one_connection(reader: PostgresReader) -> None:
    """Threads that ask at once use the same connection."""
    pids: set[int] = set()

    def ask(number: int) -> None:
        pids.add(reader.query("select pg_backend_pid() as pid, %s::int", [number])[0]["pid"])

    threads = [threading.Thread(target=ask, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 1


def test_read_only(reader: PostgresReader, dsn: str) -> None:
    """A statement that writes is refused, even for a superuser."""
    with psycopg.connect(dsn) as connection:
        connection.execute("create table kept (id int)")
    with pytest.raises(SourceFailure, match="ReadOnlySqlTransaction"):
        reader.query("insert into kept values (1) returning id")


def test_no_transaction_stays_open(reader: PostgresReader, dsn: str) -> None:
    """Between queries the connection holds no transaction, so it blocks no migration."""
    pid = reader.query("select pg_backend_pid() as pid")[0]["pid"]
    with psycopg.connect(dsn) as connection:
        row = connection.execute("select state from pg_stat_activity where pid = %s", [pid])
        assert row.fetchone() == ("idle",)


def test_after_a_failure(reader: PostgresReader) -> None:
    """A query that failed does not spoil the next one."""
    with pytest.raises(SourceFailure):
        reader.query("select * from missing")
    assert reader.query("select 1 as one") == [{"one": 1}]


def test_session(reader: PostgresReader) -> None:
    """The session names itself and has a statement timeout."""
    rows = reader.query(
        "select current_setting('application_name') as name,"
        " current_setting('statement_timeout') as timeout"
    )
    assert rows == [{"name": "readyctl", "timeout": "15s"}]


def test_failure_repeats_no_value(reader: PostgresReader) -> None:
    """The server's text is not repeated: it can hold a value of a row."""
    with pytest.raises(SourceFailure) as caught:
        reader.query("select 'Jane Doe'::int as number")
    assert "Jane" not in repr(vars(caught.value))


def test_denied_names_the_object(auditor: PostgresReader, dsn: str) -> None:
    """A missing privilege is DENIED and names the table."""
    with psycopg.connect(dsn) as connection:
        connection.execute("create table chart (id int)")
    with pytest.raises(SourceFailure) as caught:
        auditor.query("select * from chart")
    assert caught.value.permission == "SELECT on table chart"


def test_wrong_password(dsn: str, local_empty: LocalState) -> None:
    """A refused login is DENIED."""
    reader = PostgresReader(as_login(dsn, local_empty.auditor.user, "s3cret"))
    assert _failure(reader).reason is Reason.DENIED


def test_wrong_password_is_not_shown(dsn: str, local_empty: LocalState) -> None:
    """An error never holds the connection string or a part of it that is secret."""
    reader = PostgresReader(as_login(dsn, local_empty.auditor.user, "s3cret"))
    assert "s3cret" not in repr(vars(_failure(reader)))


def test_nobody_listens() -> None:
    """A server that is not there is UNREACHABLE."""
    reader = PostgresReader("postgresql://u:s3cret@127.0.0.1:1/x")
    assert _failure(reader).reason is Reason.UNREACHABLE


def test_connects_once() -> None:
    """A connection that failed is not tried again for the next query."""
    reader = PostgresReader("postgresql://127.0.0.1:1/x")
    first = _failure(reader)
    with pytest.raises(SourceFailure) as caught:
        reader.query("select 2 as two")
    assert caught.value is first


def test_not_configured() -> None:
    """Without a connection string the failure says what to configure."""
    assert _failure(PostgresReader(None)).reason is Reason.NOT_CONFIGURED


def test_malformed_connection_string() -> None:
    """A malformed connection string is reported without repeating it."""
    failure = _failure(PostgresReader("postgresql//u:s3cret@x"))
    assert (failure.reason, "s3cret" in repr(vars(failure))) == (Reason.NOT_CONFIGURED, False)
