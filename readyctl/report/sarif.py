"""Writes flaws as SARIF 2.1.0, the format in which code hosts take results of analysis."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from urllib.parse import quote

from readyctl import __version__
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Allowed, FlawReport, RuleText
from readyctl.model.json import Json
from readyctl.model.status import Severity

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.BLOCKER: "error",
        Severity.HIGH: "error",
        Severity.MEDIUM: "warning",
        Severity.LOW: "note",
    }
)
# What GitHub sorts results by; the scale is that of CVSS.
_SCORES = {
    Severity.BLOCKER: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.0",
    Severity.LOW: "2.0",
}
# The version of what a fingerprint is made of.
_FINGERPRINT = "readyctlFlaw/v1"


def flaws_sarif(report: FlawReport, name: str = "readyctl") -> str:
    """Return one SARIF run: flaws as results, allowed ones suppressed, the undecided as notices.

    A fingerprint is made of rule, file, object and message, and of the number among equal ones: it
    stays when lines move.
    """
    rules = sorted(report.rules.values(), key=lambda text: text.id)
    index = {text.id: number for number, text in enumerate(rules)}
    seen: Counter[str] = Counter()
    results: list[Json] = [_result(report, flaw, index, seen) for flaw in report.flaws]
    results += [_suppressed(report, entry, index, seen) for entry in report.allowed]
    driver: dict[str, Json] = {
        "name": name,
        "semanticVersion": __version__,
        "rules": [_rule(text) for text in rules],
    }
    notices: list[Json] = list(_notices(report))
    # A tool that did not look at everything says so: a reader must not take silence for a pass.
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notices}],
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True, sort_keys=True) + "\n"


def _rule(text: RuleText) -> dict[str, Json]:
    rule: dict[str, Json] = {
        "id": text.id,
        "shortDescription": {"text": text.what},
        "fullDescription": {"text": text.why},
        "help": {"text": f"{text.what}\n\n{text.why}\n\n{text.fix}"},
        "defaultConfiguration": {"level": LEVELS[text.severity]},
        "properties": {
            "severity": str(text.severity),
            "security-severity": _SCORES[text.severity],
            "tags": ["security"],
        },
    }
    return {**rule, "helpUri": text.link} if text.link else rule


def _result(
    report: FlawReport, flaw: Flaw, index: Mapping[str, int], seen: Counter[str]
) -> dict[str, Json]:
    message = f"{flaw.message}. {flaw.hint}" if flaw.hint else flaw.message
    result: dict[str, Json] = {
        "ruleId": flaw.rule,
        "level": LEVELS[flaw.severity],
        "message": {"text": message},
        "partialFingerprints": {_FINGERPRINT: _fingerprint(flaw, seen)},
    }
    if flaw.rule in index:
        result["ruleIndex"] = index[flaw.rule]
    location = _location(report.base, flaw.file, flaw.line, flaw.column)
    if flaw.object:
        location["logicalLocations"] = [{"fullyQualifiedName": flaw.object}]
    return {**result, "locations": [location]} if location else result


def _suppressed(
    report: FlawReport, entry: Allowed, index: Mapping[str, int], seen: Counter[str]
) -> dict[str, Json]:
    reason = {"kind": "inSource", "status": "accepted", "justification": entry.reason}
    return {**_result(report, entry.flaw, index, seen), "suppressions": [reason]}


def _location(base: str, file: str, line: int, column: int) -> dict[str, Json]:
    if not file:
        return {}
    path = f"{base}/{file}" if base else file
    # A name may hold what an address may not; an absolute one is an address of its own.
    uri = f"file://{quote(path)}" if path.startswith("/") else quote(path)
    physical: dict[str, Json] = {"artifactLocation": {"uri": uri}}
    if line:
        region: dict[str, Json] = {"startLine": line}
        physical["region"] = {**region, "startColumn": column} if column else region
    return {"physicalLocation": physical}


def _fingerprint(flaw: Flaw, seen: Counter[str]) -> str:
    parts = "\0".join((flaw.rule, flaw.file, flaw.object, flaw.message))
    number = seen[parts]
    seen[parts] += 1
    return hashlib.sha256(f"{parts}\0{number}".encode("utf-8", "replace")).hexdigest()


def _notices(report: FlawReport) -> Iterator[Json]:
    for entry in report.undecided:
        notice: dict[str, Json] = {
            "level": "warning",
            "message": {"text": f"not decided: {entry.what}: {entry.why}"},
        }
        location = _location(report.base, entry.file, entry.line, 0)
        yield {**notice, "locations": [location]} if location else notice
