"""What is read out of policy documents."""

from __future__ import annotations

import pytest

from readyctl.gather.policies import Statement, statements

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def test_a_single_statement_needs_no_list() -> None:
    """A document may hold one statement outside a list, its elements as single strings."""
    assert statements({"Statement": ALLOW}) == [
        Statement(
            allows=True, actions=("s3:GetObject",), resources=("*",), principals=(), conditions=()
        )
    ]


def test_conditions_are_flattened_in_lower_case() -> None:
    """Each value of each condition is one entry, since AWS compares keys without regard to case."""
    condition = {"Bool": {"AWS:SecureTransport": "false"}, "StringLike": {"a:B": ["X", "y"]}}
    (statement,) = statements({"Statement": [{**ALLOW, "Condition": condition}]})
    assert statement.conditions == (
        ("bool", "aws:securetransport", "false"),
        ("stringlike", "a:b", "x"),
        ("stringlike", "a:b", "y"),
    )


@pytest.mark.parametrize(
    ("effect", "actions"), [("Allow", ("*",)), ("Deny", ())], ids=["allow", "deny"]
)
def test_exclusion_is_never_taken_for_less_than_it_grants(
    effect: str, actions: tuple[str, ...]
) -> None:
    """NotAction grants as if it were everything and denies as if it were nothing."""
    (statement,) = statements(
        {"Statement": {"Effect": effect, "NotAction": "iam:*", "Resource": "*"}}
    )
    assert statement.actions == actions


@pytest.mark.parametrize(
    ("principal", "everyone"),
    [
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": ["arn:aws:iam::123456789012:root", "*"]}}, True),
        ({"NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"}}, True),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, False),
        ({"Principal": {"Service": "cloudfront.amazonaws.com"}}, False),
        ({}, False),
    ],
    ids=["star", "among others", "by exclusion", "one account", "a service", "none"],
)
def test_everyone_is_recognised(principal: dict[str, object], everyone: bool) -> None:
    """A statement is about everyone however that is written."""
    (statement,) = statements({"Statement": {**ALLOW, **principal}})
    assert statement.everyone is everyone
