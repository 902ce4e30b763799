"""Facts about Lambda: the deployed functions, and what polls on their behalf."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypedDict

from readyctl.config.environment import Settings
from readyctl.gather.arns import function_of
from readyctl.gather.base import Sources, fact
from readyctl.gather.moments import written

Kind = Literal["literal", "reference", "secret"]

_CREDENTIAL_VALUE = re.compile(
    r"""-----BEGIN\ [A-Z ]*PRIVATE\ KEY            # PEM
    |://[^/\s:@]*:[^/\s@]+@                        # a password inside a URL
    |(?i:\b(?:password|pwd|accountkey)\s*=\s*\S)   # a password inside a connection string
    |\b(?:AKIA|ASIA)[A-Z0-9]{16}\b
    |\beyJ[\w-]{8,}\.[\w-]{8,}\.                   # JSON Web Token
    |\b(?:sk|rk)_(?:live|test)_\w{8,}
    |\bsk-[\w-]{20,}
    |\bwhsec_\w{8,}
    |\bgh[opsu]_\w{20,}
    |\bxox[abprs]-
    |\bSG\.[\w-]{16,}\.""",
    re.VERBOSE,
)
_CREDENTIAL_WORDS = {
    "SECRET", "SECRETS", "PASSWORD", "PASSWORDS", "PASSWD", "PASSPHRASE", "PWD", "TOKEN", "TOKENS",
    "CREDENTIAL", "CREDENTIALS", "KEY", "KEYS", "APIKEY", "DSN", "PEPPER", "SALT",
}  # fmt: skip
# A key of one of these kinds is not a credential.
_HARMLESS_KEYS = {
    "PUBLIC", "PUBLISHABLE", "SORT", "PARTITION", "PRIMARY", "FOREIGN", "IDEMPOTENCY", "CACHE",
    "OBJECT", "KMS", "BUCKET", "S3",
}  # fmt: skip
# What comes after the word that says what a variable is: where it applies, or how it is written.
_QUALIFIERS = {
    "PROD", "PRODUCTION", "STAGING", "DEV", "TEST", "LIVE", "LOCAL", "OLD", "NEW", "CURRENT",
    "PREVIOUS", "NEXT", "BASE64", "B64", "PEM", "JSON", "VALUE", "STRING",
}  # fmt: skip
_NOT_A_CREDENTIAL = re.compile(r"|true|false|yes|no|on|off|none|enabled|disabled", re.IGNORECASE)
_PARAMETER_PATH = re.compile(r"(/[a-z0-9_.-]+){2,}")


class Variable(TypedDict):
    """An environment variable: its name, and what kind of value it has; never the value."""

    name: str
    kind: Kind


class Function(TypedDict):
    """A deployed function; `function` is its name in the manifest, empty when not the system's.

    `state` is null where the list does not say it (Lambda itself never does). `environment` is
    null when AWS would not decrypt the variables for the caller.
    """

    name: str
    function: str
    runtime: str
    handler: str
    role: str
    code_sha256: str
    code_size: int
    timeout_seconds: int
    memory_mb: int
    last_modified: str
    state: str | None
    in_vpc: bool
    tracing: bool
    dead_letter: str
    kms_key: str
    log_group: str
    architectures: list[str]
    layers: list[str]
    environment: list[Variable] | None


class EventSourceMapping(TypedDict):
    """A queue or stream that Lambda polls for a function (its deployed name)."""

    function: str
    source_arn: str
    enabled: bool


@fact("lambda_functions", calls=("lambda:ListFunctions",))
def functions(sources: Sources) -> list[Function]:
    """Lambda functions of the account: code, limits, network, role, names of their variables."""
    return [
        _function(found, sources.settings)
        for found in sources.aws.pages("lambda:ListFunctions", "Functions")
    ]


@fact("event_source_mappings", calls=("lambda:ListEventSourceMappings",))
def event_source_mappings(sources: Sources) -> list[EventSourceMapping]:
    """Queues and streams that are polled for functions, and whether they are."""
    return [
        EventSourceMapping(
            function=function_of(mapping["FunctionArn"]),
            source_arn=mapping.get("EventSourceArn", ""),
            enabled=mapping["State"] in {"Enabled", "Enabling", "Creating", "Updating"},
        )
        for mapping in sources.aws.pages("lambda:ListEventSourceMappings", "EventSourceMappings")
    ]


def _function(found: Mapping[str, Any], settings: Settings) -> Function:
    name = found["FunctionName"]
    return Function(
        name=name,
        function=settings.function_name(name) or "",
        # Functions made from an image have neither.
        runtime=found.get("Runtime", ""),
        handler=found.get("Handler", ""),
        role=found["Role"],
        code_sha256=found["CodeSha256"],
        code_size=found["CodeSize"],
        timeout_seconds=found["Timeout"],
        memory_mb=found["MemorySize"],
        last_modified=written(datetime.fromisoformat(found["LastModified"])),
        state=found.get("State"),
        in_vpc=bool(found.get("VpcConfig", {}).get("VpcId")),
        tracing=found.get("TracingConfig", {}).get("Mode") == "Active",
        dead_letter=found.get("DeadLetterConfig", {}).get("TargetArn", ""),
        kms_key=found.get("KMSKeyArn", ""),
        log_group=found.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{name}"),
        architectures=list(found.get("Architectures", ("x86_64",))),
        layers=[layer["Arn"] for layer in found.get("Layers", ())],
        environment=_environment(found.get("Environment", {}), settings.resource("prefix")),
    )


def _environment(environment: Mapping[str, Any], prefix: str) -> list[Variable] | None:
    if "Error" in environment:
        return None
    return [
        Variable(name=name, kind=_kind(name, value, prefix))
        for name, value in sorted(environment.get("Variables", {}).items())
    ]


def _kind(name: str, value: str, prefix: str) -> Kind:
    if _CREDENTIAL_VALUE.search(value):
        return "secret"
    if _is_reference(value, prefix):
        return "reference"
    if _names_credential(name) and not _NOT_A_CREDENTIAL.fullmatch(value):
        return "reference" if _PARAMETER_PATH.fullmatch(value) else "secret"
    return "literal"


def _is_reference(value: str, prefix: str) -> bool:
    return value.startswith(("arn:", "{{resolve:", f"{prefix}/", f"/{prefix}/"))


def _names_credential(name: str) -> bool:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
    words = [word for word in re.split(r"[^A-Z0-9]+", spaced) if word]
    while words and (words[-1] in _QUALIFIERS or words[-1].isdigit()):
        words.pop()
    if not words or words[-1] not in _CREDENTIAL_WORDS:
        return False
    return not (words[-1] in {"KEY", "KEYS"} and _HARMLESS_KEYS.intersection(words))
