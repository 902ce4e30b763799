"""create-user: creates a staff account in Cognito and its profile row."""

from __future__ import annotations

from uuid import uuid4

import msgspec

from backend.functions.users import _queries
from backend.functions.users._types import NewUser, User
from backend.integrations import mail, sign_in
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, APP_URL, MAIL_SENDER, SES, USER_POOL
from backend.runtime.endpoint import endpoint


@endpoint(
    "create-user",
    "POST /users",
    roles=(ADMINISTRATOR,),
    parameters=(MAIL_SENDER, APP_URL),
    services=(USER_POOL, SES),
    timeout_seconds=15,
    success=201,
)
def handler(db: Transaction, body: NewUser) -> User:
    """Create an account that has no password yet, and mail where to choose one.

    The row comes first: what the practice does not allow never reaches the user pool. An account
    that is left behind there by a failure later is nobody's, and taken up by the next attempt; one
    that is somebody's, of whichever practice, is a conflict before its password is touched.
    """
    if body.supervisor_id:
        db.one(_queries.SUPERVISOR, {"supervisor_id": body.supervisor_id})
    made = uuid4()
    db.run(_queries.CREATE, msgspec.structs.asdict(body) | {"id": made})
    subject = sign_in.create(body.email, body.full_name)
    user = msgspec.convert(db.one(_queries.SET_SUBJECT, {"id": made, "subject": subject}), User)
    sign_in.open_up(body.email)
    db.emit("user.created", "user", user.id, user_id=user.id)
    db.audit("create", "user", user.id)
    mail.send(body.email, "An account was made for you", mail.link("/reset-password"))
    return user
