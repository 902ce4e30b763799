"""Keeps accepted risks in the list of waivers: one for each check."""

from __future__ import annotations

from readyctl.clients.people import load_waivers
from readyctl.clients.signing import add_waiver, remove_waiver
from readyctl.config.environment import Settings
from readyctl.errors import UsageError
from readyctl.model.waiver import Waiver


def refuse_second(settings: Settings, check: str) -> None:
    """Stop a second waiver of one check.

    Raises:
        UsageError: E0122, there is one.
    """
    if any(waiver.check == check for waiver in load_waivers(settings.waivers)):
        raise UsageError(
            "E0122",
            f"{check} is waived already",
            where=str(settings.waivers),
            hint=f"give --replace, or withdraw it: readyctl waive revoke {check}",
        )


def record(settings: Settings, waiver: Waiver) -> None:
    """Write the waiver into the list of waivers, in the place of one that the check has."""
    if any(known.check == waiver.check for known in load_waivers(settings.waivers)):
        remove_waiver(settings.waivers, waiver.check)
    add_waiver(settings.waivers, waiver)
