"""Finds imports and realtime calls in JavaScript and TypeScript text; pure, by a small scanner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FILLER = "\x01"
_STRING = rf"(?P<quote>['\"`]){_FILLER}*(?P=quote)"
_IMPORTS = (
    re.compile(
        rf"(?<![\w$.])(?P<kind>import|export)\b(?:\s+type\b)?[^;'\"`()=]*?\bfrom\s*{_STRING}"
    ),
    re.compile(rf"(?<![\w$.])(?P<kind>import)\s*{_STRING}"),
    re.compile(rf"(?<![\w$.])(?P<kind>import|require)\s*\(\s*{_STRING}"),
)
_TABLE = re.compile(rf"\btable\s*:\s*{_STRING}")
_CHANNEL = re.compile(r"\.\s*(?P<kind>channel|removeChannel|removeAllChannels)\s*\(")
# After one of these a slash begins a regular expression; after anything else it divides.
_BEFORE_REGEX = re.compile(r"(?:^|[-+*%&|^!~?:;,<=>({\[}]|\b(?:return|typeof|case|in|of|do|else))$")
_REGEX = re.compile(r"/(?![*/])(?:[^\\/\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_QUOTED = re.compile(r"'(?:[^'\\\n]|\\[\s\S])*'|\"(?:[^\"\\\n]|\\[\s\S])*\"")
_COMMENT = re.compile(r"//[^\n]*|/\*[\s\S]*?(?:\*/|$)")
_TEMPLATE_MARK = re.compile(r"\\[\s\S]|`|\$\{|[{}]")
_LOOKBACK = 40


@dataclass(frozen=True, slots=True)
class Use:
    """Something found in a file: its line, its kind, and the module it names, if it does."""

    line: int
    kind: str
    module: str = ""


def imports(text: str) -> tuple[Use, ...]:
    """Return what the text imports: kind import, export, dynamic or require, by line."""
    code = masked(text)
    found = {}
    for pattern in _IMPORTS:
        for match in pattern.finditer(code):
            quote = match.start("quote")
            module = text[quote + 1 : match.end() - 1]
            called = "(" in match[0][: quote - match.start()]
            kind = "dynamic" if called and match["kind"] == "import" else match["kind"]
            found[quote] = Use(_line(text, match.start()), kind, module)
    return tuple(found[place] for place in sorted(found))


def realtime_uses(text: str) -> tuple[Use, ...]:
    """Return the calls of Supabase's realtime channels, in a text that names Supabase at all."""
    if "supabase" not in text.lower():
        return ()
    code = masked(text)
    uses = [Use(_line(text, match.start()), match["kind"]) for match in _CHANNEL.finditer(code)]
    uses += [
        Use(_line(text, at), "postgres_changes")
        for at, content in _strings(text, code)
        if content == "postgres_changes"
    ]
    return tuple(sorted(uses, key=lambda use: (use.line, use.kind)))


def subscriptions(text: str) -> tuple[Use, ...]:
    """Return the tables whose changes a text listens to, `*` where it names none by a literal."""
    if "supabase" not in text.lower():
        return ()
    code = masked(text)
    listening = [use for use in _strings(text, code) if use[1] == "postgres_changes"]
    return tuple(
        Use(_line(text, at), "subscription", _table(text, code, at)) for at, _ in listening
    )


def masked(text: str) -> str:
    """Return text of the same length and lines: comments blank, contents of strings filled."""
    parts: list[str] = []
    done = 0
    for start, end, filler in _not_code(text):
        parts += [text[done:start], re.sub(r"[^\n]", filler, text[start:end])]
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _strings(text: str, code: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(rf"['\"`]{_FILLER}+['\"`]", code):
        yield match.start(), text[match.start() + 1 : match.end() - 1]


def _table(text: str, code: str, at: int) -> str:
    """Return what `table:` of the object behind an event's name says."""
    opening = code.find("{", at)
    closing = code.find("}", opening)
    if opening < 0 or closing < 0:
        return "*"
    named = _TABLE.search(code, opening, closing)
    table = text[named.start("quote") + 1 : named.end() - 1] if named else ""
    return table if table and "${" not in table else "*"


def _not_code(text: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    for opening in re.finditer(r"['\"`/]", text):
        start = opening.start()
        if start < at:
            continue
        if text[start] == "`":
            end = _template_end(text, start)
            if end:
                yield start + 1, end - 1, _FILLER
                at = end
        elif text[start] in "'\"":
            if quoted := _QUOTED.match(text, start):
                yield start + 1, quoted.end() - 1, _FILLER
                at = quoted.end()
        elif comment := _COMMENT.match(text, start):
            yield start, comment.end(), " "
            at = comment.end()
        elif (regex := _REGEX.match(text, start)) and _BEFORE_REGEX.search(
            text[max(at, start - _LOOKBACK) : start].rstrip()
        ):
            yield start, regex.end(), " "
            at = regex.end()


def _template_end(text: str, start: int) -> int:
    """Return the index after the template literal that begins at `start`, 0 if it never ends."""
    nested = ["`"]
    for mark in _TEMPLATE_MARK.finditer(text, start + 1):
        symbol, in_text = mark[0], nested[-1] == "`"
        if symbol == ("`" if in_text else "}"):
            nested.pop()
        elif symbol in (("${",) if in_text else ("`", "${", "{")):
            nested.append(symbol)
        if not nested:
            return mark.end()
    return 0


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
