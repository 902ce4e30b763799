"""Opens the AWS account that an environment points at, and makes sure that it is that one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from readyctl.clients.aws import AwsReader
from readyctl.clients.failures import SourceFailure
from readyctl.clients.session import confirm_account, open_session
from readyctl.config.environment import Settings
from readyctl.errors import CredentialsError
from readyctl.workflows.here import running

IDENTITY = "sts:GetCallerIdentity"
_LOCAL_KEYS = ("test", "test")


def open_aws(
    settings: Settings, calls: Iterable[str], trace: Callable[[str], None] | None = None
) -> AwsReader:
    """Return a reader of the environment's account, after making sure that it is that account.

    Raises:
        CredentialsError: the credentials are missing, expired, or of another account.
        SourceFailure: the endpoint cannot be reached.
    """
    environment = settings.environment
    local = environment.provider == "local"
    session = open_session(
        {*calls, IDENTITY},
        region=environment.region,
        profile=environment.profile,
        keys=_LOCAL_KEYS if local else None,
    )
    endpoint = environment.endpoint_url or (running(settings.root).emulator_url if local else "")
    reader = AwsReader(session, region=environment.region, endpoint_url=endpoint, trace=trace)
    try:
        confirm_account(reader.call(IDENTITY)["Account"], environment.account)
    except CredentialsError:
        reader.close()
        raise
    except SourceFailure as failure:
        reader.close()
        place = urlsplit(endpoint).netloc or f"AWS in {environment.region}"
        failure.hint = (
            "start it with `readyctl local up`"
            if local
            else "check the network and `region:` of the environment"
        )
        failure.where = f"{IDENTITY} at {place}"
        raise
    return reader
