"""Whatever people write wrongly gives exit code 2, what, where and a hint; never a traceback."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import CHECK, CONFIG, Project, Ran

_ATTESTATION = """check: baa-aws
signer: A. Doe
statement: A statement
scope: all
signed: 2026-11-01
expires: 2027-11-01
evidence: baa.pdf
evidence_sha256: short
"""


def _config(text: str) -> Callable[[Project], Ran]:
    def write(project: Project) -> Ran:
        project.write("config.yaml", text)
        return project.run("config", "show")

    return write


def _file(name: str, text: str, *arguments: str) -> Callable[[Project], Ran]:
    def write(project: Project) -> Ran:
        project.write(name, text)
        return project.run(*arguments)

    return write


def _missing_config(project: Project) -> Ran:
    (project.root / "config.yaml").unlink()
    return project.run("audit")


BAD = {
    "missing config": ("E0202", "readyctl init", _missing_config),
    "named config missing": ("E0202", "", lambda p: p.run("audit", "--config", "x.yaml")),
    "malformed YAML": ("E0201", "config.yaml:2", _config("readyctl: 1\nsystem: }\n")),
    "key twice": ("E0201", "config.yaml:2", _config("readyctl: 1\nreadyctl: 1\n")),
    "unknown key": ("E0240", 'did you mean "system"?', _config(CONFIG + "sytem: x\n")),
    "wrong type": ("E0240", "config.yaml:7", _config(CONFIG + "plan: {people: many}\n")),
    "other version": ("E0240", "config.yaml:1", _config("readyctl: 2\n")),
    "bad account": ("E0240", "config.yaml:5", _config(CONFIG.replace("123456789012", "1234"))),
    "account as number": (
        "E0240",
        "config.yaml:5",
        _config(CONFIG.replace('"123456789012"', "123456789012")),
    ),
    "password in dsn": (
        "E0240",
        "never a password",
        _config(CONFIG + "database: {dsn: 'postgresql://u:hunter2@h/d'}\n"),
    ),
    "no environment": ("E0241", "environments", _config("readyctl: 1\nsystem: clinic\n")),
    "no system": ("E0243", "system", _config(CONFIG.replace("system: clinic\n", ""))),
    "no account": (
        "E0243",
        "account",
        _config(CONFIG.replace('    account: "123456789012"\n', "")),
    ),
    "local dsn on AWS": (
        "E0244",
        "env:DATABASE_URL",
        _config(CONFIG + "database: {dsn: 'local:'}"),
    ),
    "unknown environment": (
        "E0242",
        'did you mean "production"?',
        lambda p: p.run("audit", "--env", "prodution"),
    ),
    "malformed check": (
        "E0201",
        "vault-locked.yaml:1",
        _file("checks/compliance/vault-locked.yaml", "id: }\n", "check", "test"),
    ),
    "check without fix": (
        "E0220",
        "vault-locked.yaml",
        _file(
            "checks/compliance/vault-locked.yaml",
            CHECK.replace("fix: {summary: Lock it.}\n", ""),
            "audit",
        ),
    ),
    "disabled blocker": (
        "E0223",
        "readyctl waive add",
        _file("config.yaml", CONFIG + "disable: [vault-locked]\n", "check", "list"),
    ),
    "malformed waivers": (
        "E0213",
        "waivers.yaml:1",
        _file("waivers.yaml", "- check: 3\n", "waive", "list"),
    ),
    "malformed attestation": (
        "E0212",
        "baa-aws.yaml:8",
        _file("attestations/baa-aws.yaml", _ATTESTATION, "attest", "list"),
    ),
    "facts of another kind": (
        "E0225",
        "f.json",
        _file("f.json", "{}", "audit", "--facts", "f.json"),
    ),
    "unknown report": ("E0103", "md, json", lambda p: p.run("audit", "--report", "pdf=x")),
    "unknown check": (
        "E0102",
        'did you mean "vault-locked"?',
        lambda p: p.run("audit", "--check", "vault-loked"),
    ),
    "no last audit": ("E0250", "readyctl audit", lambda p: p.run("launch", "gate")),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_exit_code_2(project: Project, name: str) -> None:
    """Bad input ends with 2: the job could not be done."""
    assert BAD[name][2](project).code == 2


@pytest.mark.parametrize("name", BAD)
def test_bad_input_has_its_code(project: Project, name: str) -> None:
    """Each kind of bad input has its own documented code."""
    code, _, run = BAD[name]
    assert run(project).err.startswith(f"error[{code}]: ")


@pytest.mark.parametrize("name", BAD)
def test_bad_input_says_what_to_correct(project: Project, name: str) -> None:
    """The message names the place, or what would be right."""
    _, advice, run = BAD[name]
    assert advice in run(project).err


@pytest.mark.parametrize("name", BAD)
def test_bad_input_shows_no_traceback_and_no_value(project: Project, name: str) -> None:
    """Neither a traceback nor a password that was written into a file is shown."""
    ran = BAD[name][2](project)
    assert ("Traceback" in ran.err, "hunter2" in ran.err) == (False, False)


def test_missing_manifest_is_named_by_the_doctor(project: Project) -> None:
    """A manifest that is not there is a failure with its own line."""
    project.write("config.yaml", CONFIG + "manifest: nowhere.yaml\n")
    lines = project.run("doctor").out.splitlines()
    assert [line for line in lines if line.startswith("[x]") and "manifest" in line]


def test_missing_credentials_give_exit_code_4(project: Project) -> None:
    """Without credentials nothing is gathered, and the exit code says why."""
    ran = project.run("audit")
    assert (ran.code, ran.err.startswith("error[E0301]: ")) == (4, True)


def test_error_names_its_documentation(project: Project) -> None:
    """The last line of an error is the command that explains it."""
    ran = project.run("audit", "--env", "x")
    assert ran.err.splitlines()[-1] == "docs: readyctl explain E0242"
