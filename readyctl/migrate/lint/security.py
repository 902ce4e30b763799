"""Rules about row-level security, policies, views and grants."""

from __future__ import annotations

import re
from collections.abc import Iterator

from readyctl.migrate.lint.nodes import option, relation, shown, truthy
from readyctl.migrate.lint.rule import Found, rule
from readyctl.migrate.lint.schema import Policy, Schema, Table
from readyctl.migrate.lint.step import Step
from readyctl.model.status import Severity

_WRITES = {"all", "insert", "update", "delete"}
# A role that no policy holds back, so that a policy for it changes nothing.
_BYPASSING = {"service_role", "postgres", "supabase_admin"}


def _unsecured(schema: Schema) -> Iterator[Found]:
    for table in schema.tables.values():
        if table.secured or table.made.kind == "CreateForeignTableStmt":
            continue
        name = shown(table.name)
        block = _made_up(schema, table, r"row\s+level\s+security")
        if block:
            why = f"{block} enables row-level security on {name}, or does not, as it runs"
            yield Found(table.made, why, name, undecided=True)
            continue
        policies = len(table.policies)
        has = f", and its {policies} policies are not asked" if policies else ""
        hint = f"alter table {name} enable row level security"
        yield Found(table.made, f"{name} has no row-level security{has}", name, hint)


def _made_up(schema: Schema, table: Table, about: str) -> str:
    """Return the place of a DO block that may do to a table what no file spells out."""
    bare = re.escape(table.name.rpartition(".")[2])
    for block in schema.dynamic:
        names = re.search(rf"\b{bare}\b|pg_tables|pg_class|information_schema", block.text)
        if block.order >= table.made.order and names and re.search(about, block.text, re.I):
            return f"{block.migration.file}:{block.line}"
    return ""


def _without_policy(schema: Schema) -> Iterator[Found]:
    for table in schema.tables.values():
        if table.secured and not table.policies:
            name = shown(table.name)
            block = _made_up(schema, table, r"create\s+policy")
            why = f"{block} makes policies of {name}, or does not, as it runs" if block else ""
            yield Found(table.made, why or f"{name} has no policy", name, undecided=bool(block))


def _disabled(schema: Schema) -> Iterator[Found]:
    for table in schema.tables.values():
        if table.unsecured:
            name = shown(table.name)
            yield Found(table.unsecured, f"row-level security of {name} is turned off", name)


def _disabled_elsewhere(step: Step, schema: Schema) -> Iterator[Found]:
    name = relation(step.tree.get("relation"))
    if step.kind == "AlterTableStmt" and name not in schema.tables:
        for entry in step.tree.get("cmds", ()):
            if entry["AlterTableCmd"].get("subtype") == "AT_DisableRowSecurity":
                message = f"row-level security of {shown(name)} is turned off"
                yield Found(step, message, shown(name))


def _open(schema: Schema) -> Iterator[Found]:
    for table in (*schema.tables.values(), *schema.elsewhere.values()):
        for policy in table.policies.values():
            if _lets_all_write(policy):
                name = f"{policy.name} on {shown(table.name)}"
                who = ", ".join(policy.roles)
                message = f"policy {name} lets {who} {_verb(policy)} any row"
                yield Found(policy.step, message, name)


def _lets_all_write(policy: Policy) -> bool:
    if policy.command not in _WRITES or not policy.permissive:
        return False
    if set(policy.roles) <= _BYPASSING:
        return False
    # WITH CHECK alone lets any row come in, or become somebody else's.
    writes = policy.check and policy.command != "delete"
    return writes or (policy.using and policy.command != "insert")


def _verb(policy: Policy) -> str:
    return "change" if policy.command == "all" else policy.command


def _public(step: Step, schema: Schema) -> Iterator[Found]:
    del schema
    tree = step.tree
    if step.kind == "AlterDefaultPrivilegesStmt":
        tree = tree.get("action", {})
    elif step.kind != "GrantStmt":
        return
    if not tree.get("is_grant"):
        return
    kind = str(tree.get("objtype", "")).removeprefix("OBJECT_")
    grantees = [entry["RoleSpec"] for entry in tree.get("grantees", ())]
    if any(spec.get("roletype") == "ROLESPEC_PUBLIC" for spec in grantees):
        rights = [entry["AccessPriv"].get("priv_name", "") for entry in tree.get("privileges", ())]
        what = ", ".join(rights) or "everything"
        data = kind in ("TABLE", "SEQUENCE", "COLUMN", "LARGEOBJECT", "DATABASE")
        writes = data or "create" in rights or not rights
        severity = None if writes else Severity.LOW
        yield Found(step, f"every role is granted {what} on a {kind.lower()}", severity=severity)


def _lost_invoker(schema: Schema) -> Iterator[Found]:
    for view in schema.views.values():
        if view.lost:
            name = shown(view.name)
            message = f"view {name} was security_invoker, and no longer is"
            hint = f"alter view {name} set (security_invoker = true)"
            yield Found(view.lost, message, name, hint)


def _owner_reads(schema: Schema) -> Iterator[Found]:
    for view in schema.views.values():
        secured = sorted(
            name for name in view.reads if name in schema.tables and schema.tables[name].secured
        )
        if secured and not view.invoker and not view.lost:
            name, read = shown(view.name), shown(secured[0])
            message = f"view {name} reads {read} as its owner, past the policies"
            hint = f"alter view {name} set (security_invoker = true)"
            yield Found(view.step, message, name, hint)


def _definers(schema: Schema) -> Iterator[Found]:
    for key, routine in schema.routines.items():
        if routine.definer and not routine.path:
            name = shown(key)
            message = f"{name} runs as its owner with the search_path of its caller"
            hint = f"alter function {name} set search_path = ''"
            yield Found(routine.step, message, name, hint)


def _roles(step: Step, schema: Schema) -> Iterator[Found]:
    del schema
    if step.kind not in ("CreateRoleStmt", "AlterRoleStmt"):
        return
    options = step.tree.get("options")
    name = str(step.tree.get("role", ""))
    if isinstance(step.tree.get("role"), dict):
        name = str(step.tree["role"].get("RoleSpec", step.tree["role"]).get("rolename", ""))
    if truthy(option(options, "superuser")) or truthy(option(options, "bypassrls")):
        yield Found(step, f"no policy holds for role {name}", name)


def _passwords(step: Step, schema: Schema) -> Iterator[Found]:
    del schema
    if step.kind in ("CreateRoleStmt", "AlterRoleStmt", "CreateUserMappingStmt"):
        found = option(step.tree.get("options"), "password")
        if found and found.get("arg"):
            yield Found(step, "a password is written into the file")


RULES = (
    rule(
        "table-without-rls",
        Severity.HIGH,
        "A table is made, and no file enables row-level security on it.",
        "Whoever is granted anything on it has it for every row: of all practices, all patients.",
        "ALTER TABLE name ENABLE ROW LEVEL SECURITY, in the same file or a later one. A partition "
        "needs its own: the policies of its parent are not asked when it is named itself.",
        whole=_unsecured,
    ),
    rule(
        "table-without-policy",
        Severity.MEDIUM,
        "Row-level security is enabled, and there is no policy.",
        "Nobody but the owner sees a row. Where that is meant, say so; where not, it is found when "
        "a screen stays empty.",
        "Add the policies, or -- readyctl: allow=table-without-policy REASON",
        whole=_without_policy,
    ),
    rule(
        "disabled-rls",
        Severity.HIGH,
        "Row-level security is turned off, and not on again.",
        "The policies stay and look as if they held.",
        "Enable it again, or drop the policies and say why.",
        whole=_disabled,
        each=_disabled_elsewhere,
    ),
    rule(
        "open-policy",
        Severity.HIGH,
        "A permissive policy for writing is plainly true.",
        "Permissive policies are joined with OR: this one makes all others of the command void.",
        "Say in WITH CHECK and USING whose rows may be written.",
        whole=_open,
    ),
    rule(
        "view-loses-invoker",
        Severity.HIGH,
        "A view is replaced without security_invoker, and had it.",
        "CREATE OR REPLACE VIEW resets options that it does not repeat: from then on the view "
        "reads as its owner, past every policy.",
        "Repeat WITH (security_invoker = true).",
        whole=_lost_invoker,
    ),
    rule(
        "view-without-invoker",
        Severity.HIGH,
        "A view without security_invoker reads a table that has row-level security.",
        "The table is read as the view's owner, for whom policies mostly do not hold.",
        "CREATE VIEW name WITH (security_invoker = true) AS ...",
        whole=_owner_reads,
    ),
    rule(
        "definer-search-path",
        Severity.HIGH,
        "A SECURITY DEFINER routine does not set search_path.",
        "Its caller chooses which tables and functions the names in it mean, and it uses them "
        "with its owner's rights.",
        "SET search_path = '' in its definition, with every name in it qualified. The last "
        "definition counts, and a later ALTER FUNCTION.",
        whole=_definers,
    ),
    rule(
        "grant-to-public",
        Severity.HIGH,
        "Something is granted to PUBLIC.",
        "PUBLIC is every role, also each that is made later.",
        "Grant it to the roles that need it.",
        each=_public,
    ),
    rule(
        "role-past-rls",
        Severity.HIGH,
        "A role is made SUPERUSER or BYPASSRLS.",
        "Row-level security does not hold for it.",
        "Leave it out; give the role policies of its own.",
        each=_roles,
    ),
    rule(
        "password-in-file",
        Severity.BLOCKER,
        "A role gets a password that is written into the file.",
        "Whoever reads the repository has it, and it stays in its history.",
        "Make the role without a password; set it from the secret store. Change the one that was "
        "written down.",
        each=_passwords,
    ),
)
