"""Proves that the wheel alone works: built from the sdist, installed elsewhere, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.local.traces import processes

PROJECT = Path(__file__).resolve().parents[1]
REPORTS = ("scorecard.md", "scorecard.json")


@dataclass(slots=True)
class Trial:
    """An empty home and an empty folder to work in, and what was found there."""

    root: Path
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def work(self) -> Path:
        """The folder that readyctl is run in."""
        return self.root / "work"

    @property
    def python(self) -> Path:
        """The Python that has the wheel."""
        return self.root / "venv" / "bin" / "python"

    def run(self, name: str, command: Sequence[str | Path], *, expected: int = 0) -> str:
        """Run a command in the empty folder; note how long it took, and another exit code."""
        started = time.monotonic()
        finished = subprocess.run(
            command,
            check=False,
            cwd=self.work,
            env=self._environment(),
            capture_output=True,
            text=True,
        )
        self.seconds[name] = round(time.monotonic() - started, 1)
        if finished.returncode != expected:
            said = finished.stderr.strip().splitlines()[-5:]
            self.failures.append(f"{name} exited with {finished.returncode}: {' / '.join(said)}")
        return finished.stdout

    def _environment(self) -> Mapping[str, str]:
        # How to reach the package index is the machine's business; all else starts from nothing.
        index = {key: value for key, value in os.environ.items() if key.startswith("PIP_")}
        return {**index, "PATH": os.defpath, "HOME": str(self.root / "home"), "LANG": "C.UTF-8"}


def main() -> int:
    """Print what was found as JSON; return 1 when anything is not as it must be."""
    with tempfile.TemporaryDirectory(prefix="readyctl-wheel-") as folder:
        trial = Trial(Path(folder))
        for name in ("home", "work", "dist"):
            (trial.root / name).mkdir()
        wheel = _install(trial)
        try:
            trial.run("local up", _readyctl(trial, "local", "up"))
            trial.run("audit", _readyctl(trial, "audit"), expected=1)
            figures = _scorecard(trial)
        finally:
            trial.run("local down", _readyctl(trial, "local", "down"))
        left = [" ".join(process.cmdline()) for process in processes([str(trial.root)])]
        trial.failures += [f"left running: {command}" for command in left]
        figures |= {"wheel_kb": wheel.stat().st_size // 1024, "seconds": trial.seconds}
        print(json.dumps({**figures, "failures": trial.failures}, indent=2))
    return 1 if trial.failures else 0


def _install(trial: Trial) -> Path:
    """Build the wheel from the sdist, and install it in an empty virtual environment."""
    dist = trial.root / "dist"
    trial.run("build", [sys.executable, "-m", "build", "--outdir", dist, PROJECT])
    built = list(dist.glob("*.whl"))
    if len(built) != 1 or not list(dist.glob("*.tar.gz")):
        raise SystemExit(f"no sdist with its wheel was built: {trial.failures}")
    venv.EnvBuilder(with_pip=True, symlinks=True).create(trial.root / "venv")
    pip = (trial.python, "-m", "pip", "install", "--quiet", "--no-input")
    trial.run("install", (*pip, f"{built[0]}[local]"))
    where = (trial.python, "-c", "import readyctl; print(readyctl.__file__)")
    if not trial.run("import", where).startswith(str(trial.root)):
        trial.failures.append("readyctl is imported from another place than the wheel")
    return built[0]


def _readyctl(trial: Trial, *arguments: str) -> list[str | Path]:
    return [trial.python.with_name("readyctl"), *arguments]


def _scorecard(trial: Trial) -> dict[str, object]:
    missing = [name for name in REPORTS if not (trial.work / name).is_file()]
    trial.failures += [f"{name} was not written" for name in missing]
    if missing:
        return {}
    card = json.loads((trial.work / "scorecard.json").read_text(encoding="utf-8"))
    verdict = card["data"]["gate"]["verdict"]
    if verdict != "NO-GO":
        trial.failures.append(f"the verdict is {verdict}, not NO-GO")
    return {"verdict": verdict}


if __name__ == "__main__":
    sys.exit(main())
