"""An account in moto, and the sources that a fact of the system `telehealth` reads it through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import boto3
import msgspec
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto import mock_aws
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from readyctl.clients.aws import AwsReader, DeclaredCalls
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Environment, Resources, Settings
from readyctl.gather.base import FactSpec, Sources
from tests.schemas import no_schemas

REGION = "us-east-1"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of the system `telehealth`, whose functions are deployed as telehealth-NAME."""
    return Settings(
        system="telehealth",
        root=tmp_path,
        environment=Environment(
            name="production",
            provider="aws",
            account="123456789012",
            region=REGION,
            resources=Resources(function="{system}-{name}"),
        ),
        manifest=tmp_path / "manifest.yaml",
        migrations=tmp_path / "migrations",
        snapshot=tmp_path / "schema.json",
        source=(),
        attestations=tmp_path / "attestations",
        waivers=tmp_path / "waivers",
        test_runs=tmp_path / "test-runs",
        documents=tmp_path / "docs",
    )


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    """A session in an empty account of moto's."""
    with mock_aws():
        yield boto3.Session(
            aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION
        )


@pytest.fixture
def sources(session: boto3.Session, settings: Settings) -> Iterator[Callable[[FactSpec], Sources]]:
    """Build what a fact reads from: the account of `session`, and only the calls it declares."""
    reader = AwsReader(session, region=REGION)
    yield lambda spec: Sources(
        settings=settings,
        aws=DeclaredCalls(reader, spec.calls),
        postgres=PostgresReader(None),
        schemas=no_schemas(),
    )
    reader.close()


@pytest.fixture
def observed(sources: Callable[[FactSpec], Sources]) -> Callable[[FactSpec], Any]:
    """Read a fact, as the runner does: its value must have the declared shape."""
    return lambda spec: msgspec.convert(spec.read(sources(spec)), spec.shape)


@pytest.fixture
def recorded(session: boto3.Session) -> Callable[..., None]:
    """Answer an event like `sesv2.GetAccount` with recorded bodies, in order; moto the rest."""
    answers: dict[str, tuple[int, list[str]]] = {}

    def respond(event_name: str, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        if event_name not in answers:
            return botocore_stubber(event_name, request)
        status, left = answers[event_name]
        body = MockRawResponse(left.pop(0).encode())
        return AWSResponse(str(request.url), status, HTTPHeaders(), body)

    # botocore calls every handler of an event, and moto raises where it knows no answer.
    session.events.unregister("before-send", cast("Callable[..., None]", botocore_stubber))
    session.events.register("before-send", cast("Callable[..., None]", respond))

    def record(event: str, *bodies: str, status: int = 200) -> None:
        answers[f"before-send.{event}"] = (status, list(bodies))

    return record
