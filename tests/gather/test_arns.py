"""What an ARN says about a function."""

from __future__ import annotations

import pytest

from readyctl.gather.arns import function_of

ARN = "arn:aws:lambda:us-east-1:123456789012:function:notes"


@pytest.mark.parametrize(
    ("text", "function"),
    [
        (ARN, "notes"),
        (f"{ARN}:live", "notes"),
        (f"{ARN}:$LATEST", "notes"),
        ("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:notes_2-b", "notes_2-b"),
        (
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
            f"{ARN}:${{stageVariables.alias}}/invocations",
            "notes",
        ),
        (
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
            "arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.name}/invocations",
            "",
        ),
        ("arn:aws:sqs:us-east-1:123456789012:function", ""),
        ("arn:aws:lambda:us-east-1:123456789012:layer:notes:3", ""),
        ("https://example.org/notes", ""),
        ("", ""),
    ],
)
def test_function_of(text: str, function: str) -> None:
    """A function's ARN, bare or inside an integration's URI, gives its deployed name."""
    assert function_of(text) == function
