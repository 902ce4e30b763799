"""The facts about topics and who listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import sns
from tests.gather.recorded import RecordedSession

Observed = Callable[[FactSpec], Any]
TOPIC = "arn:aws:sns:us-east-1:123456789012:operators"


def test_topics(session: boto3.Session, observed: Observed) -> None:
    """A topic is listed with its name."""
    session.client("sns").create_topic(Name="operators")
    assert observed(sns.sns_topics) == [{"arn": TOPIC, "name": "operators"}]


def test_confirmed_subscription(session: boto3.Session, observed: Observed) -> None:
    """A subscription with an ARN is confirmed; its address is not in the fact."""
    session.client("sns").create_topic(Name="operators")
    session.client("sns").subscribe(
        TopicArn=TOPIC, Protocol="email", Endpoint="someone@example.org"
    )
    assert observed(sns.sns_subscriptions) == [
        {"topic": TOPIC, "protocol": "email", "confirmed": True}
    ]


class TestRecorded:
    """Answers of SNS that moto does not give: it confirms every subscription at once."""

    @pytest.fixture
    def session(self) -> RecordedSession:
        """A subscription that nobody confirmed."""
        body = f"""<ListSubscriptionsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
          <ListSubscriptionsResult><Subscriptions><member>
            <TopicArn>{TOPIC}</TopicArn><Protocol>email</Protocol>
            <SubscriptionArn>PendingConfirmation</SubscriptionArn>
            <Owner>123456789012</Owner><Endpoint>someone@example.org</Endpoint>
          </member></Subscriptions></ListSubscriptionsResult>
          <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
        </ListSubscriptionsResponse>"""
        return RecordedSession({"ListSubscriptions": [body]})

    def test_pending_subscription(self, observed: Observed) -> None:
        """A subscription that waits for its confirmation is not confirmed."""
        assert observed(sns.sns_subscriptions) == [
            {"topic": TOPIC, "protocol": "email", "confirmed": False}
        ]
