"""The one exception tree of readyctl.

    ReadyctlError                what, cause, where, hint; carries its exit code
    ├── UsageError        E01xx  the command line cannot be carried out as given
    ├── ConfigError       E02xx  a file that people write is missing, malformed or contradictory
    ├── ClientError       E03xx  something outside did not answer as needed
    │   ├── CredentialsError     credentials are missing, expired or of the wrong account
    │   └── SourceFailure        one call failed; names the permission it lacks (`clients.failures`)
    ├── MigrateError      E04xx  migrations cannot be read, applied or compared as asked
    ├── LocalError        E05xx  the local environment could not do what was asked
    └── InternalError     E09xx  a defect of readyctl itself

Messages never hold a secret or a value read from a record. Only the command line prints errors.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a process says when it ends; one meaning in every command."""

    YES = 0
    NO = 1
    FAILED = 2
    DECLINED = 3
    CREDENTIALS = 4
    INTERRUPTED = 130


class ReadyctlError(Exception):
    """An error that an operator can act on.

    `code` is stable and documented (`readyctl explain CODE`), `message` says what failed, `cause`
    why, `where` the file and line, resource or call, `hint` what to do next.
    """

    exit_code = ExitCode.FAILED

    def __init__(
        self, code: str, message: str, *, cause: str = "", where: str = "", hint: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.cause = cause
        self.where = where
        self.hint = hint


class UsageError(ReadyctlError):
    """The command line cannot be carried out as given."""


class ConfigError(ReadyctlError):
    """A file that people write is missing, malformed or contradicts another."""


class ClientError(ReadyctlError):
    """Something outside did not answer as needed."""


class CredentialsError(ClientError):
    """Credentials are missing, expired, or belong to another account than the config names."""

    exit_code = ExitCode.CREDENTIALS


class MigrateError(ReadyctlError):
    """Migrations cannot be read, converted, applied or compared as asked."""


class LocalError(ReadyctlError):
    """The local environment could not do what was asked."""


class InternalError(ReadyctlError):
    """A defect of readyctl itself."""
