"""Tests of what reads the schemas: once for all that ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from readyctl.clients.failures import SourceFailure
from readyctl.errors import MigrateError
from readyctl.gather.schemas import Schemas
from readyctl.model.expectation import Expectation
from readyctl.model.schema import Schema

LIVE = Schema(180000, "live", {})


def test_a_schema_is_read_once() -> None:
    """However many facts ask for it at a time."""
    asked: list[int] = []

    def live() -> Schema:
        asked.append(1)
        return LIVE

    schemas = Schemas(live, lambda: Expectation(LIVE, "test"))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: schemas.live(), range(32)))
    assert (answers, len(asked)) == ([LIVE] * 32, 1)


def test_a_failure_is_told_to_each() -> None:
    """An error of the migrations is a source that failed, with its code, place and what to do."""

    def expected() -> Expectation:
        raise MigrateError("E0401", "1_a.sql is not SQL", where="1_a.sql:1:1", hint="correct it")

    schemas = Schemas(lambda: LIVE, expected)
    for _ in range(2):
        with pytest.raises(SourceFailure) as caught:
            schemas.expected()
        failure = caught.value
        assert (failure.message, failure.where, failure.resolution) == (
            "1_a.sql is not SQL [E0401]",
            "1_a.sql:1:1",
            "correct it",
        )
