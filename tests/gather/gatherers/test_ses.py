"""Facts about mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import ses

Observed = Callable[[FactSpec], Any]
Recorded = Callable[..., None]


def _identity(name: str, kind: str) -> dict[str, Any]:
    return {"IdentityName": name, "IdentityType": kind, "SendingEnabled": True}


def test_a_persons_address_is_not_kept(recorded: Recorded, observed: Observed) -> None:
    """Of an address only its domain gets into the fact."""
    recorded(
        "sesv2.ListEmailIdentities",
        json.dumps({"EmailIdentities": [_identity("jane.doe@example.org", "EMAIL_ADDRESS")]}),
    )
    assert observed(ses.mail_identities) == [
        {"name": "example.org", "kind": "EMAIL_ADDRESS", "sending": True}
    ]


def test_every_page_is_read(recorded: Recorded, observed: Observed) -> None:
    """A page that names a next one is followed."""
    recorded(
        "sesv2.ListEmailIdentities",
        json.dumps({"EmailIdentities": [_identity("one.org", "DOMAIN")], "NextToken": "2"}),
        json.dumps({"EmailIdentities": [_identity("two.org", "DOMAIN")]}),
    )
    assert [found["name"] for found in observed(ses.mail_identities)] == ["one.org", "two.org"]


@pytest.mark.parametrize("production", [True, False])
def test_mail_account(recorded: Recorded, observed: Observed, production: bool) -> None:
    """An account in the sandbox is not in production."""
    recorded(
        "sesv2.GetAccount",
        json.dumps({"ProductionAccessEnabled": production, "SendingEnabled": True}),
    )
    assert observed(ses.mail_account) == {"production": production, "sending": True}
