"""Facts about SNS: topics, and whether anybody confirmed to listen."""

from __future__ import annotations

from typing import TypedDict

from readyctl.gather.base import Sources, fact


class Topic(TypedDict):
    """A topic."""

    arn: str
    name: str


class Subscription(TypedDict):
    """A subscription to a topic (its ARN); never its address, which may be a person's."""

    topic: str
    protocol: str
    confirmed: bool


@fact("sns_topics", calls=("sns:ListTopics",))
def sns_topics(sources: Sources) -> list[Topic]:
    """Topics of the account."""
    return [
        Topic(arn=topic["TopicArn"], name=topic["TopicArn"].rpartition(":")[2])
        for topic in sources.aws.pages("sns:ListTopics", "Topics")
    ]


@fact("sns_subscriptions", calls=("sns:ListSubscriptions",))
def sns_subscriptions(sources: Sources) -> list[Subscription]:
    """Subscriptions of the account, and whether they were confirmed."""
    return [
        Subscription(
            topic=subscription["TopicArn"],
            protocol=subscription["Protocol"],
            # Where an ARN is missing it says PendingConfirmation or Deleted.
            confirmed=subscription["SubscriptionArn"].startswith("arn:"),
        )
        for subscription in sources.aws.pages("sns:ListSubscriptions", "Subscriptions")
    ]
