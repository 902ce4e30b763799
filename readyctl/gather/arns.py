"""What an Amazon Resource Name says about a Lambda function."""

from __future__ import annotations

import re

_FUNCTION = re.compile(r":lambda:[^:/]*:\d*:function:([A-Za-z0-9_-]+)")


def function_of(text: str) -> str:
    """Return the deployed name of the function that an ARN or an integration URI names.

    Version and alias are dropped; empty when it names no function, or a stage variable decides.
    """
    found = _FUNCTION.search(text)
    return found[1] if found else ""
