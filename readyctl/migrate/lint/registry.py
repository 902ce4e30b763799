"""Every rule by its name: readyctl's own, squawk's, and those about what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

from readyctl.errors import UsageError
from readyctl.migrate.lint import destructive, keys, locking, rerun, security, seed
from readyctl.migrate.lint.allowing import TEXTS as ALLOWING
from readyctl.migrate.lint.squawkrules import TEXTS as SQUAWK
from readyctl.model.flawreport import RuleText

OWN = (
    *destructive.RULES,
    *security.RULES,
    *keys.RULES,
    *seed.RULES,
    *locking.RULES,
    *rerun.RULES,
)
TEXTS: Mapping[str, RuleText] = MappingProxyType(
    {text.id: text for text in (*(rule.text for rule in OWN), *ALLOWING, *SQUAWK)}
)
# What stands for all of squawk's.
ALL_OF_SQUAWK = "squawk"


def named(name: str) -> RuleText:
    """Return the text of a rule.

    Raises:
        UsageError: E0470, there is no such rule.
    """
    if name in TEXTS:
        return TEXTS[name]
    near = get_close_matches(name, [*TEXTS, ALL_OF_SQUAWK], n=1)
    raise UsageError(
        "E0470",
        f"there is no rule {name}",
        hint=f"did you mean {near[0]}?" if near else "docs/migrations-lint.md lists them",
    )


def chosen(only: Sequence[str], skipped: Sequence[str]) -> frozenset[str]:
    """Return the names of the rules that are meant; `squawk` stands for all of squawk's.

    Raises:
        UsageError: E0470, there is no such rule.
    """
    wanted = frozenset().union(*map(_expanded, only)) if only else frozenset(TEXTS)
    return wanted.difference(*map(_expanded, skipped))


def _expanded(name: str) -> frozenset[str]:
    if name == ALL_OF_SQUAWK:
        return frozenset(text.id for text in SQUAWK)
    return frozenset({named(name).id})
