"""Gathers facts concurrently: what fails becomes unavailable, and nothing else stops."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from time import monotonic

import msgspec

from readyctl.clients.aws import AwsReader, DeclaredCalls
from readyctl.clients.failures import SourceFailure
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Settings
from readyctl.gather import gatherers
from readyctl.gather.base import FactSpec, Sources
from readyctl.gather.schemas import Schemas
from readyctl.model.fact import Fact, Provenance, Reason, Unavailable

DEADLINE_SECONDS = 120.0
_WORKERS = 16


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a gather has come."""

    done: int
    total: int
    fact: str
    available: bool
    requests: int


def discover() -> tuple[FactSpec, ...]:
    """Return every fact that a gatherer declares, by name."""
    found: dict[str, FactSpec] = {}
    for module in pkgutil.iter_modules(gatherers.__path__, gatherers.__name__ + "."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, FactSpec):
                found[value.name] = value
    return tuple(found[name] for name in sorted(found))


def gather(
    specs: Sequence[FactSpec],
    settings: Settings,
    *,
    aws: AwsReader,
    postgres: PostgresReader,
    schemas: Schemas,
    clock: Callable[[], datetime],
    progress: Callable[[Progress], None],
    deadline_seconds: float = DEADLINE_SECONDS,
) -> Mapping[str, Fact | Unavailable]:
    """Return each fact of `specs`, gathered or unavailable; no later than the deadline.

    Raises:
        CredentialsError: the credentials are missing or have expired.
        ConfigError: a file that people write is malformed.
    """

    def read(spec: FactSpec) -> Fact | Unavailable:
        sources = Sources(settings, DeclaredCalls(aws, spec.calls), postgres, schemas)
        return _read(spec, sources, lambda: _provenance(spec, settings, clock))

    pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="facts")
    try:
        futures = {pool.submit(read, spec): spec for spec in specs}
        found: dict[str, Fact | Unavailable] = {}
        for future in _finished(futures, monotonic() + deadline_seconds):
            fact = future.result()
            found[fact.name] = fact
            available = isinstance(fact, Fact)
            progress(Progress(len(found), len(specs), fact.name, available, aws.requests))
        for spec in specs:
            if spec.name not in found:
                found[spec.name] = _late(spec, _provenance(spec, settings, clock), deadline_seconds)
        return found
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _finished(
    futures: Mapping[Future[Fact | Unavailable], FactSpec], end: float
) -> Iterator[Future[Fact | Unavailable]]:
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, max(0.0, end - monotonic()), FIRST_COMPLETED)
        if not done:
            return
        yield from sorted(done, key=lambda future: futures[future].name)


def _provenance(spec: FactSpec, settings: Settings, clock: Callable[[], datetime]) -> Provenance:
    from_aws = spec.origin == "aws"
    return Provenance(
        source=spec.source,
        account=settings.environment.account if from_aws else "",
        region=settings.environment.region if from_aws else "",
        observed_at=clock().astimezone(UTC).replace(microsecond=0),
    )


def _read(
    spec: FactSpec, sources: Sources, provenance: Callable[[], Provenance]
) -> Fact | Unavailable:
    try:
        value = msgspec.to_builtins(msgspec.convert(spec.read(sources), spec.shape))
    except SourceFailure as failure:
        return Unavailable(
            name=spec.name,
            reason=failure.reason,
            message=failure.message,
            provenance=provenance(),
            permission=failure.permission,
            resolution=failure.resolution,
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        # The type alone: the text of such an error can quote what was read.
        return Unavailable(
            name=spec.name,
            reason=Reason.UNPARSABLE,
            message=f"{spec.source} answered in a shape that is not known ({type(error).__name__})",
            provenance=provenance(),
            resolution="report it, with the output of `readyctl doctor`",
        )
    return Fact(spec.name, value, provenance())


def _late(spec: FactSpec, provenance: Provenance, seconds: float) -> Unavailable:
    return Unavailable(
        name=spec.name,
        reason=Reason.UNREACHABLE,
        message=f"{spec.source} did not answer within {seconds:.0f} s",
        provenance=provenance,
        resolution="run the audit again",
    )
