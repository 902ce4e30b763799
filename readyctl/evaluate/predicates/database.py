"""Predicates about migrations and about row-level security."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from readyctl.evaluate.predicates.items import Facts, decided, rows, texts
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.status import Status


def applied_migrations(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """The ledger has each migration file; of two files with one version it can have neither."""
    files = rows("migrations", facts)
    versions = [_version(row) for row in files]
    applied = _applied(facts)
    return tuple(
        _recorded(row, version in applied, versions.count(version))
        for row, version in zip(files, versions, strict=True)
    )


def _recorded(file: Mapping[str, Json], applied: bool, namesakes: int) -> Item:
    name, wanted = str(file["file"]), "applied"
    if namesakes > 1:
        return decided(name, False, "another file has the same version", wanted)
    return decided(name, applied, "applied" if applied else "pending", wanted)


def unchanged_migrations(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each applied migration that has a file has the text that was applied.

    A ledger that keeps no digest leaves it open.
    """
    files = {_version(row): row for row in rows("migrations", facts)}
    return tuple(
        _compared(row, files[version])
        for version, row in _applied(facts).items()
        if version in files
    )


def _compared(applied: Mapping[str, Json], file: Mapping[str, Json]) -> Item:
    name, wanted = str(file["file"]), "the text that was applied"
    if not applied["sha256"]:
        return Item(name, Status.OPEN, "the ledger keeps no digest", wanted, where=name)
    same = applied["sha256"] == file["sha256"]
    status = Status.PASS if same else Status.FAIL
    return Item(name, status, "unchanged" if same else "edited since", wanted, where=name)


def ordered_migrations(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """No pending migration is older than the newest one that was applied."""
    files = [_version(row) for row in rows("migrations", facts)]
    applied = _applied(facts)
    newest = max((index for index, version in enumerate(files) if version in applied), default=-1)
    return tuple(
        decided(
            version,
            version in applied,
            "applied" if version in applied else "pending",
            f"applied before {files[newest]}",
        )
        for version in files[: newest + 1]
    )


def _applied(facts: Facts) -> Mapping[str, Mapping[str, Json]]:
    return {_version(row): row for row in rows("migration_ledger.applied", facts)}


def _version(row: Mapping[str, Json]) -> str:
    version = row["version"]
    if not isinstance(version, str):
        raise TypeError("a migration without a version")
    return version


def application_role(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """The role that functions connect as may do no more than the policies allow.

    What it is a member of counts as its own, at any depth, for it can become that role.
    """
    name = str(_application_role(facts))
    roles = {str(row["name"]): row for row in rows("database_roles", facts)}
    wanted = "a login role that owns no table and that policies bind"
    if name not in roles:
        return (Item(name, Status.FAIL, "there is no such role", wanted),)
    problems = [] if roles[name]["login"] is True else ["it may not log in"]
    for role in sorted(_memberships(name, roles)):
        problems += [f"{role} {power}" for power in _powers(roles[role])]
    return (decided(name, not problems, "; ".join(problems) or wanted, wanted),)


def effective_policies(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """In each table row-level security binds the role that functions connect as.

    It does not bind a superuser, a role that bypasses it, or an owner unless it is forced.
    """
    name = str(_application_role(facts))
    roles = {str(row["name"]): row for row in rows("database_roles", facts)}
    mine = _memberships(name, roles)
    free = {role for role in mine if _unbound(roles[role])}
    return tuple(
        _bound(row, name if name in roles else "", mine, free)
        for row in rows("database_tables", facts)
    )


def _bound(table: Mapping[str, Json], name: str, mine: set[str], free: set[str]) -> Item:
    reasons = {
        "the application's role does not exist": not name,
        "row-level security is not enabled": table["rls_enabled"] is not True,
        f"{', '.join(sorted(free))} may bypass it": bool(free),
        "the application is its owner, and it is not forced": (
            table["owner"] in mine and table["rls_forced"] is not True
        ),
    }
    problems = [reason for reason, holds in reasons.items() if holds]
    return decided(
        f"{table['schema']}.{table['name']}",
        not problems,
        "; ".join(problems) or "in force",
        "row-level security that binds the application",
    )


def _application_role(facts: Facts) -> Json:
    settings = facts["settings"]
    if not isinstance(settings, Mapping):
        raise TypeError("the fact settings is not a mapping")
    return settings["application_role"]


def _memberships(name: str, roles: Mapping[str, Mapping[str, Json]]) -> set[str]:
    """Return the role and every role that it is a member of, as far as they are known."""
    found: set[str] = set()
    queue = [name]
    while queue:
        role = queue.pop()
        if role in roles and role not in found:
            found.add(role)
            queue += sorted(texts(roles[role]["member_of"]))
    return found


def _unbound(role: Mapping[str, Json]) -> bool:
    return role["superuser"] is not False or role["bypass_rls"] is not False


def _powers(role: Mapping[str, Json]) -> list[str]:
    powers = {
        "is a superuser": role["superuser"] is not False,
        "bypasses row-level security": role["bypass_rls"] is not False,
        f"owns {role['owns_tables']} tables": role["owns_tables"] != 0,
    }
    return [power for power, held in powers.items() if held]
