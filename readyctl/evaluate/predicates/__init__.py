"""Named predicates: what the operators cannot say, as typed pure functions, by family.

A predicate gets the facts that its check names, its parameters and the time of the run, and
returns one item for each thing that it judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from readyctl.evaluate.predicates.database import (
    application_role,
    applied_migrations,
    effective_policies,
    ordered_migrations,
    unchanged_migrations,
)
from readyctl.evaluate.predicates.functions import (
    function_alarms,
    function_roles,
    function_settings,
)
from readyctl.evaluate.predicates.infrastructure import resource_alarms, retained_logs, zones
from readyctl.evaluate.predicates.items import Facts
from readyctl.evaluate.predicates.routes import (
    authorized_routes,
    deployed_routes,
    integrated_routes,
    orphaned_routes,
)
from readyctl.evaluate.predicates.runs import current_run, tested_policies
from readyctl.evaluate.predicates.schema import (
    flawless_migrations,
    published_subscriptions,
    schema_parity,
)
from readyctl.evaluate.predicates.sources import leftovers
from readyctl.model.finding import Item

Predicate = Callable[[Facts, Facts, datetime], tuple[Item, ...]]

PREDICATES: Mapping[str, Predicate] = {
    predicate.__name__: predicate
    for predicate in (
        application_role,
        applied_migrations,
        authorized_routes,
        current_run,
        deployed_routes,
        effective_policies,
        flawless_migrations,
        function_alarms,
        function_roles,
        function_settings,
        integrated_routes,
        leftovers,
        ordered_migrations,
        orphaned_routes,
        published_subscriptions,
        resource_alarms,
        retained_logs,
        schema_parity,
        tested_policies,
        unchanged_migrations,
        zones,
    )
}
