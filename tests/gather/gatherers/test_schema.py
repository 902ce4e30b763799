"""Tests of the facts about the schema."""

from __future__ import annotations

from dataclasses import replace

from readyctl.clients.aws import AwsReader, DeclaredCalls
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Settings
from readyctl.gather.base import Sources
from readyctl.gather.gatherers.schema import migration_examinations, schema_parity
from readyctl.gather.schemas import Schemas
from readyctl.model.expectation import Examination, Expectation
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Undecided
from readyctl.model.schema import Passed, Schema, SchemaObject
from readyctl.model.status import Severity
from tests.gather.recorded import RecordedSession

TABLE = SchemaObject("table", "public.clients", {"rls": True})
LEDGER = SchemaObject("table", "readyctl.migrations")


def schema(*objects: SchemaObject) -> Schema:
    """A schema of some objects."""
    return Schema(180000, "telehealth", {found.key: found for found in objects})


def sources(settings: Settings, live: Schema, expectation: Expectation) -> Sources:
    """What a fact reads from, when both schemas are known."""
    aws = AwsReader(RecordedSession({}), region="us-east-1")
    schemas = Schemas(lambda: live, lambda: expectation)
    return Sources(settings, DeclaredCalls(aws, ()), PostgresReader(None), schemas)


def test_what_differs(settings: Settings) -> None:
    """What is missing, what is too much, and which attribute of an object is another."""
    view, index = SchemaObject("view", "public.v"), SchemaObject("index", "public.i")
    live = schema(replace(TABLE, attributes={"rls": False}), index, LEDGER)
    found = schema_parity.read(sources(settings, live, Expectation(schema(TABLE, view), "a file")))
    assert found["expected_from"] == "a file"
    assert [(row["object"], row["attribute"], row["state"]) for row in found["differences"]] == [
        ("public.i", "", "unexpected"),
        ("public.clients", "rls", "different"),
        ("public.v", "", "missing"),
    ]


def test_what_is_not_compared_is_said(settings: Settings) -> None:
    """Something of a kind that readyctl does not know is no parity."""
    live = replace(schema(TABLE), unchecked=(Passed("2 languages", "readyctl does not know them"),))
    found = schema_parity.read(sources(settings, live, Expectation(schema(TABLE), "a file")))
    assert found["unchecked"] == ["2 languages: readyctl does not know them"]


def test_examinations_of_the_migrations(settings: Settings) -> None:
    """Flaws come with their place, and what could not be decided with the reason."""
    flaw = Flaw("routines-valid", Severity.BLOCKER, "no column x", "f()", "1_a.sql", 3, 1)
    unknown = Undecided("g()", "dynamic SQL")
    examined = Examination("routines-valid", "routines", (flaw,), 4, (unknown,))
    expectation = Expectation(schema(TABLE), "a file", (examined,))
    (found,) = migration_examinations.read(sources(settings, schema(), expectation))
    assert (found["decided"], found["flaws"][0]["line"]) == (4, 3)
    assert found["undecided"] == ["g(): dynamic SQL"]
