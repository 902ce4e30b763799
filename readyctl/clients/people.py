"""Reads what people sign: attestations (a folder, one file each) and waivers (one file)."""

from __future__ import annotations

from pathlib import Path

from readyctl.clients.yamlfile import YamlDocument, load_yaml, validate
from readyctl.config.schema import bundled_schema
from readyctl.errors import ConfigError
from readyctl.model.attestation import Attestation
from readyctl.model.waiver import Waiver


def load_attestations(folder: Path) -> tuple[Attestation, ...]:
    """Read `*.yaml` of a folder, in the order of the files' names; none where it is missing.

    Raises:
        ConfigError: E0220, a file is not as its schema says, or ends before it begins.
    """
    return tuple(_attestation(path) for path in sorted(folder.glob("*.yaml")))


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Read the list of waivers; none where the file is missing or empty.

    Raises:
        ConfigError: E0221, the file is not as its schema says; two waivers are for one check, or
            one ends before it begins.
    """
    import msgspec

    if not path.exists():
        return ()
    document = load_yaml(path)
    if document.data is None:
        return ()
    validate(document, bundled_schema("waiver-1"), "E0213", "list of waivers")
    waivers = msgspec.convert(document.data, tuple[Waiver, ...])
    for index, waiver in enumerate(waivers):
        if waiver.expires < waiver.created:
            raise _backwards(document, (index, "expires"), "E0213", "waiver")
        if waiver.check in [other.check for other in waivers[:index]]:
            raise ConfigError(
                "E0213",
                f"{waiver.check} is waived twice",
                where=document.where((index, "check")),
                hint="remove the waiver that no longer counts (`readyctl waive revoke`)",
            )
    return waivers


def _attestation(path: Path) -> Attestation:
    import msgspec

    document = load_yaml(path)
    validate(document, bundled_schema("attestation-1"), "E0212", "attestation")
    attestation = msgspec.convert(document.data, Attestation)
    if attestation.expires < attestation.signed:
        raise _backwards(document, ("expires",), "E0212", "attestation")
    return attestation


def _backwards(
    document: YamlDocument, path: tuple[str | int, ...], code: str, what: str
) -> ConfigError:
    return ConfigError(
        code,
        f"the {what} expires before it begins",
        where=document.where(path),
        hint="correct one of the two dates",
    )
