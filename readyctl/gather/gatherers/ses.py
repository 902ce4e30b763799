"""Facts about mail: the identities that SES may send as, and the account's standing."""

from __future__ import annotations

from typing import TypedDict

from readyctl.clients.aws import Answer
from readyctl.gather.base import Sources, fact


class MailIdentity(TypedDict):
    """A sender. `name` is its domain; `kind` says whether one address or the domain is verified."""

    name: str
    kind: str
    sending: bool


class MailAccount(TypedDict):
    """The account's standing. Without `production` mail reaches verified addresses only."""

    production: bool
    sending: bool


@fact("mail_identities", calls=("sesv2:ListEmailIdentities",))
def mail_identities(sources: Sources) -> list[MailIdentity]:
    """Identities that mail may be sent as; of an address only the domain is kept."""
    return [
        MailIdentity(
            name=identity["IdentityName"].rpartition("@")[2],
            kind=identity["IdentityType"],
            sending=identity["SendingEnabled"],
        )
        for identity in _identities(sources)
    ]


@fact("mail_account", calls=("sesv2:GetAccount",))
def mail_account(sources: Sources) -> MailAccount:
    """Whether the account may send mail, and to anyone."""
    answer = sources.aws.call("sesv2:GetAccount")
    return MailAccount(
        production=answer["ProductionAccessEnabled"], sending=answer["SendingEnabled"]
    )


def _identities(sources: Sources) -> list[Answer]:
    # The SDK has no paginator for this call.
    answer = sources.aws.call("sesv2:ListEmailIdentities", PageSize=1000)
    found = list(answer["EmailIdentities"])
    while token := answer.get("NextToken"):
        answer = sources.aws.call("sesv2:ListEmailIdentities", PageSize=1000, NextToken=token)
        found += answer["EmailIdentities"]
    return found
