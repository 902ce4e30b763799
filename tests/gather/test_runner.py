"""How facts are gathered: concurrently, and whatever fails alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TypedDict, cast

import boto3
import pytest

from readyctl.clients.aws import AwsReader
from readyctl.clients.failures import SourceFailure
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Settings
from readyctl.errors import ConfigError, CredentialsError
from readyctl.gather.base import FactSpec, Sources, fact
from readyctl.gather.runner import Progress, discover, gather
from readyctl.model.fact import Fact, Reason, Unavailable
from tests.schemas import no_schemas

NOW = datetime(2026, 11, 22, 12, 0, 30, 999, tzinfo=UTC)


class Thing(TypedDict):
    """A row."""

    name: str


@fact("good", origin="files")
def good(_: Sources) -> list[Thing]:
    """Things."""
    return [Thing(name="a")]


@fact("denied", calls=("sns:ListTopics",))
def denied(_: Sources) -> list[Thing]:
    """Things that are denied."""
    raise SourceFailure(Reason.DENIED, "no", permission="sns:ListTopics", resolution="allow it")


@fact("odd", origin="files")
def odd(_: Sources) -> list[Thing]:
    """Things of another shape; the value must not be quoted anywhere."""
    return [cast("Thing", {"name": 5, "password": "hunter2"})]


@fact("crashed", origin="files")
def crashed(_: Sources) -> list[Thing]:
    """Things that cannot be read."""
    answer: dict[str, str] = {}
    return [Thing(name=answer["hunter2"])]


@fact("expired", calls=("sns:ListTopics",))
def expired(_: Sources) -> list[Thing]:
    """Things behind credentials that ended."""
    raise CredentialsError("E0301", "expired")


@fact("malformed", origin="files")
def malformed(_: Sources) -> list[Thing]:
    """Things in a file that people wrote wrongly."""
    raise ConfigError("E0210", "malformed")


Run = Callable[..., Mapping[str, Fact | Unavailable]]


@pytest.fixture
def run(settings: Settings) -> Iterator[Run]:
    """Gather some facts."""
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    reader = AwsReader(session, region="us-east-1")

    def go(*specs: FactSpec, **options: float) -> Mapping[str, Fact | Unavailable]:
        seen: list[Progress] = []
        found = gather(
            specs,
            settings,
            aws=reader,
            postgres=PostgresReader(None),
            schemas=no_schemas(),
            clock=lambda: NOW,
            progress=seen.append,
            **options,
        )
        assert [step.done for step in seen] == list(range(1, len(seen) + 1))
        return found

    yield go
    reader.close()


def test_a_fact_has_value_source_and_time(run: Run) -> None:
    """What was gathered says what it is, who was asked, and when, in whole seconds of UTC."""
    found = run(good)["good"]
    assert isinstance(found, Fact)
    assert (found.value, found.provenance.source) == ([{"name": "a"}], "files")
    assert found.provenance.observed_at == NOW.replace(microsecond=0)


def test_a_denied_fact_names_its_permission_and_stops_nothing(run: Run) -> None:
    """A denial is that fact's alone."""
    found = run(good, denied)
    lost = found["denied"]
    assert isinstance(found["good"], Fact)
    assert isinstance(lost, Unavailable)
    assert (lost.reason, lost.permission) == (Reason.DENIED, "sns:ListTopics")


@pytest.mark.parametrize("spec", [odd, crashed], ids=lambda spec: spec.name)
def test_an_unknown_shape_is_unparsable_and_not_quoted(run: Run, spec: FactSpec) -> None:
    """What does not have the declared shape is unavailable, and its text appears nowhere."""
    lost = run(spec)[spec.name]
    assert isinstance(lost, Unavailable)
    assert lost.reason is Reason.UNPARSABLE
    assert "hunter2" not in repr(lost)


@pytest.mark.parametrize(("spec", "error"), [(expired, CredentialsError), (malformed, ConfigError)])
def test_what_concerns_everything_stops_everything(
    run: Run, spec: FactSpec, error: type[Exception]
) -> None:
    """Credentials that ended, and files that people wrote wrongly, end the run."""
    with pytest.raises(error):
        run(good, spec)


def test_the_deadline_ends_the_wait(run: Run) -> None:
    """A source that never answers makes its fact unavailable, and the others are there."""
    release = threading.Event()

    @fact("silent", origin="files")
    def silent(_: Sources) -> list[Thing]:
        """Things that never come."""
        release.wait(30)
        return []

    try:
        found = run(good, silent, deadline_seconds=0.5)
    finally:
        release.set()
    lost = found["silent"]
    assert isinstance(found["good"], Fact)
    assert isinstance(lost, Unavailable)
    assert lost.reason is Reason.UNREACHABLE


def test_facts_are_gathered_at_the_same_time(run: Run) -> None:
    """Facts do not wait for each other: eight of them meet at one barrier."""
    barrier = threading.Barrier(8, timeout=20)

    def meeting(number: int) -> FactSpec:
        @fact(f"meeting-{number}", origin="files")
        def meet(_: Sources) -> list[Thing]:
            """Nothing, once all are there."""
            barrier.wait()
            return []

        return meet

    found = run(*(meeting(number) for number in range(8)))
    assert all(isinstance(entry, Fact) for entry in found.values())


def test_every_fact_is_documented_and_reads_what_it_declares() -> None:
    """Each fact has a sentence of its own, and one from AWS declares its calls."""
    for spec in discover():
        assert spec.doc, spec.name
        assert bool(spec.calls) is (spec.origin == "aws"), spec.name
