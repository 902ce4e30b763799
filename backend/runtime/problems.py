"""Problem documents (RFC 9457): what a caller is told when a request cannot be carried out.

Problem
├── BadRequest     400  the request is malformed; `detail` names the field and repeats no value
├── Unauthorized   401  nobody is signed in, or somebody whom this practice does not know
├── Forbidden      403  the caller has no role that may do this
├── NotFound       404  not there, or not the caller's: the two look the same
├── Conflict       409  the state does not allow it, or somebody else was faster
├── TooManyRequests 429 the caller has called too often; says how long to wait
└── Unavailable    503  something behind the function does not answer
"""

from __future__ import annotations


class Problem(Exception):
    """An answer that is not a success."""

    status = 500
    title = "The request could not be carried out"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail

    @property
    def headers(self) -> dict[str, str]:
        """What the answer's headers say beside the document."""
        return {}

    def document(self, request_id: str) -> dict[str, str | int]:
        """Return the document; `request_id` ties it to the log."""
        found: dict[str, str | int] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "instance": f"urn:request:{request_id}",
        }
        return found | {"detail": self.detail} if self.detail else found


class BadRequest(Problem):
    """The request is malformed."""

    status = 400
    title = "The request is malformed"


class Unauthorized(Problem):
    """Nobody whom this practice knows is signed in."""

    status = 401
    title = "Not signed in"


class Forbidden(Problem):
    """The caller may not do this."""

    status = 403
    title = "Not allowed"


class NotFound(Problem):
    """It is not there, or not the caller's."""

    status = 404
    title = "Not found"


class Conflict(Problem):
    """The state does not allow it."""

    status = 409
    title = "Conflict with the present state"


class TooManyRequests(Problem):
    """The caller has called too often."""

    status = 429
    title = "Too many requests"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} seconds")
        self.seconds = seconds

    @property
    def headers(self) -> dict[str, str]:
        """Return how long to wait, in seconds (RFC 9110, 10.2.3)."""
        return {"Retry-After": str(self.seconds)}


class Unavailable(Problem):
    """Something behind the function does not answer."""

    status = 503
    title = "Temporarily unavailable"
