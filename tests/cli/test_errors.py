"""Errors as people see them: every part, no secret, no control characters."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.cli.console import Terminal
from readyctl.cli.error_codes import CODES
from readyctl.cli.errors import redacted, show_error
from readyctl.errors import ConfigError
from readyctl.resources import bundled

_CODE = re.compile(r"\bE0\d{3}\b")


def _shown(error: ConfigError, *, color: bool = False) -> str:
    stream = io.StringIO()
    show_error(Terminal(stream, color, 80, ascii_only=False, interactive=False), error)
    return stream.getvalue()


def test_every_part_is_on_its_own_line() -> None:
    """What, cause, where, a blank line, hint, docs: in this order."""
    error = ConfigError("E0999", "it fails", cause="one\ntwo", where="a:1", hint="mend it")
    expected = (
        "error[E0999]: it fails\n  cause: one\n         two\n  where: a:1\n\n"
        "hint: mend it\ndocs: readyctl explain E0999\n"
    )
    assert expected == _shown(error)


def test_missing_parts_leave_no_line() -> None:
    """An error without cause, place and hint has no empty labels."""
    expected = "error[E0999]: it fails\n\ndocs: readyctl explain E0999\n"
    assert expected == _shown(ConfigError("E0999", "it fails"))


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://app:hunter2@db/telehealth",
        "password=hunter2",
        "Password: hunter2",
        "api_key = hunter2",
        "token=hunter2, user=x",
    ],
)
def test_secrets_are_redacted(text: str) -> None:
    """Credentials in addresses and values of secret settings are not shown."""
    assert "hunter2" not in redacted(text)


@given(st.text())
def test_no_text_reaches_the_terminal_as_a_command(text: str) -> None:
    """Whatever an error quotes, it cannot move the cursor or colour the screen."""
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", _shown(ConfigError("E0999", text)))


def test_colour_adds_no_words() -> None:
    """Without its colours, a coloured error is the plain one."""
    error = ConfigError("E0999", "it fails", where="a:1", hint="mend it")
    assert _shown(error) == re.sub(r"\x1b\[[0-9;]*m", "", _shown(error, color=True))


def _used_codes() -> set[str]:
    package = Path(bundled("readyctl"))
    files = [p for p in package.rglob("*.py") if p.name != "error_codes.py"]
    return {code for path in files for code in _CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_in_use_is_documented() -> None:
    """Each error code in the source has an entry that `explain` prints."""
    assert set() == _used_codes() - set(CODES)


def test_every_documented_code_is_in_use() -> None:
    """No entry outlives the error that it explains."""
    assert set() == set(CODES) - _used_codes()


def test_codes_are_sorted() -> None:
    """The table is in the order of its codes, so that an entry is found."""
    assert sorted(CODES) == list(CODES)
