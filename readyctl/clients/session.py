"""Opens AWS sessions that are small in memory, and makes sure of their account."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

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
    from botocore.loaders import JSONFileLoader, Loader

    wanted: dict[str, set[str]] = {}
    for call in calls:
        service, operation = call.split(":")
        wanted.setdefault(service, set()).add(operation)

    class PrunedFiles(JSONFileLoader):
        """Reads service models without what nobody asks for."""

        def load_file(self, file_path: str) -> Any:
            """Return the data at a path without extension, None when it is not there."""
            if file_path.endswith(".sdk-extras"):
                # They complete shapes, of which only those of wanted operations are left.
                return None
            for path in (Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")):
                if path.is_file():
                    return _reduced(path, wanted)
            return None

    core = botocore.session.Session(profile=profile or None)
    core.register_component("data_loader", Loader(file_loader=PrunedFiles()))
    try:
        core.get_scoped_config()
        if keys:
            core.set_credentials(*keys)
        return boto3.session.Session(botocore_session=core, region_name=region)
    except ProfileNotFound:
        raise CredentialsError(
            "E0301",
            f"there is no AWS profile named {profile or core.profile}",
            where="profile of the environment" if profile else "AWS_PROFILE",
            hint="`aws configure list-profiles` lists those that exist",
        ) from None


def _reduced(path: Path, wanted: Mapping[str, set[str]]) -> Any:
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else data
    service = path.parent.parent.name
    if path.name.startswith("service-2.json") and service in wanted:
        return _pruned(text, wanted[service])
    return msgspec.json.decode(text)


def _pruned(text: bytes, operations: set[str]) -> dict[str, Any]:
    """Return a service model with these operations, and the shapes that they need.

    The rest stays text: the whole of EC2's model would take 40 MB for a moment, and memory once
    taken is seldom given back.
    """
    model = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    known = msgspec.json.decode(model.pop("operations"), type=dict[str, msgspec.Raw])
    defined = msgspec.json.decode(model.pop("shapes"), type=dict[str, msgspec.Raw])
    kept = {name: _decoded(raw) for name, raw in known.items() if name in operations}
    shapes: dict[str, Any] = {}
    queue = list(_references(kept))
    while queue:
        name = queue.pop()
        if name not in shapes:
            shapes[name] = _decoded(defined[name])
            queue.extend(_references(shapes[name]))
    rest = {key: msgspec.json.decode(raw) for key, raw in model.items() if key != "documentation"}
    return {**rest, "documentation": "", "operations": kept, "shapes": shapes}


def _decoded(raw: msgspec.Raw) -> Any:
    return _undocumented(msgspec.json.decode(raw))


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
