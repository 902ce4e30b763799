"""Shows how far an apply has come: each file, whom it waits for, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from readyctl.cli.session import Session

if TYPE_CHECKING:
    from readyctl.clients.database import Holder
    from readyctl.migrate.planner import Row


class ApplyProgress:
    """Says on stderr what happens; a terminal has one line that changes, a log a line each."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._terminal = session.err
        self._shown = 0
        self._waited: Sequence[Holder] = ()

    def began(self, row: Row, number: int, total: int) -> None:
        """A file begins."""
        self._waited = ()
        self._replace(f"Applying {number} of {total}  {row.file}")

    def waits(self, holders: Sequence[Holder]) -> None:
        """Somebody holds a lock; the same ones are named once."""
        names = [(holder.program, holder.role) for holder in holders]
        if holders and names != [(holder.program, holder.role) for holder in self._waited]:
            self._say(f"  waits for {_named(holders)}")
        self._waited = holders

    def retries(self, row: Row, attempt: int, holders: Sequence[Holder]) -> None:
        """A lock was not to be had."""
        who = f" ({_named(holders)} has it)" if holders else ""
        self._say(f"  {row.file} gave way to a lock{who}, attempt {attempt}; again")

    def ended(self, row: Row, seconds: float, notices: Sequence[str]) -> None:
        """A file is applied."""
        self._say(f"  ok  {row.file}  {seconds:.1f} s")
        for notice in notices:
            self._say(f"      left undone: {notice}")

    def _say(self, text: str) -> None:
        self._replace("")
        self._session.say(text)

    def _replace(self, text: str) -> None:
        if self._session.quiet or not self._terminal.interactive:
            return
        if text or self._shown:
            self._terminal.write("\r" + text.ljust(self._shown) + ("" if text else "\r"))
        self._shown = len(text)


def _named(holders: Sequence[Holder]) -> str:
    return ", ".join(f"{h.program} of {h.role} for {h.seconds} s" for h in holders)
