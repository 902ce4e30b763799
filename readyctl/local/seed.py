"""Fills a fresh emulated account with the state that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readyctl.errors import LocalError
from readyctl.local.account import Account, open_account
from readyctl.local.reference.api import make_api
from readyctl.local.reference.database import make_database
from readyctl.local.reference.functions import make_functions
from readyctl.local.reference.network import make_network
from readyctl.local.reference.storage import make_key, make_storage
from readyctl.local.reference.users import make_users
from readyctl.local.state import StateName

if TYPE_CHECKING:
    from readyctl.local.postgres import Address


def seed(url: str, state: StateName, address: Address) -> None:
    """Make everything of `state` in the fresh account at `url`; `empty` makes nothing.

    Raises:
        LocalError: the emulator refused a call.
    """
    if state == "empty":
        return
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _make_reference(open_account(url), address)
    except (BotoCoreError, ClientError) as error:
        raise LocalError(
            "E0506",
            "the reference account could not be made",
            cause=_cause(error),
            where=url,
            hint="run `readyctl local down`, then `readyctl local up`",
        ) from None


def _make_reference(account: Account, address: Address) -> None:
    key = make_key(account)
    network = make_network(account)
    make_storage(account, key)
    pool = make_users(account)
    secret = make_database(account, network, key, address)
    make_api(account, pool, make_functions(account, network, secret))


def _cause(error: Exception) -> str:
    operation = getattr(error, "operation_name", "")
    response = getattr(error, "response", {})
    code = response.get("Error", {}).get("Code", "") or type(error).__name__
    return f"{code} for {operation}" if operation else str(code)
