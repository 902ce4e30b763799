"""Tests of sessions: they know what was asked for, as botocore does, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from readyctl.clients.session import confirm_account, open_session
from readyctl.errors import CredentialsError
from readyctl.gather.runner import discover

if TYPE_CHECKING:
    from botocore.client import BaseClient


def _client(service: str, *operations: str) -> BaseClient:
    session = open_session(
        {f"{service}:{operation}" for operation in operations},
        region="us-east-1",
        keys=("test", "test"),
    )
    return session.client(service)  # type: ignore[call-overload,no-any-return]


def _whole_model(service: str) -> Any:
    from botocore.loaders import Loader

    return Loader().load_service_model(service, "service-2")


def _shapes(value: Any) -> Any:
    """Return a part of a model without its texts."""
    if isinstance(value, dict):
        kept = {key: entry for key, entry in value.items() if key != "documentation"}
        return {key: _shapes(entry) for key, entry in kept.items()}
    return [_shapes(entry) for entry in value] if isinstance(value, list) else value


def test_session_knows_only_what_was_asked() -> None:
    """A client has the operations that were named, and no other."""
    client = _client("ec2", "DescribeVpcs", "DescribeSubnets")
    assert client.meta.service_model.operation_names == ["DescribeSubnets", "DescribeVpcs"]


@pytest.mark.parametrize(
    ("service", "operation"),
    [("ec2", "DescribeVpcs"), ("s3", "GetBucketEncryption"), ("rds", "DescribeDBClusters")],
)
def test_operation_is_as_botocore_knows_it(service: str, operation: str) -> None:
    """What is kept of an operation's answer has the members and names of botocore's own model."""
    whole = _whole_model(service)
    known = _client(service, operation).meta.service_model.operation_model(operation)
    output: Any = known.output_shape
    expected = whole["shapes"][whole["operations"][operation]["output"]["shape"]]
    assert list(output.members) == list(expected["members"])


def test_kept_shapes_are_whole() -> None:
    """Each shape that is kept says what botocore's model says, without its texts."""
    whole = _whole_model("lambda")["shapes"]
    core = open_session({"lambda:ListFunctions"}, region="us-east-1", keys=("a", "b"))._session
    kept = core.get_component("data_loader").load_service_model("lambda", "service-2")["shapes"]
    assert kept == {name: _shapes(whole[name]) for name in kept}


def test_unnamed_service_is_left_whole() -> None:
    """A service that no call names keeps its model."""
    core = open_session({"ec2:DescribeVpcs"}, region="us-east-1", keys=("a", "b"))._session
    loader = core.get_component("data_loader")
    whole = _whole_model("sqs")["operations"]
    assert loader.load_service_model("sqs", "service-2")["operations"] == whole


def test_unknown_profile_is_an_error() -> None:
    """A profile that does not exist is a credentials error that names it."""
    with pytest.raises(CredentialsError, match="no-such-profile"):
        open_session((), region="us-east-1", profile="no-such-profile")


def test_other_account_is_refused() -> None:
    """Credentials of another account stop the run; the accounts are not written out."""
    with pytest.raises(CredentialsError) as caught:
        confirm_account("111111111111", "222222222222")
    assert "111111111111" not in str(caught.value)


@pytest.mark.parametrize("service", sorted({c.split(":")[0] for s in discover() for c in s.calls}))
def test_every_error_of_a_service_can_be_named(service: str) -> None:
    """What is left of a model has no half a shape: botocore looks at all of them on an error."""
    calls = {call for spec in discover() for call in spec.calls}
    operations = [call.split(":")[1] for call in calls if call.split(":")[0] == service]
    model = _client(service, *operations).meta.service_model
    assert [model.shape_for(name).type_name for name in model.shape_names]
