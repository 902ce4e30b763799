"""log-auth-attempt: records each sign-in attempt with its IP address."""

from __future__ import annotations

import msgspec

from backend.functions.users import _queries
from backend.functions.users._types import SignIn
from backend.runtime.database import Transaction
from backend.runtime.declaration import COGNITO, Event
from backend.runtime.endpoint import consumer


@consumer("log-auth-attempt", Event("PostAuthentication", COGNITO), "sign_in.failed")
def handler(db: Transaction, event: SignIn) -> None:
    """Record a sign-in that the user pool tells of, or one that failed."""
    succeeded = event.subject is not None
    db.run(_queries.LOG_SIGN_IN, msgspec.structs.asdict(event) | {"succeeded": succeeded})
