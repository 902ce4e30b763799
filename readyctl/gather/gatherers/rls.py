"""Facts about the tests of row-level security: what was tested, and what is in force now."""

from __future__ import annotations

import json
from typing import TypedDict

from readyctl.clients.failures import SourceFailure
from readyctl.clients.files import read_text
from readyctl.gather.base import Sources, fact
from readyctl.migrate.rls.policies import DIGEST_LINES, digest
from readyctl.model.fact import Reason


class RlsTest(TypedDict):
    """A recorded test; `policy_digest` is that of the policies, grants and flags it was made of.

    `covered` and `uncovered` name the tables with row-level security that a case covers or not.
    """

    passed: bool
    finished_at: str
    environment: str
    policy_digest: str
    cases: int
    failed: int
    covered: list[str]
    uncovered: list[str]


class Policies(TypedDict):
    """The policies, grants and flags of row-level security that are in force, as one digest."""

    digest: str


@fact("rls_tests", origin="people")
def rls_tests(sources: Sources) -> list[RlsTest]:
    """Recorded tests of row-level security (`readyctl migrate rls --record`)."""
    found = []
    for path in sorted(sources.settings.test_runs.glob("*.json")):
        try:
            run = json.loads(read_text(path))
            if run["kind"] != "rls":
                continue
            found.append(
                RlsTest(
                    passed=run["passed"],
                    finished_at=run["finished_at"],
                    environment=run["environment"],
                    policy_digest=run["target_digest"],
                    cases=run["cases"],
                    failed=run["failed"],
                    covered=run["covered"],
                    uncovered=run["uncovered"],
                )
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            raise SourceFailure(
                Reason.UNPARSABLE,
                f"the test run {path.name} is not a record of a run",
                where=str(path),
                resolution="remove the file, and run the test again",
            ) from None
    return found


@fact("database_policies", origin="postgres")
def policies(sources: Sources) -> Policies:
    """The digest of the policies, the functions they call, grants, and flags of all tables."""
    schema = sources.settings.environment.database.ledger.rpartition(".")[0] or "public"
    rows = sources.postgres.query(DIGEST_LINES, [schema])
    return Policies(digest=digest(row["line"] for row in rows))
