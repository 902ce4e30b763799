"""Answers a repeated write with its first answer, also when the two race.

The key and the answer are kept in the transaction of the write. A second call with the key waits
at the unique index until the first has ended: then it finds the answer, or, if the first failed,
does the work itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import LiteralString

from backend.runtime.database import Transaction
from backend.runtime.problems import BadRequest, Conflict

LONGEST_KEY = 200

_CLAIM: LiteralString = """
insert into idempotency_keys (key, function, request_digest)
values (%(key)s, %(function)s, %(digest)s)
on conflict do nothing
returning key
"""
_KNOWN: LiteralString = """
select request_digest, status, response from idempotency_keys
where key = %(key)s and function = %(function)s
"""
_KEEP: LiteralString = """
update idempotency_keys set status = %(status)s, response = %(response)s
where key = %(key)s and function = %(function)s
"""


def once(
    db: Transaction, key: str, function: str, body: bytes, work: Callable[[], tuple[int, str]]
) -> tuple[int, str]:
    """Return status and body of `work`, or what they were when this key came first.

    Raises:
        BadRequest: the key is too long or no printable ASCII.
        Conflict: the key came before with another request.
    """
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise BadRequest("`Idempotency-Key` is too long, or not printable ASCII")
    digest = hashlib.sha256(body).hexdigest()
    claim = {"key": key, "function": function, "digest": digest}
    if db.row(_CLAIM, claim):
        status, response = work()
        db.run(_KEEP, {**claim, "status": status, "response": response})
        return status, response
    known = db.row(_KNOWN, claim)
    if known is None or known["request_digest"] != digest:
        raise Conflict("`Idempotency-Key` came before with another request")
    # What is read again, is read: the first answer may hold a record.
    db.audit("repeat", function, None)
    return known["status"], known["response"]
