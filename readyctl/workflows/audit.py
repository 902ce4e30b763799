"""The main path: gather facts, judge them by the checklist, keep the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from readyctl import __version__
from readyctl.clients.files import read_bytes
from readyctl.clients.git import head
from readyctl.config.environment import Settings
from readyctl.evaluate.engine import evaluate
from readyctl.gather import runner, store
from readyctl.gather.base import FactSpec
from readyctl.model.check import Checklist
from readyctl.model.fact import FactSet, Target
from readyctl.model.scorecard import Scorecard
from readyctl.workflows.connect import open_aws
from readyctl.workflows.databases import open_postgres
from readyctl.workflows.schemas import schemas_of

Progress = Callable[[runner.Progress], None]
Trace = Callable[[str], None]


def gather(
    settings: Settings, specs: Sequence[FactSpec], progress: Progress, trace: Trace | None = None
) -> FactSet:
    """Return the facts of `specs`, gathered now; see `runner.gather` for what it raises."""
    started = datetime.now(UTC).replace(microsecond=0)
    aws = open_aws(settings, {call for spec in specs for call in spec.calls}, trace)
    postgres = open_postgres(settings)
    try:
        facts = runner.gather(
            specs,
            settings,
            aws=aws,
            postgres=postgres,
            schemas=schemas_of(settings),
            clock=lambda: datetime.now(UTC),
            progress=progress,
        )
    finally:
        aws.close()
        postgres.close()
    environment = settings.environment
    return FactSet(
        target=Target(settings.system, environment.name, environment.account, environment.region),
        gathered_at=started,
        facts=dict(sorted(facts.items())),
        tool_version=__version__,
        commit=head(settings.root),
        requests=aws.requests,
    )


def replay(facts_file: Path) -> FactSet:
    """Return the facts of a saved file; asks nobody anything."""
    return store.load(read_bytes(facts_file), origin=str(facts_file), specs=runner.discover())


def judge(
    facts: FactSet, checklist: Checklist, settings: Settings, selected: Sequence[str] = ()
) -> Scorecard:
    """Return the scorecard of `facts`."""
    return evaluate(
        facts,
        checklist,
        facts_digest=store.digest(store.dump(facts)),
        people=settings.plan.people,
        hours_per_day=settings.plan.hours_per_day,
        selected=selected,
    )
