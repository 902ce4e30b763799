"""Which of squawk's rules are used, and how severe each is here; and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from readyctl.model.flawreport import RuleText
from readyctl.model.status import Severity

PREFIX = "squawk/"
_USED = {
    "adding-required-field": (
        Severity.HIGH,
        "A NOT NULL column without a default is added to a table.",
        "It fails as soon as the table has a row.",
        "Add it with a default, or without NOT NULL and fill it.",
    ),
    "ban-alter-domain-with-add-constraint": (
        Severity.MEDIUM,
        "A constraint is added to a domain.",
        "Every table that uses the domain is read under a lock.",
        "Use checks of the tables.",
    ),
    "ban-char-field": (
        Severity.LOW,
        "A column is char(n).",
        "It is padded with spaces, which comparisons leave out and lengths do not.",
        "Use text.",
    ),
    "ban-drop-database": (
        Severity.BLOCKER,
        "A database is dropped.",
        "All of it is gone.",
        "Leave it to people.",
    ),
    "ban-drop-not-null": (
        Severity.LOW,
        "NOT NULL is taken from a column.",
        "Programs that rely on a value meet none.",
        "Change the programs first.",
    ),
    "ban-truncate-cascade": (
        Severity.HIGH,
        "TRUNCATE has CASCADE.",
        "Every table that refers to the named ones is emptied, too.",
        "Name the tables.",
    ),
    "ban-uncommitted-transaction": (
        Severity.MEDIUM,
        "BEGIN has no COMMIT.",
        "Where another tool runs the file, nothing of it stays.",
        "Leave BEGIN out: readyctl has a transaction for each file.",
    ),
    "identifier-too-long": (
        Severity.MEDIUM,
        "A name has more than 63 bytes.",
        "PostgreSQL cuts it: two names become one, or the short one is not found.",
        "Take a shorter name.",
    ),
    "prefer-timestamp-tz": (
        Severity.LOW,
        "A column is timestamp without time zone.",
        "Which moment it means depends on who reads it.",
        "Use timestamptz.",
    ),
    "renaming-column": (
        Severity.MEDIUM,
        "A column is renamed.",
        "Programs that run during the migration still use the old name.",
        "Add a column, write both, and drop the old one in a later release.",
    ),
    "renaming-table": (
        Severity.MEDIUM,
        "A table is renamed.",
        "Programs that run during the migration still use the old name.",
        "Leave a view with the old name until they are gone.",
    ),
    "renaming-object": (
        Severity.LOW,
        "A type, view, function or other thing is renamed.",
        "Whatever names it in text, such as a function's body, is not changed with it.",
        "Make a new one beside it.",
    ),
    "require-concurrent-partition-detach": (
        Severity.MEDIUM,
        "A partition is detached without CONCURRENTLY.",
        "Nobody reads or writes the whole table until it is done.",
        "DETACH PARTITION ... CONCURRENTLY, in a file of its own.",
    ),
    "unused-ignore": (
        Severity.LOW,
        "A squawk-ignore comment ignores nothing.",
        "It hides the next flaw in its place.",
        "Take it out.",
    ),
}
# Left out, each for a reason.
_COVERED = "readyctl's own rule knows which tables earlier files made"
_STYLE = "a matter of taste, and no flaw"
_RUNNER = "readyctl's runner does it by itself"
_BROAD = "every such change would be one; drops of what holds data have rules of readyctl's own"
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("adding-field-with-default", "adding-foreign-key-constraint"),
                *("adding-not-nullable-field", "adding-serial-primary-key-field"),
                *("ban-drop-column", "ban-drop-table", "ban-drop-schema", "ban-drop-extension"),
                *("changing-column-type", "constraint-missing-not-valid"),
                *("disallowed-unique-constraint", "require-concurrent-index-creation"),
                *("require-concurrent-index-deletion", "require-concurrent-reindex"),
                *("ban-alter-row-level-security", "ban-create-policy"),
                *("ban-alter-policy-condition", "ban-alter-policy-roles"),
                *("ban-replace-view-function", "ban-alter-view-options"),
                *("ban-alter-function-options", "ban-alter-role-options"),
            ),
            _COVERED,
        ),
        **dict.fromkeys(
            (
                *("prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-text-field"),
                *("prefer-identity", "prefer-repack", "require-table-schema"),
                *("require-enum-value-ordering", "ban-create-domain-with-constraint"),
            ),
            _STYLE,
        ),
        **dict.fromkeys(
            (
                *("prefer-robust-stmts", "require-timeout-settings", "require-lock-timeout"),
                *("require-statement-timeout", "transaction-nesting"),
                "ban-concurrent-index-creation-in-transaction",
            ),
            _RUNNER,
        ),
        **dict.fromkeys(
            (
                *("ban-add-column", "ban-add-composite-attribute", "ban-add-enum-value"),
                *("ban-alter-database-options", "ban-alter-extension", "ban-drop-view"),
                *("ban-alter-generated-expression", "ban-alter-identity", "ban-drop-function"),
                *("ban-alter-sequence-values", "ban-alter-system-options", "ban-drop-type"),
                *("ban-detach-inheritance", "ban-disable-trigger", "ban-drop-constraint"),
                *("ban-drop-default", "ban-drop-domain", "ban-drop-generated-expression"),
                *("ban-drop-index", "ban-drop-policy", "ban-drop-sequence", "ban-drop-trigger"),
                *("ban-duplicate-column-assignments", "ban-new-write-restriction"),
                *("ban-replica-identity", "ban-revoke", "ban-set-default", "ban-set-schema"),
            ),
            _BROAD,
        ),
    }
)
TEXTS = tuple(
    RuleText(PREFIX + name, severity, what, why, fix, f"https://squawkhq.com/docs/{name}")
    for name, (severity, what, why, fix) in _USED.items()
)
USED = frozenset(_USED)
