"""The tokens of a PL/pgSQL body, as PostgreSQL's own scanner reads them, and a place among them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from pglast import parser

from readyctl.migrate.examine.plpgsql.tree import Code

_COMMENTS = {"SQL_COMMENT", "C_COMMENT"}
_OPEN, _CLOSE = {"(", "["}, {")", "]"}


class Unreadable(Exception):
    """The body is written in a way that is not understood; the text says where."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its text, in lower case unless it is quoted, and where it stands, in characters."""

    word: str
    start: int
    end: int


class Tokens:
    """Goes through the tokens of a body, in order."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._starts = [0]
        self._starts += [number + 1 for number, found in enumerate(body) if found == "\n"]
        self._tokens = [
            Token(self._word(token.start, token.end + 1), token.start, token.end + 1)
            for token in parser.scan(body)
            if token.name not in _COMMENTS
        ]
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        """Return the word that comes, empty at the end."""
        place = self.at + ahead
        return self._tokens[place].word if place < len(self._tokens) else ""

    def take(self, *expected: str) -> str:
        """Return the next word and go on; one of `expected` where they are given.

        Raises:
            Unreadable: another one comes, or none.
        """
        word = self.peek()
        if not word or (expected and word not in expected):
            raise Unreadable(f"line {self.line}: {' or '.join(expected) or 'more'} is expected")
        self.at += 1
        return word

    def accept(self, *words: str) -> bool:
        """Go on where exactly these words come, and return whether they do."""
        if all(self.peek(number) == word for number, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    @property
    def line(self) -> int:
        """The line of what comes next."""
        place = self._tokens[min(self.at, len(self._tokens) - 1)].start if self._tokens else 0
        return bisect_right(self._starts, place)

    def until(self, *ends: str) -> Code:
        """Return the text up to one of `ends` outside of brackets, and stop before it.

        Raises:
            Unreadable: none of them comes.
        """
        begin, depth, line = self.at, 0, self.line
        while (word := self.peek()) and (depth or word not in ends):
            depth += (word in _OPEN) - (word in _CLOSE)
            self.at += 1
        if not word:
            raise Unreadable(f"line {line}: no {' or '.join(ends)} follows")
        return Code(self.text(begin, self.at), line)

    def text(self, begin: int, end: int) -> str:
        """Return the text from one token up to, and without, another."""
        if begin >= end:
            return ""
        return self._body[self._tokens[begin].start : self._tokens[end - 1].end]

    def without(self, begin: int, end: int, cut: tuple[int, int]) -> str:
        """Return the text of tokens with those of `cut` blanked; lines stay what they are."""
        first, last = self._tokens[begin].start, self._tokens[end - 1].end
        since, to = self._tokens[cut[0]].start, self._tokens[cut[1] - 1].end
        blank = "".join("\n" if found == "\n" else " " for found in self._body[since:to])
        return self._body[first:since] + blank + self._body[to:last]

    def find(self, word: str, begin: int, end: int) -> int:
        """Return the place of a word outside of brackets, -1 where there is none."""
        depth = 0
        for place in range(begin, end):
            found = self._tokens[place].word
            depth += (found in _OPEN) - (found in _CLOSE)
            if not depth and found == word:
                return place
        return -1

    def _word(self, start: int, end: int) -> str:
        text = self._body[start:end]
        return text if text[:1] in ('"', "'", "$") else text.lower()
