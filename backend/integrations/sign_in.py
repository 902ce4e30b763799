"""The user pool: who can sign in. Users are known by their subject, which never changes."""

from __future__ import annotations

import os
import secrets
from typing import Any

from backend.runtime import aws
from backend.runtime.problems import Conflict, Unavailable

_PASSWORD_BYTES = 24


def create(email: str, name: str) -> str:
    """Return the subject of a new account, which cannot be entered yet.

    An account that is there already is left as it is, and its subject returned: whose it is, is
    for the users table to say. What a failed attempt left behind is nobody's.

    Raises:
        Unavailable: the user pool does not answer, or refuses.
    """
    try:
        made = _pool(
            "admin_create_user",
            email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "name", "Value": name},
            ],
        )["User"]["Attributes"]
    except Conflict:
        made = _pool("admin_get_user", email)["UserAttributes"]
    return next(str(entry["Value"]) for entry in made if entry["Name"] == "sub")


def open_up(email: str) -> None:
    """Let the owner of a new account choose a password; until then nobody knows the one it has.

    Raises:
        Unavailable: the user pool does not answer, or refuses.
    """
    # Without a password of its own an account cannot be reset, and so never be entered.
    unknown = f"aA1!{secrets.token_urlsafe(_PASSWORD_BYTES)}"
    _pool("admin_set_user_password", email, Password=unknown, Permanent=True)


def set_password(subject: str, password: str) -> None:
    """Set a password that must be changed at the next sign-in, and end every session.

    Raises:
        BadRequest: the password is weaker than the user pool allows.
        Unavailable: the user pool does not answer, or refuses.
    """
    _pool("admin_set_user_password", subject, Password=password, Permanent=False)
    sign_out(subject)


def set_active(subject: str, *, active: bool) -> None:
    """Let somebody sign in, or keep them out and end every session.

    Raises:
        Unavailable: the user pool does not answer, or refuses.
    """
    if active:
        _pool("admin_enable_user", subject)
    else:
        _pool("admin_disable_user", subject)
        sign_out(subject)


def sign_out(subject: str) -> None:
    """End every session: what was signed in must sign in again.

    Raises:
        Unavailable: the user pool does not answer, or refuses.
    """
    _pool("admin_user_global_sign_out", subject)


def _pool(operation: str, username: str, **parameters: Any) -> dict[str, Any]:
    pool = os.environ.get("BACKEND_USER_POOL_ID")
    if not pool:
        raise Unavailable
    return aws.call("cognito-idp", operation, UserPoolId=pool, Username=username, **parameters)
