"""What a stream can show: colour, width, characters."""

from __future__ import annotations

import io

import pytest

from readyctl.cli.arguments import global_first
from readyctl.cli.console import Color, terminal


class _Stream(io.TextIOWrapper):
    def __init__(self, encoding: str = "utf-8", *, tty: bool = False) -> None:
        self.raw_bytes = io.BytesIO()
        super().__init__(self.raw_bytes, encoding=encoding)
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty


@pytest.mark.parametrize(
    ("tty", "variables", "choice", "expected"),
    [
        (True, {}, Color.AUTO, True),
        (False, {}, Color.AUTO, False),
        (True, {"NO_COLOR": "1"}, Color.AUTO, False),
        (True, {"NO_COLOR": ""}, Color.AUTO, True),
        (True, {"TERM": "dumb"}, Color.AUTO, False),
        (False, {"FORCE_COLOR": "1"}, Color.AUTO, True),
        (False, {"FORCE_COLOR": "0"}, Color.AUTO, False),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, Color.AUTO, False),
        (False, {"NO_COLOR": "1"}, Color.ALWAYS, True),
        (True, {"FORCE_COLOR": "1"}, Color.NEVER, False),
    ],
)
def test_colour_is_decided_for_each_stream(
    tty: bool, variables: dict[str, str], choice: Color, expected: bool
) -> None:
    """The option wins, then NO_COLOR, then FORCE_COLOR, then what the stream is."""
    found = terminal(_Stream(tty=tty), variables, choice, no_input=False)
    assert expected is found.color


@pytest.mark.parametrize(
    ("columns", "expected"),
    [("", 80), ("100", 100), ("5", 40), ("99999", 200), ("wide", 80), ("²", 80), ("9" * 9999, 80)],
)
def test_width_is_within_bounds(columns: str, expected: int) -> None:
    """COLUMNS is taken where it is a number, within 40 and 200."""
    assert expected == terminal(_Stream(), {"COLUMNS": columns}, no_input=False).width


@pytest.mark.parametrize(
    ("encoding", "variables", "expected"),
    [
        ("utf-8", {}, False),
        ("utf-8", {"LANG": "en_US.UTF-8"}, False),
        ("utf-8", {"LANG": "C"}, True),
        ("utf-8", {"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ("utf-8", {"LC_ALL": "POSIX"}, True),
        ("utf-8", {"LANG": "C", "LC_ALL": "en_US.UTF-8"}, False),
        ("ascii", {"LANG": "en_US.UTF-8"}, True),
        ("latin-1", {}, True),
    ],
)
def test_signs_fall_back_to_ascii(encoding: str, variables: dict[str, str], expected: bool) -> None:
    """Signs are ASCII where the stream or the locale has no others."""
    assert expected is terminal(_Stream(encoding), variables, no_input=False).ascii_only


def test_what_cannot_be_encoded_is_written_as_its_escape() -> None:
    """No character stops the output."""
    stream = _Stream("ascii")
    terminal(stream, {}, no_input=False).write("naïve ✓")
    assert stream.raw_bytes.getvalue() == b"na\\xefve \\u2713"


def test_half_a_surrogate_is_written_as_its_escape() -> None:
    """A broken file name does not stop the output either."""
    stream = _Stream()
    terminal(stream, {}, no_input=False).write("\udc80")
    assert stream.raw_bytes.getvalue() == b"\\udc80"


@pytest.mark.parametrize("variables", [{"CI": "true"}, {}])
def test_scripts_are_not_interactive(variables: dict[str, str]) -> None:
    """Neither CI nor a pipe is somebody who watches."""
    stream = _Stream(tty=bool(variables))
    assert terminal(stream, variables, no_input=False).interactive is False


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["audit", "--env", "x"], ["--env", "x", "audit"]),
        (["audit", "--env=x", "--all"], ["--env=x", "audit", "--all"]),
        (["audit", "-q"], ["-q", "audit"]),
        (["explain", "--", "-q"], ["explain", "--", "-q"]),
        (["audit", "--environment", "x"], ["audit", "--environment", "x"]),
        (["audit", "--env"], ["--env", "audit"]),
    ],
)
def test_global_options_go_in_front(given: list[str], expected: list[str]) -> None:
    """Global options come first, in their order; all else keeps its own."""
    assert expected == global_first(given)
