"""A database of its own for a test, and facts that are read from it as the runner does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import msgspec
import psycopg
import pytest
from boto3.session import Session

from readyctl.clients.aws import AwsReader, DeclaredCalls
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Settings
from readyctl.gather.base import FactSpec, Sources
from readyctl.local.state import LocalState
from tests.databases import database
from tests.schemas import no_schemas

Queried = Callable[[FactSpec, LiteralString], Any]


@pytest.fixture
def dsn(local_empty: LocalState) -> Iterator[str]:
    """A superuser's connection string to an empty database."""
    with database(local_empty) as dsn:
        yield dsn


@pytest.fixture
def connected(settings: Settings, session: Session) -> Iterator[Callable[[str], Sources]]:
    """Build sources over the database of a connection string."""
    aws = AwsReader(session, region="us-east-1")
    readers: list[PostgresReader] = []

    def build(dsn: str) -> Sources:
        readers.append(PostgresReader(dsn))
        return Sources(
            settings=settings,
            aws=DeclaredCalls(aws, ()),
            postgres=readers[-1],
            schemas=no_schemas(),
        )

    yield build
    for reader in readers:
        reader.close()
    aws.close()


@pytest.fixture
def queried(dsn: str, connected: Callable[[str], Sources]) -> Queried:
    """Run SQL, then read a fact as the runner does: its value must have the declared shape."""

    def read(spec: FactSpec, statements: LiteralString) -> Any:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(statements)
        return msgspec.convert(spec.read(connected(dsn)), spec.shape)

    return read
