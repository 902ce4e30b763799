"""Reaches the emulated account, deaf to every profile, credential and proxy of the user."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from readyctl.local.state import REGION

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.config import Config

TAGS = {"Project": "telehealth"}


class ClientOptions(TypedDict):
    """The arguments that every client of the account is made with."""

    endpoint_url: str
    config: Config


@dataclass(frozen=True, slots=True)
class Account:
    """The emulated account: `account.session.client("s3", **account.options)`."""

    session: Session
    options: ClientOptions


def open_account(url: str) -> Account:
    """Return the account that the emulator at `url` serves, with its dummy credentials."""
    import boto3.session
    import botocore.session
    from botocore.config import Config

    deaf = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
    }
    session = boto3.session.Session(
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator's own, known to everybody
        region_name=REGION,
        botocore_session=botocore.session.Session(deaf),
    )
    config = Config(
        proxies={},
        retries={"max_attempts": 2, "mode": "standard"},
        connect_timeout=5,
        read_timeout=30,
        s3={"addressing_style": "path"},
    )
    return Account(session, {"endpoint_url": url, "config": config})


def key_values() -> list[dict[str, str]]:
    """Return the tags of every resource, in the form that most services take."""
    return [{"Key": key, "Value": value} for key, value in TAGS.items()]
