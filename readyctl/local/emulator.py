"""Finds, installs and starts the AWS emulator."""

from __future__ import annotations

import http.client
import importlib.util
import os
import signal
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

from readyctl.errors import LocalError
from readyctl.local import processes
from readyctl.local.startup import Startup
from readyctl.local.state import REGION, ProcessRecord, directory
from readyctl.resources import bundled

NAME = "AWS emulator"
_MODULE = "ministack"
_HEALTH = "/_ministack/health"
_READY_SECONDS = 60.0


def url(port: int) -> str:
    """Return the endpoint of every emulated service."""
    return f"http://127.0.0.1:{port}"


def find(root: Path) -> list[str]:
    """Return the command that starts the emulator.

    Raises:
        LocalError: it is installed nowhere.
    """
    named = os.environ.get("READYCTL_EMULATOR")
    if named:
        return _command(Path(named).expanduser())
    own = _own_python(root)
    if own.exists():
        return [str(own), "-m", _MODULE]
    if importlib.util.find_spec(_MODULE) is not None:
        return [sys.executable, "-m", _MODULE]
    raise LocalError(
        "E0501",
        "the AWS emulator is not installed",
        cause=f"neither READYCTL_EMULATOR nor {own} nor this Python has it",
        hint="readyctl local install",
    )


def install(root: Path, progress: Callable[[str], None]) -> None:
    """Install the emulator in a virtual environment of its own below `root`.

    Raises:
        LocalError: pip could not install it.
    """
    home = root / ".readyctl" / "emulator"
    progress(f"Installing the AWS emulator in {home}")
    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(home)
    except (OSError, subprocess.CalledProcessError) as error:
        raise _not_installed(home, f"no virtual environment: {type(error).__name__}") from None
    constraints = bundled("emulator-constraints.txt")
    command = [str(_own_python(root)), "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--constraint", str(constraints)]
    finished = subprocess.run(
        [*command, _MODULE, "cryptography"], capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise _not_installed(home, _last_line(finished.stderr))
    progress("Installed the AWS emulator")


def start(root: Path, startup: Startup, port: int) -> None:
    """Start the emulator on `port` of 127.0.0.1 and wait until it answers.

    Raises:
        LocalError: it is not installed, ended early, or did not answer in time.
    """
    command = find(root)
    home = directory(root) / "emulator"
    startup.make_directory(home)
    startup.progress(f"Starting the AWS emulator on 127.0.0.1:{port}")
    log = directory(root) / "emulator.log"
    log.write_bytes(b"")
    program = processes.Program(NAME, command, environment(root, home, port), home, log)
    record = startup.spawn(program).record
    startup.wait_ready(record, lambda: answers(port), log, _READY_SECONDS)


def answers(port: int) -> bool:
    """Tell whether an emulator answers on this port of 127.0.0.1."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", _HEALTH)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stop(record: ProcessRecord) -> None:
    """End the emulator and the workers that it started."""
    processes.stop(record, [signal.SIGTERM], 3.0)


def _command(named: Path) -> list[str]:
    if not named.exists():
        raise LocalError(
            "E0501",
            "READYCTL_EMULATOR names a file that is not there",
            where=str(named),
            hint="unset it, or set it to a Python that has the emulator",
        )
    return [str(named)] + ([] if named.name.startswith(_MODULE) else ["-m", _MODULE])


def _own_python(root: Path) -> Path:
    return root / ".readyctl" / "emulator" / "bin" / "python"


def environment(root: Path, home: Path, port: int) -> dict[str, str]:
    """Return the emulator's whole environment: of the caller's it has PATH, and no credentials."""
    temporary = home / "tmp"
    temporary.mkdir(exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "S3_DATA_DIR": str(home / "s3"),
        "STATE_DIR": str(home / "state"),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # No part of the environment is a container, whatever else runs on this machine.
        "DOCKER_HOST": f"unix://{home}/no-docker.sock",
        processes.MARK: str(directory(root)),
    }


def _not_installed(home: Path, cause: str) -> LocalError:
    return LocalError(
        "E0504",
        "the AWS emulator could not be installed",
        cause=cause,
        where=str(home),
        hint="see that the package index can be reached, then run `readyctl local install` again",
    )


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "pip said nothing"
