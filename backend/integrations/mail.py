"""Mail through Amazon SES. A mail holds a link and no record: it travels and rests unprotected."""

from __future__ import annotations

from backend.runtime import aws
from backend.runtime.declaration import APP_URL, MAIL_SENDER
from backend.runtime.parameters import parameter

_BODY = "{subject}.\n\nSign in to see more:\n{link}\n"


def send(address: str, subject: str, link: str) -> None:
    """Send what there is to know, and where to read it.

    Raises:
        Unavailable: no sender is configured, or SES does not take the mail.
    """
    text = _BODY.format(subject=subject, link=link)
    aws.call(
        "sesv2",
        "send_email",
        FromEmailAddress=parameter(MAIL_SENDER),
        Destination={"ToAddresses": [address]},
        Content={
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
            }
        },
    )


def link(path: str) -> str:
    """Return the address of a page of the application.

    Raises:
        Unavailable: its address is not configured.
    """
    return parameter(APP_URL).rstrip("/") + path
