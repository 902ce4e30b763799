"""The fact about stacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import cloudformation
from tests.gather.recorded import RecordedSession

Observed = Callable[[FactSpec], Any]


def page(member: str, token: str = "") -> str:
    """Return an answer of DescribeStacks with one stack."""
    return f"""<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
      <DescribeStacksResult><Stacks><member>{member}</member></Stacks>
      {f"<NextToken>{token}</NextToken>" if token else ""}</DescribeStacksResult>
      <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeStacksResponse>"""


@pytest.fixture
def session() -> RecordedSession:
    """Two stacks on two pages: one deployed again and checked, one made and left alone."""
    return RecordedSession(
        {
            "DescribeStacks": [
                page(
                    """<StackName>telehealth-data</StackName>
                    <StackStatus>UPDATE_COMPLETE</StackStatus>
                    <CreationTime>2026-01-01T08:00:00.000Z</CreationTime>
                    <LastUpdatedTime>2026-02-01T08:00:00.000Z</LastUpdatedTime>
                    <EnableTerminationProtection>true</EnableTerminationProtection>
                    <DriftInformation><StackDriftStatus>DRIFTED</StackDriftStatus>
                    </DriftInformation>""",
                    token="more",
                ),
                page(
                    """<StackName>billing</StackName>
                    <StackStatus>CREATE_FAILED</StackStatus>
                    <CreationTime>2026-01-01T08:00:00.000Z</CreationTime>"""
                ),
            ]
        }
    )


def test_updated_stack(observed: Observed) -> None:
    """A stack of ours is listed with its last update, its drift and its protection."""
    assert observed(cloudformation.stacks)[0] == {
        "name": "telehealth-data",
        "ours": True,
        "status": "UPDATE_COMPLETE",
        "drift": "DRIFTED",
        "updated": "2026-02-01T08:00:00Z",
        "termination_protection": True,
    }


def test_stack_left_alone(observed: Observed) -> None:
    """A stack on the second page: never updated, never checked for drift, not protected."""
    assert observed(cloudformation.stacks)[1] == {
        "name": "billing",
        "ours": False,
        "status": "CREATE_FAILED",
        "drift": "NOT_CHECKED",
        "updated": "2026-01-01T08:00:00Z",
        "termination_protection": False,
    }
