"""Opens AWS sessions that are small in memory, and makes sure of their account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from readyctl.errors import CredentialsError

if TYPE_CHECKING:
    from boto3.session import Session


def open_session(
    calls: Iterable[str],
    *,
    region: str,
    profile: str = "",
    keys: tuple[str, str] | None = None,
) -> Session:
    """Return a session that knows just `calls` ("service:Operation") of each service's model.

    A full set of models takes some 80 MB; the operations that are asked take a tenth.

    Raises:
        CredentialsError: the profile does not exist.
    """
    import boto3
    import botocore.session
    from botocore.exceptions import ProfileNotFound
    from botocore.loaders import Loader

    wanted: dict[str, set[str]] = {}
    for call in calls:
        service, operation = call.split(":")
        wanted.setdefault(service, set()).add(operation)

    class PrunedLoader(Loader):
        """Loads service models without what nobody asks for."""

        def load_service_model(
            self, service_name: str, type_name: str, api_version: str | None = None
        ) -> Any:
            """Return the model of one service, reduced to the wanted operations."""
            if type_name != "service-2" or service_name not in wanted:
                return super().load_service_model(service_name, type_name, api_version)
            # A loader of its own: the full model must not stay in this one's cache.
            full = Loader().load_service_model(service_name, type_name, api_version)
            return _pruned(full, wanted[service_name])

    core = botocore.session.Session(profile=profile or None)
    core.register_component("data_loader", PrunedLoader())
    try:
        if keys:
            core.set_credentials(*keys)
        return boto3.session.Session(botocore_session=core, region_name=region)
    except ProfileNotFound:
        raise CredentialsError(
            "E0301",
            f"there is no AWS profile named {profile}",
            where="profile of the environment",
            hint="`aws configure list-profiles` lists those that exist",
        ) from None


def _pruned(model: Mapping[str, Any], operations: set[str]) -> dict[str, Any]:
    kept = {
        name: _undocumented(operation)
        for name, operation in model["operations"].items()
        if name in operations
    }
    shapes: dict[str, Any] = {}
    queue = list(_references(kept))
    while queue:
        name = queue.pop()
        if name not in shapes:
            shapes[name] = _undocumented(model["shapes"][name])
            queue.extend(_references(shapes[name]))
    rest = {key: model[key] for key in model if key not in ("operations", "shapes")}
    return {**rest, "documentation": "", "operations": kept, "shapes": shapes}


def _undocumented(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _undocumented(entry)
            for key, entry in value.items()
            if not (key == "documentation" and isinstance(entry, str))
        }
    return [_undocumented(entry) for entry in value] if isinstance(value, list) else value


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, entry in value.items():
            if key == "shape" and isinstance(entry, str):
                yield entry
            else:
                yield from _references(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _references(entry)


def confirm_account(found: str, expected: str) -> None:
    """Stop unless the credentials belong to the account that the config names.

    Raises:
        CredentialsError: they belong to another account.
    """
    if found != expected:
        raise CredentialsError(
            "E0303",
            f"the credentials belong to account ****{found[-4:]}, not ****{expected[-4:]}",
            cause="the environment names another account; nothing was read",
            where="account of the environment in config.yaml",
            hint="sign in to the right account, or choose the environment with --env",
        )
