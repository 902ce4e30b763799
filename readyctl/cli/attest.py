"""`readyctl attest`: records what people vouch for, until when, on which evidence."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.completion import complete_check
from readyctl.cli.days import parse_day, today
from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.prompts import ask, ask_day, confirmed
from readyctl.cli.session import session_of
from readyctl.errors import ConfigError, ExitCode, UsageError

if TYPE_CHECKING:
    from readyctl.config.environment import Settings

app = typer.Typer(help="Record what people vouch for.", no_args_is_help=True)

CheckArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The check.", autocompletion=complete_check)
]
SubjectOption = Annotated[
    str,
    typer.Option(metavar="NAME", help="What of it, such as a vendor, where it has subjects."),
]
SignerOption = Annotated[str, typer.Option(help="Who vouches: name and office.")]
StatementOption = Annotated[str, typer.Option(help="What is vouched for.")]
ScopeOption = Annotated[str, typer.Option(help="What it covers.")]
EvidenceOption = Annotated[str, typer.Option(metavar="FILE|URL", help="The document.")]
DigestOption = Annotated[str, typer.Option(help="The document's digest, for an address.")]
SignedOption = Annotated[str, typer.Option(metavar="DAY", help="When it was signed; today.")]
ExpiresOption = Annotated[str, typer.Option(metavar="DAY", help="The last day on which it counts.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Replace the one there is.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Write without asking for confirmation.")]


@app.command("list")
def list_attestations(context: typer.Context, output: OutputOption = Output.TEXT) -> int:
    """List what people have vouched for, and until when."""
    from readyctl.report.words import plural
    from readyctl.workflows.attest import attestations
    from readyctl.workflows.checklist import load_checklist

    session = session_of(context)
    settings = session.settings()
    found = attestations(settings, load_checklist(settings), today())
    if output is Output.JSON:
        session.result(document("attestations", {"attestations": found}))
        return ExitCode.YES
    for use in found:
        entry = use.attestation
        name = f"{entry.check} / {entry.subject}" if entry.subject else entry.check
        session.plain(f"{use.state:<9}  until {entry.expires}  {name}  {entry.signer}")
    session.say(f"{plural(len(found), 'attestation')} in {settings.attestations}")
    return ExitCode.YES


@app.command()
def add(
    context: typer.Context,
    check: CheckArgument,
    *,
    subject: SubjectOption = "",
    signer: SignerOption = "",
    statement: StatementOption = "",
    scope: ScopeOption = "",
    evidence: EvidenceOption = "",
    sha256: DigestOption = "",
    signed: SignedOption = "",
    expires: ExpiresOption = "",
    replace: ReplaceOption = False,
    assume_yes: YesOption = False,
) -> int:
    """Record who confirms what, until when, with evidence."""
    from readyctl.clients.files import write_text
    from readyctl.clients.signing import attestation_text
    from readyctl.evaluate import signing
    from readyctl.model.attestation import Attestation
    from readyctl.workflows import attest
    from readyctl.workflows.checklist import load_checklist
    from readyctl.workflows.selection import find_check

    session = session_of(context)
    settings = session.settings()
    found = find_check(load_checklist(settings), check)
    rule = signing.rule_of(found)
    signing.refuse_subject(found, subject, _subjects(settings, check) if rule.each else ())
    known = _known(settings, check, subject, replace=replace)
    signed_on = parse_day(signed, "--signed") if signed else today()
    latest = (signed_on + timedelta(days=rule.valid_days)).isoformat()
    who = ask(session, signer, "--signer", "Who vouches, with which office")
    usual = "" if session.may_ask else rule.statement
    said = ask(session, statement or usual, "--statement", "What is vouched for", rule.statement)
    covers = ask(session, scope, "--scope", "What it covers")
    prove = partial(attest.evidence_of, settings, digest=sha256, cwd=Path.cwd())
    question = "The document, a file or an address"
    proof = prove(ask(session, evidence, "--evidence", question, check=prove))
    last = ask_day(session, expires, "--expires", "The last day", latest)
    attestation = Attestation(
        check, who, said, covers, signed_on, last, proof.place, proof.sha256, subject
    )
    signing.refuse(attestation, rule, today())
    path = known or attest.attestation_path(settings, check, subject)
    session.err.write(f"{path}\n\n{attestation_text(attestation)}\n")
    confirmed(session, "Write this?", assume=assume_yes)
    write_text(path, attestation_text(attestation))
    session.result(str(path))
    session.suggest("readyctl audit")
    return ExitCode.YES


@app.command()
def revoke(
    context: typer.Context,
    check: CheckArgument,
    subject: SubjectOption = "",
    assume_yes: YesOption = False,
) -> int:
    """Withdraw an attestation: its file is removed."""
    from readyctl.clients.signing import find_attestation, remove

    session = session_of(context)
    settings = session.settings()
    path = find_attestation(settings.attestations, check, subject)
    if path is None:
        name = f"{check} / {subject}" if subject else check
        raise UsageError("E0115", f"{name} is not attested", hint="readyctl attest list")
    confirmed(session, f"Remove {path}?", assume=assume_yes)
    remove(path)
    session.result(f"removed {path}")
    return ExitCode.YES


def _known(settings: Settings, check: str, subject: str, *, replace: bool) -> Path | None:
    from readyctl.clients.signing import find_attestation

    known = find_attestation(settings.attestations, check, subject)
    if known and not replace:
        raise UsageError(
            "E0114",
            f"{check} is attested already",
            where=str(known),
            hint="give --replace, or withdraw it: readyctl attest revoke",
        )
    return known


def _subjects(settings: Settings, check: str) -> tuple[str, ...]:
    from readyctl.workflows.runs import last_scorecard

    try:
        card = last_scorecard(settings)
    except ConfigError:
        # Only an audit knows the subjects; without one, any is accepted.
        return ()
    return tuple(
        item.name for finding in card.findings if finding.check == check for item in finding.items
    )
