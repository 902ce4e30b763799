"""The frame of every command: version, first words, errors, interruption, hung-up readers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from readyctl import __version__
from readyctl.errors import ExitCode
from tests.cli.conftest import Project

_HEAVY = ("typer", "rich", "boto3", "psycopg", "jinja2", "importlib.metadata")
_NOT_FOR_HELP = ("boto3", "botocore", "psycopg", "jinja2", "jsonschema", "msgspec", "yaml")


def _python(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **variables},
    )


def _modules_after(arguments: list[str]) -> set[str]:
    code = (
        "import sys; from readyctl.__main__ import main; "
        f"main({arguments!r}); print(*sys.modules, file=sys.stderr)"
    )
    return set(_python(code).stderr.split())


def test_version_is_printed(project: Project) -> None:
    """`--version` prints name and version."""
    assert f"readyctl {__version__}\n" == project.run("--version").out


def test_version_imports_nothing_heavy() -> None:
    """`--version` answers before any library is imported."""
    assert not _modules_after(["--version"]) & set(_HEAVY)


def test_help_imports_no_client() -> None:
    """`--help` imports nothing that only a command needs."""
    assert not _modules_after(["--help"]) & set(_NOT_FOR_HELP)


def test_bare_command_prints_ten_words(project: Project) -> None:
    """Without a command, ten words for a first-time operator are printed."""
    words = [line.split()[0] for line in project.run().out.splitlines() if line.startswith("  ")]
    assert len(words) == 10


def test_every_first_word_is_a_command(project: Project) -> None:
    """Each of the ten words is a command that exists."""
    words = [line.split()[0] for line in project.run().out.splitlines() if line.startswith("  ")]
    assert [project.run(word, "--help").code for word in words] == [0] * 10


@pytest.mark.parametrize("arguments", [["audti"], ["audit", "--nope"], ["explain"], ["waive"]])
def test_usage_error_has_our_format(project: Project, arguments: list[str]) -> None:
    """A command line that is not understood gives exit code 2 and an error in our format."""
    ran = project.run(*arguments)
    assert (ran.code, ran.err.startswith("error[E0100]: ")) == (2, True)


def test_global_options_may_follow_the_command(project: Project) -> None:
    """`--env` behind the command means the same as before it."""
    before = project.run("--env", "production", "config", "show")
    assert before == project.run("config", "show", "--env", "production")


def test_options_behind_two_dashes_stay(project: Project) -> None:
    """Nothing behind `--` is taken for a global option."""
    assert "--debug" in project.run("explain", "--", "--debug").err


def test_double_quiet_says_nothing(project: Project) -> None:
    """`-qq` leaves nothing but the exit code."""
    ran = project.run("config", "show", "-qq")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_defect_is_one_error_with_a_log(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception becomes E0900 with exit code 2 and no traceback."""
    monkeypatch.setattr("readyctl.workflows.settings.load_settings", _broken)
    ran = project.run("config", "show")
    assert (ran.code, "error[E0900]" in ran.err, "Traceback" in ran.err) == (2, True, False)


def test_log_of_a_defect_holds_no_words_of_the_error(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log says where it happened, and repeats nothing that was read."""
    monkeypatch.setattr("readyctl.workflows.settings.load_settings", _broken)
    project.run("config", "show")
    (log,) = (project.root / ".readyctl" / "logs").glob("*.log")
    text = log.read_text(encoding="utf-8")
    assert ("in _broken" in text, "hunter2" in text) == (True, False)


def test_log_of_a_defect_is_private(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its owner can read the log."""
    monkeypatch.setattr("readyctl.workflows.settings.load_settings", _broken)
    project.run("config", "show")
    (log,) = (project.root / ".readyctl" / "logs").glob("*.log")
    assert log.stat().st_mode & 0o777 == 0o600


def test_debug_shows_the_traceback(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--debug` shows the traceback of a defect."""
    monkeypatch.setattr("readyctl.workflows.settings.load_settings", _broken)
    assert "Traceback" in project.run("config", "show", "--debug").err


def test_interruption_gives_130(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command with 130 and no traceback."""
    monkeypatch.setattr("readyctl.workflows.settings.load_settings", _interrupted)
    ran = project.run("config", "show")
    assert (ran.code, ran.err) == (130, "\ninterrupted\n")


def test_interrupted_process_ends_with_130(project: Project) -> None:
    """A process that is interrupted while it waits for an answer ends at once."""
    project.write("fifo-reader.py", _WAITING)
    process = subprocess.Popen(
        [sys.executable, "fifo-reader.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"waiting\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == ExitCode.INTERRUPTED


def test_hung_up_reader_is_no_yes(project: Project) -> None:
    """A reader that leaves early gets no complaint, and its command does not answer yes."""
    code = (
        "import os, sys; r, w = os.pipe(); os.close(r); os.dup2(w, 1); "
        "from readyctl.__main__ import main; sys.exit(main(['config', 'show']))"
    )
    ran = _python(code)
    assert (ran.returncode, ran.stderr) == (2, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_full_disk_is_an_error_and_no_yes(project: Project) -> None:
    """Output that cannot be written is an error with its cause."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "readyctl", "config", "show"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    assert (ran.returncode, ran.stderr.splitlines()[0]) == (
        2,
        "error[E0205]: the output cannot be written",
    )


def _broken(_: object) -> None:
    raise RuntimeError("password=hunter2")


def _interrupted(_: object) -> None:
    raise KeyboardInterrupt


_WAITING = """
import signal, sys, threading
# Where the tests run in the background, Ctrl-C is ignored by whatever they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
import readyctl.workflows.settings as settings
from readyctl.__main__ import main

def wait(_):
    # A thread that is not finished must not hold up the end of the process.
    threading.Thread(target=threading.Event().wait, args=(60,)).start()
    print("waiting", flush=True)
    threading.Event().wait(60)

settings.load_settings = wait
sys.argv = ["readyctl", "config", "show"]
sys.exit(main())
"""
