"""calculate-clinical-analytics: sums up caseload, utilisation and outcome scores for a period."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from backend.functions.analytics import _queries
from backend.functions.analytics._types import (
    ClinicalAnalytics,
    ClinicianNumbers,
    OutcomeScores,
    Period,
)
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, SUPERVISOR
from backend.runtime.endpoint import endpoint
from backend.runtime.problems import BadRequest

_LONGEST = timedelta(days=365)


@endpoint(
    "calculate-clinical-analytics",
    "GET /analytics/clinical",
    roles=(ADMINISTRATOR, SUPERVISOR),
    scope="supervisor for themselves and their supervisees",
    timeout_seconds=28,
    memory_mb=512,
)
def handler(db: Transaction, query: Period, now: datetime) -> ClinicalAnalytics:
    """Return the numbers of the clinicians whom the caller answers for; sums, and no record."""
    if not timedelta(0) <= query.last - query.first <= _LONGEST:
        raise BadRequest("`to` is before `from`, or more than 365 days after it")
    given = msgspec.structs.asdict(query) | {"now": now}
    clinicians = msgspec.convert(db.rows(_queries.CLINICIANS, given), list[ClinicianNumbers])
    for clinician in clinicians:
        if clinician.scheduled_hours:
            clinician.utilisation = clinician.booked_hours / clinician.scheduled_hours
    outcomes = msgspec.convert(db.rows(_queries.OUTCOMES, given), list[OutcomeScores])
    db.audit("read", "clinical_analytics", query.clinician_id)
    return ClinicalAnalytics(clinicians, outcomes)
