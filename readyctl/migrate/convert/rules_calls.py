"""Rules for calls in statements and bodies: schedules, requests, secrets, names of functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from readyctl.migrate.convert.eventbridge import NoSchedule, expression
from readyctl.migrate.convert.survey import Survey, bodies, references
from readyctl.migrate.convert.tokens import Token, body, code
from readyctl.migrate.convert.unit import Statement, Unit
from readyctl.model.conversion import Schedule, Treatment

_OUTSIDE = re.compile(r"\b(net\.http_\w+|http_(?:get|post|put|delete|patch)|pgmq\.send\w*)\b", re.I)
_TOKEN = re.compile(
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}|\bsb_secret_\w{8,}|\bsk_live_\w{8,}|\bAKIA[0-9A-Z]{16}\b"
)
_HINTS = {
    "net": "a function must take the rows of net.http_request_queue, send them and delete them",
    "supabase_functions": (
        "send the rows of net.http_request_queue; headers stay in the text: revoke keys in them"
    ),
    "realtime": "publish what is in realtime.messages (AppSync events, or WebSocket routes)",
    "pgmq": "the queue is a table; SQS is made for it",
    "graphql": "there is no GraphQL here: whoever asks is told so",
    "graphql_public": "there is no GraphQL here: whoever asks is told so",
    "pgsodium": "encrypt with AWS KMS; what encrypts here fails and says so",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call: its schema's token, and the tokens of each argument with its name, if it has one."""

    schema: str
    name: str
    at: Token
    arguments: tuple[tuple[str, tuple[Token, ...]], ...]


def calls(tokens: list[Token]) -> Iterator[Call]:
    """Return calls of functions in Supabase's schemas."""
    plain = code(tokens)
    places = {token.start: number for number, token in enumerate(plain)}
    for (schema, name), token in references(tokens):
        number = places[token.start] + 3
        if number < len(plain) and plain[number].text == "(":
            yield Call(schema, name, token, tuple(_arguments(plain, number + 1)))


def _arguments(plain: list[Token], number: int) -> Iterator[tuple[str, tuple[Token, ...]]]:
    depth, current = 0, list[Token]()
    for token in plain[number:]:
        if token.text in "([":
            depth += 1
        elif token.text in ")]":
            depth -= 1
        if depth < 0 or (token.text == "," and depth == 0):
            if current:
                yield _named(current)
            current = []
            if depth < 0:
                return
        else:
            current.append(token)


def _named(tokens: list[Token]) -> tuple[str, tuple[Token, ...]]:
    if len(tokens) > 2 and tokens[1].text in (":=", "=>"):
        return tokens[0].name, tuple(tokens[2:])
    return "", tuple(tokens)


def look(unit: Unit, statement: Statement, found: Survey) -> None:
    """Map and report the calls of a statement and of the bodies in it."""
    if statement.start in unit.done and statement.start not in unit.wrapped:
        return
    run_once = statement.kind != "CreateFunctionStmt"
    for tokens in bodies(
        [t for t in unit.tokens if statement.start <= t.start < statement.stop]
        if statement.kind == ""
        else unit.within(statement.start, statement.stop)
    ):
        _names(unit, tokens, found)
        for call in calls(tokens):
            if call.schema == "cron" and call.name in ("schedule", "schedule_in_database"):
                _schedule(unit, call)
            elif call.schema == "vault":
                _secret(unit, call, run_once=run_once)
            elif call.schema in _HINTS:
                unit.note(
                    call.at.start,
                    f"{call.schema}.{call.name}",
                    Treatment.PROVIDED,
                    "the prelude provides it",
                    _HINTS[call.schema],
                )
            elif call.schema == "cron":
                unit.note(
                    call.at.start,
                    f"cron.{call.name}",
                    Treatment.PROVIDED,
                    "changes the rows of cron.job, which nothing runs",
                    "change the schedule in EventBridge as well",
                )
    inner = unit.code[statement.start : statement.stop]
    for match in _TOKEN.finditer(inner):
        unit.note(
            statement.start + match.start(),
            "token in the text",
            Treatment.REPORTED,
            "left in the text",
            "revoke it: whoever reads the file has it",
        )


def _names(unit: Unit, tokens: list[Token], found: Survey) -> None:
    plain = code(tokens)
    for at, token in enumerate(plain):
        called = token.kind == "IDENT" and at + 1 < len(plain) and plain[at + 1].text == "("
        if not called or token.name not in ("uuid_generate_v4", "gen_random_uuid"):
            continue
        qualified = at >= 2 and plain[at - 1].text == "."
        schema = plain[at - 2].name if qualified else ""
        foreign = schema not in ("", "public", "extensions")
        if (
            foreign
            or ("public", token.name) in found.made
            or (token.name == "gen_random_uuid" and not qualified)
        ):
            continue
        start = plain[at - 2].start if qualified else token.start
        unit.replace(start, token.stop, "gen_random_uuid")
        unit.note(start, token.name, Treatment.MAPPED, "gen_random_uuid() of PostgreSQL")


def _literal(tokens: tuple[Token, ...]) -> str | None:
    if not tokens or tokens[0].kind != "SCONST":
        return None
    inner, _ = body(tokens[0])
    return inner or tokens[0].text.lstrip("eE")[1:-1].replace("''", "'")


def _schedule(unit: Unit, call: Call) -> None:
    given = {name: tokens for name, tokens in call.arguments if name}
    plain = [tokens for name, tokens in call.arguments if not name]
    names = ["job_name", "schedule", "command"]
    if len(plain) + len(given) == 2:
        names = names[1:]
    given |= dict(zip(names, plain, strict=False))
    cron = _literal(given.get("schedule", ()))
    name = _literal(given.get("job_name", ())) or ""
    command = given.get("command", ())
    outside = _OUTSIDE.findall(" ".join(token.text for token in command))
    line, column = unit.lines.place(command[0].start if command else call.at.start)
    said, why = "", "the schedule is made when it runs"
    if cron is not None:
        try:
            said, why = expression(cron), ""
        except NoSchedule as error:
            why = str(error)
    unit.schedules.append(
        Schedule(
            unit.file,
            line,
            column,
            name,
            cron or "",
            said,
            tuple(sorted({found.lower() for found in outside})),
            why,
        )
    )
    unit.note(
        call.at.start,
        f"cron.{call.name}",
        Treatment.REPORTED,
        f"kept as a row of cron.job, which nothing runs{f'; {said}' if said else ''}",
        "make a schedule of EventBridge that calls a function which does this",
    )


def _secret(unit: Unit, call: Call, *, run_once: bool) -> None:
    place = {"create_secret": 0, "update_secret": 1}.get(call.name)
    if place is None:
        return
    value = next((tokens for name, tokens in call.arguments if name == "new_secret"), None)
    if value is None and place < len(call.arguments) and not call.arguments[place][0]:
        value = call.arguments[place][1]
    hint = "put the value into AWS Secrets Manager; the function that needs it reads it there"
    if not value or [token.text.lower() for token in value] == ["null"]:
        unit.note(
            call.at.start, f"vault.{call.name}", Treatment.REPORTED, "keeps the name alone", hint
        )
    elif run_once or value[0].kind == "SCONST":
        unit.replace(value[0].start, value[-1].stop, "null")
        unit.note(
            call.at.start,
            f"vault.{call.name}",
            Treatment.REPORTED,
            "its value was taken out of the text",
            hint,
        )
    else:
        unit.note(
            call.at.start,
            f"vault.{call.name}",
            Treatment.REPORTED,
            "fails when it is called with a value",
            hint,
        )


def secret_rows(unit: Unit, statement: Statement, _: Survey) -> None:
    """Take values out of rows for vault.secrets."""
    tree = statement.tree
    relation = tree.get("relation", {})
    if (relation.get("schemaname"), relation.get("relname")) != ("vault", "secrets"):
        return
    columns = [c["ResTarget"].get("name") for c in tree.get("cols", ())]
    if "secret" not in columns and statement.kind == "InsertStmt":
        unit.take_out(
            statement,
            "vault.secrets",
            "values of secrets are not kept here",
            "put them into AWS Secrets Manager",
        )
        return
    # Which part of the statement is the value cannot be told for every form: none of it stays.
    hint = "put the values into AWS Secrets Manager"
    unit.erase(statement, "vault.secrets", "no secret is kept here", hint)
