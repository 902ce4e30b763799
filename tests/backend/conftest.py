"""A migrated database for each test, and the functions, called as API Gateway calls them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from backend.runtime import aws, parameters
from backend.runtime.endpoint import Endpoint, database
from readyctl.local.state import LocalState
from readyctl.resources import bundled
from tests import databases
from tests.backend import services
from tests.backend.people import PEOPLE
from tests.backend.services import Services


@dataclass(frozen=True)
class Answer:
    """What a function answered."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Backend:
    """The functions, connected to a database of the test's own."""

    admin: str = field(repr=False)

    def call(
        self,
        function: str,
        subject: str = "",
        *,
        body: object = None,
        **event: Any,
    ) -> Answer:
        """Call `domain/name` as the person of a token's subject; `event` as API Gateway has it."""
        domain, _, name = function.partition("/")
        module = import_module(f"backend.functions.{domain}.{name.replace('-', '_')}")
        handler: Endpoint = module.handler
        claims = {"authorizer": {"claims": {"sub": subject}}} if subject else {}
        answer = handler(
            {
                "requestContext": {"requestId": "test", **claims},
                "body": body if isinstance(body, str) or body is None else json.dumps(body),
                **event,
            },
            None,
        )
        return Answer(answer["statusCode"], json.loads(answer["body"]), answer["headers"])

    def rows(self, statement: str) -> list[Any]:
        """Return rows as the superuser sees them."""
        with psycopg.connect(self.admin) as connection:
            return connection.execute(statement.encode()).fetchall()

    def run(self, statement: str) -> None:
        """Run a statement as the superuser."""
        with psycopg.connect(self.admin) as connection:
            connection.execute(statement.encode())


def migrate(state: LocalState, dsn: str) -> None:
    """Apply every migration to an empty database, as its owner."""
    owner = state.owner
    with psycopg.connect(dsn, autocommit=True) as connection:
        change = sql.SQL("alter database {} owner to {}")
        name = sql.Identifier(str(conninfo_to_dict(dsn)["dbname"]))
        connection.execute(change.format(name, sql.Identifier(owner.user)))
    with psycopg.connect(databases.as_login(dsn, owner.user, owner.password)) as connection:
        for path in sorted(bundled("backend", "migrations").glob("*.sql")):
            connection.execute(path.read_bytes())


@pytest.fixture(scope="session")
def template(local_empty: LocalState) -> Iterator[str]:
    """The name of a database with every migration and a few people; others are copied from it."""
    with databases.database(local_empty) as dsn:
        migrate(local_empty, dsn)
        with psycopg.connect(dsn) as connection:
            connection.execute(PEOPLE.encode())
        yield str(conninfo_to_dict(dsn)["dbname"])
    # Roles outlive the database that they were made for.
    with psycopg.connect(local_empty.dsn(local_empty.superuser)) as connection:
        connection.execute("drop role readyctl_app")


@contextmanager
def copy(state: LocalState, template: str) -> Iterator[str]:
    """Copy the template, yield the superuser's connection string to the copy, drop it."""
    admin = state.dsn(state.superuser)
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(admin, autocommit=True) as connection:
        clone = sql.SQL("create database {} template {}")
        connection.execute(clone.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield make_conninfo(admin, dbname=name)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            connection.execute(drop)


@pytest.fixture(scope="module")
def migrated(local_empty: LocalState, template: str) -> Iterator[str]:
    """A superuser's connection string to a database with every migration and a few people."""
    with copy(local_empty, template) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def made_services(local_empty: LocalState) -> Iterator[Services]:
    """The services, made once: each test looks for what is its own."""
    yield services.make(local_empty.emulator_url)
    aws.close()


@pytest.fixture
def aws_services(made_services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The services that the functions find in their environment."""
    for name, value in made_services.environment.items():
        monkeypatch.setenv(name, value)
    parameters.forget()
    return made_services


@pytest.fixture
def backend(
    local_empty: LocalState,
    template: str,
    monkeypatch: pytest.MonkeyPatch,
    aws_services: Services,
) -> Iterator[Backend]:
    """The functions, connected as the application's role to a database of their own."""
    del aws_services
    password = secrets.token_urlsafe(16)
    with copy(local_empty, template) as dsn:
        with psycopg.connect(dsn) as connection:
            change = sql.SQL("alter role readyctl_app password {}")
            connection.execute(change.format(sql.Literal(password)))
        application = databases.as_login(dsn, "readyctl_app", password)
        monkeypatch.setenv("BACKEND_DATABASE_URL", application)
        database.close()
        yield Backend(dsn)
        database.close()
