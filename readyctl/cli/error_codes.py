"""Every error code of readyctl: what it means and what to do; `docs/errors.md` is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from readyctl.cli.error_codes_apply import APPLY
from readyctl.cli.error_codes_convert import CONVERT
from readyctl.cli.error_codes_lint import LINT
from readyctl.cli.error_codes_migrate import MIGRATE
from readyctl.cli.error_codes_needs import NEEDS
from readyctl.cli.error_codes_rls import RLS
from readyctl.cli.error_codes_verify import VERIFY


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A stable code: its title, and what it means for the operator."""

    title: str
    meaning: str


def _codes(*entries: tuple[str, str, str]) -> Mapping[str, ErrorCode]:
    return MappingProxyType({code: ErrorCode(title, meaning) for code, title, meaning in entries})


CODES = _codes(
    (
        "E0100",
        "The command line is not understood",
        "A command or an option does not exist, or has a value of the wrong kind. "
        "`readyctl COMMAND --help` shows what is possible.",
    ),
    (
        "E0101",
        "An answer is missing",
        "The command would ask, and nobody is there: --no-input was given, or this is not a "
        "terminal. Give the option that the message names.",
    ),
    (
        "E0102",
        "There is no such thing",
        "The command names a check, category, fact or error code that does not exist. "
        "`readyctl check list` and `readyctl facts show` list what there is.",
    ),
    (
        "E0103",
        "A report is not written as FORMAT=PATH",
        "Formats are md and json; the path - is stdout: `readyctl audit --report md=-`.",
    ),
    (
        "E0104",
        "A name cannot be the id of a check",
        "Ids are words in lower case with dashes between them; a noun, or the failing adjective.",
    ),
    (
        "E0105",
        "A file or a check exists already",
        "readyctl does not replace what somebody wrote. Choose another name, or change the file.",
    ),
    ("E0106", "A day is not a day", "Days are written as 2026-12-31, and are days in UTC."),
    (
        "E0107",
        "A value of `readyctl init` cannot be right",
        "System: lower case letters, digits and dashes. Account: twelve digits. Region: such as "
        "us-east-1.",
    ),
    (
        "E0110",
        "The check cannot be attested",
        "It is decided by facts, so nobody's word can replace them. Mend what it found, or accept "
        "the risk for a while with `readyctl waive add`.",
    ),
    (
        "E0111",
        "Evidence at an address needs a digest",
        "readyctl does not fetch addresses. Download the document, and give --sha256 as "
        "`sha256sum FILE` prints it.",
    ),
    (
        "E0112",
        "The attestation would not count",
        "It is signed in the future, ends in the past, or lasts longer than the check allows.",
    ),
    (
        "E0113",
        "The subject of the attestation is missing, superfluous or unknown",
        "Some checks are attested for each subject, such as each vendor; others have none. "
        "`readyctl explain CHECK` shows the subjects of the last audit.",
    ),
    (
        "E0114",
        "The check is attested already",
        "Give --replace to sign it anew, or withdraw it with `readyctl attest revoke`.",
    ),
    ("E0115", "The check is not attested", "`readyctl attest list` shows what is."),
    (
        "E0120",
        "The finding cannot be waived",
        "Only a finding of the last audit that fails or is undecided can be accepted. Run "
        "`readyctl audit` first.",
    ),
    (
        "E0121",
        "The waiver would end in the past, or too late",
        "A waiver lasts 90 days at most, and its last day is not before today.",
    ),
    (
        "E0122",
        "The check is waived already",
        "A check has one waiver. Give --replace for a new one in its place.",
    ),
    ("E0123", "The check is not waived", "`readyctl waive list` shows what is."),
    (
        "E0201",
        "A file is not valid YAML",
        "The message names line and column. readyctl reads one document of JSON's types: no tags, "
        "no merge keys, no key twice.",
    ),
    (
        "E0202",
        "A file is missing or cannot be read",
        "There is no such file, it is not a regular file, it is too large, or it may not be read. "
        "Where the configuration itself is missing, `readyctl init` writes one.",
    ),
    (
        "E0203",
        "A file cannot be written",
        "Look at the folder's permissions, and at the space that is left.",
    ),
    ("E0204", "A folder is missing", "The configuration names a folder that does not exist."),
    (
        "E0205",
        "The output cannot be written",
        "Where stdout goes there is no space left, or it may not be written.",
    ),
    (
        "E0210",
        "The manifest is not as its schema says",
        "The message names the property and its line; "
        "schemas/manifest-1.schema.json has the rules.",
    ),
    (
        "E0211",
        "The manifest contradicts itself",
        "Two of its parts cannot both be true, such as a route that two functions serve.",
    ),
    (
        "E0212",
        "An attestation is not as its schema says",
        "The message names the property and its line; schemas/attestation-1.schema.json has the "
        "rules. `readyctl attest add` writes what is right.",
    ),
    (
        "E0213",
        "The list of waivers is not as its schema says",
        "The message names the property and its line; schemas/waiver-1.schema.json has the rules. "
        "`readyctl waive add` writes what is right.",
    ),
    (
        "E0220",
        "A check is not as its schema says",
        "The message names the property and its line; schemas/check-1.schema.json has the rules.",
    ),
    (
        "E0221",
        "A check says something impossible",
        "An expression, operator, predicate or category cannot be used. The message says which "
        "are known.",
    ),
    (
        "E0222",
        "`disable` names a check that does not exist",
        "Correct the id in the configuration; `readyctl check list` shows them all.",
    ),
    (
        "E0223",
        "A blocker cannot be disabled",
        "Accept its risk for a while instead: `readyctl waive add CHECK`. The scorecard shows it.",
    ),
    ("E0224", "Checks wait for each other", "Their `after:` form a circle. Mend one of them."),
    (
        "E0225",
        "This is not a facts file that can be audited",
        "It was not written by `readyctl facts gather` of this format, or was changed.",
    ),
    (
        "E0226",
        "`database.dsn` is not a reference",
        "Write `env:NAME` and put the connection string into that variable, so that no password "
        "is in the configuration.",
    ),
    (
        "E0227",
        "The file of a check is in the wrong place",
        "A check is in `<category>/<id>.yaml`, named as it names itself.",
    ),
    (
        "E0228",
        "A blocker cannot be replaced by less",
        "A check of your own with a blocker's id must be a blocker. Accept the risk with a waiver.",
    ),
    (
        "E0230",
        "A saved scorecard cannot be read",
        "It was changed, or written by another version. Run `readyctl audit` to write it again.",
    ),
    (
        "E0240",
        "The configuration is not as its schema says",
        "The message names the property, its line and what is allowed there; "
        "schemas/config-1.schema.json has the rules.",
    ),
    (
        "E0241",
        "The configuration declares no environment",
        "Add `environments:`. `readyctl init` writes an example.",
    ),
    (
        "E0242",
        "The environment is unknown, or none was chosen",
        "Choose one with --env or READYCTL_ENV, or set `default_environment`.",
    ),
    (
        "E0243",
        "A setting is missing",
        "An environment of AWS needs its account and its region, and the system needs a name.",
    ),
    (
        "E0244",
        "Two settings contradict each other, or one has an impossible value",
        "The message names the setting and who has set it; `readyctl config show --origin` shows "
        "all of them.",
    ),
    (
        "E0250",
        "There is no audit to rest on",
        "The launch gate, the launch plan and waivers rest on the last audit. Run "
        "`readyctl audit` first.",
    ),
    (
        "E0251",
        "The last audit was of another environment",
        "Run `readyctl audit` for the environment that is meant, or choose the other with --env.",
    ),
    (
        "E0301",
        "There are no valid AWS credentials",
        "They are missing or have expired, or the profile does not exist. Sign in again.",
    ),
    (
        "E0302",
        "A call was denied",
        "The credentials lack a permission, which the message names. "
        "`readyctl doctor --iam-policy` prints the least policy that an audit needs.",
    ),
    (
        "E0303",
        "The credentials belong to another account",
        "The configuration names the account of each environment, so that nobody audits the wrong "
        "one. Nothing was read.",
    ),
    ("E0304", "AWS throttled a call", "Too many calls at once in this account. Run it again."),
    (
        "E0305",
        "Something did not answer",
        "The endpoint or the database cannot be reached from this machine, or is too slow.",
    ),
    (
        "E0306",
        "A call is not supported here",
        "The endpoint does not know it, as an emulator or a region without that service.",
    ),
    (
        "E0307",
        "An answer could not be understood",
        "It has a shape that this version of readyctl does not know. Report it.",
    ),
    (
        "E0308",
        "Something is not configured",
        "What the call needs, such as a database, is not in the configuration.",
    ),
    ("E0309", "A call failed", "The message has the service's own code for the reason."),
    *MIGRATE,
    *APPLY,
    *CONVERT,
    *NEEDS,
    *VERIFY,
    *LINT,
    *RLS,
    (
        "E0501",
        "A part of the local environment is not installed",
        "`readyctl local install` installs the AWS emulator; PostgreSQL comes with "
        "`pip install 'readyctl[local]'` or from your system.",
    ),
    (
        "E0502",
        "The record of the local environment cannot be read",
        "Run `readyctl local down`, then `readyctl local up`.",
    ),
    (
        "E0503",
        "A part of the local environment did not start",
        "Its log, which the message names, says why.",
    ),
    (
        "E0504",
        "The AWS emulator could not be installed",
        "pip could not reach its index or build a package; the message has its last words.",
    ),
    (
        "E0505",
        "The start of the local environment was given up",
        "It was interrupted, or another part failed. Nothing is left running; try again.",
    ),
    (
        "E0506",
        "The reference account could not be made",
        "The emulator refused a resource. `readyctl local down`, then up; report it if it stays.",
    ),
    (
        "E0507",
        "PostgreSQL cannot run as this user",
        "PostgreSQL refuses to run as root, and this machine has no other user or place for it. "
        "Run readyctl as an ordinary user.",
    ),
    (
        "E0508",
        "The folder of the local environment cannot be written",
        "Something is in the way, or the folder belongs to somebody else. Work in a folder of your "
        "own.",
    ),
    ("E0510", "The local environment is not up", "Start it with `readyctl local up`."),
    (
        "E0900",
        "readyctl has a defect",
        "An error that nobody expected. The log that the message names says where, without data; "
        "report it with that file. --debug shows the whole traceback.",
    ),
    ("E0901", "A fact makes a call that it does not declare", "A defect of a gatherer. Report it."),
    ("E0902", "A fact calls AWS wrongly", "A defect of a gatherer. Report it."),
    ("E0920", "A finding has a status that does not exist", "A defect of readyctl. Report it."),
    ("E0921", "A scorecard contradicts itself", "A defect of readyctl. Report it."),
    ("E0922", "A scorecard cannot be written", "A defect of readyctl. Report it."),
    ("E0923", "A report shows a value that is not there", "A defect of a template. Report it."),
    ("E0924", "A report does not fit its limit", "A defect of readyctl. Report it."),
)
