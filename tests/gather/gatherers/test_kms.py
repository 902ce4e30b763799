"""Facts about KMS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import kms

Observed = Callable[[FactSpec], Any]


def _key(client: Any, alias: str, **settings: Any) -> str:
    key = str(client.create_key(**settings)["KeyMetadata"]["KeyId"])
    client.create_alias(AliasName=alias, TargetKeyId=key)
    return key


@pytest.mark.parametrize("rotation", [True, False])
def test_rotation(session: boto3.Session, observed: Observed, rotation: bool) -> None:
    """A key of the system is reported with its rotation."""
    client = session.client("kms")
    key = _key(client, "alias/telehealth-data")
    if rotation:
        client.enable_key_rotation(KeyId=key)
    assert observed(kms.kms_keys) == [
        {"id": key, "alias": "telehealth-data", "rotation": rotation, "enabled": True}
    ]


def test_a_disabled_key(session: boto3.Session, observed: Observed) -> None:
    """A key that is switched off is reported as such."""
    client = session.client("kms")
    client.disable_key(KeyId=_key(client, "alias/telehealth-data"))
    assert observed(kms.kms_keys)[0]["enabled"] is False


def test_a_key_that_cannot_rotate(
    session: boto3.Session, recorded: Callable[..., None], observed: Observed
) -> None:
    """An asymmetric key is observed not to rotate, instead of failing the fact."""
    _key(
        session.client("kms"),
        "alias/telehealth-signing",
        KeySpec="RSA_2048",
        KeyUsage="SIGN_VERIFY",
    )
    recorded("kms.GetKeyRotationStatus", '{"__type": "UnsupportedOperationException"}', status=400)
    assert [key["rotation"] for key in observed(kms.kms_keys)] == [False]


def test_keys_of_others_are_left_alone(session: boto3.Session, observed: Observed) -> None:
    """Keys whose alias is not the system's are not described."""
    _key(session.client("kms"), "alias/payroll")
    assert observed(kms.kms_keys) == []
