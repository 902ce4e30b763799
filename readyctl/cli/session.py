"""What one command line means: its streams, its configuration, and how much it should say."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import typer

from readyctl.cli.console import Color, Terminal, terminal
from readyctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readyctl.config.environment import Settings
    from readyctl.model.json import Json
    from readyctl.workflows.settings import Asked


@dataclass(slots=True)
class Session:
    """The global options, and what follows from them."""

    config: Path | None = None
    environment: str = ""
    color: Color = Color.AUTO
    quiet: int = 0
    verbose: int = 0
    no_input: bool = False
    debug: bool = False

    @property
    def out(self) -> Terminal:
        """Where the result goes."""
        return terminal(sys.stdout, os.environ, self.color, no_input=self.no_input)

    @property
    def err(self) -> Terminal:
        """Where everything else goes."""
        return terminal(sys.stderr, os.environ, self.color, no_input=self.no_input)

    @property
    def next_steps(self) -> bool:
        """Whether to suggest what to do next; scripts need no suggestions."""
        return not self.quiet and not os.environ.get("CI")

    @property
    def may_ask(self) -> bool:
        """Whether somebody is there to answer a question."""
        return not self.no_input and sys.stdin is not None and sys.stdin.isatty()

    def asked(self, *, environment: str = "", flags: Mapping[str, Json] | None = None) -> Asked:
        """Return what the command line says about the configuration."""
        from readyctl.workflows.settings import Asked

        return Asked(self.config, environment or self.environment, flags or {})

    def settings(self, flags: Mapping[str, Json] | None = None) -> Settings:
        """Return the effective settings; `flags` are those of the command, by dotted name.

        Raises:
            ConfigError: see `workflows.here.settings_here`.
        """
        from readyctl.workflows.here import settings_here

        settings = settings_here(self.asked(flags=flags))
        if self.verbose:
            self.say(f"configuration {settings.file}, environment {settings.environment.name}")
        return settings

    def settings_or_example(self) -> Settings:
        """Return the settings, or those of the bundled example where there is no configuration.

        For commands that need the checklist and nothing of a system.
        """
        from readyctl.config.discovery import discover
        from readyctl.errors import ConfigError
        from readyctl.workflows.settings import example_settings

        try:
            discover(self.config, os.environ, Path.cwd())
        except ConfigError:
            return example_settings(self.asked())
        return self.settings()

    @property
    def repeated(self) -> str:
        """What the next command must repeat to mean the same configuration and environment."""
        options = {"--config": self.config, "--env": self.environment}
        return "".join(f" {name} {quote(str(value))}" for name, value in options.items() if value)

    def plain(self, text: str) -> None:
        """Write a result that quotes what was read: nothing in it can steer the terminal."""
        from readyctl.report.escape import harmless, to_ascii

        self.result(to_ascii(harmless(text)) if self.out.ascii_only else harmless(text))

    def result(self, text: str) -> None:
        """Write a result to stdout, unless even that was not wanted (-qq)."""
        if self.quiet < 2:
            self.out.write(text if text.endswith("\n") else text + "\n")

    def say(self, text: str) -> None:
        """Write a line for people to stderr, unless only the result is wanted (-q)."""
        if not self.quiet:
            self.err.write(text + "\n")

    def suggest(self, command: str) -> None:
        """Suggest the next command, for the same configuration and environment."""
        if self.next_steps:
            self.say(f"Next: {command}{self.repeated}")

    def require(self, value: str | None, option: str) -> str:
        """Return the value of an option that cannot be asked for.

        Raises:
            UsageError: E0101, it was not given.
        """
        if value:
            return value
        raise UsageError(
            "E0101",
            f"the option {option} is missing",
            cause="nobody is there to be asked",
            hint=f"give {option}, or run this in a terminal without --no-input",
        )


def session_of(context: typer.Context) -> Session:
    """Return the session that the global options made."""
    session: Session = context.ensure_object(Session)
    return session
