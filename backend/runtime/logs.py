"""One JSON line for each call: who, what, how it ended and how long it took; nothing it said."""

from __future__ import annotations

import json
import logging
from typing import Any

_log = logging.getLogger("backend")


def configure() -> None:
    """Write the lines to standard error, where Lambda collects them."""
    if not _log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        _log.propagate = False


def called(function: str, request_id: str, user_id: str, status: int, milliseconds: int) -> None:
    """Log a call that was answered."""
    _write(
        logging.INFO,
        function=function,
        request_id=request_id,
        user_id=user_id,
        status=status,
        milliseconds=milliseconds,
    )


def worked(function: str, request_id: str, milliseconds: int, **done: int) -> None:
    """Log a job that was done: of how many practices, or events."""
    _write(
        logging.INFO,
        function=function,
        request_id=request_id,
        milliseconds=milliseconds,
        **done,
    )


def crashed(function: str, request_id: str, error: BaseException) -> None:
    """Log a defect: its kind and place, never its text, which may quote a record."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else ""
    _write(
        logging.ERROR,
        function=function,
        request_id=request_id,
        error=type(error).__name__,
        place=place,
    )


def _write(level: int, **fields: Any) -> None:
    _log.log(level, json.dumps(fields))
