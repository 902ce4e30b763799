"""The one error that every source raises when it cannot give what was asked."""

from __future__ import annotations

from readyctl.errors import ClientError, ExitCode
from readyctl.model.fact import Reason


class SourceFailure(ClientError):
    """A call that failed: why, which permission would allow it, what would resolve it."""

    def __init__(
        self,
        reason: Reason,
        message: str,
        *,
        where: str = "",
        permission: str = "",
        resolution: str = "",
    ) -> None:
        super().__init__(_CODES[reason], message, cause=reason.value, where=where, hint=resolution)
        self.reason = reason
        self.permission = permission
        self.resolution = resolution
        if reason is Reason.DENIED:
            self.exit_code = ExitCode.CREDENTIALS


_CODES = {
    Reason.DENIED: "E0302",
    Reason.THROTTLED: "E0304",
    Reason.UNREACHABLE: "E0305",
    Reason.UNSUPPORTED: "E0306",
    Reason.UNPARSABLE: "E0307",
    Reason.NOT_CONFIGURED: "E0308",
    Reason.FAILED: "E0309",
}
